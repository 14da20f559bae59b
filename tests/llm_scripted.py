"""A scripted OpenAI-compatible server on loopback: each request is answered by the next step of a script, then by its last.

A step takes the parsed request and the handler; helpers below make the usual ones. ``obedient`` fills in the answer sheet that the
request carries, as an honest server would.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Request = dict[str, Any]
Step = Callable[[Request, BaseHTTPRequestHandler], None]


@dataclass
class Script:
    """``requests`` are the bodies that came, ``headers`` theirs; ``steps`` what to do with each."""

    url: str
    steps: list[Step]
    requests: list[Request] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    running: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def serving(*steps: Step) -> Iterator[Script]:
    """A server that runs ``steps`` one a request; the last one repeats."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            body = json.loads(self.rfile.read(length))
            with script.lock:
                step = script.steps[min(len(script.requests), len(script.steps) - 1)]
                script.requests.append(body)
                script.headers.append({name.lower(): value for name, value in self.headers.items()})
                script.running += 1
                script.most_at_once = max(script.most_at_once, script.running)
            try:
                step(body, self)
            except (BrokenPipeError, ConnectionResetError):
                pass
            finally:
                with script.lock:
                    script.running -= 1

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    script = Script(f"http://127.0.0.1:{server.server_address[1]}/v1", list(steps))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def send(
    handler: BaseHTTPRequestHandler, status: int, body: bytes, kind: str = "application/json", **headers: str
) -> None:
    handler.send_response(status)
    handler.send_header("content-type", kind)
    handler.send_header("content-length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def completion(content: str | None, finish: str = "stop", usage: bool = True, **message: Any) -> bytes:
    whole: dict[str, Any] = {
        "id": "c",
        "object": "chat.completion",
        "created": 0,
        "model": "m",
        "choices": [
            {
                "index": 0,
                "finish_reason": finish,
                "message": {"role": "assistant", "content": content, **message},
            }
        ],
    }
    if usage:
        whole["usage"] = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    return json.dumps(whole, ensure_ascii=False).encode()


def says(content: str | None, finish: str = "stop", usage: bool = True, **message: Any) -> Step:
    """Answers with that content, whatever is asked."""
    return lambda request, handler: send(handler, 200, completion(content, finish, usage, **message))


def fails(status: int, message: str = "no", **headers: str) -> Step:
    body = json.dumps({"error": {"message": message, "type": "error", "code": None}}).encode()
    return lambda request, handler: send(handler, status, body, **headers)


def raw(body: bytes, kind: str = "application/json", status: int = 200, **headers: str) -> Step:
    return lambda request, handler: send(handler, status, body, kind, **headers)


def slow(seconds: float, then: Step) -> Step:
    def step(request: Request, handler: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)
        then(request, handler)

    return step


def cut(request: Request, handler: BaseHTTPRequestHandler) -> None:
    """Promises a body and breaks off in its middle."""
    handler.send_response(200)
    handler.send_header("content-type", "application/json")
    handler.send_header("content-length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [')
    handler.wfile.flush()
    handler.connection.shutdown(2)


def drip(request: Request, handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then, each in time, never an end."""
    handler.send_response(200)
    handler.send_header("content-type", "application/json")
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


RIGHT = "expenditure"


def schema_of(request: Request) -> dict[str, Any] | None:
    """The answer's schema: in ``response_format``, or in the prompt."""
    held: dict[str, Any] = request.get("response_format", {}).get("json_schema", {}).get("schema", {})
    if held:
        return held
    found = re.search(
        r"JSON Schema：\n(\{.*\})",
        str(request["messages"][1]["content"]) if len(request["messages"]) > 1 else "",
    )
    return json.loads(found[1]) if found else None


def first_choice(schema: dict[str, Any], definitions: dict[str, Any]) -> Any:
    """A valid answer: the first name of every list; of forms the one that the table of ``llm_odd`` is, for its columns speak."""
    if "$ref" in schema:
        return first_choice(definitions[schema["$ref"].removeprefix("#/$defs/")], definitions)
    if "enum" in schema:
        return RIGHT if RIGHT in schema["enum"] else schema["enum"][0]
    return {name: first_choice(inner, definitions) for name, inner in schema["properties"].items()}


def filled(request: Request) -> str:
    schema = schema_of(request)
    value = {"mark": "qz7k"} if schema is None else first_choice(schema, schema.get("$defs", {}))
    return json.dumps(value, ensure_ascii=False)


def obedient(request: Request, handler: BaseHTTPRequestHandler) -> None:
    """Enforces the schema."""
    send(handler, 200, completion(filled(request)))


def json_mode(request: Request, handler: BaseHTTPRequestHandler) -> None:
    """Refuses schemas, knows ``json_object``, as DeepSeek's service does."""
    if request.get("response_format", {}).get("type") == "json_schema":
        return fails(400, "This response_format type is unavailable now")(request, handler)
    return obedient(request, handler)


def plain(request: Request, handler: BaseHTTPRequestHandler) -> None:
    """Knows no ``response_format`` at all; writes a fenced block."""
    if "response_format" in request:
        return fails(400, "unknown field response_format")(request, handler)
    return says(f"好的：\n```json\n{filled(request)}\n```\n")(request, handler)


def ignores_schema(request: Request, handler: BaseHTTPRequestHandler) -> None:
    """Takes every ``response_format`` and holds to none; does what it is told in words."""
    told = "JSON" in str(request["messages"][-1]["content"])
    return (obedient if told else says("春天来了，万物复苏。"))(request, handler)


def only(*refused: str) -> Step:
    """Obedient, but does not take these parameters."""

    def step(request: Request, handler: BaseHTTPRequestHandler) -> None:
        for name in refused:
            if name in request:
                return fails(400, f"Unsupported parameter: '{name}' is not supported with this model.")(
                    request, handler
                )
        return obedient(request, handler)

    return step

"""What a server can do: the highest rung on which it holds to a schema, and the parameters that it does not take.

Found out once for each address and model, and remembered. A server that takes a schema and ignores it is told from one that
enforces it by a name that stands in the schema alone.
"""

from __future__ import annotations

import json
import struct
import zlib
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from gongkai.llm.files import write_json
from gongkai.llm.replies import BadReply, answer_of
from gongkai.llm.settings import LlmSettings
from gongkai.llm.sheet import Schema, problems
from gongkai.llm.wire import OPTIONAL, Reply, Trouble

Rung = Literal["strict_schema", "schema", "json_object", "fenced"]
RUNGS: tuple[Rung, ...] = ("strict_schema", "schema", "json_object", "fenced")
Send = Callable[[dict[str, Any]], Awaitable[Reply]]

PROBE_TOKENS = 256
_PROBE: Schema = {
    "type": "object",
    "properties": {"mark": {"$ref": "#/$defs/marks"}},
    "required": ["mark"],
    "additionalProperties": False,
    "$defs": {"marks": {"type": "string", "enum": ["qz7k"]}},
}
_UNTOLD = "用一句话说说春天。"
_TOLD = '只输出这个 JSON 对象（json），不加解释：{"mark": "qz7k"}'
_TOLD_FENCED = '只输出一个 ```json 代码块，其中是这个 JSON 对象：{"mark": "qz7k"}'


@dataclass(frozen=True, slots=True)
class Capability:
    """``refused``: optional parameters that the server does not take; ``thinks``: it reasons before it answers."""

    rung: Rung
    refused: tuple[str, ...] = ()
    thinks: bool = False
    images: bool = False

    @property
    def enforces(self) -> bool:
        """Whether the server holds the answer to the schema."""
        return self.rung in ("strict_schema", "schema")

    def below(self) -> Capability | None:
        """The same server one rung lower; ``None`` at the foot."""
        index = RUNGS.index(self.rung) + 1
        return replace(self, rung=RUNGS[index]) if index < len(RUNGS) else None

    def without(self, parameter: str) -> Capability | None:
        """The same server without an optional parameter; ``None`` if it was not sent anyway."""
        return None if parameter in self.refused else replace(self, refused=(*self.refused, parameter))


def body(
    settings: LlmSettings,
    can: Capability,
    messages: list[dict[str, Any]],
    schema: Schema,
    *,
    name: str,
    tokens: int,
    again: bool = False,
) -> dict[str, Any]:
    """The request on the server's rung. The second try (``again``) has another seed and a little warmth."""
    optional: dict[str, Any] = {
        "temperature": 0.3 if again else 0.0,
        "seed": 2 if again else 1,
        "chat_template_kwargs": {"enable_thinking": False},
        "max_tokens": tokens + (settings.thinking_tokens if can.thinks else 0),
    }
    sent = {key: value for key, value in optional.items() if key not in can.refused}
    if "max_tokens" in can.refused:
        sent["max_completion_tokens"] = optional["max_tokens"]
    if "chat_template_kwargs" in sent:  # not of the common dialect: it goes around the client's types
        sent["extra_body"] = {"chat_template_kwargs": sent.pop("chat_template_kwargs")}
    if can.enforces:
        shape: dict[str, Any] = {"name": name, "schema": schema}
        if can.rung == "strict_schema":
            shape["strict"] = True
        sent["response_format"] = {"type": "json_schema", "json_schema": shape}
    elif can.rung == "json_object":
        sent["response_format"] = {"type": "json_object"}
    return {"model": settings.model, "messages": messages, **sent}


async def probe(settings: LlmSettings, send: Send) -> Capability | None:
    """The server's capability; ``None`` if it cannot even fill a fenced block. Raises :class:`Trouble` when it cannot be asked."""
    can: Capability | None = Capability("strict_schema")
    while can is not None:
        held, can = await _holds(settings, can, send)
        if held:
            return replace(can, images=settings.images and await _sees(settings, can, send))
        can = can.below()
    return None


async def _holds(settings: LlmSettings, can: Capability, send: Send) -> tuple[bool, Capability]:
    """Whether the server keeps to the probe's schema on this rung, with what was learnt about its parameters."""
    text = _UNTOLD if can.enforces else _TOLD_FENCED if can.rung == "fenced" else _TOLD
    for _ in range(len(OPTIONAL) + 2):
        asked = body(
            settings, can, [{"role": "user", "content": text}], _PROBE, name="probe", tokens=PROBE_TOKENS
        )
        try:
            reply = await send(asked)
        except Trouble as trouble:
            less = can.without(trouble.parameter) if trouble.parameter else None
            if less is not None:
                can = less
                continue
            if trouble.kind in ("schema", "rejected", "parameter", "reply"):
                return False, can
            raise
        thinks = bool(reply.thoughts.strip()) or "<think>" in reply.text
        if thinks and not can.thinks:
            can = replace(can, thinks=True)
            if not _right(reply):
                continue
        return _right(reply), can
    return False, can


def _right(reply: Reply) -> bool:
    try:
        return not problems(answer_of(reply), _PROBE)
    except BadReply:
        return False


async def _sees(settings: LlmSettings, can: Capability, send: Send) -> bool:
    """Whether the server takes a picture."""
    picture = {
        "type": "image_url",
        "image_url": {"url": "data:image/png;base64," + b64encode(_white_png()).decode()},
    }
    text = _TOLD_FENCED if can.rung == "fenced" else _TOLD
    content = [{"type": "text", "text": text}, picture]
    try:
        await send(
            body(
                settings,
                can,
                [{"role": "user", "content": content}],
                _PROBE,
                name="probe",
                tokens=PROBE_TOKENS,
            )
        )
    except Trouble:
        return False
    return True


def _white_png(size: int = 32) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + b"\xff" * size for _ in range(size))
    head = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


class Memory:
    """Capabilities by address and model, in ``capabilities.json`` of the cache folder; the address stands there as a hash."""

    def __init__(self, folder: Path | None) -> None:
        self._path = folder / "capabilities.json" if folder else None
        self._known: dict[str, Any] = _loaded(self._path)

    def recall(self, settings: LlmSettings) -> Capability | None:
        found = self._known.get(_endpoint(settings))
        try:
            can = Capability(**{**found, "refused": tuple(found["refused"])}) if found else None
        except (KeyError, TypeError):
            return None
        return can if can is not None and can.rung in RUNGS else None

    def keep(self, settings: LlmSettings, can: Capability) -> None:
        self._known[_endpoint(settings)] = asdict(can)
        if self._path is not None:
            write_json(self._path, self._known)


def _loaded(path: Path | None) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8")) if path else {}
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _endpoint(settings: LlmSettings) -> str:
    return sha256(f"{settings.base_url}\n{settings.model}".encode()).hexdigest()[:32]

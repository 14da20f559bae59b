"""The wire to an OpenAI-compatible server: one request, one reply or one :class:`Trouble`. The only importer of ``openai``.

Nothing here tries twice. No text of a server's error leaves this module, for servers print keys and addresses in theirs.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import httpx2
import openai

from gongkai.llm.settings import LlmSettings

Kind = Literal[
    "connection",
    "timeout",
    "busy",
    "server",
    "key",
    "unknown_model",
    "incapable",  # it answers, but never in the form asked for
    "rejected",
    "parameter",
    "schema",
    "too_long",
    "reply",  # something came that is no reply of such a server
]
TRANSIENT: frozenset[Kind] = frozenset({"connection", "timeout", "busy", "server"})

_TOO_LONG = re.compile(
    r"context.?(?:length|size|window)|too long|maximum.{0,40}tokens|exceed.{0,40}tokens",
    re.IGNORECASE | re.DOTALL,
)
_SCHEMA = re.compile(
    r"response_format|json_schema|json_object|schema|grammar|structured|guided|\$ref|\$defs", re.IGNORECASE
)
OPTIONAL = ("temperature", "seed", "chat_template_kwargs", "max_tokens")


class Trouble(Exception):
    """A request without a usable reply. ``parameter`` is the optional parameter that the server does not take."""

    def __init__(
        self,
        kind: Kind,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        parameter: str | None = None,
    ) -> None:
        super().__init__(kind if status is None else f"{kind} ({status})")
        self.kind, self.status, self.retry_after, self.parameter = kind, status, retry_after, parameter

    @property
    def transient(self) -> bool:
        return self.kind in TRANSIENT


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server said: ``thoughts`` is its reasoning field; tokens are ``None`` if it did not tell them."""

    text: str
    thoughts: str
    finish: str
    input_tokens: int | None
    output_tokens: int | None


class TooMuch(Exception):
    """A reply larger than allowed."""


class Wire:
    """A connection to one endpoint. ``transport`` replaces the network in tests."""

    def __init__(self, settings: LlmSettings, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        for name in ("openai", "httpx2", "httpcore2"):  # they print addresses, headers and bodies
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        self._settings = settings
        inner = transport or httpx2.AsyncHTTPTransport(
            verify=_trust(settings), trust_env=False, limits=_limits(settings)
        )
        self._http = openai.DefaultAsyncHttpx2Client(
            transport=_Bounded(inner, settings.reply_bytes),
            timeout=httpx2.Timeout(settings.read_seconds, connect=settings.connect_seconds),
            follow_redirects=False,
            trust_env=False,
        )
        self._client = openai.AsyncOpenAI(
            base_url=settings.base_url,
            api_key=settings.api_key or "none",
            max_retries=0,
            timeout=httpx2.Timeout(settings.read_seconds, connect=settings.connect_seconds),
            http_client=self._http,
        )
        self._client.organization = self._client.project = (
            None  # the client takes these from variables of its own
        )

    async def close(self) -> None:
        await self._client.close()

    async def send(self, body: Mapping[str, Any], seconds: float) -> Reply:
        """One call of chat completions, answered within ``seconds``. Raises :class:`Trouble`."""
        trouble: Trouble
        try:
            async with asyncio.timeout(seconds):
                response = await self._client.chat.completions.with_raw_response.create(**body)
                return _reply(response.content)
        except (TimeoutError, openai.APITimeoutError):
            trouble = Trouble("timeout")
        except (openai.APIConnectionError, httpx2.HTTPError, OSError):
            trouble = Trouble("connection")
        except openai.APIStatusError as error:
            trouble = _refused(error)
        except (openai.APIError, TooMuch, ValueError, TypeError, RecursionError):
            trouble = Trouble("reply")
        raise trouble  # here, so that nothing of the client's exception is chained to it


def _trust(settings: LlmSettings) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(settings.ca_file) if settings.ca_file else None)


def _limits(settings: LlmSettings) -> httpx2.Limits:
    return httpx2.Limits(max_connections=settings.concurrency, max_keepalive_connections=settings.concurrency)


def _reply(raw: bytes) -> Reply:
    whole = json.loads(raw)
    if not isinstance(whole, dict) or not isinstance(whole.get("choices"), list) or not whole["choices"]:
        raise Trouble("reply")
    choice = whole["choices"][0]
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(message, dict):
        raise Trouble("reply")
    usage = whole.get("usage")
    if not isinstance(usage, dict):
        usage = {}
    return Reply(
        text=_text(message.get("content")),
        thoughts=_text(message.get("reasoning_content")) or _text(message.get("reasoning")),
        finish=str(choice.get("finish_reason") or ""),
        input_tokens=_count(usage.get("prompt_tokens")),
        output_tokens=_count(usage.get("completion_tokens")),
    )


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return ""


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _refused(error: openai.APIStatusError) -> Trouble:
    status, message = error.status_code, f"{error.message} {error.body}"
    if status in (408, 409, 429) or status >= 500:
        return Trouble(
            "busy" if status == 429 else "server",
            status=status,
            retry_after=_retry_after(error.response.headers),
        )
    if status in (401, 403):
        return Trouble("key", status=status)
    if status == 404:
        return Trouble("unknown_model", status=status)
    if status == 413 or _TOO_LONG.search(message):  # first: these messages name max_tokens too
        return Trouble("too_long", status=status)
    for name in OPTIONAL:
        if re.search(rf"\b{name}\b", message):
            return Trouble("parameter", status=status, parameter=name)
    return Trouble("schema" if _SCHEMA.search(message) else "rejected", status=status)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the server asks to wait; it may give them, thousandths, or a date."""
    try:
        if "retry-after-ms" in headers:
            return max(0.0, float(headers["retry-after-ms"]) / 1000)
        given = headers.get("retry-after", "").strip()
        if not given:
            return None
        if given.replace(".", "", 1).isdigit():
            return float(given)
        return max(0.0, (parsedate_to_datetime(given) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


class _Bounded(httpx2.AsyncBaseTransport):
    """Lets at most ``limit`` bytes of a reply through, uncompressed, so that no server can fill the memory."""

    def __init__(self, inner: httpx2.AsyncBaseTransport, limit: int) -> None:
        self._inner, self._limit = inner, limit

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        request.headers["accept-encoding"] = "identity"
        response = await self._inner.handle_async_request(request)
        if response.headers.get("content-encoding", "identity") != "identity":
            await response.aclose()
            raise TooMuch
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = _Counted(response.stream, self._limit)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Counted(httpx2.AsyncByteStream):
    def __init__(self, inner: httpx2.AsyncByteStream, limit: int) -> None:
        self._inner, self._left = inner, limit

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._inner:
            self._left -= len(chunk)
            if self._left < 0:
                raise TooMuch
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()

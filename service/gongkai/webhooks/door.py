"""The way out to a receiver's address: signed, and never to a private network unless the operator allows it.

Signing is the scheme of Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over ``id.timestamp.body``. The address
is resolved and judged at the moment of connecting and that very address is connected to, so that neither a redirect (none is
followed) nor a name that changes its answer (DNS re-binding) leads inside.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import socket
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

import httpcore2

PREFIX = "whsec_"
SECONDS = {"connect": 5.0, "read": 10.0, "write": 10.0, "pool": 10.0}
MOST_ANSWER = 64 * 1024  # bytes of an answer that are read


class Forbidden(Exception):
    """The address may not be called; the message says why, in words for the one who registered it."""


def new_secret() -> str:
    """A secret of 192 bits, as it is shown once."""
    return PREFIX + b64encode(secrets.token_bytes(24)).decode()


def signature(secret: str, identifier: str, timestamp: int, body: bytes) -> str:
    """The ``webhook-signature`` of a delivery."""
    key = b64decode(secret.removeprefix(PREFIX))
    signed = hmac.digest(key, f"{identifier}.{timestamp}.".encode() + body, "sha256")
    return f"v1,{b64encode(signed).decode()}"


def checked(url: str) -> str:
    """``url`` if a webhook may have it; raises :class:`Forbidden`. Where its name leads is judged when it is called."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 (raises)
    except ValueError:
        raise Forbidden("地址的主机名或端口有误。") from None
    if not url.isascii() or not url.isprintable() or " " in url:
        raise Forbidden("地址只能由 ASCII 可见字符组成；其他字符请先作百分号编码。")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Forbidden("地址须以 http:// 或 https:// 开头，并有主机名。")
    if parts.username or parts.password:
        raise Forbidden("地址中不能带用户名、密码；请改用签名核验。")
    return url


def post(url: str, body: bytes, headers: dict[str, str], *, allow_private: bool = False) -> int:
    """POST ``body`` and give the status of the answer, redirects included.

    Raises :class:`Forbidden`, or ``httpcore2.NetworkError`` / ``TimeoutException`` / ``ProtocolError``.
    """
    sent = [*headers.items(), ("Connection", "close")]
    timeouts: Any = {"timeout": SECONDS}
    with (
        httpcore2.ConnectionPool(network_backend=Guarded(allow_private), max_connections=1) as pool,
        pool.stream("POST", checked(url), headers=sent, content=body, extensions=timeouts) as answer,
    ):
        received = 0
        for chunk in answer.iter_stream():
            received += len(chunk)
            if received > MOST_ANSWER:
                break
        return answer.status


class Guarded(httpcore2.SyncBackend):
    """Connects to public addresses alone; an address is resolved once, judged, and that one is connected to."""

    def __init__(self, allow_private: bool) -> None:
        self._allow_private = allow_private

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        addresses = _resolved(host, port)
        if not self._allow_private and not all(map(is_public, addresses)):
            raise Forbidden(f"{host} 指向内部网络，未获允许（GONGKAI_WEBHOOK_PRIVATE）。")
        return super().connect_tcp(addresses[0], port, timeout, local_address, socket_options)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet: not private, loopback, link-local, multicast, nor one of those wrapped in IPv6."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _resolved(host: str, port: int) -> Sequence[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore2.ConnectError(str(error)) from error
    return [str(entry[4][0]) for entry in found]

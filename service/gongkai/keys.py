"""API keys: who asks, and what they may do. A key is shown once; what is kept of it is a hash of its secret part.

The secret is 256 random bits, so a plain SHA-256 is as good as a slow hash: there is nothing to guess from.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from gongkai.tables import API_KEYS

PREFIX = "gk"
KEY = sa.select(API_KEYS).where(API_KEYS.c.id == sa.bindparam("id"))  # built once: every request asks it


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key as it is kept. Keys of one ``client`` see the same reports."""

    id: str
    client: str
    name: str
    scopes: Sequence[str]
    hash: str
    created_at: float
    revoked_at: float | None


def create(
    connection: sa.Connection, name: str, scopes: Sequence[str], client: str = ""
) -> tuple[ApiKey, str]:
    """A new key and, for this one time, what its holder sends. Without ``client`` the key is the first of a new one."""
    key_id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
    key = ApiKey(
        id=key_id,
        client=client or f"client-{key_id}",
        name=name,
        scopes=list(scopes),
        hash=_hash(secret),
        created_at=time.time(),
        revoked_at=None,
    )
    connection.execute(API_KEYS.insert().values({field: getattr(key, field) for field in ApiKey.__slots__}))
    return key, f"{PREFIX}_{key_id}_{secret}"


def every(connection: sa.Connection) -> list[ApiKey]:
    """All keys, revoked ones too, oldest first."""
    rows = connection.execute(sa.select(API_KEYS).order_by(API_KEYS.c.created_at))
    return [ApiKey(**row._mapping) for row in rows]


def revoke(connection: sa.Connection, key_id: str) -> bool:
    """End a key at once; whether there was such a one in force."""
    this = (API_KEYS.c.id == key_id, API_KEYS.c.revoked_at.is_(None))
    return connection.execute(API_KEYS.update().where(*this).values(revoked_at=time.time())).rowcount == 1


def known(connection: sa.Connection, sent: str) -> ApiKey | None:
    """The key in force that ``sent`` is. Takes as long for a wrong secret as for an id that never was."""
    prefix, _, rest = sent.partition("_")
    key_id, _, secret = rest.partition("_")
    row = connection.execute(KEY, {"id": key_id[:16]}).first()
    same = hmac.compare_digest(row.hash if row else _hash(""), _hash(secret))
    if row is None or not same or prefix != PREFIX or row.revoked_at is not None:
        return None
    return ApiKey(**row._mapping)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

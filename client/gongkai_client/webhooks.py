"""Whether a webhook is from Gongkai: the scheme of Standard Webhooks, HMAC-SHA256 over ``id.timestamp.body``."""

from __future__ import annotations

import hmac
import json
import time
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

TOLERANCE = 300  # seconds between the sender's clock and ours


class BadSignature(ValueError):
    """The delivery is not what Gongkai signed, or it is old: answer 400 and do nothing."""


def verified(secret: str, headers: Mapping[str, str], body: bytes, *, now: float | None = None) -> Any:
    """The JSON of a delivery whose signature holds. ``secret`` is ``whsec_…``; ``body`` the bytes as received.

    Raises :class:`BadSignature`. Keep ``webhook-id`` to notice a delivery that comes twice.
    """
    given = {name.lower(): value for name, value in headers.items()}
    try:
        identifier, sent = given["webhook-id"], given["webhook-timestamp"]
        signatures = given["webhook-signature"].split()
        age = abs((time.time() if now is None else now) - int(sent))
    except (KeyError, ValueError) as error:
        raise BadSignature(
            "webhook-id, webhook-timestamp or webhook-signature is missing or wrong"
        ) from error
    if age > TOLERANCE:
        raise BadSignature("the delivery is too old, or the clocks differ")
    key = b64decode(secret.removeprefix("whsec_"))
    wanted = b64encode(hmac.digest(key, f"{identifier}.{sent}.".encode() + body, "sha256")).decode()
    if not any(hmac.compare_digest(f"v1,{wanted}", each) for each in signatures):
        raise BadSignature("the signature does not fit the body")
    return json.loads(body)

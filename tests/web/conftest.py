"""A separate `gongkai serve`, keys wanted, for the tests that hold the documentation to its word."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx2
import pytest
from running import Service

from gongkai.settings import MIB
from gongkai_client import Gongkai

Account = Callable[..., Gongkai]
Caller = Callable[[str], httpx2.Client]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One process for all of them: one child, uploads of at most 1 MiB."""
    folder = tmp_path_factory.mktemp("served")
    with Service(
        folder, require_keys=1, webhook_private=1, workers=1, max_upload_bytes=MIB, max_files=3
    ) as made:
        yield made


@pytest.fixture(scope="module")
def account(served: Service) -> Iterator[Account]:
    """``account(name)``: the typed client under a key of the client ``name``, with the scopes that are given."""
    with ExitStack() as opened:
        yield lambda client, *scopes: opened.enter_context(
            Gongkai(served.url, key=served.key(client, *scopes))
        )


@pytest.fixture(scope="module")
def caller(served: Service) -> Iterator[Caller]:
    """``caller(name)``: the same without the package in between, with all scopes."""
    with ExitStack() as opened:

        def make(client: str) -> httpx2.Client:
            headers = {"Authorization": f"Bearer {served.key(client)}"}
            return opened.enter_context(httpx2.Client(base_url=served.url, headers=headers, timeout=60))

        yield make

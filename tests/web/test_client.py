"""Both clients of the package against the running service (see ``test_served`` for more of read, submit, changes)."""

from __future__ import annotations

import asyncio
import inspect
import io
import struct
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, cast

import httpx2
import pytest
from receiver import Receiver, until
from running import Service, distinct

from gongkai_client import AsyncGongkai, Gongkai, NotReady, Problem, Progress, plans, verified

from .conftest import Account


class Awaited:
    """The asyncio client with methods that block, so that both are seen to do the same."""

    def __init__(self, client: AsyncGongkai, runner: asyncio.Runner) -> None:
        self._client, self._runner = client, runner

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def called(*given: Any, **named: Any) -> Any:
            told = getattr(self._client, name)(*given, **named)
            return (
                self._runner.run(told) if inspect.iscoroutine(told) else iter(self._runner.run(listed(told)))
            )

        return called


async def listed(told: AsyncIterator[Any]) -> list[Any]:
    return [one async for one in told]


@pytest.fixture(scope="module", params=["blocking", "asyncio"])
def client(account: Account, served: Service, request: pytest.FixtureRequest) -> Iterator[Gongkai]:
    if request.param == "blocking":
        yield account("integrator")
        return
    made = AsyncGongkai(served.url, key=served.key("async integrator"))
    with asyncio.Runner() as runner:
        runner.run(made.__aenter__())
        yield cast(Gongkai, Awaited(made, runner))
        runner.run(made.__aexit__())


@pytest.fixture(scope="module")
def done(client: Gongkai, good_pdf: bytes) -> str:
    return client.submit(("说明.pdf", good_pdf), wait=60).id


def test_parts_of_a_report(client: Gongkai, done: str) -> None:
    report = client.report(done)
    assert report is not None and client.findings(done) == report["findings"]
    assert len(client.checks(done)) >= report["checks"]["applied"]
    figure = report["forms"][0]["figures"][0]
    page = client.page(done, figure["source"]["page"], figure=figure["id"])
    assert page.startswith(b"\x89PNG") and page != client.page(done, figure["source"]["page"])
    width, height = struct.unpack(">II", page[16:24])
    assert (width, height) == (1190, 1684)
    with pytest.raises(Problem) as unknown:
        client.page(done, 2, document=2)
    assert (unknown.value.status, unknown.value.type) == (404, "urn:gongkai:problem:unknown_page")


def test_what_is_not_there_yet_is_no_file(client: Gongkai, good_pdf: bytes) -> None:
    job = client.submit(("later.pdf", distinct(good_pdf, "not ready")))
    client.cancel(job.id)
    for ask in (
        client.findings,
        client.checks,
        lambda job: client.export(job, "xlsx"),
        lambda job: client.page(job, 1),
    ):
        with pytest.raises(NotReady) as early:
            ask(job.id)
        assert (early.value.id, early.value.status) == (job.id, "cancelled")


def test_lists_go_on_from_page_to_page(
    client: Gongkai, good_pdf: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = {"listed": True}
    made = [
        client.submit(("a.pdf", distinct(good_pdf, f"listed {n}")), metadata=about, wait=60).id
        for n in range(3)
    ]
    get, asked = plans._get, list[object]()

    def noted(address: str, **query: object) -> plans.Ask:
        asked.append(query.get("cursor"))
        return get(address, **query)

    monkeypatch.setattr(plans, "_get", noted)
    monkeypatch.setattr(plans, "MOST", 2)
    newest = client.reports()
    assert [next(newest)["id"] for _ in range(3)] == made[::-1]
    assert asked[0] is None and asked[1]
    assert list(client.reports(year=1999)) == []
    assert {each["pages"] for each in client.reports(has_findings=False)} <= {2}


def test_progress_is_followed_to_the_end(client: Gongkai, done: str, good_pdf: bytes) -> None:
    assert list(client.events(done))[-1] == Progress("done", 2, 2)
    job = client.submit(("b.pdf", distinct(good_pdf, "followed")))
    told = list(client.events(job.id))
    assert told[-1] == Progress("done", 2, 2)
    assert all(each.status in ("queued", "running") for each in told[:-1])
    with pytest.raises(Problem) as unknown:
        next(client.events("0" * 32))
    assert unknown.value.status == 404


def test_a_batch_and_what_failed_in_it(client: Gongkai, good_pdf: bytes) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("一.pdf", distinct(good_pdf, "in a batch"))
        made.writestr("二.pdf", b"no PDF")
    whole = ("all.zip", archive.getvalue())
    batch = client.wait_for_batch(client.create_batch(whole, ("三.zip", b"no archive"))["id"], poll=0.1)
    assert batch["counts"]["done"] == 1
    failed = {name: problem.type.rpartition(":")[2] for name, problem in client.failures(batch)}
    assert failed == {"二.pdf": "not_pdf", "三.zip": "not_pdf"}
    first = next(each for each in batch["files"] if each["file_name"] == "一.pdf")
    assert client.report(first["report"].rpartition("/")[2]) is not None


def test_webhooks_are_made_listed_replayed_and_removed(
    client: Gongkai, good_pdf: bytes, receiver: Receiver
) -> None:
    hook = client.create_webhook(receiver.url, ["created"])
    job = client.submit(("a.pdf", distinct(good_pdf, "told by a webhook")), wait=60)
    headers, body = until(lambda: receiver.got, "nothing came")[0]
    assert verified(hook["secret"], headers, body)["data"]["id"] == job.id
    assert [{**each, "secret": hook["secret"]} for each in client.webhooks()] == [hook]
    log = until(
        lambda: [each for each in client.deliveries(hook["id"]) if each["status"] == "delivered"], "no log"
    )
    client.replay(hook["id"], log[0]["id"])
    until(lambda: len(receiver.got) == 2, "not sent again")
    client.delete_webhook(hook["id"])
    assert client.webhooks() == []
    with pytest.raises(Problem):
        client.deliveries(hook["id"])


def test_a_folder_of_files_at_once_and_the_loop_goes_on(
    served: Service, good_pdf: bytes, tmp_path: Path
) -> None:
    files = [tmp_path / f"{number}.pdf" for number in range(3)]
    for file in files:
        file.write_bytes(distinct(good_pdf, file.name))
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    async def all_of_them() -> list[str]:
        clock = asyncio.create_task(tick())
        async with AsyncGongkai(served.url, key=served.key("folder")) as service:
            reports = await asyncio.gather(*(service.read(file, poll=0.05) for file in files))
        clock.cancel()
        return [each["documents"][0]["file_name"] for each in reports]

    assert asyncio.run(all_of_them()) == ["0.pdf", "1.pdf", "2.pdf"]
    assert ticks > 5


def test_where_nobody_answers() -> None:
    async def ask() -> None:
        async with AsyncGongkai("http://127.0.0.1:1") as nowhere:
            await nowhere.job("x")

    with pytest.raises(httpx2.TransportError):
        asyncio.run(ask())


def test_it_waits_as_long_as_it_is_told() -> None:
    def running(status: str = "running") -> httpx2.Response:
        return httpx2.Response(202, json={"id": "x1", "status": status})

    plan = plans.read(("a.pdf", b"x"), deadline=60, poll=0.5)
    asked = next(plan)
    assert (asked.method, asked.patience, asked.sent["headers"]) == ("POST", 30, {"Prefer": "wait=30"})
    assert plan.send(running()) == plans.Ask("GET", "/v1/reports/x1", pause=0.5)
    with pytest.raises(NotReady, match="x1 is cancelled"):
        plan.send(running("cancelled"))
    over = plans.read(("a.pdf", b"x"), deadline=0)
    assert next(over).patience == 0
    with pytest.raises(TimeoutError, match="x1 is running after 0 seconds"):
        over.send(running())

"""The client package's other methods (see ``test_served`` for read, submit, changes) against the running service."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from receiver import Receiver, until
from running import distinct

from gongkai_client import Gongkai, NotReady, Problem, Progress, verified

from .conftest import Account


@pytest.fixture(scope="module")
def client(account: Account) -> Gongkai:
    return account("integrator")


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
    account: Account, good_pdf: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = account("lister")
    made = [client.submit(("a.pdf", distinct(good_pdf, f"listed {n}")), wait=60).id for n in range(3)]
    get, asked = client._get, list[object]()

    def small(address: str, **query: object) -> object:
        asked.append(query.get("cursor"))
        return get(address, **{**query, "limit": 2})

    monkeypatch.setattr(client, "_get", small)
    assert [each["id"] for each in client.reports()] == made[::-1]
    assert asked[0] is None and len(asked) == 2 and asked[1]
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

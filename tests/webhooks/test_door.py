"""The way out: what is signed, and where it may lead."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest

from gongkai.webhooks import door

# The example of the published scheme: https://github.com/standard-webhooks/standard-webhooks (spec, symmetric signature).
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
IDENTIFIER, TIMESTAMP, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'


class Receiver(BaseHTTPRequestHandler):
    seen: ClassVar[list[tuple[str, dict[str, str], bytes]]] = []
    status: ClassVar[int] = 204

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.seen.append((self.path, dict(self.headers), self.rfile.read(length)))
        self.send_response(self.status)
        self.send_header("Location", "/inside")
        self.end_headers()

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture()
def receiver() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    Receiver.seen.clear()
    Receiver.status = 204
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_signature_is_that_of_the_published_example() -> None:
    assert (
        door.signature(SECRET, IDENTIFIER, TIMESTAMP, BODY)
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_two_secrets_are_never_the_same() -> None:
    assert door.new_secret() != door.new_secret()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
        "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "ff02::1",
    ],
)  # fmt: skip
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not door.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "114.114.114.114", "2400:3200::1", "::ffff:8.8.8.8"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert door.is_public(address)


@pytest.mark.parametrize(
    "url", ["ftp://a.example/x", "file:///etc/passwd", "http://", "//a.example", "https://u:p@a.example/"]
)
def test_an_address_that_is_none_for_webhooks_is_refused(url: str) -> None:
    with pytest.raises(door.Forbidden):
        door.checked(url)


def test_a_receiver_gets_the_body_as_it_was_signed(receiver: str) -> None:
    assert door.post(receiver, BODY, {"webhook-id": "m1"}, allow_private=True) == 204
    path, headers, body = Receiver.seen[0]
    assert (path, headers["webhook-id"], body) == ("/hook", "m1", BODY)


def test_an_address_inside_is_not_called_unless_allowed(receiver: str) -> None:
    with pytest.raises(door.Forbidden):
        door.post(receiver, BODY, {})
    assert Receiver.seen == []


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "localhost", "[::ffff:127.0.0.1]"])
def test_no_way_of_writing_an_address_leads_inside(host: str, receiver: str) -> None:
    with pytest.raises((door.Forbidden, door.httpcore2.NetworkError)):
        door.post(receiver.replace("127.0.0.1", host), BODY, {})
    assert Receiver.seen == []


def test_a_redirect_is_an_answer_and_not_followed(receiver: str) -> None:
    Receiver.status = 307
    assert door.post(receiver, BODY, {}, allow_private=True) == 307
    assert [path for path, _, _ in Receiver.seen] == ["/hook"]


def test_a_name_that_changes_its_answer_is_asked_once(receiver: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Re-binding: the first answer is public, the second would be inside. What was judged is what is connected to."""
    port = int(receiver.split(":")[2].partition("/")[0])
    answers = iter(["8.8.8.8", "127.0.0.1"])
    connected: list[str] = []

    def resolve(*_: Any, **__: Any) -> list[tuple[Any, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    def connect(address: tuple[str, int], *_: Any, **__: Any) -> socket.socket:
        connected.append(address[0])
        raise OSError("no way out in a test")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(door.httpcore2.ConnectError):
        door.post(f"http://rebinding.example:{port}/hook", BODY, {})
    assert connected == ["8.8.8.8"]
    assert Receiver.seen == []


def test_one_address_inside_among_several_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    with pytest.raises(door.Forbidden):
        door.post("http://both.example/", BODY, {})

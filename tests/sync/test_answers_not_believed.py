"""A server that is down, slow, refusing or lying: one clear error each, and nothing of it is believed."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import msgspec
import pytest
from house import NOON, ONE, a_case, an_item, exposed
from patience import PATIENCE_S

from reviewer.model.cases import QueueEntry
from reviewer.model.errors import (
    CaseSystemNonsense,
    CaseSystemRefused,
    CaseSystemUnreachable,
    LeaseLost,
    SyncError,
)
from reviewer.model.events import AnswerStatus, BatchAnswer, EventAnswer, Lease
from reviewer.model.wire import QueuePage
from reviewer.sync.believing import is_id
from reviewer.sync.client import CaseSystem
from reviewer.sync.errors import InsecureAddress, ReadingEnded, RoleRefused
from reviewer.sync.exchange import MAX_ANSWER

JSON = {"Content-Type": "application/json"}
TOKEN = "the-secret-token"


def says(body: bytes | Iterator[bytes], status: int = 200, headers: dict[str, str] | None = None) -> CaseSystem:
    headers = JSON if headers is None else headers

    def handler(request: httpx.Request) -> httpx.Response:
        if isinstance(body, bytes):
            return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))
        return httpx.Response(status, headers=headers, content=body)

    transport = httpx.MockTransport(handler)
    return CaseSystem("http://127.0.0.1:9", TOKEN, "desk-1", transport=transport)


def good_member() -> bytes:
    return b'{"id":"reviewer-1","name":"Reviewer 01","role":"reviewer","recipient":"age1one"}'


def test_the_good_answer_is_believed_so_that_the_bad_ones_mean_something() -> None:
    assert says(good_member()).me().id == ONE


def test_a_question_that_comes_after_the_client_was_closed_is_one_that_nobody_answers() -> None:
    case_system = says(good_member())
    case_system.close()
    with pytest.raises(CaseSystemUnreachable):
        case_system.me()


@pytest.mark.parametrize(
    ("body", "status", "headers"),
    [
        (b"<html>Welcome to the network</html>", 200, {"Content-Type": "text/html"}),
        (b"<html>Welcome to the network</html>", 200, JSON),
        (good_member()[:-5], 200, JSON),
        (b"", 200, JSON),
        (b"null", 200, JSON),
        (b"[]", 200, JSON),
        (b'{"id":7,"name":"x","role":"reviewer","recipient":"y"}', 200, JSON),
        (b'{"id":"a","name":"x","role":"emperor","recipient":"y"}', 200, JSON),
        (b'{"id":"\xff","name":"x","role":"reviewer","recipient":"y"}', 200, JSON),
        (b"[" * 100_000, 200, JSON),
        (good_member(), 202, JSON),
        (good_member(), 204, JSON),
        (good_member(), 200, {}),
        (good_member(), 200, {"Content-Type": "application/problem+json"}),
        (b"", 302, {"Location": "https://elsewhere.example/"}),
        (b"nope", 404, {"Content-Type": "text/plain"}),
        (b"{}", 404, {"Content-Type": "application/problem+json"}),
        (b'{"type":"x","status":200}', 404, {"Content-Type": "application/problem+json"}),
        (b"x" * 100_000, 400, {"Content-Type": "application/problem+json"}),
    ],
)
def test_nonsense_is_called_so(body: bytes, status: int, headers: dict[str, str]) -> None:
    with pytest.raises(CaseSystemNonsense):
        says(body, status, headers).me()


def test_compressed_answers_are_not_unpacked() -> None:
    import gzip

    headers = {**JSON, "Content-Encoding": "gzip"}
    with pytest.raises(CaseSystemNonsense):
        says(gzip.compress(b" " * 50_000_000 + good_member()), 200, headers).me()


def test_a_huge_answer_is_refused_by_its_declared_size_before_it_is_read() -> None:
    read = []

    def body() -> Iterator[bytes]:
        read.append(1)
        yield b"x"

    with pytest.raises(CaseSystemNonsense):
        says(body(), 200, {**JSON, "Content-Length": str(MAX_ANSWER + 1)}).me()
    assert read == []


def test_an_endless_answer_is_cut() -> None:
    sent = 0

    def body() -> Iterator[bytes]:
        nonlocal sent
        while True:
            sent += 1 << 20
            yield b" " * (1 << 20)

    with pytest.raises(CaseSystemNonsense):
        says(body()).me()
    assert sent <= MAX_ANSWER + (2 << 20)


EVENTS = [exposed() for _ in range(3)]
A, D, R, J = AnswerStatus.ACCEPTED, AnswerStatus.DUPLICATE, AnswerStatus.RETRY, AnswerStatus.REJECTED


def batch(*pairs: tuple[str, AnswerStatus]) -> bytes:
    return msgspec.json.encode(BatchAnswer(answers=tuple(EventAnswer(id=i, status=s) for i, s in pairs)))


IDS = [event.id for event in EVENTS]


def test_each_event_gets_its_answer() -> None:
    answers = says(batch((IDS[0], A), (IDS[1], J), (IDS[2], R))).post_events(EVENTS)
    assert [(answer.id, answer.status) for answer in answers] == [(IDS[0], A), (IDS[1], J), (IDS[2], R)]


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"answers": []}',
        b'{"answers": null}',
        batch((IDS[0], A), (IDS[1], A)),
        batch((IDS[0], A), (IDS[1], A), (IDS[2], A), ("another", A)),
        batch((IDS[0], A), (IDS[1], A), ("another", A)),
        batch((IDS[0], A), (IDS[0], A), (IDS[2], A)),
        batch((IDS[1], A), (IDS[0], A), (IDS[2], A)),
        batch((IDS[0], A), (IDS[1], A), (IDS[2], A)).replace(b'"accepted"', b'"splendid"', 1),
        batch((IDS[0], A), (IDS[1], A), (IDS[2], A))[:-3],
    ],
)
def test_200_alone_is_not_delivery(body: bytes) -> None:
    with pytest.raises(CaseSystemNonsense):
        says(body).post_events(EVENTS)


def test_an_event_too_large_to_send_is_rejected_here_and_the_others_go() -> None:
    large = msgspec.structs.replace(exposed(), payload={"x": "y" * 70_000})
    sent: list[bytes] = []

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append(request.read())
        return httpx.Response(200, headers=JSON, stream=httpx.ByteStream(batch((IDS[0], A), (IDS[1], D))))

    client = CaseSystem("http://127.0.0.1:9", TOKEN, "desk-1", transport=httpx.MockTransport(handler))
    answers = client.post_events([EVENTS[0], large, EVENTS[1]])
    assert [answer.status for answer in answers] == [A, J, D]
    assert len(json.loads(sent[0])["events"]) == 2


def lease(**change: Any) -> bytes:
    fields = {"id": "lease-1", "item_id": "item-1", "holder": ONE, "expires_at": NOON, **change}
    return msgspec.json.encode(Lease(**fields))


def test_a_lease_of_something_else_is_no_lease() -> None:
    assert says(lease(), 201).lease("item-1").id == "lease-1"
    for change in ({"item_id": "item-2"}, {"id": "../me"}, {"expires_at": NOON.replace(tzinfo=None)}):
        with pytest.raises(CaseSystemNonsense):
            says(lease(**change), 201).lease("item-1")
    held = says(lease(), 201).lease("item-1")
    with pytest.raises(CaseSystemNonsense):
        says(lease(id="lease-2")).renew(held)


def entry(item: dict[str, Any] | None = None, case: dict[str, Any] | None = None) -> QueueEntry:
    return QueueEntry(
        item=msgspec.structs.replace(an_item(), **(item or {})), case=msgspec.structs.replace(a_case(), **(case or {}))
    )


@pytest.mark.parametrize(
    "bad",
    [
        entry(item={"id": "../../etc"}),
        entry(item={"case_id": "another"}),
        entry(item={"container_sha256": "short"}),
        entry(item={"container_size": -1}),
        entry(item={"created_at": NOON.replace(tzinfo=None)}),
        entry(case={"created_at": NOON.replace(tzinfo=None)}),
    ],
)
def test_a_queue_with_one_impossible_entry_is_not_believed(bad: QueueEntry) -> None:
    assert len(says(msgspec.json.encode(QueuePage(entries=(entry(),)))).queue()) == 1
    with pytest.raises(CaseSystemNonsense):
        says(msgspec.json.encode(QueuePage(entries=(entry(), bad)))).queue()


def test_a_queue_without_end_is_given_up() -> None:
    with pytest.raises(CaseSystemNonsense):
        says(msgspec.json.encode(QueuePage(entries=(entry(),), after="more"))).queue()


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (200, {"Content-Range": "bytes 0-99/100"}, b"x" * 100),
        (206, {"Content-Range": "bytes 1-100/100"}, b"x" * 100),
        (206, {"Content-Range": "bytes 0-99/101"}, b"x" * 100),
        (206, {"Content-Range": "bytes 0-99/100"}, b"x" * 99),
        (206, {"Content-Range": "bytes 0-99/100"}, b"x" * 101),
        (206, {}, b"x" * 100),
        (206, {"Content-Range": "bytes 0-99/100", "Content-Type": "text/html"}, b"x" * 100),
        (206, {"Content-Range": "bytes 0-99/100", "ETag": '"b"'}, b"x" * 100),
    ],
)
def test_a_range_that_is_not_the_one_asked_for(status: int, headers: dict[str, str], body: bytes) -> None:
    right = {"Content-Type": "application/octet-stream", "ETag": '"a"'}
    good = says(b"x" * 100, 206, {**right, "Content-Range": "bytes 0-99/100"})
    assert good.open_container("item-1", 100, "a").read() == b"x" * 100
    with pytest.raises(CaseSystemNonsense):
        says(body, status, {**right, **headers}).open_container("item-1", 100, "a").read(100)


def refusal(status: int, slug: str) -> CaseSystem:
    body = json.dumps({"type": f"urn:reviewer:problem:{slug}", "status": status, "detail": "EVIL WORDS"}).encode()
    return says(body, status, {"Content-Type": "application/problem+json"})


@pytest.mark.parametrize(
    ("status", "slug", "kind"),
    [
        (409, "lease-held", LeaseLost),
        (409, "lease-lost", LeaseLost),
        (409, "item-decided", LeaseLost),
        (403, "role-not-allowed", RoleRefused),
        (401, "token-unknown", CaseSystemRefused),
        (500, "internal-error", CaseSystemRefused),
        (503, "storage-unavailable", CaseSystemUnreachable),
        (418, "never-heard-of", CaseSystemRefused),
    ],
)
def test_refusals_become_errors_in_our_own_words(status: int, slug: str, kind: type[SyncError]) -> None:
    with pytest.raises(kind) as refused:
        refusal(status, slug).lease("item-1")
    assert type(refused.value) is kind
    assert "EVIL" not in str(refused.value)


def test_a_proxy_in_trouble_is_no_answer() -> None:
    for status in (502, 503, 504):
        with pytest.raises(CaseSystemUnreachable):
            says(b"<html>Bad Gateway</html>", status, {"Content-Type": "text/html"}).me()


@contextmanager
def a_server_that(act: Callable[[socket.socket], None]) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        done = threading.Event()

        def serve() -> None:
            while not done.is_set():
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    try:
                        act(connection)
                    except OSError:
                        continue

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            done.set()
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def drip(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(100):
        threading.Event().wait(0.03)
        connection.sendall(b" ")


@pytest.mark.parametrize(
    "act",
    [
        lambda connection: None,
        lambda connection: connection.sendall(b"SSH-2.0-OpenSSH\r\n"),
        lambda connection: (
            connection.recv(65536)
            and connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{}")
        ),
        lambda connection: connection.recv(65536) and threading.Event().wait(0.6),
    ],
    ids=["hangs up", "not http", "cut short", "silent"],
)
def test_a_connection_that_fails_is_unreachable(act: Callable[[socket.socket], None]) -> None:
    with (
        a_server_that(act) as url,
        CaseSystem(url, TOKEN, "desk-1", timeout=0.3) as client,
        pytest.raises(CaseSystemUnreachable),
    ):
        client.me()


def test_a_server_that_drips_does_not_hold_us_for_ever() -> None:
    from reviewer.model.roles import Member
    from reviewer.sync.exchange import Exchange

    with a_server_that(drip) as url:
        exchange = Exchange(url, TOKEN, "desk-1", timeout_s=0.5, answer_within_s=0.2)
        began = time.monotonic()
        with pytest.raises(CaseSystemUnreachable):
            exchange.ask("GET", "me", Member)
        assert time.monotonic() - began < 2.0
        exchange.close()


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with CaseSystem(f"http://127.0.0.1:{port}", TOKEN, "desk-1") as client, pytest.raises(CaseSystemUnreachable):
        client.queue()


@pytest.mark.parametrize(
    "address",
    [
        "http://case.example",
        "http://10.0.0.5:8000",
        "ftp://127.0.0.1",
        "",
        "case.example",
        "https://user:pass@case.example",
        "http://127.0.0.1.evil.example",
    ],
)
def test_the_token_goes_nowhere_unsafe(address: str) -> None:
    with pytest.raises(InsecureAddress):
        CaseSystem(address, TOKEN, "desk-1")


@pytest.mark.parametrize(
    "address", ["https://case.example", "http://127.0.0.1:1", "http://localhost:1", "http://[::1]"]
)
def test_safe_addresses(address: str) -> None:
    CaseSystem(address, TOKEN, "desk-1").close()


def test_the_token_is_in_no_repr_and_no_error() -> None:
    client = says(b"", 500)
    with pytest.raises(SyncError) as failed:
        client.me()
    assert TOKEN not in repr(client) + repr(vars(client)) + repr(failed.value) + str(failed.value)


def test_an_id_never_becomes_another_path() -> None:
    for bad in ("../me", "a/b", "", "a?b", "x" * 65):
        with pytest.raises(ValueError):
            says(b"").case_key(bad)


@pytest.mark.parametrize("identifier", ["a:b", "a/b", "../a", "", ".a", "a" * 65])
def test_what_cannot_name_a_file_on_every_system_is_no_id(identifier: str) -> None:
    assert not is_id(identifier)
    assert is_id("01a200b9-1ed1-7621-b17d-e33b04605c79")


def test_abort_closes_the_stream_under_way() -> None:
    """The server has begun to answer and stalls: it sees the connection end at once, not after a timeout."""
    ended: list[float] = []
    stalls = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                head = "HTTP/1.1 206 P\r\nContent-Type: application/octet-stream\r\nContent-Length: 100\r\n\r\n"
                connection.sendall(head.encode() + b"x" * 10)
                stalls.set()
                connection.settimeout(2 * PATIENCE_S)
                while connection.recv(65536):
                    pass
                ended.append(time.monotonic())

        server = threading.Thread(target=serve)
        server.start()
        port = listening.getsockname()[1]
        with CaseSystem(f"http://127.0.0.1:{port}", TOKEN, "desk-1", timeout=2 * PATIENCE_S) as client:
            remote = client.open_container("item-1", 100)
            failed: list[SyncError] = []

            def read() -> None:
                try:
                    remote.read(1)
                except SyncError as error:
                    failed.append(error)

            reader = threading.Thread(target=read)
            reader.start()
            assert stalls.wait(5)
            time.sleep(0.2)
            began = time.monotonic()
            remote.abort()
            reader.join(PATIENCE_S)
            assert [type(error) for error in failed] == [ReadingEnded]
            server.join(PATIENCE_S)
    assert ended, "the connection was still open"
    assert ended[0] - began < PATIENCE_S  # half of what the client and the server would wait

"""Sending: two steps, the documented flow, and every way in which it can stop told for what it is."""

from __future__ import annotations

import hashlib
import io
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from clearing_house_double import PASSWORD, USER, ClearingHouseDouble, Trouble
from dossiers import a_dossier, content
from hypothesis import given
from hypothesis import strategies as st

from reviewer.handoff.clearing_answers import MAX_ANSWER, Refused, Reply, Unbelievable, believed, believed_done
from reviewer.handoff.clearing_credentials import Credentials
from reviewer.handoff.clearing_house import ClearingHouse, Confirmation, Prepared
from reviewer.handoff.cybertip import cybertip_report
from reviewer.handoff.cybertip_files import upload_files
from reviewer.handoff.dossier import Exhibit
from reviewer.handoff.errors import ClearingHouseUnusable, Sending, SendingFailed
from reviewer.handoff.upload_file import UploadFile
from reviewer.model.errors import NoKeyForItem

CREDENTIALS = Credentials(user=USER, password=PASSWORD)
DOSSIER = a_dossier()
REPORT = cybertip_report(DOSSIER)


class Reader:
    """Plaintext that knows whether it was closed, and gives less than asked for."""

    opened: list[Reader] = []

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)
        self.closed = False
        Reader.opened.append(self)

    def readinto(self, target: memoryview, /) -> int:
        return self._data.readinto(target[: min(len(target), 5000)])

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._data.seek(offset, whence)

    def close(self) -> None:
        self.closed = True


def reader_of(exhibit: Exhibit) -> Reader:
    return Reader(content(exhibit))


FILES = upload_files(DOSSIER, reader_of)


@pytest.fixture(autouse=True)
def every_reader_is_closed() -> object:
    Reader.opened.clear()
    yield
    assert all(reader.closed for reader in Reader.opened)


def send(double: ClearingHouseDouble, files: tuple[UploadFile, ...] = FILES, **how: object) -> Confirmation:
    timeout_s = how.pop("timeout_s", 60.0)
    with ClearingHouse(double.address, CREDENTIALS, timeout_s=timeout_s) as house:  # type: ignore[arg-type]
        return house.send(house.prepare(REPORT, files), **how)  # type: ignore[arg-type]


def refused(double: ClearingHouseDouble, files: tuple[UploadFile, ...] = FILES, **how: object) -> SendingFailed:
    with pytest.raises(SendingFailed) as caught:
        send(double, files, **how)
    assert PASSWORD not in str(caught.value)
    return caught.value


def test_a_report_arrives_whole_and_the_receipt_is_what_was_said(shared: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    with ClearingHouseDouble() as double:
        done = send(double, progress=lambda *bytes_done: told.append(bytes_done))
    assert double.calls == ["submit", *["upload", "fileinfo"] * len(FILES), "finish"]
    (report,) = double.finished
    assert report.xml == REPORT
    assert list(report.files.values()) == [content(exhibit) for exhibit in DOSSIER.exhibits]
    assert list(report.names.values()) == [file.name for file in FILES]
    assert done.file_ids == tuple(report.files)
    assert done.report_id == "4564654"
    assert done.receipt.startswith(b"<?xml")
    assert done.receipt_sha256 == hashlib.sha256(done.receipt).hexdigest()
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (sum(file.size for file in FILES),) * 2
    for number, details in enumerate(report.details.values()):
        (tmp_path / f"{number}.xml").write_bytes(details)
        _validated(tmp_path / f"{number}.xml", shared)


def _validated(path: Path, shared: Path) -> None:
    schema = shared / "ncmec" / "cybertip_report.xsd"
    done = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", schema, path], capture_output=True)
    assert done.returncode == 0, done.stderr


def test_nothing_is_sent_by_preparing() -> None:
    with ClearingHouseDouble() as double, ClearingHouse(double.address, CREDENTIALS) as house:
        prepared = house.prepare(REPORT, FILES)
        assert prepared.address == double.address
        assert prepared.token not in repr(prepared)
        assert "incidentSummary" not in repr(prepared)
        assert [file.viewed for file in prepared.files] == [True, True, False, True, False]
    assert double.calls == []


def _other_xml(prepared: Prepared) -> Prepared:
    return replace(prepared, xml=prepared.xml.replace(b"imminent", b"possible"))


def _other_token(prepared: Prepared) -> Prepared:
    return replace(prepared, token=prepared.token + "x")


def _fewer_files(prepared: Prepared) -> Prepared:
    return replace(prepared, files=prepared.files[1:])


def _viewed(prepared: Prepared) -> Prepared:
    last = prepared.files[-1]
    lying = replace(last, details=lambda r, f: last.details(r, f).replace(b"dByEsp>false", b"dByEsp>true"))
    return replace(prepared, files=(*prepared.files[:-1], lying))


@pytest.mark.parametrize("change", [_other_xml, _other_token, _fewer_files, _viewed])
def test_only_what_was_prepared_is_sent(change: object) -> None:
    with ClearingHouseDouble() as double, ClearingHouse(double.address, CREDENTIALS) as house:
        prepared = house.prepare(REPORT, FILES)
        with pytest.raises(SendingFailed):
            house.send(change(prepared))  # type: ignore[operator]
    assert double.calls == []


def test_what_was_prepared_is_sent_once() -> None:
    with ClearingHouseDouble() as double, ClearingHouse(double.address, CREDENTIALS) as house:
        prepared = house.prepare(REPORT, FILES[:1])
        house.send(prepared)
        with pytest.raises(SendingFailed) as caught:
            house.send(prepared)
        with ClearingHouse(double.address, CREDENTIALS) as another, pytest.raises(SendingFailed):
            another.send(house.prepare(REPORT, FILES[:1]))
    assert caught.value.outcome is Sending.NOTHING_OPEN
    assert double.calls.count("submit") == 1


def test_a_changed_report_does_not_become_sendable_by_changing_it_back() -> None:
    with ClearingHouseDouble() as double, ClearingHouse(double.address, CREDENTIALS) as house:
        prepared = house.prepare(REPORT, FILES)
        for attempt in (_other_xml(prepared), prepared):
            with pytest.raises(SendingFailed):
                house.send(attempt)
    assert double.calls == []


REFUSALS = [
    pytest.param(Trouble(status=401), id="401"),
    pytest.param(Trouble(status=400, body=b"<html>no</html>"), id="400"),
    pytest.param(
        Trouble(
            status=200,
            body=b"<reportResponse><responseCode>4100</responseCode>"
            b"<responseDescription>no</responseDescription></reportResponse>",
        ),
        id="code 4100",
    ),
]
UNCLEAR = [
    pytest.param(Trouble(status=500), id="500"),
    pytest.param(Trouble(drop=True), id="dropped"),
    pytest.param(Trouble(status=200, body=b"<a>" * 40_000), id="too large"),
    pytest.param(Trouble(status=200, body=b"not XML"), id="not XML"),
    pytest.param(Trouble(status=303), id="redirect"),
    pytest.param(
        Trouble(
            status=200,
            body=b'<!DOCTYPE reportResponse [<!ENTITY a "0">]><reportResponse><responseCode>&a;</responseCode>'
            b"<responseDescription/><reportId>4564654</reportId></reportResponse>",
        ),
        id="entities",
    ),
    pytest.param(
        Trouble(
            status=200,
            body='<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><reportResponse/>'.encode("utf-16"),
        ),
        id="UTF-16",
    ),
    pytest.param(
        Trouble(
            status=200,
            body=b"<reportResponse><responseCode>0</responseCode><responseCode>0</responseCode>"
            b"<reportId>4564654</reportId></reportResponse>",
        ),
        id="two codes",
    ),
    pytest.param(
        Trouble(
            status=200,
            body=b"<reportResponse><responseCode>0</responseCode><reportId>4564654&amp;x=1</reportId></reportResponse>",
        ),
        id="an id that is none",
    ),
    pytest.param(
        Trouble(status=200, body=b"<reportResponse><responseCode>1000</responseCode></reportResponse>"),
        id="code 1000",
    ),
]


@pytest.mark.parametrize("trouble", REFUSALS)
def test_a_refusal_to_open_leaves_nothing_there(trouble: Trouble) -> None:
    with ClearingHouseDouble({"submit": trouble}) as double:
        error = refused(double)
    assert error.outcome is Sending.NOTHING_OPEN
    assert "Nothing was sent" in error.what_was_kept
    assert double.calls == ["submit"]


@pytest.mark.parametrize("trouble", UNCLEAR)
def test_an_unclear_opening_is_said_and_not_tried_again(trouble: Trouble) -> None:
    with ClearingHouseDouble({"submit": trouble}) as double:
        error = refused(double)
    assert error.outcome is Sending.OPENING_UNCLEAR
    assert "not clear whether a report was opened" in error.what_was_kept
    assert double.calls == ["submit"]


def test_who_hangs_is_not_waited_for_for_ever() -> None:
    with ClearingHouseDouble({"submit": Trouble(hang_s=60.0)}) as double:
        error = refused(double, timeout_s=0.3)
    assert error.outcome is Sending.OPENING_UNCLEAR


@pytest.mark.parametrize("trouble", [*REFUSALS, *UNCLEAR])
@pytest.mark.parametrize("step", ["upload", "fileinfo"])
def test_whatever_goes_wrong_half_way_retracts(step: str, trouble: Trouble) -> None:
    with ClearingHouseDouble({step: trouble}) as double:
        error = refused(double, FILES[:2])
    assert error.outcome is Sending.RETRACTED
    assert error.report_id == "4564654"
    assert "4564654 was retracted there, which was confirmed" in error.what_was_kept
    assert "file 1 of 2" in error.what_happened
    assert double.reports["4564654"].state == "retracted"
    assert "finish" not in double.calls


@pytest.mark.parametrize("trouble", REFUSALS)
def test_a_refusal_to_finish_retracts(trouble: Trouble) -> None:
    with ClearingHouseDouble({"finish": trouble}) as double:
        error = refused(double, FILES[:1])
    assert error.outcome is Sending.RETRACTED
    assert double.reports["4564654"].state == "retracted"


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize("trouble", UNCLEAR)
def test_an_unclear_finish_is_neither_sent_nor_not_sent(trouble: Trouble, done: bool) -> None:
    with ClearingHouseDouble({"finish": replace(trouble, work=done)}) as double:
        error = refused(double, FILES[:1])
    coded = b"1000" in trouble.body
    # A trouble of its own that it names can be made clear: what could be retracted was not finished.
    expected = Sending.RETRACTED if coded and not done else Sending.FINISHING_UNCLEAR
    assert error.outcome is expected
    assert error.report_id == "4564654"
    if expected is Sending.FINISHING_UNCLEAR:
        assert "may have been sent, or not" in error.what_was_kept
        assert "before you send it again" in error.what_to_do
    assert double.calls.count("finish") == 1
    assert ("retract" in double.calls) is coded


@pytest.mark.parametrize(
    "edit",
    [
        lambda body: body.replace(b"<reportId>4564654", b"<reportId>4564655"),
        lambda body: body.replace(b"<fileId>", b"<fileId>x", 1),
        lambda body: body.replace(b"<files>", b"<files><fileId>one-more</fileId>"),
        lambda body: body[: body.index(b"<files>")] + b"<files></files></reportDoneResponse>",
        lambda body: body.replace(b"reportDoneResponse", b"reportResponse"),
    ],
)
def test_a_receipt_for_something_else_is_no_confirmation(edit: object) -> None:
    with ClearingHouseDouble() as double:
        double.edit = lambda step, body: edit(body) if step == "finish" else body  # type: ignore[operator]
        error = refused(double, FILES[:2])
    assert error.outcome is Sending.FINISHING_UNCLEAR


def test_the_same_number_for_two_files_is_not_believed() -> None:
    first: list[bytes] = []

    def edit(step: str, body: bytes) -> bytes:
        if step != "upload":
            return body
        first.append(body)
        number = first[0].partition(b"<fileId>")[2].partition(b"<")[0]
        mine = body.partition(b"<fileId>")[2].partition(b"<")[0]
        return body.replace(mine, number)

    with ClearingHouseDouble() as double:
        double.edit = edit
        error = refused(double, FILES[:2])
    assert error.outcome is Sending.RETRACTED
    assert "file 2 of 2 was uploaded" in error.what_happened


@pytest.mark.parametrize("hash_", [b"0" * 32, b""])
def test_other_bytes_received_than_sent_retracts(hash_: bytes) -> None:
    def edit(step: str, body: bytes) -> bytes:
        head, mark, rest = body.partition(b"<hash>")
        if step != "upload" or not mark:
            return body
        return head + (b"<hash>" + hash_ + b"</hash>" if hash_ else b"") + rest.partition(b"</hash>")[2]

    with ClearingHouseDouble() as double:
        double.edit = edit
        error = refused(double, FILES[:1])
    assert error.outcome is Sending.RETRACTED
    assert "received other bytes than were sent" in error.what_happened


@pytest.mark.parametrize("trouble", UNCLEAR)
def test_a_retraction_that_was_not_confirmed_is_said(trouble: Trouble) -> None:
    with ClearingHouseDouble({"upload": Trouble(status=500), "retract": trouble}) as double:
        error = refused(double, FILES[:1])
    assert error.outcome is Sending.NOT_RETRACTED
    assert "unfinished" in error.what_was_kept
    assert "4564654" in error.what_to_do


def test_a_retraction_is_asked_for_twice_and_once_done_counts() -> None:
    with ClearingHouseDouble(
        {"upload": Trouble(status=500), "retract": Trouble(drop=True, work=True, first=1)}
    ) as double:
        error = refused(double, FILES[:1])
    assert error.outcome is Sending.RETRACTED
    assert double.calls.count("retract") == 2


@pytest.mark.parametrize("asked", range(2 + 2 * 2 + 1))
def test_cancelled_at_any_step_it_is_retracted(asked: int) -> None:
    """It is asked before each request; the pieces are asked about in the test after this."""
    answers = 0

    def cancelled() -> bool:
        nonlocal answers
        # Not those of who watches an upload, which depend on how long it takes.
        if threading.current_thread() is not threading.main_thread():
            return False
        answers += 1
        return answers > asked

    small = tuple(replace(file, size=0, open=lambda: Reader(b""), **_nothing()) for file in FILES[:2])
    with ClearingHouseDouble() as double:
        if asked == 6:
            assert send(double, small, cancelled=cancelled).report_id == "4564654"
            return
        error = refused(double, small, cancelled=cancelled)
    assert "cancelled" in error.what_happened
    assert not double.finished
    if asked == 0:
        assert (error.outcome, double.calls) == (Sending.NOTHING_OPEN, [])
    else:
        assert error.outcome is Sending.RETRACTED
        assert double.reports["4564654"].state == "retracted"


def _nothing() -> dict[str, str]:
    return {"sha256": hashlib.sha256().hexdigest(), "md5": hashlib.md5().hexdigest()}


def test_cancelled_within_a_file_the_rest_of_it_is_not_sent() -> None:
    pieces = 0

    def cancelled() -> bool:
        return pieces >= 2

    def progress(_done: int, _total: int) -> None:
        nonlocal pieces
        pieces += 1

    with ClearingHouseDouble() as double:
        error = refused(double, FILES[:1], progress=progress, cancelled=cancelled)
    assert error.outcome is Sending.RETRACTED
    assert "file 1 of 1 was uploaded" in error.what_happened
    assert double.reports["4564654"].files == {}
    assert double.bytes_taken < FILES[0].size


def test_an_upload_that_is_not_answered_is_cancelled_all_the_same() -> None:
    waiting = threading.Event()
    with ClearingHouseDouble({"upload": Trouble(hang_s=60.0)}) as double:
        timer = threading.Timer(0.1, waiting.set)

        def progress(done: int, total: int) -> None:
            if done == total:
                timer.start()

        started = time.monotonic()
        error = refused(double, FILES[:1], progress=progress, cancelled=waiting.is_set)
        took = time.monotonic() - started
        timer.join()
    assert error.outcome is Sending.RETRACTED
    assert error.what_happened == "Sending was cancelled while file 1 of 1 was uploaded."
    assert took < 20


def test_once_finish_is_sent_cancelling_changes_nothing() -> None:
    with ClearingHouseDouble() as double:
        assert send(double, FILES[:1], cancelled=lambda: "finish" in double.calls).report_id == "4564654"


def _damaged() -> Reader:
    return Reader(bytes(FILES[0].size))


def _short() -> Reader:
    return Reader(content(DOSSIER.exhibits[0])[:-1])


def _long() -> Reader:
    return Reader(content(DOSSIER.exhibits[0]) + b"x")


def _locked() -> Reader:
    raise NoKeyForItem


@pytest.mark.parametrize("opened", [_damaged, _short, _long, _locked])
def test_an_item_that_is_not_what_was_registered_is_not_uploaded(opened: object) -> None:
    with ClearingHouseDouble() as double:
        error = refused(double, (replace(FILES[0], open=opened),))  # type: ignore[arg-type]
    assert error.outcome is Sending.RETRACTED
    assert "An item could not be sent" in error.what_happened
    assert double.reports["4564654"].files == {}


def test_a_defect_retracts_and_is_told() -> None:
    def progress(_done: int, _total: int) -> None:
        raise ZeroDivisionError

    with ClearingHouseDouble() as double:
        error = refused(double, FILES[:1], progress=progress)
    assert error.outcome is Sending.RETRACTED
    assert isinstance(error.__cause__, ZeroDivisionError)


OPENED = (
    b"<reportResponse><responseCode>0</responseCode><responseDescription>%s</responseDescription>"
    b"<reportId>4564654</reportId></reportResponse>"
)


def asked(answer: httpx.Response) -> tuple[SendingFailed, list[httpx.Request]]:
    """Sending where every request gets this answer, without a server; what was requested."""
    requests: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return answer

    with ClearingHouse("https://clearing.example", CREDENTIALS, transport=httpx.MockTransport(handle)) as house:
        prepared = house.prepare(REPORT, ())
        with pytest.raises(SendingFailed) as caught:
            house.send(prepared)
    return caught.value, requests


@pytest.mark.parametrize("declared", [True, False])
def test_an_answer_is_not_read_beyond_its_cap(declared: bool) -> None:
    read = 0

    def body() -> Iterator[bytes]:
        nonlocal read
        head, _, tail = OPENED.partition(b"%s")
        for piece in (head, *[b" " * 10_000] * 100, tail):
            read += len(piece)
            yield piece

    length = {"Content-Length": str(len(OPENED) - 2 + 1_000_000)} if declared else {}
    error, _ = asked(httpx.Response(200, headers=length, content=body()))
    assert error.outcome is Sending.OPENING_UNCLEAR
    assert read <= (0 if declared else MAX_ANSWER + 10_000)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_report_follows_no_redirect(status: int) -> None:
    error, requests = asked(
        httpx.Response(status, headers={"Location": "https://elsewhere.example/submit"}, content=iter([b""]))
    )
    assert error.outcome is Sending.OPENING_UNCLEAR
    assert [request.url.host for request in requests] == ["clearing.example"]


def test_nobody_there_is_nothing_sent() -> None:
    with ClearingHouseDouble() as double:
        pass
    error = refused(double)
    assert error.outcome is Sending.NOTHING_OPEN


def test_a_wrong_password_opens_nothing() -> None:
    wrong = Credentials(user=USER, password="another")
    with ClearingHouseDouble() as double, ClearingHouse(double.address, wrong) as house:
        prepared = house.prepare(REPORT, FILES)
        with pytest.raises(SendingFailed) as caught:
            house.send(prepared)
    assert caught.value.outcome is Sending.NOTHING_OPEN
    assert "another" not in str(caught.value)
    assert double.reports == {}


def test_locked_meanwhile_it_is_told_as_unreached() -> None:
    with ClearingHouseDouble() as double:
        house = ClearingHouse(double.address, CREDENTIALS)
        prepared = house.prepare(REPORT, FILES)
        house.close()
        with pytest.raises(SendingFailed) as caught:
            house.send(prepared)
    assert caught.value.outcome is Sending.NOTHING_OPEN


@pytest.mark.parametrize(
    "address",
    [
        "http://clearing.example/ispws",
        "https://user:pass@clearing.example",
        "ftp://127.0.0.1",
        "https://",
        "",
        "https://clearing.example/?x=1",
        "http://127.0.0.1.example",
    ],
)
def test_an_address_that_is_not_safe_is_refused(address: str) -> None:
    with pytest.raises(ClearingHouseUnusable):
        ClearingHouse(address, CREDENTIALS)


def test_names_of_files_cannot_break_the_form() -> None:
    named = replace(FILES[0], name='a"; filename="b\r\nX: y\u202e.jpg')
    with ClearingHouseDouble() as double:
        send(double, (named,))
    assert list(double.finished[0].names.values()) == ["a___filename__b__X__y_.jpg"]


def test_credentials_are_kept_as_bytes_and_never_shown() -> None:
    kept = CREDENTIALS.to_bytes()
    assert Credentials.from_bytes(kept) == CREDENTIALS
    for shown in (
        repr(CREDENTIALS),
        str(CREDENTIALS),
        f"{CREDENTIALS}",
        repr([CREDENTIALS]),
        repr(CREDENTIALS.__rich_repr__()),
    ):
        assert PASSWORD not in shown
        assert USER not in shown


@pytest.mark.parametrize(
    "kept",
    [
        b"",
        b"{}",
        b'{"user":"a","password":""}',
        b'{"user":"a:b","password":"c"}',
        b'{"user":"a\\n","password":"c"}',
        b'{"user":"a","password":"c","more":1}',
        b'{"user":"a","password":"' + b"x" * 5000 + b'"}',
        b"\xff",
    ],
)
def test_what_are_not_credentials_is_refused(kept: bytes) -> None:
    with pytest.raises(ClearingHouseUnusable):
        Credentials.from_bytes(kept)


SEEDS = (
    OPENED % b"fine",
    b"<reportDoneResponse><responseCode>0</responseCode><reportId>1</reportId><files><fileId>a</fileId></files>"
    b"</reportDoneResponse>",
)


@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 150), st.integers(0, 12), st.binary(max_size=12)), max_size=4),
    st.sampled_from([200, 201, 302, 400, 401, 500]),
)
def test_any_answer_is_believed_or_refused_and_nothing_else(
    seed: bytes, edits: list[tuple[int, int, bytes]], status: int
) -> None:
    body = seed
    for at, out, new in edits:
        body = body[:at] + new + body[at + out :]
    for read in (believed, believed_done):
        try:
            answer = read(Reply(status, body))
        except (Refused, Unbelievable):
            continue
        assert 200 <= status < 300
        assert answer.report_id == "" or answer.report_id.isdecimal()

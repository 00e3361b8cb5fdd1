"""Time stamps: what the authority says is taken only if it is a stamp of these bytes, by the right one."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import tsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from reviewer.demo.authorities import Authorities, certificate_pem, key_pem, make_authority, make_key, name, usage
from reviewer.demo.time_authority import TimeAuthority
from reviewer.handoff.errors import PackageRefused, StampRefused, StampUnavailable
from reviewer.handoff.stamping import request_stamp, verify_stamp

DATA = b"a signature" * 30


@pytest.fixture(scope="module")
def stamp(time_authority: TimeAuthority) -> bytes:
    return request_stamp(time_authority.url, DATA, timeout=10)


def test_openssl_accepts_it_and_nothing_else(stamp: bytes, authorities: Authorities, tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("the openssl command is not installed")
    (tmp_path / "data").write_bytes(DATA)
    (tmp_path / "stamp").write_bytes(stamp)
    (tmp_path / "ca.pem").write_bytes(authorities.tsa_ca_pem)
    (tmp_path / "other.pem").write_bytes(authorities.ca_pem)
    command = "openssl ts -verify -in stamp -data data -CAfile"

    def accepted(ca: str) -> bool:
        return subprocess.run([*command.split(), ca], cwd=tmp_path, capture_output=True, check=False).returncode == 0

    assert accepted("ca.pem")
    assert not accepted("other.pem")
    (tmp_path / "data").write_bytes(DATA + b"x")
    assert not accepted("ca.pem")


def test_when_and_by_whom_is_told(stamp: bytes, authorities: Authorities) -> None:
    stamped = verify_stamp(stamp, DATA, authorities.tsa_ca_pem)
    assert abs(stamped.at - datetime.now(UTC)) < timedelta(minutes=2)
    assert stamped.at.utcoffset() == timedelta(0)
    assert stamped.by == "CN=Example Time Authority"


@pytest.mark.parametrize("step", [37, pytest.param(1, marks=pytest.mark.matrix)])
def test_a_change_of_any_byte_is_refused(stamp: bytes, authorities: Authorities, step: int) -> None:
    for at in range(0, len(stamp), step):
        changed = stamp[:at] + bytes([stamp[at] ^ 1 << at % 8]) + stamp[at + 1 :]
        with pytest.raises(PackageRefused):
            verify_stamp(changed, DATA, authorities.tsa_ca_pem)
        with pytest.raises(PackageRefused):
            verify_stamp(stamp[:at], DATA, authorities.tsa_ca_pem)


def test_what_is_added_is_refused(stamp: bytes, authorities: Authorities) -> None:
    answer = tsp.TimeStampResp.load(stamp)
    answer["status"]["status_string"] = ["All is well"]
    for changed in (stamp + b"\0", answer.dump(), bytes(70_000)):
        with pytest.raises(PackageRefused):
            verify_stamp(changed, DATA, authorities.tsa_ca_pem)


def test_other_bytes_and_another_authority_are_refused(stamp: bytes, authorities: Authorities) -> None:
    for data, ca in ((DATA + b"x", authorities.tsa_ca_pem), (DATA, authorities.ca_pem), (DATA, b"none")):
        with pytest.raises(PackageRefused):
            verify_stamp(stamp, data, ca)


def test_what_an_authority_says_besides_is_left_out(authorities: Authorities) -> None:
    """Real ones say "Operation Okay"; it is under no signature."""

    def chatty(authority: TimeAuthority, request: bytes) -> bytes:
        answer = tsp.TimeStampResp.load(authority.stamp(request))
        answer["status"]["status_string"] = ["Operation Okay"]
        return answer.dump()

    with lying(authorities, chatty) as url:
        stamp = request_stamp(url, DATA, timeout=10)
    assert b"Okay" not in stamp
    verify_stamp(stamp, DATA, authorities.tsa_ca_pem)


CONFIGURATION = """
[tsa]
default_tsa = one
[one]
serial = serial
default_policy = 1.2.3.4
digests = sha256
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
signer_digest = {digest}
ess_cert_id_alg = {digest}
"""


@pytest.mark.parametrize("digest", ["sha256", "sha512"])
def test_the_stamp_of_an_authority_that_others_wrote_is_taken(
    authorities: Authorities, tmp_path: Path, digest: str
) -> None:
    """OpenSSL as the authority: it names its algorithms in another way than ours."""
    if shutil.which("openssl") is None:
        pytest.skip("the openssl command is not installed")
    (tmp_path / "tsa.cnf").write_text(CONFIGURATION.format(digest=digest))
    (tmp_path / "tsa.pem").write_bytes(authorities.tsa_pem)
    (tmp_path / "serial").write_text("01\n")
    (tmp_path / "data").write_bytes(DATA)
    (tmp_path / "ca.pem").write_bytes(authorities.tsa_ca_pem)

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", "ts", *words], cwd=tmp_path, capture_output=True, check=True)

    def answered(authority: TimeAuthority, request: bytes) -> bytes:
        (tmp_path / "query").write_bytes(request)
        signer = ("-signer", "tsa.pem", "-inkey", "tsa.pem")
        openssl("-reply", "-config", "tsa.cnf", "-queryfile", "query", *signer, "-out", "reply")
        return (tmp_path / "reply").read_bytes()

    with lying(authorities, answered) as url:
        stamp = request_stamp(url, DATA, timeout=30)
    assert verify_stamp(stamp, DATA, authorities.tsa_ca_pem).by == "CN=Example Time Authority"
    (tmp_path / "stamp").write_bytes(stamp)
    openssl("-verify", "-in", "stamp", "-data", "data", "-CAfile", "ca.pem")
    assert stamp != (tmp_path / "reply").read_bytes()


def of_other_bytes(authority: TimeAuthority, request: bytes) -> bytes:
    asked = tsp.TimeStampReq.load(request)
    asked["message_imprint"]["hashed_message"] = bytes(32)
    return authority.stamp(asked.dump(force=True))


def with_another_nonce(authority: TimeAuthority, request: bytes) -> bytes:
    asked = tsp.TimeStampReq.load(request)
    asked["nonce"] = asked["nonce"].native ^ 1
    return authority.stamp(asked.dump(force=True))


def without_the_nonce(authority: TimeAuthority, request: bytes) -> bytes:
    asked = tsp.TimeStampReq.load(request)
    del asked["nonce"]
    return authority.stamp(asked.dump(force=True))


def altered(authority: TimeAuthority, request: bytes) -> bytes:
    answer = authority.stamp(request)
    return answer[:-1] + bytes([answer[-1] ^ 1])


def garbage(authority: TimeAuthority, request: bytes) -> bytes:
    return b"<html>no such page</html>"


def nothing(authority: TimeAuthority, request: bytes) -> bytes:
    return b""


@contextmanager
def lying(authorities: Authorities, answer: Callable[[TimeAuthority, bytes], bytes]) -> Iterator[str]:
    authority = TimeAuthority(authorities.tsa_pem)
    authority.answer = lambda request: answer(authority, request)
    with authority:
        yield authority.url


@pytest.mark.parametrize("answer", [of_other_bytes, with_another_nonce, without_the_nonce, altered, garbage, nothing])
def test_an_answer_that_is_no_stamp_of_this_is_refused(
    authorities: Authorities, answer: Callable[[TimeAuthority, bytes], bytes]
) -> None:
    with lying(authorities, answer) as url, pytest.raises(StampRefused):
        request_stamp(url, DATA, timeout=10)


def test_of_an_answer_without_end_little_is_read(authorities: Authorities) -> None:
    def huge(authority: TimeAuthority, request: bytes) -> bytes:
        return authority.stamp(request) + bytes(5_000_000)

    with lying(authorities, huge) as url, pytest.raises(StampRefused, match="far too large"):
        request_stamp(url, DATA, timeout=10)


def rejected(authority: TimeAuthority, request: bytes) -> bytes:
    return tsp.TimeStampResp({"status": {"status": "rejection"}}).dump()


def broken(authority: TimeAuthority, request: bytes) -> bytes:
    raise ValueError


@pytest.mark.parametrize("answer", [rejected, broken])
def test_an_authority_that_answers_with_an_error_is_unavailable(
    authorities: Authorities, answer: Callable[[TimeAuthority, bytes], bytes]
) -> None:
    with lying(authorities, answer) as url, pytest.raises(StampUnavailable):
        request_stamp(url, DATA, timeout=10)


@pytest.mark.parametrize("url", ["", "nonsense", "file:///etc/passwd", "http://[::", "http://127.0.0.1:1/"])
def test_nobody_there_is_unavailable(url: str) -> None:
    with pytest.raises(StampUnavailable):
        request_stamp(url, DATA, timeout=2)


@pytest.mark.parametrize("beginning", [b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: "])
def test_one_that_never_comes_to_an_end_is_given_up(beginning: bytes) -> None:
    """A byte now and then resets every timeout of a single step."""
    server = socket.create_server(("127.0.0.1", 0))
    stopped = threading.Event()

    def drip() -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(beginning)
            while not stopped.wait(0.05):
                try:
                    connection.sendall(b"0")
                except OSError:
                    return

    thread = threading.Thread(target=drip)
    thread.start()
    began = time.monotonic()
    try:
        with pytest.raises(StampUnavailable):
            request_stamp(f"http://127.0.0.1:{server.getsockname()[1]}/", DATA, timeout=0.5)
        assert time.monotonic() - began < 10
    finally:
        stopped.set()
        thread.join()
        server.close()


@pytest.mark.parametrize("purposes", [(), (ExtendedKeyUsageOID.TIME_STAMPING,)])
def test_a_certificate_that_is_not_for_time_stamps_alone_is_refused(purposes: tuple[Any, ...]) -> None:
    """Signed by the right authority, but made for something else too: the purpose is missing, or not critical."""
    now = datetime.now(UTC)
    root, key = make_authority("Root", now), make_key()
    since, until = now - timedelta(days=1), now + timedelta(days=9)
    certificate = root.issue(
        name("Not for this"), key.public_key(), since=since, until=until, usage=usage(signing=True), purposes=purposes
    )
    with TimeAuthority(key_pem(key) + certificate_pem(certificate)) as other:
        stamp = request_stamp(other.url, DATA, timeout=10)
    with pytest.raises(PackageRefused):
        verify_stamp(stamp, DATA, root.pem)


def test_a_stamp_outlives_its_certificate(authorities: Authorities) -> None:
    """It counts that the certificate was valid at the time that is stamped."""
    past = datetime.now(UTC) - timedelta(hours=20)
    with TimeAuthority(authorities.tsa_pem, now=lambda: past) as early:
        stamp = request_stamp(early.url, DATA, timeout=10)
    assert verify_stamp(stamp, DATA, authorities.tsa_ca_pem).at == past.replace(microsecond=0)
    before = datetime.now(UTC) - timedelta(days=20)
    with TimeAuthority(authorities.tsa_pem, now=lambda: before) as too_early:
        stamp = request_stamp(too_early.url, DATA, timeout=10)
    with pytest.raises(PackageRefused):
        verify_stamp(stamp, DATA, authorities.tsa_ca_pem)

"""The service as a process: it says its port, stays on this machine, keeps quiet, and loses nothing when killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from house import GATE, ONE, SEALED, TWO, House, a_case, a_decision, an_item, ciphertext, decided

from reviewer.casesystem.__main__ import main
from reviewer.casesystem.serve import NotLoopback, make_server
from reviewer.model.decisions import Action
from reviewer.model.events import AnswerStatus
from reviewer.sync.client import CaseSystem


@contextmanager
def running(house: House, *more: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    read_end, write_end = os.pipe()
    command = [sys.executable, "-W", "error", "-m", "reviewer.casesystem", "--database", house.url]
    command += ["--blobs", str(house.blobs), "--ready-fd", str(write_end), *more]
    process = subprocess.Popen(
        command, pass_fds=(write_end,), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    os.close(write_end)
    try:
        with os.fdopen(read_end) as announced:
            port = int(announced.readline())
        yield process, f"http://127.0.0.1:{port}"
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def take_in(url: str, house: House, item_id: str = "item-1") -> None:
    import io

    with CaseSystem(url, house.tokens[GATE], "gate") as intake:
        container = ciphertext(1000)
        intake.register_case(a_case(), SEALED)
        intake.register_item(an_item(item_id, container=container))
        intake.upload_container(item_id, io.BytesIO(container))


def test_an_acknowledged_decision_survives_kill_9_and_is_not_doubled(house: House) -> None:
    event = decided(a_decision())
    with running(house) as (process, url):
        take_in(url, house)
        with CaseSystem(url, house.tokens[ONE], "desk-1") as client:
            assert client.post_events([event])[0].status is AnswerStatus.ACCEPTED
        process.send_signal(signal.SIGKILL)
        process.wait()
    with running(house) as (_, url), CaseSystem(url, house.tokens[ONE], "desk-1") as client:
        assert client.decision_count() == 1
        assert client.post_events([event])[0].status is AnswerStatus.DUPLICATE
        assert client.decision_count() == 1
        assert client.queue() == ()


def test_it_ends_when_told_and_says_nothing(house: House) -> None:
    with running(house) as (process, url):
        take_in(url, house)
        httpx.get(f"{url}/v1/me", trust_env=False)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=10)
    assert (out, err) == (b"", b"")


def test_it_ends_with_its_parent(house: House) -> None:
    with running(house, "--until-stdin-closes") as (process, _):
        assert process.poll() is None
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
        assert process.wait(10) == 0


def test_it_does_not_listen_beyond_this_machine(house: House) -> None:
    with pytest.raises(NotLoopback):
        make_server(house.url, house.blobs, host="0.0.0.0")


def test_a_port_that_is_taken_is_one_line_and_exit_1(house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [sys.executable, "-m", "reviewer.casesystem", "--database", house.url, "--blobs", str(house.blobs)]
        done = subprocess.run([*command, "--port", str(taken.getsockname()[1])], capture_output=True, timeout=20)
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (1, b"", 1)


def test_ipv6_loopback(house: House, tmp_path: Path) -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    try:
        server = make_server(house.url, house.blobs, host="::1")
    except OSError:
        pytest.skip("no IPv6 loopback here")
    server._listening.close()
    server.config.app.state.close()  # type: ignore[union-attr]


def test_the_policy_says_what_is_read_twice(house: House, tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    text = 'version = "1"\n[[harm_types]]\nkey = "other"\nwords = "Other"\n[second_review]\nactions = ["remove"]\n'
    policy.write_text(text, encoding="utf-8")
    with running(house, "--policy", str(policy)) as (_, url):
        take_in(url, house)
        with CaseSystem(url, house.tokens[ONE], "desk-1") as client:
            client.post_events([decided(a_decision(action=Action.REMOVE))])
        with CaseSystem(url, house.tokens[TWO], "desk-2") as client:
            assert [entry.round for entry in client.queue()] == [2]


def test_a_policy_that_cannot_be_used_is_one_line_and_starts_nothing(house: House, tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_bytes(b"version = 1")
    done = subprocess.run([sys.executable, *words(house, tmp_path)], capture_output=True, timeout=20)
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (1, b"", 1)


@pytest.mark.parametrize("text", [b"[second_review]\nshare = 7.0", b"\xff\xfe", b"#" * (1024 * 1024 + 1)])
def test_whatever_is_wrong_with_the_policy(
    house: House, tmp_path: Path, text: bytes, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """In this process: how one of its own ends is tested above."""
    (tmp_path / "policy.toml").write_bytes(text)
    monkeypatch.setattr(sys, "argv", words(house, tmp_path)[1:])
    assert main() == 1
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)


def words(house: House, folder: Path) -> list[str]:
    """Of the command, with the policy in `folder`."""
    given = ["--database", house.url, "--blobs", str(house.blobs), "--policy", str(folder / "policy.toml")]
    return ["-m", "reviewer.casesystem", *given]

"""Keys in memory: locked, left out of dumps, not inherited, not shown, wiped; and the process around them."""

from __future__ import annotations

import copy
import os
import pickle
import re
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.vault.hardening import hardening_report
from reviewer.vault.secrets import Secret

MARK = b"0123456789abcdef0123456789abcdef"
linux = pytest.mark.skipif(sys.platform != "linux", reason="what Linux grants is read back from /proc")


def flags_at(address: int) -> str:
    """The VmFlags of the mapping that holds `address`."""
    inside = False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        found = re.match(r"([0-9a-f]+)-([0-9a-f]+) ", line)
        if found:
            inside = int(found[1], 16) <= address < int(found[2], 16)
        elif inside and line.startswith("VmFlags:"):
            return line
    return ""


def address_of(secret: Secret) -> int:
    import ctypes

    return ctypes.addressof(ctypes.c_char.from_buffer(secret.view))


@linux
def test_the_pages_are_locked_left_out_of_dumps_and_wiped_on_fork() -> None:
    with Secret.of(MARK) as secret:
        flags = flags_at(address_of(secret)).split()
        assert secret.locked is ("lo" in flags)
        assert secret.undumped is ("dd" in flags) is True
        assert "wf" in flags


@linux
def test_a_forked_child_finds_zeroes() -> None:
    with Secret.of(MARK) as secret:
        child = os.fork()
        if child == 0:
            os._exit(0 if bytes(secret.view) == bytes(32) else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert bytes(secret.view) == MARK


def test_wiping_overwrites_and_refuses_further_use() -> None:
    secret = Secret.of(MARK)
    held = secret.view[4:8]
    secret.wipe()
    secret.wipe()
    assert bytes(held) == bytes(4)
    assert secret.wiped
    with pytest.raises(ValueError):
        secret.view  # noqa: B018


def test_leaving_the_block_wipes_even_on_an_error() -> None:
    with pytest.raises(KeyError), Secret.of(MARK) as secret:
        raise KeyError
    assert secret.wiped


def test_a_bytearray_handed_in_is_wiped() -> None:
    source = bytearray(MARK)
    with Secret.of(source) as secret:
        assert source == bytes(32)
        assert bytes(secret.view) == MARK


def test_nothing_shows_or_copies_it() -> None:
    with Secret.of(MARK) as secret:
        for shown in (repr(secret), str(secret), f"{secret}"):
            assert MARK.decode() not in shown
            assert MARK.hex() not in shown
        for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError):
                attempt(secret)


@pytest.mark.parametrize("size", [0, -1, (1 << 16) + 1])
def test_senseless_sizes_are_refused(size: int) -> None:
    with pytest.raises(ValueError):
        Secret(size)


@linux
def test_a_hardened_process_says_so_and_others_of_the_user_cannot_read_its_memory() -> None:
    script = (
        "from reviewer.vault.hardening import harden_process, hardening_report\n"
        "harden_process()\n"
        "print({p.key: p.in_force for p in hardening_report()})\n"
        "import os\n"
        "print(os.stat('/proc/self/mem').st_uid, os.stat('/proc/self').st_uid)\n"
        "import resource; print(resource.getrlimit(resource.RLIMIT_CORE))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert "'core_dumps': True" in lines[0]
    assert "'ptrace': True" in lines[0]
    assert lines[1].split()[0] == "0", "the memory of an undumpable process belongs to root"
    assert lines[2] == "(0, 0)"


@linux
def test_the_report_reads_the_truth_of_an_unhardened_process() -> None:
    script = (
        "import resource\n"
        "from reviewer.vault.hardening import hardening_report\n"
        "print({p.key: p.in_force for p in hardening_report()}, resource.getrlimit(resource.RLIMIT_CORE) == (0, 0))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    # The limit is inherited, and a test before this one may have hardened the process that starts it.
    none_possible = done.stdout.strip().endswith("True")
    assert f"'core_dumps': {none_possible}" in done.stdout
    assert "'ptrace': False" in done.stdout


def test_the_report_names_every_protection_once_in_words() -> None:
    report = hardening_report()
    assert len({line.key for line in report}) == len(report) == 5
    assert all(line.words and line.how for line in report)

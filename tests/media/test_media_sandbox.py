"""Promise: inside a sealed worker nothing can be opened, reached, started, signalled or read but its own memory."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import sealed_attempts

from reviewer.media import seccomp

MUST_FAIL = [name for name, (x86, arm, _) in sealed_attempts.RAW.items() if (x86 if sealed_attempts.X86 else arm) >= 0]
MUST_FAIL += ["python_open", "python_listdir", "mprotect_executable", "memory_past_the_limit", "environment"]
MUST_FAIL += ["signal_to_group", "mprotect_the_area_executable", "send_a_descriptor", "read_the_parents_memory"]
MUST_FAIL += ["every_other_call"]
USERS = ["root", "nobody"] if os.geteuid() == 0 else ["self"]


@cache
def results(user: str) -> dict[str, str]:
    command = [sys.executable, str(Path(sealed_attempts.__file__)), user]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert done.stdout, f"the sealed child said nothing: {done.stderr.decode()[-800:]}"
    return json.loads(done.stdout)


@pytest.mark.parametrize("user", USERS)
def test_refused_inside(user: str) -> None:
    found = results(user)
    assert len(set(MUST_FAIL)) > 150
    assert {name: found[name] for name in MUST_FAIL if found[name] != "refused"} == {}


@pytest.mark.parametrize("user", USERS)
def test_what_a_worker_needs_still_works(user: str) -> None:
    assert results(user)["+threads_work"] == "yes"
    assert results(user)["+sealed"] == "yes"


def test_nothing_was_created_by_the_attempts() -> None:
    results(USERS[0])
    assert not [path for path in Path("/tmp").glob("reviewer-*") if path.name in ("reviewer-creat", "reviewer-dir")]


def test_the_filter_is_an_allow_list_that_ends_in_refusal() -> None:
    code = seccomp.program(pid=1)
    last = code[-8:]
    assert int.from_bytes(last[4:], "little") == 0x00050001, "whatever is not listed gets EPERM"
    assert len(code) // 8 < 4096


def test_forbidden_calls_are_not_on_the_list() -> None:
    column = 0 if sealed_attempts.X86 else 1
    listed = {numbers[column] for numbers in seccomp.ALLOWED.values()}
    forbidden = {row[column] for name, row in sealed_attempts.RAW.items() if name not in _CHECKED_BY_ARGUMENT}
    assert not listed & forbidden


_CHECKED_BY_ARGUMENT = {
    "mmap_executable",
    "mmap_the_area_executable",
    "clone_process",
    "clone_new_namespace",
    "sendto_an_address",
    "tgkill_parent",
    "prctl_dumpable",
    "prctl_pdeathsig",
    "prctl_ptracer",
}


def test_the_allow_list_is_written_down() -> None:
    """`docs/threat-model.md` names every call a worker may make and every one whose arguments are checked; no other."""
    text = (Path(__file__).resolve().parents[2] / "docs" / "threat-model.md").read_text()
    section = text.split("## What a sealed worker may ask of the kernel\n")[1].split("\n## ")[0]
    rows = [line.split("|") for line in section.splitlines() if line.startswith("| `")]
    written = [name for row in rows for name in re.findall(r"`(\w+)`", row[1])]
    assert sorted(written) == sorted([*seccomp.ALLOWED, *seccomp.CHECKED])
    checked = {name for row in rows if row[2].strip().startswith("only ") for name in re.findall(r"`(\w+)`", row[1])}
    assert checked == set(seccomp.CHECKED)


ALONE = """
import os, sys
from reviewer.media import sandbox, seccomp
layer, folder = sys.argv[1:]
if layer == "landlock": seccomp.install = lambda libc: True
else: sandbox._landlock = lambda libc: 0
pid = os.fork()
if pid == 0:
    sandbox.seal(sandbox.SealLimits(1 << 30, 60), keep_fds=(1, 2), parent=os.getppid(), partial_allowed=True)
    attempts = {
        "open": lambda: os.open(folder + "/kept", os.O_RDONLY),
        "write": lambda: os.open(folder + "/kept", os.O_WRONLY),
        "creat": lambda: os.open(folder + "/made", os.O_WRONLY | os.O_CREAT),
        "truncate": lambda: os.truncate(folder + "/kept", 0),
        "unlink": lambda: os.unlink(folder + "/kept"),
        "mkdir": lambda: os.mkdir(folder + "/made"),
        "rename": lambda: os.rename(folder + "/kept", folder + "/made"),
        "symlink": lambda: os.symlink("/etc", folder + "/made"),
        "link": lambda: os.link(folder + "/kept", folder + "/made"),
        "mkfifo": lambda: os.mkfifo(folder + "/made"),
    }
    allowed = []
    for name, attempt in attempts.items():
        try: attempt()
        except OSError: continue
        allowed.append(name)
    os.write(1, " ".join(allowed).encode())
    os._exit(0)
os.waitpid(pid, 0)
"""


@pytest.mark.parametrize("layer", ["landlock", "seccomp"])
def test_each_layer_alone_keeps_files_shut(layer: str, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("kept")
    (tmp_path / "kept").chmod(0o666)
    command = [sys.executable, "-c", ALONE, layer, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (0, b""), done.stderr.decode()[-500:]
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert (tmp_path / "kept").read_text() == "kept"


@pytest.mark.parametrize("layer", ["landlock", "seccomp"])
def test_a_missing_layer_is_noticed_from_inside(layer: str) -> None:
    """Take one layer away and the seal must be refused: the probe believes attempts, not return values."""
    program = (
        "import os, sys\n"
        "from reviewer.media import sandbox, seccomp\n"
        f"if {layer!r} == 'landlock': sandbox._landlock = lambda libc: 7\n"
        "else: seccomp.install = lambda libc: True\n"
        "pid = os.fork()\n"
        "if pid == 0:\n"
        "    try: sandbox.seal(sandbox.SealLimits(1 << 30, 60), keep_fds=(1, 2), parent=os.getppid())\n"
        "    except sandbox.SealFailed: os._exit(7)\n"
        "    os._exit(0)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=30, check=False)
    assert done.returncode == 7, done.stderr.decode()[-500:]


def test_sealing_refuses_a_process_with_threads() -> None:
    program = (
        "import os, threading, time\n"
        "from reviewer.media import sandbox\n"
        "threading.Thread(target=time.sleep, args=(5,), daemon=True).start()\n"
        "try: sandbox.seal(sandbox.SealLimits(1 << 30, 60), keep_fds=(1, 2), parent=os.getppid())\n"
        "except sandbox.SealFailed: os._exit(7)\n"
        "os._exit(0)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=30, check=False)
    assert done.returncode == 7, done.stderr.decode()[-500:]

"""`reviewer media check` from outside: what it prints, what it costs, and that it leaves nothing anywhere."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import commands
import confined
import media_samples as samples
import pytest
from fuzz_seeds import seed_file
from patience import PATIENCE_S

from reviewer.vault import age

KEYS = (
    "path kind format width height duration_s pages frames_shown has_sound orientation ms_first_veiled ms_clear error"
)
PROGRAM = [*commands.PROGRAM, "media", "check"]
CONFINED = [sys.executable, confined.__file__]
NOTHING = dict.fromkeys(KEYS.split())


@dataclass
class Bench:
    folder: Path
    identity: age.HybridIdentity

    @property
    def key(self) -> Path:
        file = self.folder / "identity.txt"
        file.write_text(f"# made for a test\n{self.identity.secret_text()}\n")
        return file

    def put(self, name: str, data: bytes, recipient: object = None) -> Path:
        path = self.folder / f"{name}.age"
        with path.open("wb") as target:
            age.encrypt(io.BytesIO(data), target, [recipient or self.identity.recipient()])  # type: ignore[list-item]
        return path

    def run(
        self, paths: Sequence[Path | str], *words: str, before: Sequence[str] = (), **options: object
    ) -> subprocess.CompletedProcess[str]:
        """In this process, unless something comes before the program, or it is to run somewhere else."""
        told = [*map(str, paths), "--identity", str(options.pop("key", self.key)), *words]
        if not before and not options:
            return commands.run("media", "check", *told)
        command = [*before, *PROGRAM, *told]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **options)  # type: ignore[call-overload, no-any-return]

    def check(self, *paths: Path | str, **options: object) -> list[dict[str, object]]:
        done = self.run(paths, "--json", **options)  # type: ignore[arg-type]
        assert "Traceback" not in done.stderr
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        assert done.returncode == (1 if any(line["error"] for line in lines) else 0), done.stderr
        assert done.stderr.count("\n") == done.returncode
        assert [line["path"] for line in lines] == [str(path) for path in paths]
        assert all(list(line) == KEYS.split() for line in lines)
        return lines


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("containers"), age.generate_identity())


def told(line: dict[str, object], **expected: object) -> bool:
    times = [line["ms_first_veiled"], line["ms_clear"]]
    assert all(value is None or (isinstance(value, float) and 0 < value < 20_000) for value in times), line
    wrong = {key: line[key] for key, value in expected.items() if line[key] != value}
    assert not wrong
    return all(value is not None for value in times)


def test_pictures_and_video(bench: Bench) -> None:
    jpeg = bench.put("turned", samples.jpeg(samples.pattern(1200, 800), 6))
    film = bench.put("film", samples.video(samples.moving(320, 180, 60), sound=True))
    still, moving = bench.check(jpeg, film)
    assert told(still, kind="image", format="jpeg", width=800, height=1200, duration_s=None, pages=None, frames_shown=1)
    assert told(still, has_sound=False, orientation=6, error=None)
    assert told(moving, kind="video", format="mp4", width=320, height=180, pages=None, has_sound=True, error=None)
    assert abs(moving["duration_s"] - 2.4) < 0.2  # type: ignore[operator]
    assert 1 < moving["frames_shown"] <= 20  # type: ignore[operator]


def test_sound_words_pages_and_archives(bench: Bench) -> None:
    kinds = ("wav", "txt-utf8", "chat-json", "eml", "pdf", "gif", "zip", "7z")
    lines = bench.check(*[bench.put(kind, seed_file(kind)) for kind in kinds])
    sound, text, chat, mail, document, animation, *archives = lines
    assert told(sound, kind="audio", format="wav", duration_s=0.4, frames_shown=1, has_sound=True, orientation=None)
    for line, kind in ((text, "text"), (chat, "chat"), (mail, "email")):
        assert told(line, kind=kind, width=None, pages=None, frames_shown=1, has_sound=False, orientation=None)
    assert told(document, kind="document", format="pdf", pages=2, frames_shown=2, orientation=1)
    assert told(animation, kind="image", format="gif", pages=3, frames_shown=3, width=96, height=64)
    for line in archives:
        assert not told(line, kind="archive", frames_shown=0, ms_first_veiled=None, ms_clear=None, error=None)
    assert not [line["error"] for line in lines if line["error"]]


def test_classic_keys_and_a_file_with_several(bench: Bench) -> None:
    classic = age.generate_x25519_identity()
    path = bench.put("classic", samples.jpeg(samples.pattern(320, 240)), classic.recipient())
    both = bench.folder / "both.txt"
    both.write_text(f"{bench.identity.secret_text()}\n\n# another\n{classic.secret_text()}\n")
    (line,) = bench.check(path, key=both)
    assert line["error"] is None
    (line,) = bench.check(path)
    assert line == NOTHING | {"path": str(path), "error": "A003"}


def test_a_failure_is_a_line_and_the_others_go_on(bench: Bench) -> None:
    good = bench.put("good", samples.jpeg(samples.pattern(640, 480)))
    whole = good.read_bytes()
    cut, flipped, other = (bench.folder / f"{name}.age" for name in ("cut", "flipped", "other"))
    cut.write_bytes(whole[:-100])
    flipped.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    other.write_bytes(b"no container at all")
    missing = bench.folder / "missing.age"
    pipe = bench.folder / "pipe"
    os.mkfifo(pipe)
    lines = bench.check(cut, flipped, other, missing, pipe, bench.folder, good)
    assert [line["error"] for line in lines] == ["A004", "A004", "A001", "M009", "M009", "M009", None]
    for line in lines[:-1]:
        assert line == NOTHING | {"path": line["path"], "error": line["error"]}


def test_a_damaged_chunk_in_the_middle(bench: Bench) -> None:
    path = bench.put("middle", samples.image(samples.grain(400, 300), ".png"))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    (line,) = bench.check(path)
    assert told(line, ms_first_veiled=None, ms_clear=None, error="A004") is False
    assert not line["frames_shown"]


def test_items_that_cannot_be_shown(bench: Bench) -> None:
    broken = bench.put("broken", samples.jpeg(samples.pattern(640, 480))[:200])
    unknown = bench.put("unknown", b"\x00\x13BLOB\x02" * 400)
    damaged, foreign = bench.check(broken, unknown)
    assert told(damaged, kind="image", format="jpeg", frames_shown=0, error="M003") is False
    assert told(foreign, kind="unknown", format=None, frames_shown=0, orientation=None, error="M002") is False


def test_readable_lines_and_one_clear_sentence(bench: Bench) -> None:
    good = bench.put("plain", samples.jpeg(samples.pattern(640, 480)))
    done = bench.run([good, "no\x1bwhere"])
    assert done.returncode == 1
    first, second = done.stdout.splitlines()
    assert first.startswith("ok ")
    assert "640x480" in first
    assert second.startswith("M009 ")
    assert "\x1b" not in second
    assert done.stderr == "1 of 2 containers failed; the codes say why.\n"


def test_an_identity_file_that_is_none(bench: Bench) -> None:
    good = bench.put("plain", samples.jpeg(samples.pattern(640, 480)))
    for content in (b"", b"# nothing\n", b"\xff\xfe", b"AGE-SECRET-KEY-1NO\n", bytes(2 << 20)):
        file = bench.folder / "bad.txt"
        file.write_bytes(content)
        done = bench.run([good], "--json", key=file)
        assert (done.returncode, done.stdout) == (1, "")
        assert "[A007]" in done.stderr
        assert done.stderr.count("\n") == 1
    done = bench.run([good], "--json", key=bench.folder / "none.txt")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert commands.run("media", "check", str(good)).returncode == 2


def test_nothing_is_written_anywhere(bench: Bench, tmp_path: Path) -> None:
    """First where the kernel refuses every write: nothing needs one. Then where it would be seen."""
    paths = [bench.put("a", samples.jpeg(samples.pattern(640, 480)))]
    paths.append(bench.put("b", samples.video(samples.moving(320, 180, 30))))
    paths.append(bench.put("c", b"\x00\x13BLOB\x02" * 400))
    bare = bench.check(*paths, before=[*CONFINED, "no-writing"], env={}, cwd="/")
    assert [line["error"] for line in bare] == [None, None, "M002"]
    for name in ("home", "tmp", "cwd", "config", "state"):
        (tmp_path / name).mkdir()
    places = {"HOME": "home", "TMPDIR": "tmp", "XDG_CONFIG_HOME": "config", "XDG_DATA_HOME": "state"}
    environment = {key: str(tmp_path / name) for key, name in places.items()}
    before = {path: path.stat().st_mtime_ns for path in bench.folder.iterdir()}
    bench.check(*paths, env=environment, cwd=tmp_path / "cwd")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    left = {path: path.stat().st_mtime_ns for path in bench.folder.iterdir()}
    before.pop(bench.folder / "identity.txt", None)  # written anew by this test
    left.pop(bench.folder / "identity.txt")
    assert left == before


def test_the_confinement_of_these_tests_bites(tmp_path: Path) -> None:
    program = f"open({str(tmp_path / 'x')!r}, 'w')"
    command = [*CONFINED, "no-writing", sys.executable, "-c", program]
    assert b"PermissionError" in subprocess.run(command, capture_output=True, timeout=30, check=False).stderr


def test_where_nothing_can_be_sealed_nothing_is_opened(bench: Bench) -> None:
    path = bench.put("plain", samples.jpeg(samples.pattern(640, 480)))
    lines = bench.check(path, "nowhere", before=[*CONFINED, "no-landlock"])
    assert lines == [NOTHING | {"path": str(path), "error": "M001"}, NOTHING | {"path": "nowhere", "error": "M001"}]


def test_large_containers_are_streamed(bench: Bench) -> None:
    small = samples.video(samples.moving(320, 180, 30))
    box = (96 << 20).to_bytes(4, "big") + b"free" + bytes((96 << 20) - 8)
    costs = []
    for data in (small, small + box):
        path = bench.put("large", data)
        command = [*PROGRAM, str(path), "--identity", str(bench.key)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        costs.append(used.ru_maxrss)
        path.unlink()
    assert costs[1] - costs[0] < 48 << 10, costs


def descendants(pid: int) -> set[int]:
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
    found, last = {pid}, set[int]()
    while found != last:
        last, found = found, found | {child for child, parent in parents.items() if parent in found}
    return found - {pid}


@pytest.mark.parametrize(
    "how",
    [signal.SIGINT, *(pytest.param(how, marks=pytest.mark.fault) for how in (signal.SIGTERM, signal.SIGKILL))],
)
def test_interrupting_ends_every_process(bench: Bench, how: signal.Signals) -> None:
    path = bench.put("slow", samples.video(samples.moving(320, 180, 60)))
    command = [*PROGRAM, *[str(path)] * 500, "--identity", str(bench.key), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        below = descendants(process.pid)
        assert len(below) >= 2
        process.send_signal(how)
        _, said = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == {signal.SIGINT: 1}.get(how, -how)
    assert b"Traceback" not in said
    deadline = time.monotonic() + PATIENCE_S
    while any(Path(f"/proc/{pid}").exists() for pid in below) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not [pid for pid in below if Path(f"/proc/{pid}").exists()]

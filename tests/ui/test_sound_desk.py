"""Sound is off until asked for, is heard only with pictures that play at 1x, keeps with them, and stops at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from sound_fakes import FakeOut, FakeSound, SoundingItem
from viewer_fakes import VIDEO, HandJobs

from reviewer.model.errors import DamagedMedia
from reviewer.model.levels import Level
from reviewer.ui import sound_desk, sound_player
from reviewer.ui.sound_desk import Hearing, SoundDesk
from reviewer.ui.sound_device import SoundUnavailable
from reviewer.ui.sound_player import SoundPlayer


class Bench:
    def __init__(self, highest: Level = Level.CLEAR) -> None:
        self.owner = QObject()
        self.jobs = HandJobs()
        self.out = FakeOut()
        self.ceilings: list[float] = []
        self.player = SoundPlayer(self.jobs, self.owner, self._make)  # type: ignore[arg-type]
        self.player.set_ceiling(0.4)
        self.desk = SoundDesk(self.player, self.owner)
        self.item = SoundingItem(VIDEO)
        self.audible: list[bool] = []
        self.errors: list[object] = []
        self.player.audibleChanged.connect(self.audible.append)
        self.desk.failed.connect(self.errors.append)
        self.desk.open(self.item, highest)

    def _make(self, ceiling: float) -> FakeOut:
        self.ceilings.append(ceiling)
        return self.out

    def hear(self, at_s: float = 10.0) -> None:
        self.desk.toggle()
        self.desk.follow(True, at_s, 1.0)
        self.jobs.settle()


@pytest.fixture
def bench(qapp: object) -> Bench:
    return Bench()


def test_nothing_is_heard_before_it_is_asked_for(bench: Bench) -> None:
    bench.desk.follow(True, 0.0, 1.0)
    bench.jobs.settle()
    assert bench.item.heard == []
    assert bench.out.started == []
    bench.desk.toggle()
    bench.jobs.settle()
    assert bench.item.heard == [], "and not before the next picture says where we are"


def test_muffled_first_then_clear_then_off(bench: Bench) -> None:
    bench.hear()
    assert bench.desk.hearing is Hearing.MUFFLED
    assert bench.item.heard == [(10.0, True)]
    assert bench.audible == [True]
    bench.hear(11.0)
    assert bench.desk.hearing is Hearing.CLEAR
    assert bench.item.heard[-1] == (11.0, False)
    bench.desk.toggle()
    assert bench.desk.hearing is Hearing.OFF
    assert not bench.out.playing
    assert bench.audible == [True, False, True, False]
    assert all(stream.closed for stream in bench.item.streams)


@pytest.mark.parametrize(
    ("highest", "most"),
    [
        (Level.CLEAR, Hearing.CLEAR),
        (Level.LENS, Hearing.MUFFLED),
        (Level.DRAWING, Hearing.MUFFLED),
        (Level.BLURRED, Hearing.OFF),
    ],
)
def test_the_policy_says_how_much_may_be_heard(qapp: object, highest: Level, most: Hearing) -> None:
    bench = Bench(highest)
    seen = set()
    for _ in range(4):
        bench.desk.toggle()
        bench.desk.follow(True, 1.0, 1.0)
        bench.jobs.settle()
        seen.add(bench.desk.hearing)
    bench.desk.set_hearing(Hearing.CLEAR)
    assert max(seen) is most
    assert bench.desk.hearing <= most
    if most < Hearing.CLEAR:
        assert all(muffled for _start, muffled in bench.item.heard)


def test_it_stops_with_the_pictures_and_at_other_speeds(bench: Bench) -> None:
    bench.hear()
    bench.desk.follow(False, 10.5, 1.0)
    assert not bench.out.playing
    bench.desk.follow(True, 10.5, 1.0)
    bench.jobs.settle()
    assert bench.out.playing
    bench.desk.follow(True, 11.0, 2.0)
    assert not bench.out.playing
    assert bench.desk.silent_at == 2.0
    bench.jobs.settle()
    bench.desk.follow(True, 12.0, 2.0)
    bench.jobs.settle()
    assert not bench.out.playing
    bench.desk.follow(True, 12.0, 1.0)
    bench.jobs.settle()
    assert bench.out.playing
    assert bench.desk.silent_at is None


@pytest.mark.parametrize("moment", ["before", "worked", "playing"])
def test_off_is_off_at_once_also_for_what_is_on_its_way(bench: Bench, moment: str) -> None:
    bench.desk.toggle()
    bench.desk.follow(True, 3.0, 1.0)
    if moment == "worked":
        bench.jobs.work()
    elif moment == "playing":
        bench.out.on_play = bench.desk.off  # the person is faster than the loudspeaker
    bench.desk.off() if moment != "playing" else None
    bench.jobs.settle()
    assert not bench.out.playing
    assert bench.audible in ([], [True, False])
    assert all(stream.closed for stream in bench.item.streams)


def test_it_keeps_with_the_pictures(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound_desk, "CALM_S", 0.0)
    bench.hear(10.0)
    bench.out.position_s = 10.9
    bench.desk.follow(True, 11.0, 1.0)
    bench.jobs.settle()
    assert len(bench.item.heard) == 1, "a tenth of a second is near enough"
    bench.desk.follow(True, 11.2, 1.0)
    bench.jobs.settle()
    assert bench.item.heard[-1] == (11.2, True)
    assert bench.out.playing


def test_what_it_took_to_begin_is_left_out(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([100.0, 100.5])
    monkeypatch.setattr("reviewer.ui.sound_player.time.monotonic", lambda: next(now, 101.0))
    bench.desk.toggle()
    bench.desk.follow(True, 3.0, 1.0)
    bench.jobs.settle()
    assert bench.out.started[0] >= 3.4
    assert bench.item.streams[0].taken >= 0.4 * 24_000


class Trickle(FakeSound):
    """One sample at a time; `each` is called before it."""

    def __init__(self, each: Callable[[int], object]) -> None:
        super().__init__(30.0)
        self.each = each

    def read(self, samples: int) -> bytes:
        self.each(self.taken)
        return super().read(1)


def trickling(bench: Bench, monkeypatch: pytest.MonkeyPatch, each: Callable[[int], object]) -> Trickle:
    """It took half a second to begin, and the worker gives one sample at a time."""
    stream = Trickle(each)
    now = iter([100.0, 100.5])
    monkeypatch.setattr("reviewer.ui.sound_player.time.monotonic", lambda: next(now, 101.0))
    monkeypatch.setattr(bench.item, "listen", lambda **_how: stream, raising=False)
    bench.desk.toggle()
    bench.desk.follow(True, 3.0, 1.0)
    bench.jobs.settle()
    return stream


def test_off_ends_the_leaving_out_of_what_it_took_to_begin(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = trickling(bench, monkeypatch, lambda taken: bench.desk.off() if taken == 3 else None)
    assert stream.taken == 4, "the one on its way, and none after it"
    assert stream.closed
    assert bench.out.started == []


def test_a_worker_that_gives_little_is_not_asked_on_and_on(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = trickling(bench, monkeypatch, lambda _taken: None)
    assert 0 < stream.taken <= sound_player.MOST_SKIPS
    assert bench.out.started == [pytest.approx(3.0 + stream.taken / 24_000)], "where it really is"


def test_a_stream_that_breaks_before_it_is_heard_is_closed(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(taken: int) -> None:
        if taken:
            raise DamagedMedia

    stream = trickling(bench, monkeypatch, breaks)
    assert stream.closed
    assert len(bench.errors) == 1


def test_a_sound_shorter_than_the_pictures_ends_once(bench: Bench, qtbot: QtBot) -> None:
    bench.hear(10.0)
    bench.out.end()
    qtbot.waitUntil(lambda: bench.audible == [True, False])
    for at in range(5):
        bench.desk.follow(True, 11.0 + at, 1.0)
        bench.jobs.settle()
    assert len(bench.item.heard) == 1
    bench.desk.moved()
    bench.desk.follow(True, 2.0, 1.0)
    bench.jobs.settle()
    assert len(bench.item.heard) == 2


@pytest.mark.parametrize("error", [SoundUnavailable(), DamagedMedia()])
def test_no_loudspeaker_is_said_once_and_it_stays_off(bench: Bench, error: SoundUnavailable) -> None:
    if isinstance(error, SoundUnavailable):
        bench.out.fails = error
    else:
        bench.item.error = error
    bench.hear()
    for at in range(5):
        bench.desk.follow(True, 11.0 + at, 1.0)
        bench.jobs.settle()
    assert bench.errors == [error]
    assert bench.desk.hearing is Hearing.OFF
    assert bench.audible == []


def test_trouble_while_it_plays_is_told(bench: Bench, qtbot: QtBot) -> None:
    bench.hear()
    bench.out.end(SoundUnavailable())
    qtbot.waitUntil(lambda: len(bench.errors) == 1)
    assert bench.desk.hearing is Hearing.OFF


def test_the_next_item_is_silent(bench: Bench) -> None:
    bench.hear()
    after = SoundingItem(VIDEO)
    bench.desk.open(after, Level.CLEAR)
    assert not bench.out.playing
    assert bench.desk.hearing is Hearing.OFF
    bench.desk.follow(True, 0.0, 1.0)
    bench.jobs.settle()
    assert after.heard == []


def test_the_ceiling_is_the_policys_and_volume_stays_under_it(bench: Bench) -> None:
    bench.hear()
    assert bench.ceilings == [0.4]
    for _ in range(30):
        bench.player.change_volume(1)
    assert bench.out.volume == 1.0, "a share of the ceiling"
    for _ in range(30):
        bench.player.change_volume(-1)
    assert bench.out.volume == 0.0
    bench.player.set_ceiling(0.2)
    assert bench.out.closed
    assert not bench.player.audible

"""The meter by example: levels, sound, clock jumps, sleep, crash, breaks."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

import pytest

from reviewer.model.levels import Level
from reviewer.wellbeing.meter import ExposureMeter


def look(meter, clock, item, level, seconds, harm="other", *, sound=False, full_screen=False):
    meter.showing(item, level, harm, sound=sound, full_screen=full_screen)
    left = seconds
    while left > 0:
        step = min(1.0, left)
        clock.pass_s(step)
        meter.heartbeat()
        left -= step


def test_facts_are_work_but_not_graphic_viewing(clock, policy):
    meter = ExposureMeter(clock, policy)
    look(meter, clock, "a", Level.FACTS, 60)
    figures = meter.figures()
    assert figures.today_s == 0
    assert figures.since_break_s == pytest.approx(60)
    assert figures.episodes_today == 0
    meter.stop()
    assert meter.finished() == []
    assert meter.viewing_record("a").seconds == {"facts": pytest.approx(60)}


def test_sound_at_facts_reached_the_person(clock, policy):
    meter = ExposureMeter(clock, policy)
    look(meter, clock, "a", Level.FACTS, 12, sound=True)
    assert meter.figures().today_s == pytest.approx(12)
    assert meter.viewing_record("a").sound_seconds == pytest.approx(12)


def test_levels_sound_and_full_screen_are_kept_apart_and_violent_weighs_more(clock, policy):
    meter = ExposureMeter(clock, policy)
    look(meter, clock, "a", Level.BLURRED, 10, "violence")
    look(meter, clock, "a", Level.CLEAR, 4, "violence", full_screen=True)
    look(meter, clock, "a", Level.CLEAR, 3, "violence", sound=True)
    meter.stop()
    done = meter.finished()
    assert [(e.level, round(e.seconds), e.sound, e.full_screen, e.weight) for e in done] == [
        (Level.BLURRED, 10, False, False, 2.0),
        (Level.CLEAR, 4, False, True, 2.0),
        (Level.CLEAR, 3, True, False, 2.0),
    ]
    figures = meter.figures()
    assert figures.today_s == pytest.approx(17)
    assert figures.today_weighted_s == pytest.approx(34)
    assert figures.episodes_today == 1
    record = meter.viewing_record("a")
    assert record.seconds == {"blurred": pytest.approx(10), "clear": pytest.approx(7)}
    assert record.sound_seconds == pytest.approx(3)
    assert meter.finished() == []


def test_repeating_the_same_showing_does_not_cut_the_episode(clock, policy):
    meter = ExposureMeter(clock, policy)
    for _ in range(5):
        look(meter, clock, "a", Level.BLURRED, 2)
    meter.stop()
    assert [e.seconds for e in meter.finished()] == [pytest.approx(10)]


@pytest.mark.parametrize("jump", [-7200.0, -1.0, 3600.0, 86400.0])
def test_setting_the_wall_clock_neither_adds_nor_takes_a_second(clock, policy, jump):
    meter = ExposureMeter(clock, policy)
    look(meter, clock, "a", Level.CLEAR, 5)
    clock.jump(jump)
    look(meter, clock, "a", Level.CLEAR, 5)
    meter.stop()
    assert sum(e.seconds for e in meter.finished()) == pytest.approx(10)
    assert meter.viewing_record("a").seconds["clear"] == pytest.approx(10)


def test_sleep_closes_the_episode_at_its_last_heartbeat(clock, policy):
    meter = ExposureMeter(clock, policy)
    look(meter, clock, "a", Level.CLEAR, 5)
    clock.pass_s(3600)
    look(meter, clock, "a", Level.CLEAR, 2)
    meter.stop()
    done = meter.finished()
    assert [e.seconds for e in done] == [pytest.approx(5), pytest.approx(2)]
    assert (done[1].started_at - done[0].ended_at).total_seconds() == pytest.approx(3600)


def test_what_sleep_ended_is_handed_out_by_the_first_who_asks(clock, policy):
    meter = ExposureMeter(clock, policy)
    look(meter, clock, "a", Level.CLEAR, 5)
    clock.pass_s(3600)
    assert [e.seconds for e in meter.finished()] == [pytest.approx(5)]
    assert meter.unfinished() is None


def test_a_stalled_event_loop_is_not_sleep(clock, policy):
    meter = ExposureMeter(clock, policy)
    meter.showing("a", Level.CLEAR, "other", sound=False, full_screen=False)
    clock.pass_s(20)
    meter.heartbeat()
    assert meter.figures().today_s == pytest.approx(20)


def test_crash_counts_up_to_the_last_heartbeat_and_once(clock, policy):
    first = ExposureMeter(clock, policy)
    look(first, clock, "a", Level.BLURRED, 8, "violence")
    left_over = first.unfinished()
    assert left_over is not None
    clock.pass_s(0.4)

    second = ExposureMeter(clock, policy)
    assert second.close_unfinished(left_over)
    assert not second.close_unfinished(left_over)
    assert second.figures().today_s == pytest.approx(8)
    assert second.figures().since_break_s == pytest.approx(8)
    assert second.viewing_record("a").seconds == {"blurred": pytest.approx(8)}
    assert second.finished() == [left_over]


def test_an_unfinished_episode_the_store_already_has_finished_is_not_counted_again(clock, policy):
    first = ExposureMeter(clock, policy)
    look(first, clock, "a", Level.BLURRED, 8)
    left_over = first.unfinished()
    look(first, clock, "a", Level.BLURRED, 2)
    first.stop()
    finished = first.finished()

    second = ExposureMeter(clock, policy, finished + finished)
    assert not second.close_unfinished(left_over)
    assert second.figures().today_s == pytest.approx(10)


def test_restart_goes_on_with_the_same_figures(clock, policy):
    first = ExposureMeter(clock, policy)
    look(first, clock, "a", Level.BLURRED, 30, "violence")
    look(first, clock, "b", Level.CLEAR, 20)
    first.stop()
    before = first.figures()
    after = ExposureMeter(clock, policy, first.finished()).figures()
    assert after.today_s == pytest.approx(before.today_s)
    assert after.today_weighted_s == pytest.approx(before.today_weighted_s)
    assert after.since_break_s == pytest.approx(before.since_break_s)
    assert after.episodes_today == before.episodes_today == 2


def test_night_shift_splits_at_local_midnight_but_stays_one_shift(clock, policy, vienna):
    clock.wall = datetime(2026, 11, 21, 22, 59, 50, tzinfo=UTC)  # 23:59:50 there
    meter = ExposureMeter(clock, policy, zone=vienna)
    look(meter, clock, "a", Level.CLEAR, 25)
    figures = meter.figures()
    assert figures.today_s == pytest.approx(15)
    assert figures.shift_s == pytest.approx(25)
    assert figures.last_7_days_s == pytest.approx(25)
    assert figures.episodes_today == 1


def test_the_day_of_a_clock_change_has_all_its_seconds(clock, policy, vienna):
    clock.wall = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 02:30 twice that night
    meter = ExposureMeter(clock, policy, zone=vienna)
    look(meter, clock, "a", Level.BLURRED, 3600)
    assert meter.figures().today_s == pytest.approx(3600)


def test_rolling_windows(clock, policy):
    meter = ExposureMeter(clock, policy)
    for _ in range(30):
        look(meter, clock, "a", Level.BLURRED, 10)
        meter.stop()
        clock.pass_s(86400 - 10)
    clock.pass_s(-86400)  # back to the last day of the thirty
    figures = meter.figures()
    assert figures.last_7_days_s == pytest.approx(70)
    assert figures.last_28_days_s == pytest.approx(280)


def test_a_full_break_starts_the_count_anew_and_a_token_one_does_not(clock, policy):
    meter = ExposureMeter(clock, policy)
    look(meter, clock, "a", Level.BLURRED, 600)
    meter.break_started()
    clock.pass_s(60)
    meter.break_ended()
    assert meter.figures().since_break_s == pytest.approx(600)
    meter.break_started()
    clock.pass_s(5 * 60)
    meter.break_ended()
    figures = meter.figures()
    assert figures.since_break_s == 0
    assert figures.break_due_in_s == pytest.approx(50 * 60)
    assert figures.today_s == pytest.approx(600)


def test_being_away_for_as_long_as_a_break_counts_as_one(clock, policy):
    meter = ExposureMeter(clock, policy)
    look(meter, clock, "a", Level.BLURRED, 600)
    meter.stop()
    for _ in range(11):
        clock.pass_s(60)
        meter.heartbeat()
    assert meter.figures().since_break_s == 0


def test_the_reveil_does_not_hide_a_long_clear_look(clock, policy):
    meter = ExposureMeter(clock, policy)
    for _ in range(4):
        look(meter, clock, "a", Level.CLEAR, 10)
        look(meter, clock, "a", Level.BLURRED, 2)
    assert meter.figures().clear_running_s == pytest.approx(40)
    look(meter, clock, "a", Level.BLURRED, 6)
    assert meter.figures().clear_running_s == 0
    look(meter, clock, "a", Level.CLEAR, 10)
    look(meter, clock, "b", Level.CLEAR, 3)
    assert meter.figures().clear_running_s == pytest.approx(3)


def test_viewing_record_remembers_earlier_sessions(clock, policy):
    first = ExposureMeter(clock, policy)
    look(first, clock, "a", Level.LENS, 4)
    first.stop()
    second = ExposureMeter(clock, policy, first.finished())
    look(second, clock, "a", Level.FACTS, 3)
    assert second.viewing_record("a").seconds == {"lens": pytest.approx(4), "facts": pytest.approx(3)}
    assert second.viewing_record("never").seconds == {}


def test_asking_from_other_threads_neither_adds_nor_takes_a_second(policy):
    class RunningClock:
        def now(self):
            return datetime.now(UTC)

        def monotonic(self):
            return time.monotonic()

    meter = ExposureMeter(RunningClock(), policy)
    done = threading.Event()

    def ask():
        while not done.is_set():
            meter.figures()
            meter.viewing_record("a")
            meter.unfinished()

    askers = [threading.Thread(target=ask) for _ in range(3)]
    started = time.monotonic()
    for level in (Level.BLURRED, Level.CLEAR) * 20:
        meter.showing("a", level, "other", sound=False, full_screen=False)
        if not askers[0].is_alive():
            for asker in askers:
                asker.start()
        time.sleep(0.002)
    meter.stop()
    took = time.monotonic() - started
    done.set()
    for asker in askers:
        asker.join()
    assert sum(e.seconds for e in meter.finished()) == pytest.approx(took, abs=0.02)
    assert sum(meter.viewing_record("a").seconds.values()) == pytest.approx(took, abs=0.02)

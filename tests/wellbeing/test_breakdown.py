"""My own figures broken down: every group holds the same seconds, and they are those of the meter."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sampling import examples

from reviewer.model.decisions import Action, Change, Confidence, Decision, Imminence
from reviewer.model.levels import Kind, Level
from reviewer.wellbeing.breakdown import broken_down, standing_severities
from reviewer.wellbeing.episodes import Episode, seconds_by_day
from reviewer.wellbeing.meter import ExposureMeter

DAY = date(2026, 11, 21)
NINE = datetime(2026, 11, 21, 9, tzinfo=UTC)


def an_episode(number: int, **changed: object) -> Episode:
    plain: dict[str, object] = {
        "id": f"e{number}",
        "item_id": "a",
        "harm_type": "violence",
        "level": Level.BLURRED,
        "started_at": NINE + timedelta(minutes=number),
        "seconds": 10.0,
        "weight": 2.0,
        "sound": False,
        "full_screen": False,
        "kind": Kind.IMAGE,
    }
    return Episode(**(plain | changed))


def a_decision(number: int, item: str, severity: int, **changed: object) -> Decision:
    plain: dict[str, object] = {
        "id": f"d{number}",
        "item_id": item,
        "case_id": "c",
        "actor": "me",
        "decided_at": NINE,
        "imminence": Imminence.NO_SIGN,
        "category": "other",
        "severity": severity,
        "confidence": Confidence.HIGH,
        "action": Action.NONE,
    }
    return Decision(**(plain | changed))


def test_by_level_kind_severity_sound_and_full_screen():
    episodes = [
        an_episode(0),
        an_episode(1, level=Level.CLEAR, seconds=4.0, full_screen=True),
        an_episode(2, seconds=3.0),
        an_episode(3, item_id="b", harm_type="other", weight=1.0, kind=Kind.AUDIO, level=Level.FACTS, sound=True),
        an_episode(4, item_id="", kind=None, seconds=5.0),
    ]
    found = broken_down(episodes, {"a": 2, "b": 0}, UTC, DAY, DAY)
    assert (found.total.seconds, found.total.weighted, found.total.episodes) == (32.0, 54.0, 3)
    assert {level: (t.seconds, t.episodes) for level, t in found.by_level.items()} == {
        Level.BLURRED: (18.0, 2),
        Level.CLEAR: (4.0, 1),
        Level.FACTS: (10.0, 1),
    }
    assert {kind: t.seconds for kind, t in found.by_kind.items()} == {Kind.IMAGE: 17.0, Kind.AUDIO: 10.0, None: 5.0}
    assert {severity: t.seconds for severity, t in found.by_severity.items()} == {2: 17.0, 0: 10.0, None: 5.0}
    assert {harm: t.weighted for harm, t in found.by_harm_type.items()} == {"violence": 44.0, "other": 10.0}
    assert (found.with_sound.seconds, found.full_screen.seconds) == (10.0, 4.0)


def test_the_days_are_local_and_both_ends_are_in_it(vienna):
    late = an_episode(0, started_at=datetime(2026, 11, 21, 22, 59, 55, tzinfo=UTC))  # 23:59:55 there
    first = broken_down([late], {}, vienna, DAY, DAY)
    second = broken_down([late], {}, vienna, DAY + timedelta(days=1), DAY + timedelta(days=3))
    both = broken_down([late, late], {}, vienna, DAY, DAY + timedelta(days=1))
    assert (first.total.seconds, second.total.seconds, both.total.seconds) == (5.0, 5.0, 10.0)
    assert [tally.seconds for tally in both.by_day.values()] == [5.0, 5.0]
    assert broken_down([late], {}, vienna, DAY - timedelta(days=9), DAY - timedelta(days=1)).total.seconds == 0


def test_severity_is_that_of_ones_own_standing_decision():
    decisions = [
        a_decision(1, "a", 1),
        a_decision(2, "a", 3, change=Change.AMEND, replaces="d1"),
        a_decision(3, "b", 2),
        a_decision(4, "b", 2, change=Change.VOID, replaces="d3"),
        a_decision(5, "c", 0, actor="somebody else"),
        a_decision(6, "d", 1),
    ]
    assert standing_severities(decisions, "me") == {"a": 3, "d": 1}


STRETCHES = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from(list(Level)),
        st.sampled_from([Kind.IMAGE, Kind.AUDIO, None]),
        st.booleans(),
        st.booleans(),
        st.integers(1, 20),
        st.integers(0, 40_000),
    ),
    max_size=20,
)


@settings(max_examples=examples(40), deadline=None)
@given(STRETCHES, st.randoms())
def test_every_group_has_all_the_seconds_of_the_meter(policy, vienna, new_clock, stretches, random):
    clock = new_clock(datetime(2026, 10, 23, 20, 0, tzinfo=UTC))
    meter = ExposureMeter(clock, policy, zone=vienna)
    for item, level, kind, sound, full, seconds, pause in stretches:
        meter.showing(item, level, "violence", sound=sound, full_screen=full, kind=kind)
        clock.pass_s(seconds)
        meter.stop()
        clock.pass_s(pause)
    episodes = meter.finished()
    shuffled = episodes + episodes
    random.shuffle(shuffled)
    today = clock.now().astimezone(vienna).date()
    found = broken_down(shuffled, {"a": 1}, vienna, today - timedelta(days=27), today)
    figures = meter.figures()
    assert found.total.seconds == pytest.approx(figures.last_28_days_s)
    assert found.total.weighted == pytest.approx(figures.last_28_days_weighted_s)
    assert sum(1 for _ in found.by_day) == len({d for e in episodes for d, _ in seconds_by_day_of(e, vienna)})
    for group in (found.by_day, found.by_level, found.by_kind, found.by_severity, found.by_harm_type):
        assert sum(t.seconds for t in group.values()) == pytest.approx(found.total.seconds)
        assert sum(t.weighted for t in group.values()) == pytest.approx(found.total.weighted)
    assert found.with_sound.seconds == pytest.approx(sum(e.seconds for e in episodes if e.sound))
    assert found.by_day.get(today, found.total.__class__()).episodes == figures.episodes_today


def seconds_by_day_of(episode, zone):
    return list(seconds_by_day(episode.started_at, episode.seconds, zone))

"""What the case system answers supervisors and people of themselves: late, doubled and odd figures, relief, shares."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import msgspec
import pytest
import sqlalchemy as sa
from house import BOSS, GATE, NOON, ONE, ROSTER, TWO, House, a_decision, an_event, decided, exposed
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.casesystem.database import open_database, reading, writing
from reviewer.casesystem.exposure.days import day_of
from reviewer.casesystem.exposure.taking_in import FORGOTTEN_AFTER_S
from reviewer.casesystem.exposure.waiting import FEWEST_ITEMS, graphic_seconds
from reviewer.casesystem.outsiders import MOST_A_MINUTE, MOST_ROWS, Outsiders
from reviewer.casesystem.policy_file import terms_of
from reviewer.casesystem.service import Terms
from reviewer.casesystem.tables import outsiders
from reviewer.model.cases import Item
from reviewer.model.decisions import Change, ViewingRecord
from reviewer.model.errors import CaseSystemRefused
from reviewer.model.events import AnswerStatus, EventType, ExposureDay, MemberExposure, OutboxEvent
from reviewer.model.ids import uuid7
from reviewer.model.payloads import ExposureRecorded, WithoutBreak
from reviewer.model.policy import Breaks, HarmType, Policy, Supervision
from reviewer.model.supervision import LookPurpose, OwnDay, ReliefKind, ReliefRequest, ViolentShare, WaitingWork
from reviewer.sync.client import CaseSystem
from reviewer.sync.errors import RoleRefused

As = Callable[..., CaseSystem]
TakeIn = Callable[..., Item]
TODAY = "2026-11-21"


def days_of(boss: CaseSystem, member: str = ONE, days: int = 28) -> list[tuple[str, int, bool]]:
    (seen,) = [one for one in boss.team_exposure(days).members if one.member_id == member]
    return [(day.day, day.quarter_hours, day.incomplete) for day in seen.days]


def without_break(quarter_hours: int, actor: str = ONE) -> OutboxEvent:
    payload = WithoutBreak(member=actor, quarter_hours=quarter_hours)
    return an_event(payload, EventType.WITHOUT_BREAK, actor)


def violent(seconds: float, actor: str = ONE, *, at: datetime = NOON) -> OutboxEvent:
    payload = ExposureRecorded(member=actor, started_at=at, seconds=seconds, weight=2.0, level="clear", violent=True)
    return an_event(payload, EventType.EXPOSURE_RECORDED, actor)


def test_what_comes_late_counts_in_its_own_day_and_marks_it(as_member: As, house: House) -> None:
    three_days_ago = NOON - timedelta(days=3)
    as_member(ONE).post_events([exposed(seconds=60.0, at=three_days_ago), exposed(seconds=60.0)])
    assert days_of(as_member(BOSS)) == [("2026-11-18", 1, True), (TODAY, 1, False)]
    # Yesterday's is not late yet, and neither is last night's across midnight.
    as_member(TWO).post_events([exposed(TWO, 60.0, at=NOON - timedelta(days=1))])
    assert days_of(as_member(BOSS), TWO) == [("2026-11-20", 1, False)]


def test_what_comes_from_the_future_counts_on_the_day_it_came_and_marks_it(as_member: As) -> None:
    as_member(ONE).post_events([exposed(seconds=1000.0, at=NOON + timedelta(days=400))])
    assert days_of(as_member(BOSS)) == [(TODAY, 2, True)]
    as_member(TWO).post_events([exposed(TWO, seconds=1.0, at=NOON + timedelta(minutes=9))])
    assert days_of(as_member(BOSS), TWO) == [(TODAY, 1, False)]


def test_a_clock_set_far_back_marks_today_too(as_member: As) -> None:
    as_member(ONE).post_events([exposed(seconds=60.0, at=datetime(2001, 1, 1, tzinfo=UTC))])
    assert days_of(as_member(BOSS)) == [(TODAY, 0, True)]
    assert [(line.day, line.seconds) for line in as_member(ONE).own_exposure().lines] == [("2001-01-01", 60.0)]


def test_what_is_refused_marks_its_day_and_nobody_elses(as_member: As) -> None:
    yesterday = NOON - timedelta(days=1)
    heavy = exposed(seconds=60.0, weight=11.0, at=yesterday)
    unreadable = msgspec.structs.replace(exposed(), payload={"member": ONE, "seconds": "many"})
    answers = as_member(ONE).post_events([heavy, heavy, unreadable])
    assert {answer.status for answer in answers} == {AnswerStatus.REJECTED}
    assert days_of(as_member(BOSS)) == [("2026-11-20", 0, True), (TODAY, 0, True)]
    # Sent by a colleague in somebody's name: that is no day of theirs.
    forged = msgspec.structs.replace(exposed(ONE), actor=TWO)
    assert as_member(TWO).post_events([forged])[0].status is AnswerStatus.REJECTED
    assert days_of(as_member(BOSS), TWO) == []


def test_twice_is_once_and_no_time_of_day_stays(as_member: As, house: House) -> None:
    events = [exposed(seconds=600.0), without_break(9), violent(5.0)]
    assert {answer.status for answer in as_member(ONE).post_events(events)} == {AnswerStatus.ACCEPTED}
    house.clock.advance(1234.0)
    assert {answer.status for answer in as_member(ONE).post_events(events)} == {AnswerStatus.DUPLICATE}
    changed = msgspec.structs.replace(events[0], payload={**events[0].payload, "seconds": 700.0})
    assert as_member(ONE).post_events([changed])[0].status is AnswerStatus.REJECTED
    (day,) = as_member(ONE).own_exposure().days
    assert (day.seconds, day.weighted, day.violent_s) == (605.0, 610.0, 5.0)
    with sqlite3.connect(house.folder / "case.db") as db:
        everything = "\n".join(line for line in db.iterdump() if "INSERT INTO" in line)
        assert db.execute("SELECT count(*) FROM events").fetchone() == (0,)
    db.close()
    for event in events:
        assert event.id not in everything
    for moment in (NOON.timestamp(), house.clock.at.timestamp()):
        rows = [line for line in everything.splitlines() if str(int(moment)) in line]
        assert [line for line in rows if "tokens" not in line] == []


def test_a_stretch_without_a_break_is_the_newest_only_and_forgotten(as_member: As, house: House) -> None:
    def told() -> int:
        return as_member(BOSS).team_exposure().members[0].without_break

    one = as_member(ONE)
    one.post_events([without_break(7)])
    assert told() == 0, "below the handover nobody is told"
    one.post_events([without_break(8)])
    assert told() == 8
    one.post_events([without_break(10)])
    assert told() == 10
    with sqlite3.connect(house.folder / "case.db") as db:
        assert db.execute("SELECT quarter_hours FROM without_break").fetchall() == [(10,)]
    db.close()
    one.post_events([without_break(0)])
    assert told() == 0
    with sqlite3.connect(house.folder / "case.db") as db:
        assert db.execute("SELECT * FROM without_break").fetchall() == []
    db.close()
    one.post_events([without_break(12)])
    house.clock.advance(FORGOTTEN_AFTER_S)
    assert told() == 0
    for quarter_hours, sender in ((97, ONE), (-1, ONE), (8, TWO)):
        event = msgspec.structs.replace(without_break(quarter_hours, sender), actor=ONE)
        assert one.post_events([event])[0].status is AnswerStatus.REJECTED


def test_a_stretch_that_comes_late_is_told_no_longer_than_it_would_have_been(as_member: As, house: House) -> None:
    def told() -> int:
        return as_member(BOSS).team_exposure().members[0].without_break

    one = as_member(ONE)
    house.clock.advance(FORGOTTEN_AFTER_S - 7200.0)
    made = house.clock.now()
    one.post_events([without_break(8)])
    assert told() == 8
    one.post_events([msgspec.structs.replace(without_break(10), at=made)])
    one.post_events([without_break(9)])
    assert told() == 10, "what was made before it does not replace it"
    one.post_events([msgspec.structs.replace(without_break(0), at=made + timedelta(days=9))])
    assert told() == 0
    one.post_events([without_break(8)])
    house.clock.advance(7200.0)
    assert told() == 0
    assert one.post_events([without_break(8)])[0].status is AnswerStatus.ACCEPTED
    assert told() == 0


def test_an_export_is_told_from_a_look(as_member: As) -> None:
    as_member(BOSS).team_exposure(days=366, purpose=LookPurpose.EXPORTED)
    assert [look.purpose for look in as_member(ONE).looks()] == ["exported"]


@pytest.mark.parametrize("asked", ["days=0", "days=367", "days=x", "purpose=curiosity"])
def test_nothing_is_told_where_the_question_cannot_be_read(raw: httpx.Client, house: House, asked: str) -> None:
    assert raw.get(f"exposure/team?{asked}", headers=house.headers(BOSS)).status_code == 422
    assert raw.get("looks/me", headers=house.headers(ONE)).json()["looks"] == []


def test_other_workstations_are_told_and_this_one_is_not(as_member: As) -> None:
    as_member(ONE, "desk-1").post_events([exposed(seconds=100.0)])
    as_member(ONE, "desk-2").post_events([exposed(seconds=30.0, weight=2.0), violent(10.0)])
    assert as_member(ONE, "desk-1").exposure_elsewhere() == (OwnDay(day=TODAY, seconds=40.0, weighted=80.0),)
    assert as_member(ONE, "desk-2").exposure_elsewhere() == (OwnDay(day=TODAY, seconds=100.0, weighted=100.0),)
    assert as_member(TWO).exposure_elsewhere() == ()
    assert days_of(as_member(BOSS)) == [(TODAY, 1, False)]


def test_relief_hands_over_once_and_is_seen(as_member: As, house: House, taken_in: TakeIn) -> None:
    for number in (1, 2, 3):
        taken_in(f"item-{number}", size=100)
        as_member(BOSS).assign(f"item-{number}", ONE)
    lease = as_member(ONE).lease("item-1")
    wanted = ReliefRequest(id=uuid7(), member_id=ONE, kind=ReliefKind.HAND_OVER)
    done = as_member(BOSS).relieve(wanted)
    assert (done.handed_over, done.by, done.at) == (3, "Supervisor 01", NOON)
    house.clock.advance(5)
    assert as_member(BOSS).relieve(wanted) == done
    queue = {entry.item.id: entry for entry in as_member(TWO).queue()}
    assert {entry.assigned_to for entry in queue.values()} == {None}
    assert queue["item-1"].leased_to == ONE
    assert as_member(ONE).renew(lease).item_id == "item-1"
    thanks = as_member(BOSS).relieve(ReliefRequest(id=uuid7(), member_id=ONE, kind=ReliefKind.THANKS))
    assert thanks.handed_over == 0
    assert [relief.kind for relief in as_member(ONE).own_relief()] == [ReliefKind.THANKS, ReliefKind.HAND_OVER]
    assert as_member(TWO).own_relief() == ()
    other = msgspec.structs.replace(wanted, kind=ReliefKind.CALL)
    for request, status in ((other, 409), (ReliefRequest(id="r1", member_id=GATE, kind=ReliefKind.CALL), 409)):
        with pytest.raises(CaseSystemRefused) as refused:
            as_member(BOSS).relieve(request)
        assert refused.value.status == status
    with pytest.raises(CaseSystemRefused) as refused:
        as_member(BOSS).relieve(ReliefRequest(id="r2", member_id="nobody", kind=ReliefKind.CALL))
    assert refused.value.status == 404
    with pytest.raises(RoleRefused):
        as_member(TWO).relieve(ReliefRequest(id="r3", member_id=ONE, kind=ReliefKind.HAND_OVER))


class TestOfEverybody:
    @pytest.fixture
    def house(self, tmp_path: Path) -> House:
        return House(tmp_path, terms=Terms(lease_s=60.0, withhold_below=3, weights={"violence": 2.0}))

    def test_the_even_share_is_of_those_who_worked(self, as_member: As) -> None:
        yesterday = NOON - timedelta(days=1)
        as_member(ONE).post_events([violent(3000.0, at=yesterday), violent(99.0, at=NOON - timedelta(days=8))])
        as_member(TWO).post_events([exposed(TWO, 60.0, at=yesterday)])
        assert as_member("reviewer-3").violent_share().even_s is None, "two and who asks are too few"
        as_member("reviewer-3").post_events([violent(30.0, "reviewer-3", at=yesterday)])
        assert as_member("reviewer-3").violent_share() == ViolentShare(own_s=30.0, even_s=1800.0)
        assert as_member(ONE).violent_share() == ViolentShare(own_s=3000.0, even_s=1800.0)

    def test_nobody_learns_from_the_even_share_what_a_colleague_looks_at_now(self, as_member: As) -> None:
        everybody = [ONE, TWO, "reviewer-3"]
        for who in everybody:
            as_member(who).post_events([violent(500.0, who, at=NOON - timedelta(days=1))])
        before = as_member(TWO).violent_share()
        as_member(ONE).post_events([violent(3600.0)])
        assert as_member(TWO).violent_share() == before == ViolentShare(own_s=500.0, even_s=900.0)
        assert as_member(ONE).violent_share() == before

    def test_what_waits_with_a_forecast_once_enough_was_decided(self, as_member: As, taken_in: TakeIn) -> None:
        reviewers = [ONE, TWO, "reviewer-3"]
        for number in range(FEWEST_ITEMS):
            taken_in(f"item-{number}", size=10)
        taken_in("waits-1", size=10)
        taken_in("waits-2", "case-2", size=10, danger=True)
        for number in range(FEWEST_ITEMS):
            before = as_member(BOSS).waiting_work()
            assert before[0].quarter_hours is None
            maker = reviewers[number % 3]
            record = ViewingRecord(item_id=f"item-{number}", viewer=maker, seconds={"facts": 500.0, "clear": 90.0})
            as_member(maker).post_events([decided(a_decision(maker, f"item-{number}"), record)])
        # 2 items x 90 s x weight 2 = 360 s.
        expected = WaitingWork(harm_type="violence", items=2, in_danger=1, quarter_hours=1)
        assert as_member(BOSS).waiting_work() == (expected,)


def test_looking_counts_once_where_a_decision_is_undone_and_made_again(
    as_member: As, taken_in: TakeIn, house: House
) -> None:
    taken_in(size=10)

    def seen(clear: float) -> ViewingRecord:
        return ViewingRecord(item_id="item-1", viewer=ONE, seconds={"clear": clear})

    def counted() -> list[tuple[int, float]]:
        with closing(sqlite3.connect(house.folder / "case.db")) as db:
            return db.execute("SELECT items, graphic_s FROM work_days").fetchall()

    made = a_decision(ONE)
    undone = a_decision(ONE, change=Change.VOID, replaces=made.id)
    as_member(ONE).post_events([decided(made, seen(90.0)), decided(undone, seen(95.0))])
    assert counted() == [(1, 90.0)]
    again = as_member(ONE).post_events([decided(a_decision(ONE), seen(100.0))])
    assert [answer.status for answer in again] == [AnswerStatus.ACCEPTED]
    assert counted() == [(1, 100.0)]


def test_a_forecast_from_too_few_people_is_withheld(as_member: As, taken_in: TakeIn) -> None:
    for number in range(FEWEST_ITEMS + 1):
        taken_in(f"item-{number}", size=10)
    as_member(ONE).post_events([decided(a_decision(ONE, f"item-{number}")) for number in range(FEWEST_ITEMS)])
    assert as_member(BOSS).waiting_work() == (WaitingWork(harm_type="violence", items=1),)
    assert as_member(BOSS).team_exposure().withhold_below == 5


def test_graphic_seconds_leave_facts_out_and_count_sound_once() -> None:
    def record(sound: float, **seconds: float) -> ViewingRecord:
        return ViewingRecord(item_id="i", viewer="v", seconds=seconds, sound_seconds=sound)

    assert graphic_seconds(record(0.0, facts=100.0, blurred=3.0, clear=4.0)) == 7.0
    assert graphic_seconds(record(5.0, clear=4.0)) == 5.0
    assert graphic_seconds(record(5.0, facts=5.0)) == 5.0


def test_own_data_holds_all_of_it(as_member: As, taken_in: TakeIn, house: House) -> None:
    taken_in(size=10)
    as_member(ONE).post_events([decided(a_decision(ONE)), exposed(seconds=60.0)])
    with pytest.raises(RoleRefused):
        as_member(ONE).team_exposure()
    as_member(BOSS).relieve(ReliefRequest(id=uuid7(), member_id=ONE, kind=ReliefKind.OFFER))
    held = as_member(ONE).own_data()
    assert (held.decisions, held.messages, held.limit_quarter_hours) == (1, 0, 16)
    assert held.as_seen == MemberExposure(
        member="Reviewer 01", days=(ExposureDay(day=TODAY, quarter_hours=1),), member_id=ONE
    )
    assert [one.what for one in held.refused] == ["without see_team_exposure"]
    assert [one.kind for one in held.reliefs] == [ReliefKind.OFFER]
    assert as_member(TWO).own_data().refused == ()
    assert [(one.member, one.what) for one in as_member(BOSS).attempts().attempts] == [
        ("Reviewer 01", "without see_team_exposure")
    ]


EPISODES = st.lists(
    st.tuples(
        st.sampled_from([ONE, TWO, GATE]),
        st.sampled_from(["desk-1", "desk-2"]),
        st.floats(0.0, 86_400.0),
        st.floats(0.0, 10.0),
        st.integers(-500 * 86_400, 86_400),
    ),
    max_size=12,
)


@settings(max_examples=12, deadline=None)
@given(episodes=EPISODES, stretch=st.integers(0, 96))
def test_people_are_shown_the_very_row_their_supervisor_gets(
    tmp_path_factory: pytest.TempPathFactory, episodes: list[tuple[str, str, float, float, int]], stretch: int
) -> None:
    house = House(tmp_path_factory.mktemp("house"))
    with house.in_loop() as transport:

        class Shared(httpx.BaseTransport):
            def handle_request(self, request: httpx.Request) -> httpx.Response:
                return transport.handle_request(request)

        def client(member: str, desk: str = "desk-1") -> CaseSystem:
            return CaseSystem("http://127.0.0.1", house.tokens[member], desk, transport=Shared())

        for member, desk, seconds, weight, at in episodes:
            event = exposed(member, seconds, weight=weight, at=NOON + timedelta(seconds=at))
            client(member, desk).post_events([event])
        client(ONE).post_events([without_break(stretch)])
        seen = client(BOSS).team_exposure(366).members
        assert {row.member_id for row in seen} == {one.id for one in ROSTER if one.role.value == "reviewer"}
        for row in seen:
            assert client(row.member_id).own_data().as_seen == row


def test_a_flood_of_strangers_is_bounded(house: House) -> None:
    engine = open_database(house.url)
    with house.in_loop():
        pass  # brings the schema up to date
    noted = Outsiders(engine, house.clock)

    def count() -> int:
        with reading(engine) as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(outsiders)).scalar_one())

    for _ in range(3 * MOST_A_MINUTE):
        noted.note("GET /v1/me")
    assert count() == MOST_A_MINUTE
    with writing(engine) as connection:
        rows = [{"id": f"0-{number:06}", "what": "GET /v1/queue", "at": 0.0} for number in range(MOST_ROWS)]
        connection.execute(sa.insert(outsiders), rows)
    house.clock.advance(60)
    noted.note("GET /v1/me")
    assert count() == MOST_ROWS
    engine.dispose()


def test_a_day_is_utc() -> None:
    assert day_of(datetime(2026, 11, 21, 23, 59, 59, tzinfo=UTC).timestamp()) == TODAY


def test_the_policy_says_what_figures_are_held_against() -> None:
    policy = Policy(
        version="1",
        harm_types=(HarmType(key="violence", words="Violence", weight=1.5),),
        breaks=Breaks(daily_cap_hours=3.5, handover_hours=1.5),
        supervision=Supervision(withhold_below=8),
    )
    terms = terms_of(policy)
    assert (terms.limit_quarter_hours, terms.handover_quarter_hours, terms.withhold_below) == (14, 6, 8)
    assert (terms.weights, terms.other_weight) == ({"violence": 1.5}, 2.0)


def test_a_stranger_is_told_401_also_where_that_cannot_be_recorded(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(_outsiders: Outsiders, _what: str) -> None:
        raise sa.exc.OperationalError("INSERT", {}, sqlite3.OperationalError("disk full"))

    monkeypatch.setattr(Outsiders, "_write", full)
    with house.in_loop() as transport, httpx.Client(transport=transport, base_url="http://127.0.0.1") as client:
        answer = client.get("/v1/me", headers={"Authorization": "Bearer nobody-knows-this"})
    assert answer.status_code == 401
    assert "could not be recorded" in caplog.text
    assert "nobody-knows-this" not in caplog.text

"""How long cases are kept, in words; and that the end of it is two people's, not the window's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from handoff_fakes import FakeHandoffs, a_preservation
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from session_fakes import FakeSession
from whole_window import a_window

from reviewer.model.roles import Member, Role
from reviewer.ui.bridge import Jobs
from reviewer.ui.preservation_card import PreservationCard, left_words

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("ends_on", "words"),
    [
        ("2026-11-21", "1 more day, until 2026-11-21"),
        ("2026-12-20", "30 more days, until 2026-12-20"),
        ("2026-11-20", "ends today"),
        ("2026-11-19", "over since 2026-11-19"),
        ("no day", "until no day"),
    ],
)
def test_how_long_it_is_still_kept(ends_on: str, words: str) -> None:
    assert left_words(a_preservation(1843, ends_on), TODAY) == words


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.INTAKE])
def test_supervisors_and_intake_are_reminded(qtbot: QtBot, qapp: QApplication, role: Role) -> None:
    session = FakeSession()
    session.member = Member(id="s1", name="Somebody 01", role=role, recipient="age1")
    now = datetime.now(UTC).date()
    over, due = (now - timedelta(days=1)).isoformat(), (now + timedelta(days=9)).isoformat()
    session.handoffs.clocks = [
        a_preservation(1801, over, due=True, over=True),
        a_preservation(1822, due, due=True),
        a_preservation(1790, over, destroyed=True, over=True),
    ]
    with a_window(qtbot, qapp, session) as person:
        person.unlock()
        card = person.window.findChild(PreservationCard)
        assert isinstance(card, PreservationCard)
        person.until(lambda: card.list.model().rowCount() == 2)
        assert "2 cases: 1 due, 1 over" in card.words
        assert "2026-01801 · over since" in card.words
        assert "9 more days" in card.words
        assert "18 U.S.C. 2258A(h)" in card.words
        assert "two people" in card.words
        assert "reviewer case destroy" in card.words
        assert "2026-01790" not in card.words


def test_that_the_referrals_rule_is_not_known_is_said(qtbot: QtBot, qapp: QApplication) -> None:
    jobs = Jobs()
    card = PreservationCard(FakeHandoffs(lambda *_: None), jobs)  # type: ignore[arg-type]
    qtbot.addWidget(card)
    later = (datetime.now(UTC).date() + timedelta(days=90)).isoformat()
    read = a_preservation(1801, later)
    card.show_lines([read])
    assert "not known" not in card.words
    card.show_lines([msgspec.structs.replace(read, unread=True)])
    assert "US · the agency's rule: the referral's is not known · 18 U.S.C." in card.words
    assert "record “Sent” too" in card.words
    jobs.close()


def test_reviewers_are_not(qtbot: QtBot, qapp: QApplication) -> None:
    with a_window(qtbot, qapp, FakeSession()) as person:
        person.unlock()
        assert person.window.findChild(PreservationCard) is None
        assert not person.session.named("preservations")

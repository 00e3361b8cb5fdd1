"""What waits: in the policy's words, with a forecast where one can be made and the absence of one said."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot
from supervision_fakes import WORK
from test_supervisor_page import TEAM, TeamSession, page_for
from viewer_fakes import HandJobs

from reviewer.model.errors import CaseSystemUnreachable
from reviewer.model.supervision import WaitingWork
from reviewer.ui.waiting_card import WaitingCard, forecast_words

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
NAMES = {"violence": "Violence", "threat_to_life": "Threat to life", "other": "Other"}


def test_it_says_what_waits_and_what_it_may_cost(qtbot: QtBot) -> None:
    card = WaitingCard(NAMES.__getitem__)
    qtbot.addWidget(card)
    card.show_work(WORK, 16)
    said = card.bars.text_alternative()
    assert said.startswith("Threat to life: 0 h 45 · 6 items, 2 in danger.")
    assert "Violence: 3 h 00 · 40 items." in said
    assert "Other: no forecast · 31 items." in said
    card.grab()


def test_the_forecast_is_in_people_s_limits_and_names_what_is_not_in_it() -> None:
    assert forecast_words(WORK, 16) == (
        "About 3 h 45 of viewing waits; that is 1 person's limit today. "
        "No forecast for 31 items: too little was decided lately, or by too few people."
    )
    more = (WaitingWork(harm_type="violence", items=1, quarter_hours=33),)
    assert forecast_words(more, 16) == "About 8 h 15 of viewing waits; that is 3 people's limit today."
    assert forecast_words((), 16) == "Nothing waits."
    none = (WaitingWork(harm_type="violence", items=1),)
    assert forecast_words(none, 16).startswith("No forecast for 1 item:")
    nothing = (WaitingWork(harm_type="violence", items=1, quarter_hours=0),)
    assert forecast_words(nothing, 16) == "About 0 h 00 of viewing waits."


def test_a_case_system_that_does_not_answer_is_said(qtbot: QtBot) -> None:
    session, jobs = TeamSession(TEAM), HandJobs()
    session.supervision.fail = CaseSystemUnreachable()
    page = page_for(qtbot, session, jobs)
    assert page.waiting.forecast.text() == CaseSystemUnreachable.happened

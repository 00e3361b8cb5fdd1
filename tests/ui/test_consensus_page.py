"""Second readings in the window: both sides, settling, what is withheld, and what both desks are told."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot
from readings_fakes import SecondFake, a_calibration, both, words
from viewer_fakes import HandJobs

from reviewer.model.decisions import Action
from reviewer.model.policy import HarmType, Policy
from reviewer.model.readings import AgreementLine, Proposal, ReadingLine, Stage, TeamAgreement
from reviewer.ui.agreement_card import AgreementCard
from reviewer.ui.consensus_page import ConsensusPage
from reviewer.ui.key_button import KeyButton
from reviewer.ui.plain_label import PlainLabel

POLICY = Policy(version="1", harm_types=(HarmType(key="other", words="Other"),))


def line(stage: Stage, *, proposed: bool = False) -> ReadingLine:
    return ReadingLine(
        item_id="item-1", exhibit="2026-01843/003", case_number="2026-01843", stage=stage, proposed=proposed
    )


def page_for(qtbot: QtBot, second: SecondFake) -> tuple[ConsensusPage, HandJobs]:
    jobs = HandJobs()
    page = ConsensusPage(second, POLICY, jobs, "F8")  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.resize(1366, 700)
    page.show()
    jobs.settle()
    return page, jobs


def button(page: ConsensusPage, words: str) -> KeyButton:
    return next(one for one in page.sides.findChildren(KeyButton) if one.text().startswith(words))


def test_both_rationales_stand_side_by_side_and_what_differs_is_said(qtbot: QtBot) -> None:
    page, _ = page_for(qtbot, SecondFake([line(Stage.CONSENSUS)], both(Stage.CONSENSUS)))
    for said in ("Reviewer 07 (you)", "Reviewer 09", "the fence was moved in spring", "the shed is older"):
        assert said in page.sides.words
    named = [one.accessibleName() for one in page.sides.findChildren(PlainLabel)]
    assert sum(name.endswith(", differs") for name in named) == 4


def test_amending_is_for_seeing_it_like_the_colleague(qtbot: QtBot) -> None:
    second = SecondFake([line(Stage.CONSENSUS)], both(Stage.CONSENSUS))
    page, jobs = page_for(qtbot, second)
    assert not button(page, "Amend mine").isEnabled()
    page.sides.choose("severity", 1)
    assert not button(page, "Amend mine").isEnabled()
    page.sides.choose("action", 1)
    button(page, "Amend mine").click()
    jobs.settle()
    ((what, draft),) = second.done
    assert what == "amend"
    assert draft is not None
    assert (draft.action, draft.severity) == (Action.NONE, 2)
    # Own words stay own words.
    assert draft.rationale.startswith("The shed stands")


def test_a_mixture_is_proposed_and_a_colleagues_proposal_accepted(qtbot: QtBot) -> None:
    second = SecondFake([line(Stage.CONSENSUS)], both(Stage.CONSENSUS))
    page, jobs = page_for(qtbot, second)
    page.sides.choose("action", 1)
    button(page, "Propose").click()
    jobs.settle()
    assert second.done[0][0] == "propose"
    offered = Proposal(id="p", author="Reviewer 09", words=words(Action.RESTRICT, "half"))
    second = SecondFake([line(Stage.CONSENSUS, proposed=True)], both(Stage.CONSENSUS, proposal=offered))
    page, jobs = page_for(qtbot, second)
    assert "Reviewer 09 proposes this for both." in page.sides.words
    button(page, "Accept").click()
    jobs.settle()
    assert second.done == [("accept", None)]


def test_while_a_third_settles_it_the_two_see_that_and_not_each_other(qtbot: QtBot) -> None:
    page, _ = page_for(qtbot, SecondFake([line(Stage.THIRD)]))
    assert "third person" in page.list.item(0).text()
    assert page.sides.words == ""
    assert page.notice.isHidden()


def test_the_third_opens_it_with_the_item_on_the_desk(qtbot: QtBot) -> None:
    second = SecondFake([], both(Stage.THIRD, mine=False))
    jobs = HandJobs()
    page = ConsensusPage(second, POLICY, jobs, "F8")  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.on_desk("item-1")
    page.show()
    jobs.settle()
    assert "the shed is older" in page.sides.words
    assert not page.sides.findChildren(KeyButton)


def test_calibration_is_shown_to_the_person(qtbot: QtBot) -> None:
    page, _ = page_for(qtbot, SecondFake(answers=[a_calibration()]))
    said = " ".join(one.text() for one in page.calibration.findChildren(PlainLabel))
    assert "action" in said
    assert "The parcel was opened." in said
    assert "Only you" in said
    page, _ = page_for(qtbot, SecondFake())
    assert page.calibration.isHidden()


@pytest.mark.parametrize("figure", [None, 0.714])
def test_agreement_is_a_table_of_the_team(qtbot: QtBot, figure: float | None) -> None:
    card = AgreementCard(lambda key: f"<{key}>")
    qtbot.addWidget(card)
    lines = (
        AgreementLine(key="category", items=24, kappa=figure, alpha=figure),
        AgreementLine(key="severity", items=24),
        AgreementLine(key="action", items=24),
        AgreementLine(key="other", items=24),
    )
    card.show_agreement(TeamAgreement(least_items=20, lines=lines, waiting_second=2))
    said = [one.text() for one in card.findChildren(PlainLabel)]
    assert said.count("0.71") == (2 if figure else 0)
    assert "<other>" in said
    assert any("Under 20 items" in one and "2 for a second reader" in one for one in said)

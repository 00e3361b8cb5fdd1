"""Letters: fifteen texts filled from the case; nothing from outside is a template, and no hole goes unnoticed."""

from __future__ import annotations

import dataclasses
import itertools
import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from dossiers import AGENCY, ANSWERS, TERMS, a_case
from printed import info_of, pages_of, text_of

from reviewer.handoff.errors import LetterUnusable
from reviewer.handoff.letter_pages import letter_pdf
from reviewer.handoff.letters import (
    PLACEHOLDER,
    WANTED,
    LetterFacts,
    check_finished,
    check_letter,
    draft,
    letter_facts,
    template,
    unfilled,
)
from reviewer.model.handoff import MAX_LETTER, MAX_SUBJECT, Audience, Letter, LetterKind

ALL = list(itertools.product(Audience, LetterKind))
FACTS = LetterFacts(
    organisation="Example Platform Ltd",
    requester="Sgt Example",
    agency="Forensic Unit North",
    case_number="2026-01843",
    received_at=datetime(2026, 11, 20, 6, 0, tzinfo=UTC),
    legal_basis="Order 17/2026 of the Example Court",
    exhibits=("2026-01843/001", "2026-01843/002"),
    left_out=("2026-01843/005",),
    package="2026-01843.tar.age",
    package_sha256="ab" * 32,
    retention="365 days from 20 Nov 2026.",
    contact="Trust desk, desk@example.invalid",
    imminence="A person named in the chat says that it goes on.",
    sent="20 Nov 2026, handed over on a disk",
    reason="the stated basis does not cover it",
    needed="the order itself",
    answer_by="30 Nov 2026",
    signer="R. Example, head of the trust desk",
)


def a_letter(subject: str, text: str) -> Letter:
    return Letter(
        id="019a9f00-0000-7000-8000-0000000000b2",
        letter_id="019a9f00-0000-7000-8000-0000000000b1",
        case_id="case-1843",
        number=2,
        audience=Audience.LAW_ENFORCEMENT,
        kind=LetterKind.GRANTED,
        subject=subject,
        text=text,
        by="Supervisor 01",
        at=datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
    )


@pytest.mark.parametrize(("audience", "kind"), ALL)
def test_every_letter_has_a_template_with_known_placeholders_only(audience: Audience, kind: LetterKind) -> None:
    for words in template(audience, kind):
        assert set(PLACEHOLDER.findall(words)) <= set(WANTED)
        assert not set("{}") & set(PLACEHOLDER.sub("", words))
        assert "!" not in words
    assert "{case_number}" in template(audience, kind)[0]
    assert "{contact}" in template(audience, kind)[1]


@pytest.mark.parametrize(("audience", "kind"), ALL)
def test_filled_from_the_case_every_letter_is_finished(audience: Audience, kind: LetterKind) -> None:
    subject, text = draft(audience, kind, FACTS)
    check_finished(subject, text)
    assert "2026-01843" in subject
    assert "Trust desk, desk@example.invalid" in text
    assert not re.search(r"[{}]|\.\.|\b(granted|None)\(", text)


def test_no_two_letters_are_the_same() -> None:
    assert len({template(audience, kind) for audience, kind in ALL}) == 15


@pytest.mark.parametrize(("audience", "kind"), ALL)
def test_where_nothing_is_known_every_place_is_marked(audience: Audience, kind: LetterKind) -> None:
    subject, text = draft(audience, kind, LetterFacts())
    wanted = {WANTED[name] for name in PLACEHOLDER.findall("\n".join(template(audience, kind)))}
    assert {*unfilled(subject), *unfilled(text)} == wanted
    with pytest.raises(LetterUnusable, match=re.escape(WANTED["case_number"])):
        check_finished(subject, text)


# What the letters said once, and no record of a case shows: another policy's rules, how others work, what went out.
UNSUPPORTED = re.compile(
    r"opening is recorded|our policy|the policy|emergency provisions|reviewed afterwards|usual examination"
    r"|conditions are met|at any hour|ha(s|ve) been (disclosed|provided)|have disclosed|nothing is disclosed|went out"
    r"|limited (this )?to what|for a review|without regard to|dealt with|decision taken on each|basis that you stated"
    r"|made under|README-FIRST",
    re.IGNORECASE,
)


@pytest.mark.parametrize(("audience", "kind"), ALL)
def test_no_letter_claims_what_no_record_shows(audience: Audience, kind: LetterKind) -> None:
    for words in template(audience, kind):
        assert UNSUPPORTED.findall(words) == []


def test_that_it_was_sent_is_for_a_person_to_say() -> None:
    facts = dataclasses.replace(FACTS, sent="")
    _, text = draft(Audience.INTERNAL, LetterKind.EMERGENCY_DISCLOSURE, facts)
    assert unfilled(text) == ("when it was sent and how, or that it was not",)


def test_who_asked_is_not_the_agency_and_the_agency_did_not_ask() -> None:
    _, text = draft(Audience.LAW_ENFORCEMENT, LetterKind.EMERGENCY_DISCLOSURE, dataclasses.replace(FACTS, agency=""))
    assert unfilled(text) == ("name of the agency",)
    _, text = draft(Audience.LAW_ENFORCEMENT, LetterKind.GRANTED, dataclasses.replace(FACTS, requester=""))
    assert unfilled(text) == ("who asked",)


def test_the_facts_come_from_the_case_and_its_claim_is_not_told() -> None:
    facts = letter_facts(a_case(), TERMS, answers=ANSWERS, exhibits=["2026-01843/001"], left_out=[], agency=AGENCY)
    subject, text = draft(Audience.LAW_ENFORCEMENT, LetterKind.EMERGENCY_DISCLOSURE, facts)
    for said in (
        AGENCY.words,
        ANSWERS.contact,
        ANSWERS.imminence,
        ANSWERS.legal_basis,
        "1 item (exhibit 2026-01843/001)",
    ):
        assert said.removesuffix(".") in text
    assert unfilled(subject + text) == ("name and office of who signs",)
    every = "".join("".join(draft(audience, kind, facts)) for audience, kind in ALL)
    assert a_case().referral.claim not in every


def test_without_answers_the_referral_and_the_terms_say_what_they_can() -> None:
    facts = letter_facts(a_case(), TERMS, answers=None, exhibits=[], left_out=[])
    assert facts.contact == "Example Desk, desk@example.invalid, +1 555 0100"
    assert facts.legal_basis == "Order 17/2026"
    _, text = draft(Audience.LAW_ENFORCEMENT, LetterKind.GRANTED, facts)
    assert "which items are disclosed" in unfilled(text)


def test_a_reason_is_a_persons_own_words() -> None:
    facts = dataclasses.replace(FACTS, reason="")
    _, text = draft(Audience.LAW_ENFORCEMENT, LetterKind.REFUSED, facts)
    assert unfilled(text) == ("the reason",)


def test_the_package_is_named_with_its_digest_or_as_the_one_it_comes_with() -> None:
    _, known = draft(Audience.GOVERNMENT, LetterKind.GRANTED, FACTS)
    assert f"2026-01843.tar.age, whose SHA-256 is {'ab' * 32}." in known
    _, along = draft(Audience.GOVERNMENT, LetterKind.GRANTED, dataclasses.replace(FACTS, package_sha256=""))
    assert "in the sealed package that comes with this letter." in along
    assert "SHA-256" not in along


def test_what_comes_from_outside_is_no_template() -> None:
    facts = dataclasses.replace(FACTS, requester="{organisation} {signer.__class__} %s ${x} {{contact}}")
    _, text = draft(Audience.LAW_ENFORCEMENT, LetterKind.GRANTED, facts)
    assert "To {organisation} {signer.__class__} %s ${x} {{contact}}" in text


def test_what_comes_from_outside_stays_on_its_line_and_is_seen() -> None:
    facts = dataclasses.replace(FACTS, requester="Sgt\n\nFor another\u202e office\u0000", agency="x" * 5000)
    subject, text = draft(Audience.INTERNAL, LetterKind.EMERGENCY_DISCLOSURE, facts)
    assert "Hello Sgt For another[U+202E] office[U+0000]," in text
    check_letter(subject, text)


def test_a_sentence_that_was_ended_is_not_ended_twice() -> None:
    _, text = draft(Audience.LAW_ENFORCEMENT, LetterKind.GRANTED, FACTS)
    assert "Preservation of the originals: 365 days from 20 Nov 2026.\n" in text


@pytest.mark.parametrize(
    ("subject", "text", "said"),
    [
        ("", "text", "The subject is empty."),
        ("subject", " \n ", "The letter is empty."),
        ("s" * (MAX_SUBJECT + 1), "text", "The subject has 201 characters; 200 are possible."),
        ("subject", "t" * (MAX_LETTER + 1), "The letter has 20,001 characters"),
        ("subject", "one\ntwo \u202e", r"\[U\+202E\], in line 2"),
        ("sub\nject", "text", r"The subject has a character that cannot be seen, \[U\+000A\]"),
        ("subject", "a\u0000b", r"\[U\+0000\]"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_said_why(subject: str, text: str, said: str) -> None:
    with pytest.raises(LetterUnusable, match=said):
        check_letter(subject, text)


def test_what_can_be_kept_is() -> None:
    check_letter("s" * MAX_SUBJECT, "Line\n\n\tŁódź, Київ " + "t" * 1000)


@pytest.mark.parametrize(
    "hole", ["[to be filled: x]", "[To be  filled x", "[ to be filled: x [1]]", "[to\nbe filled: x ]"]
)
def test_a_hole_is_found_however_it_was_touched(hole: str) -> None:
    assert unfilled(f"Because {hole}") == ("x",)


def test_a_letter_with_a_hole_is_not_printed() -> None:
    for subject, text in (("[to be filled: number of the case]", "x"), ("x", "By [to be filled:  the reason ].")):
        with pytest.raises(LetterUnusable, match="not finished"):
            letter_pdf(a_letter(subject, text), organisation="Example")


def test_the_printed_letter_says_what_was_written(tmp_path: Path) -> None:
    subject, text = draft(Audience.LAW_ENFORCEMENT, LetterKind.GRANTED, FACTS)
    letter = a_letter(subject, f"{text}\n\n<b>Ольга</b> & {{organisation}}")
    pdf = letter_pdf(letter, organisation="Example Platform Ltd", recipient="Forensic Unit North", case_number="7")
    assert (
        letter_pdf(letter, organisation="Example Platform Ltd", recipient="Forensic Unit North", case_number="7") == pdf
    )
    printed = text_of(pdf)
    for part in (subject, "21 Nov 2026", "<b>Ольга</b> & {organisation}", "version 2", "ab" * 32):
        assert part in printed
    assert "Supervisor 01" not in printed
    info = info_of(pdf, tmp_path)
    assert subject in info
    assert "To Forensic Unit North" in info
    assert "Tagged:          yes" in info


def test_a_long_letter_goes_on_and_is_counted() -> None:
    letter = a_letter("Long", "\n\n".join(["A sentence of some words that fills the page bit by bit. " * 4] * 60))
    pages = pages_of(letter_pdf(msgspec.structs.replace(letter, number=3), organisation="Example"))
    assert len(pages) > 2
    assert all(f"page {at} of {len(pages)}" in page for at, page in enumerate(pages, 1))

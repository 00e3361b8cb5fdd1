"""A letter as PDF, in the style of the report."""

from __future__ import annotations

from typing import Any

from reportlab.platypus import Spacer

from reviewer.handoff.letters import check_finished
from reviewer.handoff.printed_blocks import words
from reviewer.handoff.printed_pages import Imprint, pages
from reviewer.handoff.printed_style import styles
from reviewer.handoff.printed_text import one_line, printed
from reviewer.handoff.report_words import day
from reviewer.model.handoff import Letter


def letter_pdf(
    letter: Letter, *, organisation: str, case_number: str = "", recipient: str = "", contact: str = ""
) -> bytes:
    """The version as A4 PDF, dated with the day it was written. The same letter gives the same bytes.

    `recipient` and `case_number` describe the file; the letter's own text addresses them. LetterUnusable where
    something is still to be filled in. Blocking.
    """
    check_finished(letter.subject, letter.text)
    blocks: list[Any] = [words(printed(organisation, most=200), styles().sender)]
    if contact:
        blocks.append(words(printed(contact, most=300), styles().quiet))
    blocks += [
        Spacer(0, 26),
        words(day(letter.at), styles().body),
        Spacer(0, 10),
        words(printed(letter.subject), styles().subject, role="H1"),
        Spacer(0, 4),
        *(words(printed(part), styles().letter) for part in _paragraphs(letter.text)),
    ]
    about = f"Case {one_line(case_number, most=40)} · " if case_number else ""
    imprint = Imprint(
        title=one_line(letter.subject),
        subject=f"To {one_line(recipient, most=100)}" if recipient else "Letter",
        author=one_line(organisation, most=100),
        made_at=letter.at,
        head=one_line(organisation, most=80),
        foot=f"{about}Letter {one_line(letter.letter_id, most=40)}, version {letter.number}",
    )
    return pages(blocks, imprint)


def _paragraphs(text: str) -> list[str]:
    """An empty line lies between two."""
    return [part for part in (one.strip() for one in text.split("\n\n")) if part]

"""The case for people: what was received, what was found, by whom, and how to check it. A PDF for a prosecutor.

A pure function of the dossier: the same dossier gives the same bytes (on a machine with the same fonts). The file is
unsigned; `signing` signs it.
"""

from __future__ import annotations

from typing import Any

import msgspec

from reviewer.handoff.dossier import Dossier
from reviewer.handoff.printed_pages import Imprint, pages
from reviewer.handoff.printed_text import one_line, runs_leftwards
from reviewer.handoff.report_custody import custody_section
from reviewer.handoff.report_exhibits import exhibits_section
from reviewer.handoff.report_front import answers_section, front, missing_section, received_section, summary_section
from reviewer.handoff.report_verifying import glossary_section, verifying_section


def report_pdf(dossier: Dossier, *, stamped: bool, not_stamped_why: str) -> bytes:
    """The report as PDF, A4. `stamped`: a time authority is configured and answers; else `not_stamped_why` says why
    the package has no stamp. Blocking. ValueError when a thumbnail is not what it says it is."""
    number, organisation = one_line(dossier.case.number, most=60), one_line(dossier.organisation, most=60)
    blocks: list[Any] = [
        *front(dossier),
        *summary_section(dossier, stamped=stamped, not_stamped_why=not_stamped_why),
        *missing_section(dossier),
        *received_section(dossier),
        *answers_section(dossier),
        *exhibits_section(dossier),
        *custody_section(dossier),
        *verifying_section(dossier, stamped=stamped, not_stamped_why=not_stamped_why),
        *glossary_section(leftwards=_runs_leftwards(dossier)),
    ]
    imprint = Imprint(
        title=f"Report of case {number}",
        subject=f"Handed off by {organisation} to {one_line(dossier.agency.words, most=60)}",
        author=organisation,
        made_at=dossier.built_at,
        head=f"Case {number}",
        foot=f"Package {one_line(dossier.handoff_id, most=60)}",
    )
    return pages(blocks, imprint)


def _runs_leftwards(dossier: Dossier) -> bool:
    text = msgspec.json.encode(dossier).decode()
    return not text.isascii() and runs_leftwards(text)

"""Letters about a case: drafted from a template, kept as versions at the case system, written out as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reviewer.handoff.errors import LetterUnusable
from reviewer.handoff.letter_pages import letter_pdf
from reviewer.handoff.letters import LetterFacts, check_finished, check_letter, draft, letter_facts
from reviewer.model.handoff import Audience, Letter, LetterKind, NewLetter
from reviewer.model.ids import uuid7
from reviewer.model.policy import Policy
from reviewer.sync.client import CaseSystem
from reviewer.vault.open_vault import OpenVault
from reviewer.workstation.handoff_record import WholeRecord, kept_answers
from reviewer.workstation.new_file import write_asked_for


class LetterDesk:
    """Of one session. Methods block."""

    def __init__(self, vault: OpenVault, case_system: CaseSystem, policy: Policy) -> None:
        self._vault = vault
        self._case_system = case_system
        self._policy = policy

    def draft(
        self,
        record: WholeRecord,
        audience: Audience,
        kind: LetterKind,
        *,
        item_ids: Sequence[str] = (),
        agency: str = "",
    ) -> tuple[str, str]:
        """Of the items and the agency that are chosen. What is not chosen is to be filled: nothing is suggested."""
        return draft(audience, kind, self._facts(record, set(item_ids), agency))

    def keep(
        self, case_id: str, letter_id: str | None, audience: Audience, kind: LetterKind, subject: str, text: str
    ) -> Letter:
        """LetterUnusable; SyncError; letter-differs where a colleague kept a version meanwhile."""
        check_letter(subject, text)
        earlier = [one.number for one in self.versions(case_id) if one.letter_id == letter_id]
        new = NewLetter(
            id=uuid7(),
            letter_id=letter_id if letter_id is not None else uuid7(),
            number=max(earlier, default=0) + 1,
            audience=audience,
            kind=kind,
            subject=subject,
            text=text,
        )
        return self._case_system.handed_off.keep_letter(case_id, new)

    def versions(self, case_id: str) -> tuple[Letter, ...]:
        return tuple(self._case_system.handed_off.letters(case_id))

    def newest(self, case_id: str, letter_id: str) -> Letter:
        """LetterUnusable where there is none, or it has places that nobody filled in."""
        found = [one for one in self.versions(case_id) if one.letter_id == letter_id]
        if not found:
            raise LetterUnusable("There is no such letter.", kept="Nothing was built.", to_do="Choose another letter.")
        newest = max(found, key=lambda one: one.number)
        check_finished(newest.subject, newest.text)
        return newest

    def pdf(self, letter: Letter, case_number: str) -> bytes:
        """LetterUnusable where something is still to be filled in."""
        terms = self._policy.handoff
        return letter_pdf(letter, organisation=terms.organisation, case_number=case_number)

    def export(self, letter: Letter, case_number: str, target: Path) -> None:
        """FileNotWritten. It is not encrypted: the window says so."""
        write_asked_for(target, self.pdf(letter, case_number))

    def _facts(self, record: WholeRecord, chosen: set[str], agency: str) -> LetterFacts:
        terms = self._policy.handoff
        answers = kept_answers(self._vault, record.case.id)
        exhibits = [one.item.exhibit for one in record.items if one.item.id in chosen]
        left_out = [one.item.exhibit for one in record.items if one.item.id not in chosen] if exhibits else []
        return letter_facts(
            record.case,
            terms,
            answers=answers,
            exhibits=exhibits,
            left_out=left_out,
            agency=terms.agency(agency),
        )

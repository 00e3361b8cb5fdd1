"""A case's record as the case system has it, and what a handoff of it begins with: `reviewer.ui.handoff_ports`."""

from __future__ import annotations

import msgspec

from reviewer.model.cases import Case
from reviewer.model.decisions import Action
from reviewer.model.handoff import Anchor, Overrule, RecordedItem
from reviewer.model.handoff_answers import HandoffAnswers
from reviewer.sync.client import CaseSystem
from reviewer.vault.open_vault import OpenVault

_ANSWERS = "handoff_answers/"
_REPORTED = (Action.REPORT, Action.PRESERVE, Action.ESCALATE)


class WholeRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Every page of a case's record."""

    case: Case
    items: tuple[RecordedItem, ...]
    anchors: tuple[Anchor, ...]


def whole_record(case_system: CaseSystem, case_id: str) -> WholeRecord:
    """SyncError; no-key-for-you where the case is not shared with this person."""
    case, items, anchors = case_system.handed_off.record(case_id)
    return WholeRecord(case=case, items=tuple(items), anchors=tuple(anchors))


def to_be_reported(items: tuple[RecordedItem, ...]) -> tuple[str, ...]:
    """Ids of the items that are handed off unless the person says otherwise."""
    return tuple(
        one.item.id
        for one in items
        if not one.unsettled and one.standing is not None and one.standing.decision.action in _REPORTED
    )


def keep_answers(vault: OpenVault, case_id: str, answers: HandoffAnswers) -> None:
    body = msgspec.json.encode(answers)
    vault.store.call(lambda s: s.put_setting(_ANSWERS + case_id, body))


def kept_answers(vault: OpenVault, case_id: str) -> HandoffAnswers | None:
    body = vault.store.call(lambda s: s.get_setting(_ANSWERS + case_id))
    return None if body is None else msgspec.json.decode(body, type=HandoffAnswers)


def newest_overrule(case_system: CaseSystem, case_id: str, agency: str) -> Overrule | None:
    """Of this agency: one of another says nothing of it."""
    return next((one for one in case_system.handed_off.overrules(case_id) if one.agency == agency), None)

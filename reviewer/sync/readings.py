"""The client's part about second readings: own lines, both sides, calibration, the team's agreement."""

from __future__ import annotations

import msgspec

from reviewer.model.errors import CaseSystemNonsense
from reviewer.model.readings import (
    Calibration,
    Golden,
    GoldenAnswer,
    GoldenCandidate,
    GoldenCandidates,
    GoldenList,
    OwnCalibrations,
    OwnReadings,
    ReadingLine,
    Readings,
    TeamAgreement,
)
from reviewer.sync.believing import is_id, path_part
from reviewer.sync.exchange import Exchange


class SecondReadings:
    """Methods block and raise as those of `CaseSystem`."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def mine(self) -> tuple[ReadingLine, ...]:
        """Items this member decided and somebody else as well; those that wait for something first."""
        lines = self._exchange.ask("GET", "readings/mine", OwnReadings)[0].lines
        if not all(is_id(line.item_id) for line in lines):
            raise CaseSystemNonsense
        return lines

    def side_by_side(self, item_id: str) -> Readings:
        """Refused with readings-withheld while this member has to be blind to them."""
        shown, _ = self._exchange.ask("GET", f"items/{path_part(item_id)}/readings", Readings)
        if shown.item.id != item_id or any(reading.words.item_id != item_id for reading in shown.readings):
            raise CaseSystemNonsense
        return shown

    def calibrations(self) -> tuple[Calibration, ...]:
        """This member's own answers to calibration items beside what is right for them."""
        return self._exchange.ask("GET", "calibrations/mine", OwnCalibrations)[0].calibrations

    def agreement(self) -> TeamAgreement:
        """For supervisors; RoleRefused for others."""
        return self._exchange.ask("GET", "agreement", TeamAgreement)[0]

    def golden(self) -> tuple[Golden, ...]:
        return self._exchange.ask("GET", "golden", GoldenList)[0].golden

    def golden_candidates(self) -> tuple[GoldenCandidate, ...]:
        """Items decided for good that can be marked, the latest first. For supervisors."""
        found = self._exchange.ask("GET", "golden/candidates", GoldenCandidates)[0].candidates
        if not all(is_id(one.item_id) for one in found):
            raise CaseSystemNonsense
        return found

    def mark_golden(self, item_id: str, right: GoldenAnswer) -> None:
        """Refused with item-open while the item has not been decided for good."""
        body = msgspec.json.encode(right)
        headers = {"Content-Type": "application/json"}
        self._exchange.tell("PUT", f"golden/{path_part(item_id)}", content=body, headers=headers)

    def withdraw_golden(self, item_id: str) -> None:
        self._exchange.tell("DELETE", f"golden/{path_part(item_id)}")

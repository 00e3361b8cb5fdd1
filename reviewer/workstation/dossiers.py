"""Gathers what a package's documents are made of: the record, the custody entries, the answers, veiled thumbnails."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import msgspec

from reviewer import __version__
from reviewer.handoff.dossier import Dossier, Exhibit, Thumbnail
from reviewer.handoff.names import exhibit_paths
from reviewer.handoff.redaction import redacted
from reviewer.media.frames import Frame, PixelFormat
from reviewer.model.cases import Item
from reviewer.model.clock import Clock
from reviewer.model.errors import HandoffError, MediaError, SyncError
from reviewer.model.handoff import Overrule, RecordedItem
from reviewer.model.handoff_terms import Agency
from reviewer.model.policy import Policy
from reviewer.sync.client import CaseSystem
from reviewer.ui.handoff_ports import Choice
from reviewer.vault.open_vault import OpenVault
from reviewer.workstation.custody_extract import read_exports
from reviewer.workstation.handoff_record import WholeRecord
from reviewer.workstation.whole_chain import check_exhibits, gaps, whole_chain


class Gathering:
    """Of one session. `thumbnail` gives a veiled frame, which is wiped here."""

    def __init__(
        self,
        vault: OpenVault,
        case_system: CaseSystem,
        policy: Policy,
        clock: Clock,
        thumbnail: Callable[[Item], Frame],
    ) -> None:
        self._vault = vault
        self._case_system = case_system
        self._policy = policy
        self._clock = clock
        self._thumbnail = thumbnail

    def dossier(
        self,
        record: WholeRecord,
        choice: Choice,
        agency: Agency,
        *,
        handoff_id: str,
        built_at: datetime,
        missing: Sequence[str],
        overrule: Overrule | None,
        exports: Sequence[Path] = (),
        check: Callable[[int, int], None],
    ) -> Dossier:
        """Signs a custody checkpoint first, so that the extract covers all there is. `check(done, total)` is called
        between steps; what it raises passes. CustodyContradicts; CustodyBroken by an export."""
        terms = self._policy.handoff
        chosen = self._with_seen(one for one in record.items if one.item.id in set(choice.item_ids))
        if not chosen:
            raise HandoffError("Nothing of the case is chosen.", to_do="Choose at least one item.")
        paths = exhibit_paths([one.item for one in chosen])
        self._vault.checkpoint(self._clock.now())
        chain = whole_chain(
            self._vault,
            self._case_system,
            record.case.id,
            record.anchors,
            exports=read_exports(exports, record.case.id, record.anchors),
            check=lambda: check(0, 0),
        )
        check_exhibits(chain.extracts, chosen)
        gathered = Dossier(
            handoff_id=handoff_id,
            built_at=built_at,
            built_by=self._vault.member.name,
            organisation=terms.organisation,
            agency=agency,
            case=record.case,
            exhibits=tuple(Exhibit(one, paths[one.item.id]) for one in chosen),
            answers=choice.answers,
            policy=self._policy,
            tool_version=__version__,
            custody=chain.extracts,
            custody_missing=(*chain.missing, *gaps(chain.extracts, chosen)),
            anchors=record.anchors,
            left_out=tuple(one.item.exhibit for one in record.items if one.item.id not in set(choice.item_ids)),
            missing=tuple(missing),
            overrule=overrule.reason if overrule is not None else "",
            overruled_by=overrule.by if overrule is not None else "",
            pseudonyms=self._pseudonyms(),
        )
        if choice.thumbnails and terms.thumbnails:
            gathered = replace(gathered, thumbnails=self._thumbnails([one.item for one in chosen], check))
        return redacted(gathered) if terms.names == "redacted" else gathered

    def _with_seen(self, records: Iterable[RecordedItem]) -> list[RecordedItem]:
        """What this person saw here counts at once, also while the case system has not heard of it."""
        seen = self._vault.store.call(lambda s: s.exposure.seen_told())
        return [msgspec.structs.replace(one, seen=one.seen or one.item.id in seen) for one in records]

    def _pseudonyms(self) -> tuple[tuple[str, str], ...]:
        known = {self._vault.member.id: self._vault.member.name}
        with contextlib.suppress(SyncError):  # an id is a pseudonym as well
            known |= {member.id: member.name for member in self._case_system.members()}
        return tuple(sorted(known.items()))

    def _thumbnails(self, items: Sequence[Item], check: Callable[[int, int], None]) -> tuple[Thumbnail, ...]:
        """Of what has a picture; what cannot be opened has none."""
        made = []
        for number, item in enumerate(items):
            check(number, len(items))
            try:
                frame = self._thumbnail(item)
            except MediaError:
                continue
            try:
                made.append(Thumbnail(item.id, frame.width, frame.height, _grey(frame)))
            finally:
                frame.wipe()
        return tuple(made)


def _grey(frame: Frame) -> bytes:
    """The rows without their padding. Thumbnails are grey whatever the policy says of colour."""
    rows = []
    for row in range(frame.height):
        start = row * frame.stride
        line = frame.data[start : start + frame.width * frame.pixel_format.bytes_per_pixel]
        if frame.pixel_format is PixelFormat.BGRX32:
            line = bytearray(
                (29 * b + 150 * g + 77 * r) >> 8 for b, g, r in zip(line[::4], line[1::4], line[2::4], strict=True)
            )
        rows.append(bytes(line))
    return b"".join(rows)

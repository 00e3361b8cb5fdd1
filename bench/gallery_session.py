"""Four hundred synthetic items behind the real sealed broker, for the bench of the gallery: no store, no network."""

from __future__ import annotations

import io
import threading
from array import array
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from types import TracebackType

import numpy as np

from reviewer.demo.patterns import grain, light, shapes
from reviewer.media.broker import Broker
from reviewer.media.frames import Frame
from reviewer.model.cases import Case, Fingerprints, Item, ItemFacts, QueueEntry, Referral, ReferralSource
from reviewer.model.decisions import Draft
from reviewer.model.levels import Kind
from reviewer.model.policy import Policy
from reviewer.model.queue_view import QueueAsk, QueueListing
from reviewer.model.roles import Member, Role
from reviewer.wellbeing.prompts import Prompt
from reviewer.workstation.policy_in_force import default_policy
from reviewer.workstation.thumbnails import AT_ONCE

PATTERNS = 12


class BenchCells:
    """As `reviewer.ui.ports.VeiledCells`, from plain bytes in memory."""

    def __init__(self, pictures: Sequence[bytes]) -> None:
        self._pictures = pictures
        self._broker = Broker()
        self._broker.start()
        self._turn = threading.Semaphore(AT_ONCE)
        self.sealed = True

    def thumbnail(self, item_id: str) -> Frame:
        number = int(item_id.removeprefix("item-"))
        with self._turn:
            opened = self._broker.open(io.BytesIO(self._pictures[number % len(self._pictures)]))
            try:
                return opened.blurred()
            finally:
                opened.close()

    def drop(self) -> None:
        return

    def showing(self, _cells: Mapping[str, str]) -> None:
        return

    def form(self) -> Draft | None:
        return None

    def looked_at(self, _item_ids: Iterable[str]) -> frozenset[str]:
        return frozenset()

    def close(self) -> None:
        self._broker.close()


class GallerySession:
    """What the gallery asks of a session, and nothing else."""

    def __init__(self, items: int) -> None:
        from reviewer.demo.markers import jpeg_of

        made = []
        for seed in range(PATTERNS):
            rng = np.random.default_rng(seed)
            made.append(jpeg_of(grain(shapes(light(rng, 1600, 1200, seed % 5), rng, seed % 5), rng)))
        self.member = Member(id="m07", name="Reviewer 07", role=Role.REVIEWER, recipient="")
        self.policy: Policy = default_policy()
        self.gallery = BenchCells(made)
        now = datetime.now(UTC)
        referral = Referral(source=ReferralSource.AUTOMATED, received_at=now)
        case = Case(id="case", number="2026-00001", referral=referral, created_at=now)
        self._entries = [
            QueueEntry(
                case=case,
                item=Item(
                    id=f"item-{number}", case_id="case", exhibit=f"2026-00001/{number:03}", harm_type="other",
                    facts=ItemFacts(kind=Kind.IMAGE, format="jpeg", width=1600, height=1200),
                    fingerprints=Fingerprints(sha256="0" * 64, sha1="0" * 40, md5="0" * 32),
                    container_sha256="0" * 64, container_size=1, created_at=now,
                ),
            )
            for number in range(items)
        ]  # fmt: skip

    def __enter__(self) -> GallerySession:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.gallery.close()

    def rules_for(self, _entry: QueueEntry) -> Policy:
        return self.policy

    def queue(self) -> Sequence[QueueEntry]:
        return self._entries

    def list_queue(self, ask: QueueAsk) -> QueueListing:
        return QueueListing(ask=ask, lines=array("q", range(len(self._entries))), waiting=len(self._entries))

    def case_queue(self, case_id: str, most: int) -> tuple[Sequence[QueueEntry], int]:
        of_case = [entry for entry in self._entries if entry.case.id == case_id]
        return of_case[:most], len(of_case)

    def queue_entries(self, lines: Sequence[int]) -> Sequence[tuple[int, QueueEntry]]:
        return [(line, self._entries[line]) for line in lines]

    def prompt(self) -> Prompt | None:
        return None

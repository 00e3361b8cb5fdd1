"""A session in memory with a gallery: abstract veiled patterns, stacks and known matches made up of numbers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec
from session_fakes import FakeSession, an_entry
from viewer_fakes import grey_frame

from reviewer.media.frames import Frame
from reviewer.media.link import ItemClosed
from reviewer.model.batch import BATCH_FORM, BatchOutcome, BatchResult
from reviewer.model.cases import QueueEntry
from reviewer.model.decisions import Decision, Draft
from reviewer.model.errors import ReviewerError
from reviewer.model.known import KnownMatch, MatchKind, Stack
from reviewer.model.levels import Kind

KINDS = (Kind.IMAGE, Kind.IMAGE, Kind.IMAGE, Kind.VIDEO, Kind.IMAGE, Kind.DOCUMENT, Kind.TEXT)


def many(count: int, *, harm: str = "other", plain: bool = False) -> list[QueueEntry]:
    """Items of one case. Not plain: of ten, two are copies of each other and three match a list."""
    now = datetime.now(UTC)
    first = an_entry(1, harm=harm, due_min=90, now=now)
    made = []
    for number in range(count):
        kind = Kind.IMAGE if plain else KINDS[number % len(KINDS)]
        entry = an_entry(number, harm=harm, kind=kind, seconds=40 + number if kind is Kind.VIDEO else None, now=now)
        item = msgspec.structs.replace(
            entry.item, id=f"item-{number}", case_id=first.case.id, exhibit=f"2026-00001/{number + 1:03}"
        )
        stack, matches = None, ()
        if not plain and number % 10 in (3, 4):
            stack = Stack(id=f"s{number // 10}", size=2, distance=8 * (number % 10 - 3))
        if not plain and number % 10 in (6, 7, 8):
            matches = (KnownMatch(list_name="Shared list", list_version="7", kind=MatchKind.SHA256),)
        made.append(QueueEntry(item=item, case=first.case, stack=stack, matches=matches))
    return made


@dataclass
class FakeCells:
    """`seconds` are not measured here: `shown` has every telling, newest last."""

    shown: list[dict[str, str]] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    dropped: int = 0
    seen: set[str] = field(default_factory=set)
    fail: dict[str, ReviewerError] = field(default_factory=dict)
    sealed: bool | None = True
    gate: threading.Event | None = None
    most: int = 0
    drafts: dict[str, Draft] = field(default_factory=dict)
    form_error: ReviewerError | None = None
    _now: int = 0

    def thumbnail(self, item_id: str) -> Frame:
        self._now += 1
        self.most = max(self.most, self._now)
        try:
            self.opened.append(item_id)
            if item_id in self.fail:
                raise self.fail[item_id]
            generation = self.dropped
            if self.gate is not None:
                self.gate.wait(10)
                if generation != self.dropped:
                    raise ItemClosed
            number = int(item_id.removeprefix("item-"))
            frame = grey_frame(width=160, height=(90, 120, 160)[number % 3], shift=number % 8 * 6)
            self.frames.append(frame)
            return frame
        finally:
            self._now -= 1

    def drop(self) -> None:
        self.dropped += 1

    def showing(self, cells: Mapping[str, str]) -> None:
        self.shown.append(dict(cells))
        self.seen |= cells.keys()

    def form(self) -> Draft | None:
        if self.form_error is not None:
            raise self.form_error
        return self.drafts.get(BATCH_FORM)

    def looked_at(self, item_ids: Iterable[str]) -> frozenset[str]:
        return frozenset(self.seen & set(item_ids))


@dataclass
class GallerySession(FakeSession):
    """`outcomes` says what is not decided, by item id; `pace` is waited for before each item of a batch."""

    gallery: FakeCells = field(default_factory=FakeCells)
    outcomes: dict[str, BatchOutcome] = field(default_factory=dict)
    pace: threading.Semaphore | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.gallery.drafts = self.drafts

    def decide_many(
        self,
        draft: Draft,
        item_ids: Sequence[str],
        *,
        viewed_with: str | None = None,
        progress: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> tuple[BatchResult, ...]:
        self._called("decide_many", draft, tuple(item_ids), viewed_with)
        results: list[BatchResult] = []
        for item_id in item_ids:
            if self.pace is not None:
                self.pace.acquire(timeout=10)
            outcome = BatchOutcome.STOPPED if cancelled() else self.outcomes.get(item_id, BatchOutcome.DECIDED)
            results.append(BatchResult(item_id=item_id, outcome=outcome))
            if progress is not None:
                progress(len(results), len(item_ids))
        done = {result.item_id for result in results if result.outcome is BatchOutcome.DECIDED}
        self.entries = [entry for entry in self.entries if entry.item.id not in done]
        return tuple(results)

    def undo(self) -> Decision | None:
        self._called("undo")
        return None

"""A session in memory for the tests of the window: synthetic frames, a queue made up of numbers, no services."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from case_fakes import FakeAround, FakeThreads
from handoff_fakes import FakeHandoffs
from own_fakes import FakeOwn
from pause_fakes import FakePausing
from queue_fakes import QueueFake
from readings_fakes import SecondFake
from supervision_fakes import WORK, SupervisionFake
from viewer_fakes import FakeOpenItem, grey_frame

from reviewer.media.frames import Frame
from reviewer.model.batch import BatchOutcome, BatchResult
from reviewer.model.cases import Case, EarlierNote, Fingerprints, Item, ItemFacts, QueueEntry, Referral, ReferralSource
from reviewer.model.decisions import Change, Decision, Draft, as_draft
from reviewer.model.errors import MediaError, ReviewerError, WrongPassphrase
from reviewer.model.events import ExposureDay, MemberExposure, TeamExposure
from reviewer.model.levels import Kind, Level
from reviewer.model.policy import Policy, read_policy
from reviewer.model.preferences import Preferences
from reviewer.model.roles import Member, Role
from reviewer.model.within import Settings, within
from reviewer.ui.ports import PostureLine, Session, SyncState
from reviewer.wellbeing.meter import ExposureFigures
from reviewer.wellbeing.prompts import Prompt

POLICY = read_policy((Path(__file__).resolve().parents[2] / "resources/policy.toml").read_text(encoding="utf-8"))
PASSPHRASE = "correct horse battery staple"


def facts_of(kind: Kind, seconds: float | None = None) -> ItemFacts:
    return ItemFacts(
        kind=kind, format="h264/mp4" if kind is Kind.VIDEO else "jpeg", size=2_400_000, width=1920, height=1080,
        duration_s=seconds, has_sound=kind in (Kind.VIDEO, Kind.AUDIO),
    )  # fmt: skip


def an_entry(
    number: int,
    *,
    source: ReferralSource = ReferralSource.LAW_ENFORCEMENT,
    kind: Kind = Kind.IMAGE,
    seconds: float | None = None,
    due_min: float | None = 180,
    danger: bool = False,
    harm: str = "violence",
    notes: int = 0,
    forewarning: tuple[str, ...] = (),
    basis: str = "",
    now: datetime | None = None,
) -> QueueEntry:
    """An entry of case 2026-0<number> due in `due_min` minutes."""
    now = now or datetime.now(UTC)
    referral = Referral(
        source=source, received_at=now - timedelta(hours=1), danger=danger, legal_basis=basis,
        due_at=None if due_min is None else now + timedelta(minutes=due_min, seconds=30),
    )  # fmt: skip
    case = Case(id=f"case-{number}", number=f"2026-{number:05}", referral=referral, created_at=now)
    item = Item(
        id=f"item-{number}", case_id=case.id, exhibit="3", harm_type=harm, facts=facts_of(kind, seconds),
        fingerprints=Fingerprints(sha256="0" * 64, sha1="0" * 40, md5="0" * 32), container_sha256="0" * 64,
        container_size=10, forewarning=forewarning, created_at=now,
    )  # fmt: skip
    written = EarlierNote(
        author="Reviewer 09",
        at=now - timedelta(days=1),
        text="Two rooms, one window with a street sign (00:16). No other person in view. Place name said at 01:05.",
    )
    return QueueEntry(item=item, case=case, notes=(written,) * notes)


def a_queue() -> list[QueueEntry]:
    sources = ReferralSource
    return [
        an_entry(
            1843, kind=Kind.VIDEO, seconds=161, due_min=24, danger=True, harm="threat_to_life", notes=1,
            basis="Emergency disclosure",
        ),
        an_entry(1851, source=sources.USER, due_min=70, forewarning=("possible weapon",)),
        an_entry(1838, source=sources.AUTOMATED, due_min=185, notes=1),
        an_entry(1829, source=sources.INTERNAL, kind=Kind.AUDIO, seconds=252, due_min=700, harm="self_harm"),
        an_entry(1822, source=sources.GOVERNMENT, due_min=60 * 72, forewarning=("blood", "injury", "close view")),
        an_entry(1820, source=sources.AUTOMATED, due_min=None, harm="other"),
    ]  # fmt: skip


@dataclass
class FakeTaken:
    entry: QueueEntry
    opened: FakeOpenItem | None
    first: Frame | None
    draft: Draft
    trouble: tuple[str, str, str] | None = None
    seen: Level = Level.FACTS


@dataclass
class FakeSession(QueueFake):
    """What was called is in `calls`; `fail[name]` is raised by the method of that name, `gates[name]` waited for."""

    member: Member = field(
        default_factory=lambda: Member(id="m07", name="Reviewer 07", role=Role.REVIEWER, recipient="age1")
    )
    policy: Policy = POLICY
    protection_missing: bool = False
    entries: list[QueueEntry] = field(default_factory=a_queue)
    calls: list[tuple[object, ...]] = field(default_factory=list)
    drafts: dict[str, Draft] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)
    shown: list[tuple[str | None, Level]] = field(default_factory=list)
    full: list[bool] = field(default_factory=list)
    sounds: list[bool] = field(default_factory=list)
    open_items: list[FakeOpenItem] = field(default_factory=list)
    fail: dict[str, ReviewerError] = field(default_factory=dict)
    gates: dict[str, threading.Event] = field(default_factory=dict)
    taken_elsewhere: set[str] = field(default_factory=set)
    due: Prompt | None = None
    preferred: Preferences | None = None
    followed: Preferences | None = None
    figures: ExposureFigures = field(default_factory=lambda: ExposureFigures(4320, 4320, 1900, 1100, 14400, 9))
    sync: SyncState = field(default_factory=lambda: SyncState(3, 0, datetime.now(UTC)))

    second: SecondFake = field(default_factory=SecondFake, init=False)

    def __post_init__(self) -> None:
        self.second.drafts = self.drafts
        self.threads = FakeThreads(self._called)
        self.around = FakeAround(self._called)
        self.pausing = FakePausing(self._called)
        self.own = FakeOwn(self._called)
        self.supervision = SupervisionFake(lambda: self.team_exposure(), WORK)
        self.handoffs = FakeHandoffs(self._called, drafts=self.drafts)

    def _called(self, name: str, *details: object) -> None:
        self.calls.append((name, *details))
        if name in self.gates:
            self.gates[name].wait(10)
        if name in self.fail:
            raise self.fail[name]

    def named(self, name: str) -> list[tuple[object, ...]]:
        return [call for call in self.calls if call[0] == name]

    def queue(self) -> Sequence[QueueEntry]:
        self._called("queue")
        return list(self.entries)

    def refresh_queue(self) -> Sequence[QueueEntry]:
        self._called("refresh_queue")
        return list(self.entries)

    def take(self, item_id: str) -> FakeTaken:
        self._called("take", item_id)
        entry = next(entry for entry in self.entries if entry.item.id == item_id)
        draft = self.drafts.get(item_id, Draft(item_id=item_id))
        if "open" in self.fail:
            error = self.fail["open"]
            return FakeTaken(entry, None, None, draft, (error.what_happened, error.what_was_kept, error.what_to_do))
        opened = FakeOpenItem(entry.item.facts)
        self.open_items.append(opened)
        start = self.rules_for(entry).harm_type(entry.item.harm_type).start_level
        at_once = start is Level.BLURRED and not entry.known_unseen
        first = grey_frame() if at_once and entry.item.facts.kind is Kind.IMAGE else None
        return FakeTaken(entry, opened, first, draft)

    def prefetch(self, item_id: str) -> None:
        self._called("prefetch", item_id)

    def put_back(self, taken: FakeTaken) -> None:
        self._called("put_back", taken.entry.item.id)

    def hide_everything(self) -> None:
        self._called("hide_everything")
        for opened in self.open_items:
            opened.close()

    def save_draft(self, draft: Draft) -> None:
        self._called("save_draft", draft)
        if draft == Draft(item_id=draft.item_id):
            self.drafts.pop(draft.item_id, None)
        else:
            self.drafts[draft.item_id] = draft

    def decide(self, taken: FakeTaken, draft: Draft, *, from_notes: bool) -> Decision:
        self._called("decide", draft, from_notes)
        return self._decision(taken.entry, draft)

    def _decision(self, entry: QueueEntry, draft: Draft) -> Decision:
        assert draft.imminence is not None
        assert draft.category is not None
        assert draft.severity is not None
        assert draft.confidence is not None
        assert draft.action is not None
        decision = Decision(
            id=f"d{len(self.decisions)}", item_id=entry.item.id, case_id=entry.case.id, actor=self.member.id,
            decided_at=datetime.now(UTC), imminence=draft.imminence, category=draft.category,
            severity=draft.severity, confidence=draft.confidence, action=draft.action, rationale=draft.rationale,
        )  # fmt: skip
        self.decisions.append(decision)
        self.entries = [entry for entry in self.entries if entry.item.id != decision.item_id]
        return decision

    def copies(self, item_id: str) -> tuple[str, ...]:
        self._called("copies", item_id)
        stacks = {entry.item.id: entry.stack.id for entry in self.entries if entry.stack is not None}
        return tuple(other for other, stack in stacks.items() if other != item_id and stack == stacks.get(item_id))

    def decide_many(
        self,
        draft: Draft,
        item_ids: Sequence[str],
        *,
        viewed_with: str | None = None,
        progress: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> tuple[BatchResult, ...]:
        """`taken_elsewhere` are those a colleague has."""
        self._called("decide_many", draft, tuple(item_ids), viewed_with)
        results = []
        for item_id in item_ids:
            if item_id in self.taken_elsewhere:
                results.append(BatchResult(item_id=item_id, outcome=BatchOutcome.ELSEWHERE))
                continue
            entry = next(entry for entry in self.entries if entry.item.id == item_id)
            decision = self._decision(entry, draft)
            results.append(BatchResult(item_id=item_id, outcome=BatchOutcome.DECIDED, decision=decision))
        return tuple(results)

    def pass_on(self, taken: FakeTaken) -> None:
        self._called("pass_on", taken.entry.item.id)
        self.entries = [entry for entry in self.entries if entry.item.id != taken.entry.item.id]

    def reopen(self) -> FakeTaken | None:
        self._called("reopen")
        if not self.decisions:
            return None
        last = self.decisions[-1]
        entry = an_entry(int(last.item_id.removeprefix("item-")))
        draft = self.drafts.get(last.item_id, as_draft(last))
        return FakeTaken(entry, None, None, draft, ("You are changing your last decision.", "It stays.", "Undo."))

    def undo(self) -> Decision | None:
        self._called("undo")
        if not self.decisions:
            return None
        last = self.decisions.pop()
        self.entries.append(an_entry(int(last.item_id.removeprefix("item-"))))
        return Decision(**{f: getattr(last, f) for f in last.__struct_fields__} | {"change": Change.VOID})

    def showing(self, item_id: str | None, level: Level, *, sound: bool = False, full_screen: bool = False) -> None:
        self.shown.append((item_id, level))
        self.full.append(full_screen)
        self.sounds.append(sound)

    def exposure(self) -> ExposureFigures:
        return self.figures

    def prompt(self, *, busy: bool = False) -> Prompt | None:
        return None if busy else self.due

    def break_started(self, minutes: float) -> None:
        self._called("break_started", minutes)
        self.due = None

    def break_ended(self) -> None:
        self._called("break_ended")

    def break_postponed(self) -> None:
        self._called("break_postponed")
        self.due = None

    def preferences(self) -> Preferences | None:
        self._called("preferences")
        return self.preferred

    def keep_preferences(self, preferences: Preferences) -> None:
        self._called("keep_preferences", preferences)
        self.preferred = preferences

    def follow_preferences(self, preferences: Preferences) -> None:
        self.followed = preferences

    @property
    def settings(self) -> Settings:
        return within(self.policy, self.followed if self.followed is not None else self.preferred)

    def rules_for(self, entry: QueueEntry) -> Policy:
        return self.settings.for_entry(entry, datetime.now(UTC).timestamp())

    def sync_state(self) -> SyncState:
        return self.sync

    def sync_now(self) -> SyncState:
        return self.sync

    def posture(self) -> Sequence[PostureLine]:
        return [
            PostureLine("landlock", "Worker has no file system", True, True, "tried inside a worker"),
            PostureLine("screen_capture", "Screen capture excluded", False, False, "not preventable on this system"),
        ]

    def team_exposure(self) -> TeamExposure:
        days = [f"2026-11-{day:02}" for day in range(6, 22)]
        return TeamExposure(
            limit_quarter_hours=16,
            members=tuple(
                MemberExposure(
                    member=f"Reviewer {number:02}",
                    days=tuple(ExposureDay(day=day, quarter_hours=(number * at) % 15) for at, day in enumerate(days)),
                )
                for number in range(1, 13)
            ),
        )

    def lock(self) -> None:
        self._called("lock")


@dataclass
class FakeDesk:
    """Opens with PASSPHRASE, after `wait` seconds."""

    session: FakeSession = field(default_factory=FakeSession)
    display_name: str = "Reviewer 07"
    closed: bool = False
    tries: itertools.count[int] = field(default_factory=itertools.count)

    def unlock(self, passphrase: str) -> Session:
        next(self.tries)
        if passphrase != PASSPHRASE:
            raise WrongPassphrase
        return self.session  # type: ignore[return-value]

    def close(self) -> None:
        self.closed = True


__all__ = ["PASSPHRASE", "FakeDesk", "FakeSession", "MediaError", "a_queue", "an_entry"]

"""Handing off in memory, for the tests of the window: a case with items, packages, letters and clocks made up here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from reviewer.handoff.errors import BuildCancelled, SendingFailed
from reviewer.model.cases import Case, Fingerprints, Item, ItemFacts, Referral, ReferralSource
from reviewer.model.decisions import Action, Confidence, Decision, Draft, Imminence, ViewingRecord
from reviewer.model.errors import CaseSystemRefused
from reviewer.model.handoff import (
    Audience,
    Handoff,
    Letter,
    LetterKind,
    NewHandoff,
    NewStep,
    Overrule,
    Preservation,
    RecordedDecision,
    RecordedItem,
    Step,
    StepKind,
    step_draft,
)
from reviewer.model.handoff_answers import HandoffAnswers, Question
from reviewer.model.handoff_terms import Agency
from reviewer.model.levels import Kind
from reviewer.ui.handoff_ports import Built, CaseOutline, Choice, KeptUnread, KnownCase, Progress, Sending, Sent

Called = Callable[..., None]
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
AGENCIES = (
    Agency(key="county", words="County police, digital unit", envelope="age", recipient="age1x", jurisdiction="DE"),
    Agency(key="federal", words="Federal police", envelope="cms"),
    Agency(key="court", words="District court", envelope="zip"),
)


def a_recorded(
    at: int,
    *,
    action: Action | None = Action.REPORT,
    danger: bool = False,
    seen: bool = True,
    unsettled: bool = False,
    case_id: str = "case-1843",
) -> RecordedItem:
    """Item `at` of the case; None: nobody decided it."""
    item = Item(
        id=f"item-{at}", case_id=case_id, exhibit=f"2026-01843/{at:03}", harm_type="violence",
        facts=ItemFacts(kind=Kind.VIDEO, format="h264/mp4", size=2_400_000 * at, width=1920, height=1080,
                        duration_s=60.0 + at),
        fingerprints=Fingerprints(sha256=f"{at:064x}", sha1="0" * 40, md5="0" * 32), container_sha256="0" * 64,
        container_size=10, created_at=NOON,
    )  # fmt: skip
    if action is None or unsettled:
        return RecordedItem(item=item, unsettled=unsettled, seen=seen)
    decision = Decision(
        id=f"d{at}", item_id=item.id, case_id=case_id, actor="m07", decided_at=NOON,
        imminence=Imminence.IMMINENT if danger else Imminence.NO_SIGN, category="violence", severity=3,
        confidence=Confidence.HIGH, action=action, rationale="words of the reason",
    )  # fmt: skip
    record = ViewingRecord(item_id=item.id, viewer="m07", seconds={"blurred": 4.0} if seen else {})
    made = RecordedDecision(
        decision=decision, viewing_record=record, author="Reviewer 07", standing=True, recorded_at=NOON
    )
    return RecordedItem(item=item, decisions=(made,), seen=seen)


def some_items() -> tuple[RecordedItem, ...]:
    return (
        a_recorded(1, danger=True),
        a_recorded(2, action=Action.PRESERVE, seen=False),
        a_recorded(3, action=Action.NONE),
        a_recorded(4, unsettled=True),
        a_recorded(5, action=None, seen=False),
    )


def an_outline(case_id: str = "case-1843", number: str = "2026-01843", **changes: object) -> CaseOutline:
    referral = Referral(source=ReferralSource.LAW_ENFORCEMENT, received_at=NOON, jurisdiction="DE")
    outline = CaseOutline(
        case=Case(id=case_id, number=number, referral=referral, created_at=NOON),
        items=some_items(),
        chosen=("item-1", "item-2"),
        agencies=AGENCIES,
        answers=HandoffAnswers(
            accounts="garden_friend_7", contact="Duty desk, +00 000 0000", legal_basis="Emergency disclosure"
        ),
        overrules=(),
        may_overrule=False,
        thumbnails_allowed=True,
        signed=True,
        unsigned_why="",
        stamping=True,
        clearing_house="https://clearing.example/ispws",
    )
    return replace(outline, **changes)  # type: ignore[arg-type]


def a_handoff(at: int = 1, *, case_id: str = "case-1843", agency: str = "County police, digital unit") -> Handoff:
    made = NewHandoff(
        id=f"h{at}", case_id=case_id, built_at=NOON, agency="county", agency_words=agency, envelope="age",
        package_sha256="ab" * 32, package_size=48_000_000, tagmanifest_sha256="cd" * 32, items=2, stamped=True,
    )  # fmt: skip
    built = Step(id=f"b{at}", kind=StepKind.BUILT, at=NOON, recorded_at=NOON, by="Reviewer 07")
    return Handoff(made=made, case_number="2026-01843", built_by="Reviewer 07", steps=(built,))


def a_preservation(number: int, ends_on: str, **changes: object) -> Preservation:
    made = Preservation(
        case_id=f"case-{number}", case_number=f"2026-{number:05}", jurisdiction="US", basis="18 U.S.C. 2258A(h)",
        starts_on="2025-11-20", ends_on=ends_on, remind_days=30,
    )  # fmt: skip
    return msgspec.structs.replace(made, **changes)


@dataclass
class FakeHandoffs:
    """`called` is told of each call. `going` lets a build or a sending end; until then it waits, or is cancelled."""

    called: Called
    outlines: dict[str, CaseOutline] = field(default_factory=dict)
    packages: list[Handoff] = field(default_factory=list)
    kept: dict[str, HandoffAnswers] = field(default_factory=dict)
    versions: list[Letter] = field(default_factory=list)
    clocks: list[Preservation] = field(default_factory=list)
    going: threading.Event = field(default_factory=threading.Event)
    passphrase: str = ""
    not_stamped: str = ""
    sent_steps: list[tuple[str, NewStep]] = field(default_factory=list)
    unread: dict[str, KeptUnread] = field(default_factory=dict)
    drafts: dict[str, Draft] = field(default_factory=dict)  # those of the session

    def __post_init__(self) -> None:
        self.outlines.setdefault("case-1843", an_outline())
        self.going.set()

    def cases(self) -> Sequence[KnownCase]:
        self.called("handoff_cases")
        return [KnownCase(one.case.id, one.case.number) for one in self.outlines.values()]

    def outline(self, case_id: str) -> CaseOutline:
        self.called("outline", case_id)
        outline = self.outlines.get(case_id) or an_outline(case_id, case_id.replace("case-", "2026-0"))
        return replace(outline, answers=self.kept.get(case_id, outline.answers))

    def missing(self, choice: Choice) -> tuple[Question, ...]:
        self.called("missing", choice)
        items = {one.item.id: one for one in self.outline(choice.case_id).items}
        standing = [items[item_id].standing for item_id in choice.item_ids]
        danger = any(one is not None and one.decision.imminence is not Imminence.NO_SIGN for one in standing)
        names = ["location_clues", "accounts", "times", "contact", "legal_basis", "retention"]
        asked = [*(["imminence"] if danger else []), *names]
        missing = [Question(name) for name in asked if not getattr(choice.answers, name).strip()]
        if None in standing:
            missing.append(Question.DECISIONS)
        return tuple(missing)

    def overrule(self, case_id: str, agency: str, missing: Sequence[Question], reason: str) -> Overrule:
        self.called("overrule", case_id, agency, tuple(missing), reason)
        made = Overrule(
            id="o1", case_id=case_id, missing=tuple(one.value for one in missing), reason=reason, by="Supervisor 01",
            member_id="s1", at=NOON, agency=agency,
        )  # fmt: skip
        self.outlines[case_id] = replace(self.outlines[case_id], overrules=(made, *self.outlines[case_id].overrules))
        return made

    def keep_answers(self, case_id: str, answers: HandoffAnswers) -> None:
        self.called("keep_answers", case_id, answers)
        self.kept[case_id] = answers

    def build(
        self, choice: Choice, folder: Path, *, progress: Callable[[Progress], None], cancelled: Callable[[], bool]
    ) -> Built:
        self.called("build", choice, folder)
        return self._build(choice.case_id, folder, progress, cancelled)

    def _build(
        self, case_id: str, folder: Path, progress: Callable[[Progress], None], cancelled: Callable[[], bool]
    ) -> Built:
        path = folder / "2026-01843.tar.age"
        for done in range(1_000_000):
            progress(Progress("sealing", min(done * 1_200_000, 9_800_000_000), 9_800_000_000))
            if cancelled():
                self.outlines[case_id] = replace(self.outlines[case_id], unfinished=str(path) + ".part")
                raise BuildCancelled
            if self.going.wait(0.005):
                break
        self.outlines[case_id] = replace(self.outlines[case_id], unfinished="")
        handoff = a_handoff(len(self.packages) + 1, case_id=case_id)
        self.packages.append(handoff)
        return Built(handoff, path, folder / "kit", self.passphrase, self.not_stamped)

    def resume(self, case_id: str, *, progress: Callable[[Progress], None], cancelled: Callable[[], bool]) -> Built:
        self.called("resume", case_id)
        return self._build(case_id, Path("/there"), progress, cancelled)

    def discard(self, case_id: str) -> None:
        self.called("discard", case_id)
        self.outlines[case_id] = replace(self.outlines[case_id], unfinished="")

    def made(self, case_id: str) -> Sequence[Handoff]:
        self.called("made", case_id)
        return [one for one in self.packages if one.made.case_id == case_id]

    def record_step(self, handoff_id: str, step: NewStep, written: Draft | None = None) -> Handoff:
        """As the real one, the draft goes before the case system is asked."""
        draft_id = step_draft(handoff_id)
        draft = None if written is None else msgspec.structs.replace(written, item_id=draft_id)
        if draft is not None:
            self.drafts.pop(draft_id, None)
        try:
            self.called("record_step", handoff_id, step)
        except CaseSystemRefused:
            if draft is not None and draft != Draft(item_id=draft_id):
                self.drafts.setdefault(draft_id, draft)
            raise
        if draft is not None and self.drafts.get(draft_id) == draft:
            del self.drafts[draft_id]
        self.sent_steps.append((handoff_id, step))
        at = next(at for at, one in enumerate(self.packages) if one.made.id == handoff_id)
        recorded = Step(
            id=step.id, kind=step.kind, at=step.at, recorded_at=NOON, by="Reviewer 07", to=step.to,
            receipt=step.receipt, receipt_sha256=step.receipt_sha256, words=step.words,
        )  # fmt: skip
        self.packages[at] = msgspec.structs.replace(self.packages[at], steps=(*self.packages[at].steps, recorded))
        return self.packages[at]

    def kept_unread(self, handoff_id: str) -> KeptUnread | None:
        return self.unread.get(handoff_id)

    def prepare_sending(self, handoff_id: str) -> Sending:
        self.called("prepare_sending", handoff_id)
        xml = '<?xml version="1.0"?>\n<report>\n  <incidentSummary/>\n</report>\n'
        files = (("2026-01843/001", 2_400_000, True), ("2026-01843/002", 4_800_000, False))
        return Sending("token", "https://clearing.example/ispws", xml, files, "somebody may be in danger")

    def send(self, sending: Sending, *, progress: Callable[[Progress], None], cancelled: Callable[[], bool]) -> Sent:
        self.called("send", sending.token)
        for done in range(1_000_000):
            progress(Progress("uploading", min(done * 100_000, 7_200_000), 7_200_000))
            if cancelled():
                raise SendingFailed("The report was retracted after 1 of 2 files.")
            if self.going.wait(0.005):
                break
        return Sent("4021", "ef" * 32, len(sending.files))

    def letters(self, case_id: str) -> Sequence[Letter]:
        self.called("letters", case_id)
        return [one for one in self.versions if one.case_id == case_id]

    def draft_letter(
        self,
        case_id: str,
        audience: Audience,
        kind: LetterKind,
        *,
        item_ids: Sequence[str] = (),
        agency: str = "",
    ) -> tuple[str, str]:
        self.called("draft_letter", case_id, audience, kind, tuple(item_ids), agency)
        text = "Your request of [to be filled: date of the request] is granted.\n\n[to be filled: name and office]"
        return f"Case 2026-01843: {kind.value}", text

    def keep_letter(
        self, case_id: str, letter_id: str | None, audience: Audience, kind: LetterKind, subject: str, text: str
    ) -> Letter:
        self.called("keep_letter", case_id, letter_id, subject, text)
        mine = letter_id or f"l{len(self.versions)}"
        number = 1 + sum(1 for one in self.versions if one.letter_id == mine)
        letter = Letter(
            id=f"v{len(self.versions)}", letter_id=mine, case_id=case_id, number=number, audience=audience, kind=kind,
            subject=subject, text=text, by="Reviewer 07", at=NOON,
        )  # fmt: skip
        self.versions.append(letter)
        return letter

    def export_letter(self, letter: Letter, target: Path) -> None:
        self.called("export_letter", letter, target)

    def preservations(self) -> Sequence[Preservation]:
        self.called("preservations")
        return list(self.clocks)


__all__ = ["FakeHandoffs", "a_handoff", "a_preservation", "a_recorded", "an_outline"]

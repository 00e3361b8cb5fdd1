"""A made-up case, complete and abstract, as the documents of a package see it. The same each time, to the byte.

Five exhibits: a picture that was decided and decided again, a video with marked times, an archive, a chat out of it
with a marked message, and a picture that nobody looked at. `content(exhibit)` are the bytes that were registered.
"""

from __future__ import annotations

import base64
import hashlib
import io
import random
import tarfile
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec

from reviewer import __version__
from reviewer.handoff.dossier import CustodyExtract, CustodyLine, Dossier, Exhibit, Thumbnail
from reviewer.model.cases import Case, Fingerprints, Item, ItemFacts, Referral, ReferralSource
from reviewer.model.custody import CustodyAction, CustodyEntry, leaf_bytes
from reviewer.model.decisions import (
    Action,
    Change,
    Confidence,
    Decision,
    Imminence,
    MessageMark,
    ViewingRecord,
)
from reviewer.model.handoff import Anchor, RecordedDecision, RecordedItem
from reviewer.model.handoff_answers import HandoffAnswers
from reviewer.model.handoff_terms import Agency, HandoffTerms, PreservationRule
from reviewer.model.known import KnownMatch, MatchKind
from reviewer.model.levels import Kind
from reviewer.model.policy import Policy, read_policy
from reviewer.model.segments import Segment
from reviewer.resources import resource
from reviewer.vault import merkle
from reviewer.vault.checkpoint import sign_checkpoint
from reviewer.vault.signed_note import Signer

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
BUILT_AT = NOON + timedelta(days=1)
HANDOFF_ID = "019a9f00-0000-7000-8000-0000000000a1"
CASE_ID = "case-1843"
NUMBER = "2026-01843"
SEVEN, TWELVE, BOSS, GATE = "reviewer-7", "reviewer-12", "supervisor-1", "intake-1"
PSEUDONYMS = ((BOSS, "Supervisor 01"), (GATE, "Intake 01"), (SEVEN, "Reviewer 07"), (TWELVE, "Reviewer 12"))
AGENCY = Agency(
    key="unit_north",
    words="Forensic Unit North",
    jurisdiction="EX",
    recipient="age1evght30htvgr7azhcwpgkccur5ktk80wjv6np2luv56sujllvdlqnvhum3",
    contact="duty desk, extension 7000",
)
TERMS = HandoffTerms(
    organisation="Example Platform Ltd",
    reporter_first_name="Example",
    reporter_last_name="Desk",
    reporter_email="desk@example.invalid",
    reporter_phone="+1 555 0100",
    agencies=(AGENCY,),
    preservation=(PreservationRule(jurisdiction="EX", days=365, basis="Example Act, section 1"),),
)
ANSWERS = HandoffAnswers(
    imminence="A person named in the chat says that it goes on; known from the chat alone.",
    location_clues="A sign with the word HARBOUR in the picture.",
    accounts="example-handle-1; example-handle-2",
    times="2026-11-19 21:14 UTC first message; 2026-11-19 22:03 +01:00 picture sent",
    contact="Trust desk, desk@example.invalid, day and night",
    legal_basis="Order 17/2026 of the Example Court",
    retention="Kept for 365 days from 2026-11-20 (Example Act, section 1)",
)
HOSTILE = '"}], "@id": "urn:x", @context \u202e\u0000\n<script> urn:uuid:1 \U0001f600'
_SIZES = {"003.01": 900}


def policy() -> Policy:
    """The shipped policy with terms of handing off."""
    shipped = read_policy(resource("policy.toml").read_text(encoding="utf-8"))
    return msgspec.structs.replace(shipped, handoff=TERMS)


def a_case() -> Case:
    referral = Referral(
        source=ReferralSource.LAW_ENFORCEMENT,
        received_at=NOON - timedelta(hours=6),
        due_at=NOON + timedelta(days=2),
        requester="Forensic Unit North",
        legal_basis="Order 17/2026",
        jurisdiction="EX",
        claim="Pictures and a chat were sent to several accounts.",
        danger=True,
        account="example-handle-1",
    )
    return Case(id=CASE_ID, number=NUMBER, referral=referral, created_at=NOON - timedelta(hours=5))


def content(exhibit: Exhibit) -> bytes:
    """The registered bytes of the exhibit: noise, or a small archive."""
    return _content(exhibit.record.item.exhibit.rpartition("/")[2])


def _content(position: str) -> bytes:
    if position != "003":
        return random.Random(position).randbytes(_SIZES.get(position, 70_000))
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        part = _content("003.01")
        entry = tarfile.TarInfo("chat.json")
        entry.size = len(part)
        archive.addfile(entry, io.BytesIO(part))
    return buffer.getvalue()


def an_item(position: str, kind: Kind, form: str, harm_type: str, **facts: object) -> Item:
    data = _content(position)
    root = f"item-{position.partition('.')[0]}" if "." in position else None
    picture = kind is Kind.IMAGE
    return Item(
        id=f"item-{position}",
        case_id=CASE_ID,
        exhibit=f"{NUMBER}/{position}",
        harm_type=harm_type,
        facts=ItemFacts(kind=kind, format=form, declared_format=form, size=len(data), **facts),  # type: ignore[arg-type]
        fingerprints=Fingerprints(
            sha256=hashlib.sha256(data).hexdigest(),
            sha1=hashlib.sha1(data).hexdigest(),
            md5=hashlib.md5(data).hexdigest(),
            pdq=hashlib.sha256(b"pdq" + data).hexdigest() if picture else None,
            pdq_quality=90 if picture else None,
        ),
        container_sha256=hashlib.sha256(b"sealed" + data).hexdigest(),
        container_size=len(data) + 500,
        created_at=NOON - timedelta(hours=4),
        part_of=root,
    )


def a_record(
    item: Item,
    number: int,
    actor: str,
    *,
    minutes: float,
    seconds: dict[str, float] | None = None,
    standing: bool = True,
    sound_seconds: float = 0.0,
    decided_from_notes: bool = False,
    **said: object,
) -> RecordedDecision:
    """A decision on `item`, so many minutes after noon; `said` are fields of Decision."""
    at = NOON + timedelta(minutes=minutes)
    fields: dict[str, object] = {
        "imminence": Imminence.NO_SIGN,
        "category": item.harm_type,
        "severity": 2,
        "confidence": Confidence.HIGH,
        "action": Action.REPORT,
        "rationale": "Abstract shapes as described in the referral.",
        "policy_version": "2026-11-default",
    }
    fields.update(said)
    decision = Decision(
        id=f"019a9f00-0000-7000-8000-{number:012d}",
        item_id=item.id,
        case_id=CASE_ID,
        actor=actor,
        decided_at=at,
        **fields,  # type: ignore[arg-type]
    )
    viewing = ViewingRecord(
        item_id=item.id,
        viewer=actor,
        opened_at=at - timedelta(minutes=2),
        closed_at=at,
        seconds={"blurred": 20.0, "clear": 8.0} if seconds is None else seconds,
        sound_seconds=sound_seconds,
        decided_from_notes=decided_from_notes,
    )
    author = dict(PSEUDONYMS)[actor]
    return RecordedDecision(
        decision=decision,
        viewing_record=viewing,
        author=author,
        standing=standing,
        recorded_at=at + timedelta(seconds=3),
    )


def exhibits() -> tuple[Exhibit, ...]:
    picture = an_item("001", Kind.IMAGE, "jpeg", "sexual_harm_minor", width=640, height=480)
    video = an_item("002", Kind.VIDEO, "mp4", "violence", width=1280, height=720, duration_s=93.5, has_sound=True)
    archive = an_item("003", Kind.ARCHIVE, "tar", "other")
    chat = an_item("003.01", Kind.CHAT, "chat", "grooming_text")
    unseen = an_item("004", Kind.IMAGE, "png", "sexual_harm_minor", width=100, height=100)
    first = a_record(picture, 1, SEVEN, minutes=10, standing=False, severity=2, age_group="13-15", classification="B2")
    amended = a_record(
        picture,
        2,
        SEVEN,
        minutes=14,
        severity=3,
        imminence=Imminence.POSSIBLE,
        grounds=("said_so",),
        age_group="13-15",
        classification="B1",
        labels=("place_named",),
        change=Change.AMEND,
        replaces=first.decision.id,
    )
    marked = a_record(
        video,
        3,
        TWELVE,
        minutes=30,
        sound_seconds=12.0,
        action=Action.PRESERVE,
        segments=(Segment(start_s=12.0, end_s=18.5, note="A word is said."), Segment(start_s=60.0, end_s=61.0)),
    )
    whole = a_record(archive, 4, TWELVE, minutes=40, seconds={}, action=Action.PRESERVE, severity=1)
    lines = a_record(
        chat,
        5,
        TWELVE,
        minutes=50,
        seconds={"clear": 30.0},
        imminence=Imminence.IMMINENT,
        grounds=("said_so", "recent"),
        age_group="13-15",
        action=Action.ESCALATE,
        severity=4,
        messages=(MessageMark(line=4, note="Names the place."), MessageMark(line=9)),
    )
    noted = a_record(
        unseen, 6, SEVEN, minutes=60, seconds={}, decided_from_notes=True, classification="A1", age_group="unclear"
    )
    match = KnownMatch(list_name="example list", list_version="7", kind=MatchKind.SHA256, category="known")
    return (
        Exhibit(RecordedItem(item=picture, decisions=(first, amended), seen=True), "data/items/2026-01843_001.jpg"),
        Exhibit(RecordedItem(item=video, decisions=(marked,), seen=True), "data/items/2026-01843_002.mp4"),
        Exhibit(RecordedItem(item=archive, decisions=(whole,)), "data/items/2026-01843_003.tar"),
        Exhibit(RecordedItem(item=chat, decisions=(lines,), seen=True), "data/items/2026-01843_003.01.json"),
        Exhibit(RecordedItem(item=unseen, decisions=(noted,), matches=(match,)), "data/items/2026-01843_004.png"),
    )


def an_entry(
    action: CustodyAction, actor: str, workstation: str, minutes: float, item: Item | None = None, **fields: str
) -> CustodyEntry:
    """A custody entry that took a minute; with no item, and no `case_id` among the fields, it is of no case."""
    at = NOON + timedelta(minutes=minutes)
    if item is not None:
        digest = item.fingerprints.sha256
        fields |= {"case_id": item.case_id, "exhibit": item.exhibit, "root_exhibit": item.root_exhibit}
        fields |= {"sha256_before": digest, "sha256_after": digest}
    return CustodyEntry(
        id=f"019a9f00-0000-7000-8000-{int(minutes * 10) + 100_000:012d}",
        action=action,
        actor=actor,
        role=actor.partition("-")[0],
        workstation=workstation,
        started_at=at - timedelta(minutes=1),
        ended_at=at,
        tool="reviewer",
        tool_version=__version__,
        **fields,
    )


def an_extract(workstation: str, entries: Iterable[CustodyEntry]) -> CustodyExtract:
    """A real log of these entries: chained, salted, proven and signed. Its lines are those of the case alone."""
    chained: list[CustodyEntry] = []
    for entry in entries:
        previous = chained[-1].id if chained else None
        chained.append(msgspec.structs.replace(entry, previous=previous))
    salts = [hashlib.sha256(entry.id.encode()).digest() for entry in chained]
    leaves = [merkle.leaf_hash(leaf_bytes(entry, salt)) for entry, salt in zip(chained, salts, strict=True)]
    edge = merkle.Edge()
    hashes = [edge.add(leaf) for leaf in leaves]

    def lookup(level: int, index: int) -> bytes:
        return hashes[merkle.place(level, index)][level]

    signer = Signer(f"reviewer.invalid/custody/{workstation}", hashlib.sha256(workstation.encode()).digest())
    lines = tuple(
        CustodyLine(
            position=at,
            salt=salts[at].hex(),
            entry=leaf_bytes(entry, salts[at])[32:].decode(),
            leaf_hash=leaves[at].hex(),
            proof=tuple(part.hex() for part in merkle.inclusion_proof(at, len(chained), lookup)),
        )
        for at, entry in enumerate(chained)
        if entry.case_id == CASE_ID
    )
    return CustodyExtract(
        checkpoint=sign_checkpoint(signer, edge.size, edge.root()),
        verifier=str(signer.verifier),
        size=edge.size,
        root=edge.root().hex(),
        lines=lines,
    )


def custody(chosen: tuple[Exhibit, ...]) -> tuple[CustodyExtract, ...]:
    """Two workstations: where it was taken in, and where it was reviewed. Each log has entries of no case, too."""
    items = [exhibit.record.item for exhibit in chosen]
    gate = [an_entry(CustodyAction.UNLOCKED, GATE, "gate", -60)]
    gate += [an_entry(CustodyAction.TAKEN_IN, GATE, "gate", -50 + at, item) for at, item in enumerate(items)]
    gate.append(an_entry(CustodyAction.KEY_SHARED, GATE, "gate", -40, case_id=CASE_ID, given_to=SEVEN))
    desk = [an_entry(CustodyAction.UNLOCKED, SEVEN, "desk", -5)]
    for exhibit in chosen:
        for at, one in enumerate(exhibit.record.decisions):
            minutes = (one.decision.decided_at - NOON).total_seconds() / 60
            actor, item = one.decision.actor, exhibit.record.item
            if one.viewing_record.viewed and at == 0:
                desk.append(an_entry(CustodyAction.OPENED, actor, "desk", minutes - 1.5, item))
            action = CustodyAction.AMENDED if at else CustodyAction.DECIDED
            desk.append(an_entry(action, actor, "desk", minutes, item, reason="2026-11-default"))
    desk.append(an_entry(CustodyAction.LOCKED, SEVEN, "desk", 70))
    desk.append(an_entry(CustodyAction.PACKAGED, BOSS, "desk", 24 * 60, case_id=CASE_ID, given_to=AGENCY.words))
    return an_extract("gate", gate), an_extract("desk", desk)


def a_dossier(**changes: object) -> Dossier:
    """The whole of it; `changes` are fields of Dossier."""
    chosen = exhibits()
    extracts = custody(chosen)
    anchors = tuple(
        Anchor(
            origin=extract.checkpoint.partition("\n")[0],
            note=extract.checkpoint,
            verifier=extract.verifier,
            at=BUILT_AT,
        )
        for extract in extracts
    )
    fields: dict[str, object] = {
        "handoff_id": HANDOFF_ID,
        "built_at": BUILT_AT,
        "built_by": dict(PSEUDONYMS)[BOSS],
        "organisation": TERMS.organisation,
        "agency": AGENCY,
        "case": a_case(),
        "exhibits": chosen,
        "answers": ANSWERS,
        "policy": policy(),
        "tool_version": __version__,
        "custody": extracts,
        "anchors": anchors,
        "left_out": (f"{NUMBER}/005", f"{NUMBER}/006"),
        "thumbnails": (Thumbnail("item-001", 8, 6, bytes(range(48))),),
        "pseudonyms": PSEUDONYMS,
    }
    fields.update(changes)
    return Dossier(**fields)  # type: ignore[arg-type]


def a_hostile_dossier() -> Dossier:
    """The whole of it, with everything that outsiders wrote replaced by what tries to get out of its string."""
    case = a_case()
    referral = msgspec.structs.replace(
        case.referral, requester=HOSTILE, claim=HOSTILE, legal_basis=HOSTILE, jurisdiction=HOSTILE
    )
    answers = msgspec.structs.replace(ANSWERS, accounts=HOSTILE, times=HOSTILE)
    return a_dossier(case=msgspec.structs.replace(case, referral=referral), answers=answers)


def root_of(extract: CustodyExtract) -> bytes:
    """What the signed note says, to compare."""
    return base64.b64decode(extract.checkpoint.split("\n")[2])

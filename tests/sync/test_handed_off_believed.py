"""What a lying case system says of packages, records, letters and preservation is not believed."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec
import pytest
from handing import a_package, a_step, a_version, an_overrule, kept_until
from house import BOSS, NOON, ONE, a_case, a_decision, an_item

from reviewer.model.decisions import ViewingRecord
from reviewer.model.errors import CaseSystemNonsense, CaseSystemRefused
from reviewer.model.handoff import (
    MAX_HANDOFFS,
    RECORD_PAGE,
    Anchor,
    CaseRecord,
    Handoff,
    HandoffList,
    Letter,
    LetterList,
    Overrule,
    OverruleList,
    Preservation,
    PreservationList,
    RecordedDecision,
    RecordedItem,
    Step,
    StepKind,
)
from reviewer.model.known import KnownMatch, MatchKind
from reviewer.sync import handoffs
from reviewer.sync.client import CaseSystem
from reviewer.sync.errors import RoleRefused
from reviewer.sync.handoffs import HandedOff

NAIVE = NOON.replace(tzinfo=None)
YEAR_ONE = NOON.replace(year=1)


def says(*answers: object, status: int = 200) -> HandedOff:
    """A case system that answers these one after the other, and the last one for ever."""
    left = [msgspec.json.encode(answer) for answer in answers]

    def handler(_request: httpx.Request) -> httpx.Response:
        body = left.pop(0) if len(left) > 1 else left[0]
        kind = "application/json" if status < 400 else "application/problem+json"
        return httpx.Response(status, headers={"Content-Type": kind}, stream=httpx.ByteStream(body))

    return CaseSystem("http://127.0.0.1:9", "token", "desk-1", transport=httpx.MockTransport(handler)).handed_off


def changed(value: Any, **fields: object) -> Any:
    return msgspec.structs.replace(value, **fields)


# the record

DECISION = a_decision(ONE)
VIEWED = ViewingRecord(item_id="item-1", viewer=ONE, opened_at=NOON, closed_at=NOON, seconds={"clear": 3.0})
MADE = RecordedDecision(decision=DECISION, viewing_record=VIEWED, author="Reviewer 01", standing=True, recorded_at=NOON)
MATCH = KnownMatch(list_name="gardens", list_version="3", kind=MatchKind.SHA256)
RECORDED = RecordedItem(item=an_item(), decisions=(MADE,), seen=True, matches=(MATCH,))
OTHER = RecordedItem(item=an_item("item-2"))
ANCHOR = Anchor(origin="desk-1", note="desk-1\n1\n\n", verifier="desk-1+0+x", at=NOON)
PAGE = CaseRecord(case=a_case(), items=(RECORDED,), anchors=(ANCHOR,))
FIRST = changed(PAGE, after="item-1")
LAST = CaseRecord(case=a_case(), items=(OTHER,))


def with_decision(**fields: object) -> CaseRecord:
    return changed(PAGE, items=(changed(RECORDED, decisions=(changed(MADE, **fields),)),))


def with_item(**fields: object) -> CaseRecord:
    return changed(PAGE, items=(changed(RECORDED, **fields),))


def test_the_good_record_is_believed() -> None:
    case, items, anchors = says(FIRST, LAST).record("case-1")
    assert (case, items, anchors) == (a_case(), (RECORDED, OTHER), (ANCHOR,))


@pytest.mark.parametrize(
    "pages",
    [
        (changed(PAGE, case=a_case("case-2")),),
        (changed(PAGE, case=changed(a_case(), created_at=NAIVE)),),
        (with_item(item=an_item("item-1", "case-2")),),
        (with_item(item=changed(an_item(), container_sha256="x")),),
        (with_item(unsettled=True),),
        (with_item(seen=False),),
        (with_item(matches=(changed(MATCH, distance=3),)),),
        (with_item(decisions=(MADE, MADE)),),
        (with_decision(decision=a_decision(ONE, "item-2")),),
        (with_decision(decision=changed(DECISION, case_id="case-2")),),
        (with_decision(decision=changed(DECISION, id="../1")),),
        (with_decision(decision=changed(DECISION, decided_at=YEAR_ONE)),),
        (with_decision(decision=changed(DECISION, severity=7)),),
        (with_decision(viewing_record=changed(VIEWED, item_id="item-2")),),
        (with_decision(viewing_record=changed(VIEWED, viewer="reviewer-2")),),
        (with_decision(viewing_record=changed(VIEWED, seconds={"naked": 1.0})),),
        (with_decision(viewing_record=changed(VIEWED, seconds={"clear": -1.0})),),
        (with_decision(viewing_record=changed(VIEWED, seconds={"clear": 1e300})),),
        (with_decision(viewing_record=changed(VIEWED, opened_at=NAIVE)),),
        (with_decision(author=""),),
        (with_decision(author="a\nb"),),
        (with_decision(recorded_at=NAIVE),),
        (changed(PAGE, anchors=(ANCHOR, ANCHOR)),),
        (changed(PAGE, anchors=(changed(ANCHOR, note="desk-2\n1\n\n"),)),),
        (changed(PAGE, anchors=(changed(ANCHOR, verifier=""),)),),
        (changed(PAGE, items=tuple(RecordedItem(item=an_item(f"i{n}")) for n in range(RECORD_PAGE + 1))),),
        (FIRST, changed(FIRST, anchors=(), after=None)),
        (changed(PAGE, items=(RECORDED, RECORDED)),),
        (FIRST, changed(LAST, case=changed(a_case(), number="2026-9"))),
        (FIRST, changed(LAST, anchors=(ANCHOR,))),
        (changed(FIRST, after="item-9"), LAST),
        (changed(FIRST, items=()), LAST),
        (changed(FIRST, items=(), after=""), LAST),
    ],
)  # fmt: skip
def test_a_record_that_cannot_be_is_not_believed(pages: tuple[CaseRecord, ...]) -> None:
    with pytest.raises(CaseSystemNonsense):
        says(*pages).record("case-1")


def test_a_record_without_an_end_is_not_read_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handoffs, "_MAX_PAGES", 3)
    pages = [CaseRecord(case=a_case(), items=(RecordedItem(item=an_item(f"i{n}")),), after=f"i{n}") for n in range(5)]
    with pytest.raises(CaseSystemNonsense):
        says(*pages).record("case-1")


def test_all_pages_together_may_not_be_larger_than_a_record(monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(msgspec.json.encode(FIRST.items)) + len(msgspec.json.encode(LAST.items))
    monkeypatch.setattr(handoffs, "_MAX_RECORD", size)
    assert len(says(FIRST, LAST).record("case-1")[1]) == 2
    monkeypatch.setattr(handoffs, "_MAX_RECORD", size - 1)
    with pytest.raises(CaseSystemNonsense):
        says(FIRST, LAST).record("case-1")


# packages

NEW = a_package()
BUILT = Step(id=NEW.id, kind=StepKind.BUILT, at=NOON, recorded_at=NOON, by="Reviewer 01")
SENT = Step(id="step-sent", kind=StepKind.SENT, at=NOON, recorded_at=NOON, by="Reviewer 01", to="north")
RECEIVED = Step(id="step-received", kind=StepKind.RECEIVED, at=NOON, recorded_at=NOON, by="Reviewer 01")
PACKAGE = Handoff(made=NEW, case_number="2026-1", built_by="Reviewer 01", steps=(BUILT, SENT))


def test_the_good_answers_are_believed() -> None:
    assert says(PACKAGE).add(NEW) == PACKAGE
    assert says(PACKAGE).one("handoff-1") == PACKAGE
    assert says(PACKAGE).step("handoff-1", a_step(StepKind.SENT, to="north")) == PACKAGE
    assert says(HandoffList(handoffs=(PACKAGE,))).of_case("case-1") == (PACKAGE,)
    assert says(LETTER).keep_letter("case-1", a_version()) == LETTER
    assert says(LetterList(letters=(LETTER,))).letters("case-1") == (LETTER,)
    assert says(OVERRULED).overrule("case-1", an_overrule()) == OVERRULED
    assert says(OverruleList(overrules=(OVERRULED,))).overrules("case-1") == (OVERRULED,)
    assert says(KEPT).preserve("case-1", kept_until("2027-01-01")) == KEPT
    assert says(PreservationList(preservations=(KEPT,))).preservations() == (KEPT,)


@pytest.mark.parametrize(
    "package",
    [
        changed(PACKAGE, made=a_package(items=4)),
        changed(PACKAGE, made=a_package(case_id="case-2")),
        changed(PACKAGE, steps=()),
        changed(PACKAGE, steps=(SENT,)),
        changed(PACKAGE, steps=(BUILT, changed(BUILT, id="again"))),
        changed(PACKAGE, steps=(BUILT, RECEIVED)),
        changed(PACKAGE, steps=(BUILT, changed(RECEIVED, kind=StepKind.RETRACTED), SENT)),
        changed(PACKAGE, steps=(BUILT, SENT, SENT)),
        changed(PACKAGE, steps=(BUILT, changed(SENT, at=YEAR_ONE))),
        changed(PACKAGE, steps=(BUILT, changed(SENT, recorded_at=NAIVE))),
        changed(PACKAGE, steps=(BUILT, changed(SENT, by=""))),
        changed(PACKAGE, steps=(BUILT, changed(SENT, receipt="x" * 201))),
        changed(PACKAGE, steps=(BUILT, changed(SENT, receipt_sha256="x"))),
        changed(PACKAGE, steps=(BUILT, *(changed(SENT, id=f"s{n}") for n in range(100)))),
        changed(PACKAGE, built_by="\x1b[2J"),
    ],
)
def test_a_package_that_cannot_be_is_not_believed(package: Handoff) -> None:
    with pytest.raises(CaseSystemNonsense):
        says(package).add(NEW)
    with pytest.raises(CaseSystemNonsense):
        says(HandoffList(handoffs=(PACKAGE, package))).of_case("case-1")


@pytest.mark.parametrize(
    "fields",
    [
        {"package_sha256": "x"},
        {"package_size": 0},
        {"envelope": "post"},
        {"missing": ("everything",)},
        {"overruled_by": "/"},
        {"built_at": NAIVE},
        {"agency": ""},
    ],
)
def test_a_package_nobody_could_have_recorded_is_not_believed(fields: dict[str, object]) -> None:
    with pytest.raises(CaseSystemNonsense):
        says(changed(PACKAGE, made=changed(NEW, **fields))).one("handoff-1")


def test_an_answer_about_something_else_is_none() -> None:
    with pytest.raises(CaseSystemNonsense):
        says(PACKAGE).one("handoff-2")
    with pytest.raises(CaseSystemNonsense):
        says(changed(PACKAGE, made=a_package("handoff-2"))).step("handoff-1", a_step(StepKind.SENT, to="north"))
    for step in (
        a_step(StepKind.SENT, to="south"),
        a_step(StepKind.SENT, "another", to="north"),
        a_step(StepKind.RECEIVED),
    ):
        with pytest.raises(CaseSystemNonsense):
            says(PACKAGE).step("handoff-1", step)
    crowd = tuple(changed(PACKAGE, made=a_package(f"h{n}")) for n in range(MAX_HANDOFFS + 1))
    with pytest.raises(CaseSystemNonsense):
        says(HandoffList(handoffs=crowd)).of_case("case-1")
    with pytest.raises(CaseSystemNonsense):
        says(HandoffList(handoffs=(PACKAGE, PACKAGE))).of_case("case-1")


@pytest.mark.parametrize("bad", ["", "../x", "a/b", "x" * 65])
def test_no_id_becomes_another_path(bad: str) -> None:
    client = says(PACKAGE)
    for call in (client.record, client.of_case, client.one, client.letters, client.overrules):
        with pytest.raises(ValueError, match="not an id"):
            call(bad)


# overrules, letters, preservation

OVERRULED = Overrule(
    id="overrule-1",
    case_id="case-1",
    missing=an_overrule().missing,
    reason=an_overrule().reason,
    by="Supervisor 01",
    member_id=BOSS,
    at=NOON,
    agency=an_overrule().agency,
)
LETTER = Letter(
    **{
        name: getattr(a_version(), name)
        for name in ("id", "letter_id", "number", "audience", "kind", "subject", "text")
    },
    case_id="case-1",
    by="Reviewer 01",
    at=NOON,
)
KEPT = Preservation(
    case_id="case-1",
    case_number="2026-1",
    jurisdiction="Northland",
    basis="Act 7",
    starts_on="2026-11-21",
    ends_on="2027-02-01",
    remind_days=30,
)


@pytest.mark.parametrize(
    "fields",
    [
        {"case_id": "case-2"},
        {"missing": ()},
        {"missing": ("x",)},
        {"reason": ""},
        {"by": ""},
        {"at": NAIVE},
        {"id": "o2"},
    ],
)
def test_an_overrule_that_cannot_be_is_not_believed(fields: dict[str, object]) -> None:
    with pytest.raises(CaseSystemNonsense):
        says(changed(OVERRULED, **fields)).overrule("case-1", an_overrule())


@pytest.mark.parametrize(
    "fields",
    [
        {"case_id": "case-2"},
        {"number": 2},
        {"number": 0},
        {"text": "x" * 20_001},
        {"subject": ""},
        {"by": "\u202e"},
        {"at": YEAR_ONE},
        {"letter_id": "/"},
    ],
)
def test_a_letter_that_cannot_be_is_not_believed(fields: dict[str, object]) -> None:
    letter = changed(LETTER, **fields)
    for call in (
        lambda: says(letter).keep_letter("case-1", a_version()),
        lambda: says(LetterList(letters=(letter,))).letters("case-1"),
    ):
        with pytest.raises(CaseSystemNonsense):
            call()


def test_no_version_of_a_letter_may_be_missing_or_twice() -> None:
    third = changed(LETTER, id="v3", number=3)
    for letters in ((LETTER, third), (LETTER, changed(LETTER, id="v1")), (LETTER, LETTER)):
        with pytest.raises(CaseSystemNonsense):
            says(LetterList(letters=letters)).letters("case-1")


@pytest.mark.parametrize(
    "fields",
    [
        {"case_id": "case-2"},
        {"jurisdiction": "Southland"},
        {"ends_on": "2026-12-31"},
        {"ends_on": "2027-13-01"},
        {"starts_on": "2027-02-02"},
        {"remind_days": -1},
        {"basis": "x" * 501},
    ],
)
def test_a_preservation_that_was_not_asked_for_is_not_believed(fields: dict[str, object]) -> None:
    """One that ends earlier than what was recorded would be taken for safe."""
    with pytest.raises(CaseSystemNonsense):
        says(changed(KEPT, **fields)).preserve("case-1", kept_until("2027-01-01"))


def test_preservations_come_soonest_first() -> None:
    sooner = changed(KEPT, ends_on="2027-01-01")
    assert says(PreservationList(preservations=(sooner, KEPT))).preservations() == (sooner, KEPT)
    with pytest.raises(CaseSystemNonsense):
        says(PreservationList(preservations=(KEPT, sooner))).preservations()


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("letter-version", "Somebody wrote another version of this letter meanwhile."),
        ("step-order", "Nobody has recorded that this package was sent."),
        ("step-time", "The time lies before the package was built, or after now."),
        ("not-overruled", "No supervisor let this case be sealed without what is missing."),
    ],
)
def test_a_refusal_is_told_in_our_words(slug: str, words: str) -> None:
    problem = {"type": f"urn:reviewer:problem:{slug}", "status": 409, "detail": "the server's own words"}
    with pytest.raises(CaseSystemRefused) as refused:
        says(problem, status=409).add(NEW)
    assert refused.value.what_happened == words


def test_a_role_is_refused_as_one() -> None:
    problem = {"type": "urn:reviewer:problem:role-not-allowed", "status": 403}
    with pytest.raises(RoleRefused):
        says(problem, status=403).preservations()

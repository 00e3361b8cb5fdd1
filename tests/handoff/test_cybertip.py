"""The CyberTipline report: it validates whatever is written in a case, and says of each file what is true."""

from __future__ import annotations

import shutil
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from dossiers import ANSWERS, NOON, SEVEN, TERMS, a_case, a_dossier, a_record, an_item, policy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewer.handoff.cybertip import cybertip_report, high_priority
from reviewer.handoff.cybertip_files import file_details, upload_files
from reviewer.handoff.cybertip_terms import FILE_ANNOTATIONS, INCIDENT_TYPES, REPORT_ANNOTATIONS
from reviewer.handoff.dossier import Dossier, Exhibit
from reviewer.handoff.errors import NotReportable
from reviewer.model.cases import Referral, ReferralSource
from reviewer.model.decisions import Action, Change, Imminence
from reviewer.model.handoff import RecordedDecision, RecordedItem
from reviewer.model.handoff_answers import HandoffAnswers
from reviewer.model.handoff_terms import HandoffTerms
from reviewer.model.levels import Kind

PICTURE = an_item("007", Kind.IMAGE, "jpeg", "sexual_harm_minor")


@pytest.fixture(scope="module")
def schema(shared: Path) -> Path:
    if shutil.which("xmllint") is None:
        pytest.skip("xmllint is not installed")
    found = shared / "ncmec" / "cybertip_report.xsd"
    if not found.is_file():
        pytest.skip("the clearing house's schema is not beside this checkout")
    return found


def validate(schema: Path, folder: Path, dossier: Dossier) -> None:
    """The report and the details of every file, by a tool that we did not write."""
    documents = [cybertip_report(dossier)]
    documents += [file_details(dossier, one, report_id="4564654", file_id="b0754af7") for one in dossier.exhibits]
    paths = [folder / f"{number}.xml" for number in range(len(documents))]
    for path, content in zip(paths, documents, strict=True):
        path.write_bytes(content)
    done = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", schema, *paths], capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


def exhibit(*decisions: RecordedDecision, seen: bool = False, **fields: object) -> Exhibit:
    record = RecordedItem(item=PICTURE, decisions=decisions, seen=seen, **fields)  # type: ignore[arg-type]
    return Exhibit(record, "data/items/2026-01843_007.jpg")


def only(*chosen: Exhibit, **changes: object) -> Dossier:
    return a_dossier(exhibits=chosen, custody=(), anchors=(), thumbnails=(), **changes)


def details_of(dossier: Dossier, at: int = 0) -> ET.Element:
    return ET.fromstring(file_details(dossier, dossier.exhibits[at], report_id="1", file_id="f"))


def summary_of(dossier: Dossier) -> dict[str, str | None]:
    summary = ET.fromstring(cybertip_report(dossier)).find("incidentSummary")
    assert summary is not None
    return {child.tag: child.text for child in summary}


# that it validates
def test_a_full_case_validates(schema: Path, tmp_path: Path) -> None:
    validate(schema, tmp_path, a_dossier())


def test_a_case_of_which_nothing_is_known_validates(schema: Path, tmp_path: Path) -> None:
    bare = Referral(source=ReferralSource.AUTOMATED, received_at=NOON)
    dossier = only(
        exhibit(),
        answers=HandoffAnswers(),
        case=msgspec.structs.replace(a_case(), referral=bare),
        policy=msgspec.structs.replace(policy(), handoff=HandoffTerms()),
        organisation="",
        left_out=(),
    )
    validate(schema, tmp_path, dossier)
    root = ET.fromstring(cybertip_report(dossier))
    assert [child.tag for child in root] == ["incidentSummary", "reporter", "additionalInfo"]
    with pytest.raises(NotReportable):
        cybertip_report(replace(dossier, exhibits=()))


def test_every_annotation_validates(schema: Path, tmp_path: Path) -> None:
    labels = (*REPORT_ANNOTATIONS, *FILE_ANNOTATIONS)
    dossier = only(exhibit(a_record(PICTURE, 9, SEVEN, minutes=1, labels=labels), seen=True))
    validate(schema, tmp_path, dossier)
    said = ET.fromstring(cybertip_report(dossier)).findall("incidentSummary/reportAnnotations/*")
    assert [one.tag for one in said] == list(REPORT_ANNOTATIONS.values())
    assert [one.tag for one in details_of(dossier).findall("fileAnnotations/*")] == list(FILE_ANNOTATIONS.values())


@pytest.mark.parametrize("harm_type", INCIDENT_TYPES)
def test_every_incident_type_validates(schema: Path, tmp_path: Path, harm_type: str) -> None:
    validate(schema, tmp_path, only(exhibit(a_record(PICTURE, 9, SEVEN, minutes=1, category=harm_type), seen=True)))


@pytest.mark.parametrize("account", ["@some.handle", "a.person@mail.example", "https://example.invalid/u/7", "+49 1"])
def test_every_form_of_account_validates(schema: Path, tmp_path: Path, account: str) -> None:
    referral = msgspec.structs.replace(a_case().referral, account=account)
    dossier = a_dossier(case=msgspec.structs.replace(a_case(), referral=referral))
    validate(schema, tmp_path, dossier)
    assert account in "".join(ET.fromstring(cybertip_report(dossier)).find("personOrUserReported").itertext())  # type: ignore[union-attr]


# Every character there is, and those that markup is made of more often.
HOSTILE = st.text(st.one_of(st.sampled_from("<>&\"'\x00\r\n]\u202e\ud800\uffff{}%!-"), st.characters()), max_size=60)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(HOSTILE, min_size=18, max_size=18))
def test_whatever_is_written_validates_and_stays_text(schema: Path, tmp_path: Path, words: list[str]) -> None:
    answers = HandoffAnswers(*(), **dict(zip(msgspec.structs.asdict(ANSWERS), words, strict=False)))
    referral = msgspec.structs.replace(
        a_case().referral, requester=words[7], legal_basis=words[8], claim=words[9], account=words[10]
    )
    terms = msgspec.structs.replace(
        TERMS, reporter_first_name=words[11], reporter_last_name=words[12], reporter_email=words[13]
    )
    decided = a_record(
        PICTURE,
        9,
        SEVEN,
        minutes=1,
        rationale=words[14],
        labels=(words[15],),
        age_group=words[16],
        grounds=(words[17],),
    )
    decided = msgspec.structs.replace(
        decided,
        decision=msgspec.structs.replace(
            decided.decision, imminence=Imminence.IMMINENT, category=words[0], classification="A1"
        ),
    )
    dossier = only(
        exhibit(decided, seen=True),
        answers=answers,
        case=msgspec.structs.replace(a_case(), referral=referral),
        policy=msgspec.structs.replace(policy(), handoff=terms),
        organisation=words[1],
    )
    validate(schema, tmp_path, dossier)
    tags = {one.tag for one in ET.fromstring(cybertip_report(dossier)).iter()}
    assert tags <= KNOWN_TAGS, tags - KNOWN_TAGS


KNOWN_TAGS = {one.tag for one in ET.fromstring(cybertip_report(a_dossier())).iter()} | {
    *("lawEnforcement", "agencyName", "screenName", "personOrUserReportedPerson", "email", "profileUrl"),
}


def test_what_xml_cannot_hold_is_to_be_seen() -> None:
    answers = msgspec.structs.replace(ANSWERS, contact="desk\x00 \ufffe\ud800\uffff\r\nday <&> night")
    said = ET.fromstring(cybertip_report(a_dossier(answers=answers))).findtext("additionalInfo", "")
    assert "desk[U+0000] [U+FFFE][U+D800][U+FFFF]\nday <&> night" in said


def test_the_same_dossier_gives_the_same_bytes() -> None:
    assert cybertip_report(a_dossier()) == cybertip_report(a_dossier())


# who saw what
def viewed(seconds: dict[str, float], *, sound: float = 0.0, copy_of: str | None = None) -> RecordedDecision:
    made = a_record(PICTURE, 9, SEVEN, minutes=1, seconds=seconds, sound_seconds=sound)
    record = msgspec.structs.replace(made.viewing_record, with_stack_of=copy_of)
    return msgspec.structs.replace(made, viewing_record=record)


def voided(decision: RecordedDecision) -> tuple[RecordedDecision, RecordedDecision]:
    void = a_record(PICTURE, 10, SEVEN, minutes=5, seconds={}, change=Change.VOID, replaces=decision.decision.id)
    return msgspec.structs.replace(decision, standing=False), msgspec.structs.replace(void, standing=False)


NOTES = a_record(PICTURE, 9, SEVEN, minutes=1, seconds={}, decided_from_notes=True)
TRUTH = [
    pytest.param((NOTES,), False, "false", id="decided from notes alone"),
    pytest.param((NOTES,), True, "true", id="decided from notes, seen by another who decided nothing"),
    pytest.param((), True, "true", id="seen, then passed on"),
    pytest.param((), False, "false", id="nobody had it"),
    pytest.param((viewed({}, copy_of="item-1"),), False, "false", id="decided with the item it is a copy of"),
    pytest.param((viewed({}, copy_of="item-1"),), True, "true", id="the same, and seen by somebody"),
    pytest.param((viewed({"facts": 900.0}),), False, "false", id="facts alone"),
    pytest.param((viewed({}, sound=3.0),), True, "true", id="heard"),
    pytest.param((viewed({"blurred": 2.0}),), True, "true", id="blurred"),
    pytest.param(voided(viewed({"clear": 2.0})), True, "true", id="seen, the decision voided"),
    pytest.param(voided(NOTES), False, "false", id="from notes, the decision voided"),
]


@pytest.mark.parametrize(("decisions", "seen", "said"), TRUTH)
def test_viewed_is_what_the_viewing_records_say(decisions: tuple[RecordedDecision, ...], seen: bool, said: str) -> None:
    dossier = only(exhibit(*decisions, seen=seen))
    assert details_of(dossier).findtext("fileViewedByEsp") == said
    assert upload_files(dossier, lambda _: pytest.fail("opened"))[0].viewed is (said == "true")
    words = "seen by a person" if seen else "not seen by any person"
    assert f"007: image, {words}," in ET.fromstring(cybertip_report(dossier)).findtext("additionalInfo", "")


def test_of_unsettled_items_it_is_said_as_well() -> None:
    dossier = only(exhibit(seen=True, unsettled=True))
    assert details_of(dossier).findtext("fileViewedByEsp") == "true"
    assert "readings of it differ" in ET.fromstring(cybertip_report(dossier)).findtext("additionalInfo", "")


@pytest.mark.parametrize("decided", [viewed({"clear": 1.0}), viewed({}, sound=1.0)])
def test_a_viewing_record_counts_whatever_the_case_system_concluded(decided: RecordedDecision) -> None:
    for decisions in ((decided,), voided(decided)):
        assert details_of(only(exhibit(*decisions, seen=False))).findtext("fileViewedByEsp") == "true"


def test_each_file_of_the_case_has_its_own_truth() -> None:
    dossier = a_dossier()
    said = [details_of(dossier, at).findtext("fileViewedByEsp") for at in range(5)]
    assert said == ["true", "true", "false", "true", "false"]
    assert all(details_of(dossier, at).findtext("exifViewedByEsp") == "false" for at in range(5))


# how urgent
def decided(imminence: Imminence, *, standing: bool = True, **fields: object) -> RecordedDecision:
    return a_record(PICTURE, 9, SEVEN, minutes=1, imminence=imminence, standing=standing, **fields)


URGENT = [
    pytest.param((decided(Imminence.IMMINENT),), "Danger is imminent", id="imminent"),
    pytest.param((decided(Imminence.POSSIBLE, grounds=("said_so",)),), "possible (Somebody said so)", id="possible"),
    pytest.param((decided(Imminence.NO_SIGN),), "", id="no sign"),
    pytest.param((decided(Imminence.IMMINENT, standing=False), decided(Imminence.NO_SIGN)), "", id="amended"),
    pytest.param(voided(decided(Imminence.IMMINENT)), "", id="voided"),
    pytest.param(
        (decided(Imminence.IMMINENT, change=Change.VOID),), "", id="a void says nothing of danger, whatever it carries"
    ),
    pytest.param((), "", id="not decided, however the referral sounds"),
]


@pytest.mark.parametrize(("decisions", "reason"), URGENT)
def test_urgent_only_when_a_standing_decision_says_so(decisions: tuple[RecordedDecision, ...], reason: str) -> None:
    dossier = only(exhibit(*decisions, seen=True))
    assert dossier.case.referral.danger
    assert dossier.answers.imminence
    said = summary_of(dossier).get("escalateToHighPriority")
    if not reason:
        assert said is None
        assert high_priority(dossier) == ""
        return
    assert said == high_priority(dossier)
    assert reason in said
    assert said.endswith(dossier.answers.imminence)


def test_what_is_imminent_is_said_first() -> None:
    assert high_priority(a_dossier()).splitlines()[0].startswith("Danger is imminent")
    assert high_priority(a_dossier()).splitlines()[1].startswith("Danger is possible")


# when
def test_the_time_is_the_earliest_that_was_answered_with_its_zone() -> None:
    said = summary_of(a_dossier())
    assert said["incidentDateTime"] == "2026-11-19T21:03:00Z"
    assert ANSWERS.times in (said["incidentDateTimeDescription"] or "")


@pytest.mark.parametrize("times", ["", "yesterday at 14:03", "2026-11-20 14:03", "None known"])
def test_otherwise_it_is_when_the_referral_came_and_that_is_said(times: str) -> None:
    said = summary_of(a_dossier(answers=msgspec.structs.replace(ANSWERS, times=times)))
    assert said["incidentDateTime"] == "2026-11-20T06:00:00Z"
    assert "when the reporting organisation received the referral" in (said["incidentDateTimeDescription"] or "")


def test_a_time_after_the_report_is_none_at_which_something_happened() -> None:
    answers = msgspec.structs.replace(ANSWERS, times="2027-01-01 00:00 UTC")
    assert summary_of(a_dossier(answers=answers))["incidentDateTime"] == "2026-11-20T06:00:00Z"


# what of
def test_where_no_incident_type_would_be_true_there_is_no_report() -> None:
    dossier = only(exhibit(a_record(PICTURE, 9, SEVEN, minutes=1, category="violence"), seen=True))
    with pytest.raises(NotReportable):
        cybertip_report(dossier)


def test_what_people_decided_counts_more_than_what_was_reported() -> None:
    grooming = only(exhibit(a_record(PICTURE, 9, SEVEN, minutes=1, category="grooming_text"), seen=True))
    assert (summary_of(grooming)["incidentType"] or "").startswith("Online Enticement")
    undecided = only(exhibit())
    assert (summary_of(undecided)["incidentType"] or "").startswith("Child Pornography")
    other = only(exhibit(a_record(PICTURE, 9, SEVEN, minutes=1, category="other"), seen=True))
    with pytest.raises(NotReportable):
        cybertip_report(other)


@pytest.mark.parametrize(
    ("classification", "standing", "said"),
    [
        ("A1", True, "A1"),
        ("B2", True, "B2"),
        ("C1", True, None),
        ("a1", True, None),
        (None, True, None),
        ("A1", False, None),
    ],
)
def test_the_classification_is_a_persons_and_one_of_the_four(
    classification: str | None, standing: bool, said: str | None
) -> None:
    made = a_record(PICTURE, 9, SEVEN, minutes=1, classification=classification, standing=standing)
    dossier = only(exhibit(made, seen=True))
    assert details_of(dossier).findtext("industryClassification") == said


@pytest.mark.parametrize(
    ("action", "classification", "said"),
    [
        (Action.REPORT, None, "Reported"),
        (Action.ESCALATE, None, "Reported"),
        (Action.PRESERVE, None, "Supplemental Reported"),
        (Action.PRESERVE, "B1", "Reported"),
        (Action.NONE, None, "Supplemental Reported"),
    ],
)
def test_relevance_follows_the_decision(action: Action, classification: str | None, said: str) -> None:
    made = a_record(PICTURE, 9, SEVEN, minutes=1, action=action, classification=classification)
    assert details_of(only(exhibit(made, seen=True))).findtext("fileRelevance") == said


def test_hashes_are_those_registered_and_a_weak_pdq_is_left_out() -> None:
    said = {one.get("hashType"): one.text for one in details_of(only(exhibit())).findall("originalFileHash")}
    prints = PICTURE.fingerprints
    assert said == {"MD5": prints.md5, "SHA1": prints.sha1, "SHA256": prints.sha256, "PDQ": prints.pdq}
    weak = msgspec.structs.replace(PICTURE, fingerprints=msgspec.structs.replace(prints, pdq_quality=49))
    one = Exhibit(RecordedItem(item=weak), "data/items/x.jpg")
    assert "PDQ" not in {hashed.get("hashType") for hashed in details_of(only(one)).findall("originalFileHash")}


def test_what_is_not_known_is_not_claimed() -> None:
    dossier = a_dossier()
    tags = {one.tag for at in range(5) for one in details_of(dossier, at).iter()}
    tags |= {one.tag for one in ET.fromstring(cybertip_report(dossier)).iter()}
    never = {"publiclyAvailable", "originalFileName", "uploadedToEspTimestamp", "reportedToLe", "internetDetails"}
    never |= {"servedLegalProcessDomestic", "victim", "victimPerson", "ipCaptureEvent", "thirdPartyUserReported"}
    assert not tags & never


def test_what_is_missing_is_told_in_words() -> None:
    told = cybertip_report(a_dossier(missing=("legal_basis", "decisions"))).decode()
    assert "Missing when this was made: Legal basis of this handoff; A decision on every item in the package." in told
    assert "Not answered" not in told
    assert "legal_basis" not in told


def test_no_reviewer_is_named() -> None:
    dossier = a_dossier()
    told = cybertip_report(dossier)
    for at in range(5):
        told += file_details(dossier, dossier.exhibits[at], report_id="1", file_id="f")
    for member, name in dossier.pseudonyms:
        assert member.encode() not in told
        assert name.encode() not in told


def test_an_agency_is_named_only_where_it_asked() -> None:
    assert ET.fromstring(cybertip_report(a_dossier())).findtext("lawEnforcement/agencyName") == "Forensic Unit North"
    for changes in ({"source": ReferralSource.GOVERNMENT}, {"requester": " "}):
        referral = msgspec.structs.replace(a_case().referral, **changes)
        dossier = a_dossier(case=msgspec.structs.replace(a_case(), referral=referral))
        assert ET.fromstring(cybertip_report(dossier)).find("lawEnforcement") is None


@pytest.mark.parametrize(
    ("account", "path"),
    [
        ("@some.handle", "screenName"),
        ("a.person@mail.example", "personOrUserReportedPerson/email"),
        ("https://example.invalid/u/7", "profileUrl"),
        ("example-handle-1", None),
        ("+49 170 0000", None),
    ],
)
def test_an_account_has_a_field_only_where_its_form_says_what_it_is(account: str, path: str | None) -> None:
    referral = msgspec.structs.replace(a_case().referral, account=account)
    root = ET.fromstring(cybertip_report(a_dossier(case=msgspec.structs.replace(a_case(), referral=referral))))
    reported = root.find("personOrUserReported")
    assert reported is not None
    assert f"As named in the referral: {account}" in reported.findtext("additionalInfo", "")
    fields = [one for one in reported.iter() if one.text == account]
    assert len(fields) == (path is not None)
    assert path is None or reported.findtext(path) == account


@pytest.mark.parametrize("answer", ["None known", "none known.", "", "  "])
def test_nobody_is_reported_where_nobody_is_known(answer: str) -> None:
    referral = msgspec.structs.replace(a_case().referral, account="")
    dossier = a_dossier(
        case=msgspec.structs.replace(a_case(), referral=referral),
        answers=msgspec.structs.replace(ANSWERS, accounts=answer),
    )
    assert ET.fromstring(cybertip_report(dossier)).find("personOrUserReported") is None


@pytest.mark.parametrize(("report_id", "file_id"), [("0", "f"), ("1<", "f"), ("", "f"), ("1", ""), ("1", "a b")])
def test_ids_from_outside_have_their_form(report_id: str, file_id: str) -> None:
    dossier = a_dossier()
    with pytest.raises(ValueError, match="not an id"):
        file_details(dossier, dossier.exhibits[0], report_id=report_id, file_id=file_id)

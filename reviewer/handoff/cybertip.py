"""The CyberTipline report of a case as XML, in the order of elements of NCMEC's schema. A pure function of the dossier.

Written is what is known and true; what is not known is left out, however often others fill it in.
`docs/cybertipline.md` says what comes from where. Each file's details are in `cybertip_files`.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from reviewer.handoff.cybertip_terms import (
    REPORT_ANNOTATIONS,
    all_standing,
    annotated,
    in_danger,
    incident_type,
    known,
    standing,
)
from reviewer.handoff.dossier import Dossier, Exhibit
from reviewer.handoff.errors import NotReportable
from reviewer.handoff.incident_times import earliest
from reviewer.handoff.plain_words import IMMINENCE
from reviewer.handoff.report_words import question_words
from reviewer.handoff.xml_text import document, moment, put, put_group, put_truth
from reviewer.model.cases import ReferralSource
from reviewer.model.taxonomy import words_of

_SOURCES: dict[ReferralSource, str] = {
    ReferralSource.LAW_ENFORCEMENT: "law enforcement",
    ReferralSource.GOVERNMENT: "government",
    ReferralSource.INTERNAL: "our own people",
    ReferralSource.USER: "a user",
    ReferralSource.AUTOMATED: "an automated detection",
}
_HANDLE = re.compile(r"@[A-Za-z0-9._-]{2,64}")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
_ADDRESS = re.compile(r"https?://[^\s<>\"]{3,500}")


def cybertip_report(dossier: Dossier) -> bytes:
    """The <report> document. NotReportable where no incident type of the form would be true."""
    incident = incident_type(exhibit.record for exhibit in dossier.exhibits)
    if incident is None:
        raise NotReportable
    root = ET.Element("report")
    put_group(root, _summary(dossier, incident))
    put_group(root, _law_enforcement(dossier))
    root.append(_reporter(dossier))
    put_group(root, _reported(dossier))
    put(root, "additionalInfo", _more(dossier))
    return document(root)


def high_priority(dossier: Dossier) -> str:
    """Why the report is urgent; empty unless a standing decision says that danger is imminent or possible."""
    reasons = []
    for exhibit, decision in in_danger(dossier):
        grounds = ", ".join(words_of(dossier.policy.taxonomy.grounds, key) for key in decision.grounds)
        because = f" ({grounds})" if grounds else ""
        decided = f"decided of exhibit {exhibit} on {moment(decision.decided_at)}"
        reasons.append(f"{IMMINENCE[decision.imminence]}{because}, {decided}.")
    if reasons and dossier.answers.imminence.strip():
        reasons.append(dossier.answers.imminence.strip())
    return "\n".join(reasons)


def _summary(dossier: Dossier, incident: str) -> ET.Element:
    summary = ET.Element("incidentSummary")
    put(summary, "incidentType", incident)
    put(summary, "escalateToHighPriority", high_priority(dossier))
    group = ET.Element("reportAnnotations")
    labels = {
        label for exhibit in dossier.exhibits if (one := standing(exhibit.record)) is not None for label in one.labels
    }
    for element in annotated(labels, REPORT_ANNOTATIONS):
        put_truth(group, element, True)
    put_group(summary, group)
    at = earliest(dossier.answers.times, until=dossier.built_at)
    put(summary, "incidentDateTime", moment(at if at is not None else dossier.case.referral.received_at))
    put(summary, "incidentDateTimeDescription", _about_the_time(dossier, known_time=at is not None))
    return summary


def _about_the_time(dossier: Dossier, *, known_time: bool) -> str:
    if known_time:
        return f"The earliest time with a date and a zone in what the reporting organisation wrote: {_times(dossier)}"
    told = f" What it wrote of times: {_times(dossier)}" if dossier.answers.times.strip() else ""
    return (
        "When it happened is not known with a date and a zone. "
        f"This is when the reporting organisation received the referral.{told}"
    )


def _times(dossier: Dossier) -> str:
    return dossier.answers.times.strip()


def _law_enforcement(dossier: Dossier) -> ET.Element:
    """Only where the request came from an agency that is named. Whether legal process was served is for a lawyer."""
    agency = ET.Element("lawEnforcement")
    if dossier.case.referral.source is ReferralSource.LAW_ENFORCEMENT:
        put(agency, "agencyName", dossier.case.referral.requester)
    return agency


def _reporter(dossier: Dossier) -> ET.Element:
    terms = dossier.policy.handoff
    reporter = ET.Element("reporter")
    person = ET.SubElement(reporter, "reportingPerson")
    put(person, "firstName", terms.reporter_first_name)
    put(person, "lastName", terms.reporter_last_name)
    put(person, "phone", terms.reporter_phone)
    put(person, "email", terms.reporter_email)
    if dossier.organisation.strip():
        put(reporter, "companyTemplate", f"Reporting organisation: {dossier.organisation}")
    return reporter


def _reported(dossier: Dossier) -> ET.Element:
    """The account that the referral is about. What was written of accounts may name others, so it stays in words."""
    account = known(dossier.case.referral.account)
    answer = known(dossier.answers.accounts)
    reported = ET.Element("personOrUserReported")
    if _EMAIL.fullmatch(account):
        person = ET.SubElement(reported, "personOrUserReportedPerson")
        put(person, "email", account)
    elif _HANDLE.fullmatch(account):
        put(reported, "screenName", account)
    elif _ADDRESS.fullmatch(account):
        put(reported, "profileUrl", account)
    told = [f"As named in the referral: {account}"] if account else []
    if answer:
        told.append(f"Accounts as the reporting organisation wrote them, not all need be of this person: {answer}")
    put(reported, "additionalInfo", "\n".join(told))
    return reported


def _more(dossier: Dossier) -> str:
    case, answers = dossier.case, dossier.answers
    lines = [
        f"Case {case.number}, handoff {dossier.handoff_id}, made with reviewer {dossier.tool_version}.",
        f"The referral came from {_SOURCES[case.referral.source]} and was received on "
        f"{moment(case.referral.received_at)}.",
    ]
    asked = (
        ("What the referral says", case.referral.claim),
        ("Legal basis", dossier.authority),
        ("Clues to a location", answers.location_clues),
        ("Who answers questions", answers.contact),
        ("How long it is kept", answers.retention),
    )
    lines += [f"{name}: {text.strip()}" for name, text in asked if text.strip()]
    lines.append(f"Exhibits reported: {len(dossier.exhibits)}.")
    lines += [_line_of(dossier, exhibit) for exhibit in dossier.exhibits]
    if dossier.left_out:
        lines.append(f"Exhibits of the case that are not part of this report: {len(dossier.left_out)}.")
    if dossier.missing:
        lines.append(f"Missing when this was made: {'; '.join(question_words(key) for key in dossier.missing)}.")
    return "\n".join(lines)


def _line_of(dossier: Dossier, exhibit: Exhibit) -> str:
    record = exhibit.record
    seen = "seen by a person" if exhibit.was_seen else "not seen by any person"
    decisions = all_standing(record)
    if record.unsettled:
        found = "readings of it differ or are under way"
    elif not decisions:
        found = "no decision stands"
    else:
        found = f"decided as {dossier.policy.harm_type(decisions[-1].category).words}"
    return f"{record.item.exhibit}: {record.item.facts.kind.value}, {seen}, {found}."

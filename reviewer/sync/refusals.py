"""Which error a refusal becomes. The server's own words are never shown: they are looked up here by the type."""

from __future__ import annotations

import re

import msgspec

from reviewer.model.errors import CaseSystemNonsense, CaseSystemRefused, CaseSystemUnreachable, LeaseLost, SyncError
from reviewer.model.events import Problem
from reviewer.sync.errors import RoleRefused
from reviewer.sync.list_trouble import KnownListMalformed

PROBLEM_JSON = "application/problem+json"
_TYPE = re.compile(r"urn:reviewer:problem:([a-z0-9-]{1,40})")

_LEASE_ENDED = {
    "lease-held": "A colleague has this item.",
    "lease-lost": None,
    "item-decided": "This item has been decided.",
}

_WORDS = {
    "token-unknown": "The case system does not accept this workstation's sign-in.",
    "no-key-for-you": "This case is not shared with you.",
    "no-such-case": "The case system does not know this case.",
    "no-such-item": "The case system does not know this item.",
    "case-differs": "Another case with this id is registered.",
    "item-differs": "Another item with this id is registered.",
    "no-such-whole": "What this item came out of is not an item of the case.",
    "readings-withheld": "The readings of this item are not shown to you now.",
    "item-open": "This item has not been decided for good.",
    "exhibit-taken": "Another item of the case has this exhibit number.",
    "container-differs": "The container did not arrive as it was registered.",
    "container-missing": "The item's container has not arrived at the case system yet.",
    "keys-changed": "Somebody else changed the keys of this case.",
    "keys-without-yours": "A set of keys must have your own in it.",
    "container-changed": "This item was given a new key meanwhile.",
    "case-destroyed": "The keys of this case were destroyed; nobody can open its items any more.",
    "item-arriving": "An item of this case is still being taken in.",
    "items-changed": "The case has other items or containers by now.",
    "no-such-member": "The case system does not know this member.",
    "not-a-reviewer": "This is for people who review.",
    "roster-missing": "No list of members has been signed yet.",
    "roster-changed": "Another list of members was signed meanwhile.",
    "no-destruction": "Nobody has asked for this case to be destroyed, or the time for it has passed.",
    "no-member-key": "The case system does not know what this vault signs with.",
    "consent-unusable": "The consent does not verify, or does not belong to the one given first.",
    "consent-expired": "The consent no longer holds.",
    "consent-same-person": "The second consent must be somebody else's.",
    "fingerprint-unusable": "A fingerprint of the item is not what it should be.",
    "known-import-busy": "Another known-hash list is being taken in.",
    "known-version-differs": "This version of the list is in force with other entries.",
    "known-version-older": "This version of the list was replaced; the one in force would have to be retired first.",
    "no-such-known-list": "The case system knows no list of this name.",
    "handing-off-unusable": "Something in what was to be recorded cannot be used.",
    "handoff-differs": "Another package with this id is recorded.",
    "no-such-handoff": "The case system does not know this package.",
    "step-differs": "Another step with this id is recorded.",
    "step-order": "Nobody has recorded that this package was sent.",
    "step-time": "The time lies before the package was built, or after now.",
    "not-overruled": "No supervisor let this case be sealed without what is missing.",
    "overrule-differs": "Something else was overruled under this id.",
    "letter-version": "Somebody wrote another version of this letter meanwhile.",
    "letter-differs": "Another letter with this id is kept.",
    "preservation-shorter": "The case is preserved as long or longer already; that is never cut.",
    "preservation-runs": "The case is preserved, and the time for that has not ended.",
    "too-many": "No more of these are kept of one case.",
    "checkpoint-inconsistent": "The case system holds another history of this custody log.",
}


def slug_of(problem_type: str) -> str:
    """The last word of a problem type of ours, or empty."""
    found = _TYPE.fullmatch(problem_type)
    return found.group(1) if found else ""


def error_for(status: int, content_type: str, untrusted_body: bytes) -> SyncError:
    """What an answer outside 200-299 means. An answer that is no problem document is nonsense, or a proxy's trouble."""
    if status in (502, 503, 504):
        return CaseSystemUnreachable()
    if content_type != PROBLEM_JSON or not 400 <= status <= 599:
        return CaseSystemNonsense()
    try:
        untrusted = msgspec.json.decode(untrusted_body, type=Problem)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return CaseSystemNonsense()
    if untrusted.status != status:
        return CaseSystemNonsense()
    slug = slug_of(untrusted.type)
    problem_type = untrusted.type if slug else "about:blank"
    if slug in _LEASE_ENDED:
        return LeaseLost(_LEASE_ENDED[slug])
    if slug == "known-list-malformed":
        return KnownListMalformed(untrusted.line, untrusted.field, untrusted.reason)
    if status == 403:
        return RoleRefused(status, problem_type)
    return CaseSystemRefused(status, problem_type, _WORDS.get(slug))

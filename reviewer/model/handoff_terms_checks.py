"""Checks of the policy's terms of handing off: each agency can be sealed to, each address is one, each span is a span.

Shapes only: whether a recipient or certificate can be used is found out when a package is built, and said then. Pure.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

from reviewer.model.answers import MAX_KEY
from reviewer.model.handoff_terms import (
    COUNTRIES,
    ENVELOPES,
    MAX_JURISDICTION,
    NAMES,
    Agency,
    HandoffTerms,
    PreservationRule,
)
from reviewer.model.taxonomy_checks import Flaw

MAX_AGENCIES = 200
MAX_RULES = 200
MAX_LINE = 200
MAX_RECIPIENT = 4096  # a post-quantum recipient has about 2000 characters
MAX_CERTIFICATE = 32_768
MAX_ADDRESS = 2000
MOST_DAYS = 3650

_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"


def handoff_flaws(terms: HandoffTerms) -> Iterator[Flaw]:
    """What is wrong, in the order of the file's fields; nothing for terms that can be used. Values are not quoted."""
    yield from _line("handoff.organisation", terms.organisation)
    if terms.names not in NAMES:
        yield "handoff.names", f"must be one of: {', '.join(NAMES)}"
    for name in ("timestamp_url", "clearing_house"):
        yield from _address(f"handoff.{name}", getattr(terms, name))
    for name in ("reporter_first_name", "reporter_last_name", "reporter_email", "reporter_phone"):
        yield from _line(f"handoff.{name}", getattr(terms, name))
    if terms.reporter_email and not _mail(terms.reporter_email):
        yield "handoff.reporter_email", "must be an e-mail address"
    if not COUNTRIES.issuperset(terms.territorial_scope):
        yield "handoff.territorial_scope", 'must be countries of the EU or EEA by their two capital letters ("DE")'
    elif len(set(terms.territorial_scope)) != len(terms.territorial_scope):
        yield "handoff.territorial_scope", "has a country twice"
    yield from _agencies(terms.agencies)
    yield from _rules(terms.preservation)


def _agencies(agencies: tuple[Agency, ...]) -> Iterator[Flaw]:
    if len(agencies) > MAX_AGENCIES:
        yield "handoff.agencies", f"may have up to {MAX_AGENCIES} entries"
    keys = [agency.key for agency in agencies]
    if len(set(keys)) != len(keys):
        yield "handoff.agencies", "has a key twice"
    for at, agency in enumerate(agencies):
        yield from _agency(f"handoff.agencies[{at}]", agency)


def _agency(path: str, agency: Agency) -> Iterator[Flaw]:
    if not 0 < len(agency.key) <= MAX_KEY or not agency.key.isprintable() or agency.key != agency.key.strip():
        yield f"{path}.key", f"must have 1 to {MAX_KEY} printable characters"
    if not agency.words.strip():
        yield f"{path}.words", f"must have 1 to {MAX_LINE} printable characters"
    for name in ("words", "contact"):
        yield from _line(f"{path}.{name}", getattr(agency, name))
    yield from _line(f"{path}.jurisdiction", agency.jurisdiction, MAX_JURISDICTION)
    if agency.envelope not in ENVELOPES:
        yield f"{path}.envelope", f"must be one of: {', '.join(ENVELOPES)}"
    if agency.recipient and not _recipient(agency.recipient):
        yield f"{path}.recipient", 'must be one age recipient: it begins with "age1" and is no secret key'
    if agency.certificate and not _certificate(agency.certificate):
        yield f"{path}.certificate", "must be one certificate as PEM, and no private key"
    if agency.envelope == "age" and not agency.recipient:
        yield f"{path}.recipient", "is needed for the envelope age"
    if agency.envelope == "cms" and not agency.certificate:
        yield f"{path}.certificate", "is needed for the envelope cms"


def _rules(rules: tuple[PreservationRule, ...]) -> Iterator[Flaw]:
    if len(rules) > MAX_RULES:
        yield "handoff.preservation", f"may have up to {MAX_RULES} entries"
    names = [rule.jurisdiction.strip().casefold() for rule in rules]
    if len(set(names)) != len(names):
        yield "handoff.preservation", "has a jurisdiction twice"
    for at, rule in enumerate(rules):
        path = f"handoff.preservation[{at}]"
        if not rule.jurisdiction.strip():
            yield f"{path}.jurisdiction", f"must have 1 to {MAX_JURISDICTION} printable characters"
        yield from _line(f"{path}.jurisdiction", rule.jurisdiction, MAX_JURISDICTION)
        yield from _line(f"{path}.basis", rule.basis)
        if not 1 <= rule.days <= MOST_DAYS:
            yield f"{path}.days", f"must lie between 1 and {MOST_DAYS}"
        if not 0 <= rule.remind_days <= MOST_DAYS:
            yield f"{path}.remind_days", f"must lie between 0 and {MOST_DAYS}"
        elif rule.remind_days >= rule.days >= 1:
            yield f"{path}.remind_days", "must be fewer than days: it would be due from the first day on"


def _line(path: str, text: str, most: int = MAX_LINE) -> Iterator[Flaw]:
    if len(text) > most or not text.isprintable():
        yield path, f"may have up to {most} printable characters, on one line"


def _address(path: str, text: str) -> Iterator[Flaw]:
    if text and not _reachable(text):
        yield path, "must be an address that begins with https:// (http:// for this machine only), without a password"


def _reachable(text: str) -> bool:
    if len(text) > MAX_ADDRESS or not text.isascii() or not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or parts.password is not None or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host))


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _mail(text: str) -> bool:
    name, at, host = text.rpartition("@")
    return bool(name and at and host) and " " not in text and "@" not in name


def _recipient(text: str) -> bool:
    return len(text) <= MAX_RECIPIENT and text.startswith("age1") and text.isascii() and text.isalnum()


def _certificate(text: str) -> bool:
    found = text.strip()
    # Exactly one block, and nothing of a key beside it.
    return (
        len(text) <= MAX_CERTIFICATE
        and found.startswith(_BEGIN)
        and found.endswith(_END)
        and found.count("-----BEGIN") == found.count("-----END") == 1
    )

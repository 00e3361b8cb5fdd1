"""The policy's terms of handing off are believed whole or not at all, and what is wrong is named with its line."""

from __future__ import annotations

import re

import pytest

from reviewer.model.errors import PolicyError
from reviewer.model.policy import read_policy
from reviewer.resources import resource

PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
AGE = 'key = "north"\nwords = "Unit North"\nrecipient = "age1qqq"\n'
CMS = f'key = "south"\nwords = "Unit South"\nenvelope = "cms"\ncertificate = """\n{PEM}"""\n'
ZIP = 'key = "west"\nwords = "Unit West"\nenvelope = "zip"\n'


def shipped() -> str:
    return resource("policy.toml").read_text(encoding="utf-8")


def with_agencies(*agencies: str) -> str:
    return shipped() + "".join(f"\n[[handoff.agencies]]\n{agency}" for agency in agencies)


def test_what_is_shipped_hands_nothing_to_anybody() -> None:
    terms = read_policy(shipped()).handoff
    assert (terms.agencies, terms.timestamp_url, terms.clearing_house) == ((), "", "")
    assert terms.names == "pseudonym"
    rule = terms.preservation_in("us")
    assert rule is not None
    assert (rule.days, rule.basis) == (365, "18 USC 2258A(h)")
    assert {one.jurisdiction for one in terms.preservation} == {"US", "UK", "EU"}


def test_each_envelope_can_be_named() -> None:
    terms = read_policy(with_agencies(AGE, CMS, ZIP)).handoff
    assert [agency.envelope for agency in terms.agencies] == ["age", "cms", "zip"]
    south = terms.agency("south")
    assert south is not None
    assert south.certificate == PEM


@pytest.mark.parametrize(
    ("agencies", "named"),
    [
        ((AGE, AGE), r"handoff\.agencies has a key twice"),
        ((AGE.replace('"north"', '""'),), r"agencies\[0\]\.key must have"),
        ((AGE.replace('"north"', '"north "'),), r"agencies\[0\]\.key must have"),
        ((AGE.replace('"Unit North"', '" "'),), r"agencies\[0\]\.words must have"),
        ((ZIP, AGE.replace('"Unit North"', '"a\\u202eb"')), r"agencies\[1\]\.words may have"),
        ((ZIP.replace('"zip"', '"rar"'),), r"agencies\[0\]\.envelope must be one of: age, cms, zip"),
        ((ZIP.replace('"zip"', '"age"'),), r"agencies\[0\]\.recipient is needed"),
        ((ZIP.replace('"zip"', '"cms"'),), r"agencies\[0\]\.certificate is needed"),
        ((AGE.replace("age1qqq", "AGE-SECRET-KEY-1QQ"),), r"agencies\[0\]\.recipient must be one age recipient"),
        ((AGE.replace("age1qqq", "age1qqq age1ppp"),), r"agencies\[0\]\.recipient must be one age recipient"),
        ((CMS.replace("CERTIFICATE-----\nMIIB", "PRIVATE KEY-----\nMIIB"),), r"\.certificate must be one certificate"),
        ((CMS.replace(PEM, PEM + PEM),), r"\.certificate must be one certificate"),
        ((CMS.replace(PEM, PEM + PEM.replace("CERTIFICATE", "PRIVATE KEY")),), r"\.certificate must be one"),
    ],
)
def test_an_agency_that_cannot_be_sealed_to_is_refused(agencies: tuple[str, ...], named: str) -> None:
    with pytest.raises(PolicyError, match=rf"Line \d+: .*{named}"):
        read_policy(with_agencies(*agencies))


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('names = "pseudonym"', 'names = "real"', r"handoff\.names must be one of: pseudonym, redacted"),
        ("days = 60", "days = 0", r"preservation\[2\]\.days must lie between 1 and 3650"),
        ("days = 60", "days = 3651", r"preservation\[2\]\.days"),
        ("days = 60", "days = 14", r"preservation\[2\]\.remind_days must be fewer"),
        ("remind_days = 14", "remind_days = -1", r"preservation\[2\]\.remind_days must lie"),
        ('jurisdiction = "UK"', 'jurisdiction = "us "', r"handoff\.preservation has a jurisdiction twice"),
        (
            'jurisdiction = "UK"',
            f'jurisdiction = "{"x" * 101}"',
            r"preservation\[1\]\.jurisdiction may have up to 100 ",
        ),
        ('jurisdiction = "UK"', 'jurisdiction = ""', r"preservation\[1\]\.jurisdiction"),
        ('organisation = ""', 'organisation = "' + "x" * 201 + '"', r"handoff\.organisation"),
        ('reporter_email = ""', 'reporter_email = "nobody"', r"handoff\.reporter_email"),
        ('organisation = ""', 'organization = ""', "organization"),
    ],
)
def test_a_wrong_term_is_named_with_its_line(old: str, new: str, named: str) -> None:
    text = shipped()
    assert old in text
    with pytest.raises(PolicyError, match=rf"Line \d+: .*{named}"):
        read_policy(text.replace(old, new, 1))


@pytest.mark.parametrize("name", ["timestamp_url", "clearing_house"])
@pytest.mark.parametrize(
    "address",
    [
        "tsa.example.invalid",
        "ftp://tsa.example.invalid",
        "http://tsa.example.invalid",
        "https://",
        "https://somebody:word@tsa.example.invalid",
        "https://tsa.example.invalid/a b",
        "https://tsa.example.invalid:port",
        "https://[::1",
        "https://tsa.example.invalid/#part",
        "https://t\u0455a.example.invalid",
        "https://tsa.example.invalid/" + "a" * 2000,
    ],
)
def test_an_address_that_is_none_is_refused(name: str, address: str) -> None:
    with pytest.raises(PolicyError, match=rf"Line \d+: handoff\.{name} must be an address"):
        read_policy(shipped().replace(f'{name} = ""', f'{name} = "{address}"'))


@pytest.mark.parametrize(
    "address",
    ["https://tsa.example.invalid/tsr", "http://127.0.0.1:8080/", "http://localhost:9", "http://[::1]:9/tsr"],
)
def test_an_address_that_can_be_reached_safely_is_taken(address: str) -> None:
    text = shipped().replace('timestamp_url = ""', f'timestamp_url = "{address}"')
    assert read_policy(text).handoff.timestamp_url == address


def test_no_message_quotes_a_value() -> None:
    with pytest.raises(PolicyError) as refused:
        read_policy(with_agencies(AGE.replace("age1qqq", "AGE-SECRET-KEY-1QQ")))
    assert not re.search("SECRET-KEY", str(refused.value))

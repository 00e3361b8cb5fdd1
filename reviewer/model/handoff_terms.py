"""The policy's terms of handing off: to whom, sealed how, kept how long, and what of the reviewers is told."""

from __future__ import annotations

import msgspec

ENVELOPES = ("age", "cms", "zip")
NAMES = ("pseudonym", "redacted")
# The longest name of a jurisdiction, in characters: the case system keeps it as part of a key.
MAX_JURISDICTION = 100
# EU and EEA, ISO 3166-1.
# fmt: off
COUNTRIES = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI",
    "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU",
    "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
})
# fmt: on


class Agency(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A recipient. `envelope` is "age" (`recipient` is an age recipient), "cms" (`certificate` is their certificate,
    PEM) or "zip" (a passphrase is made for each package and told to them by another way)."""

    key: str
    words: str
    jurisdiction: str = ""
    envelope: str = "age"
    recipient: str = ""
    certificate: str = ""
    contact: str = ""


class PreservationRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long what was reported is kept. A setting, not legal advice."""

    jurisdiction: str
    days: int
    basis: str = ""
    remind_days: int = 30


class HandoffTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`names`: what recipients are told of who decided ("pseudonym", or "redacted": Person 1, Person 2 …).

    `thumbnails`: whether veiled thumbnails may be put into the report when they are asked for. `timestamp_url`: the
    RFC 3161 authority; empty: none is configured, and the package says so. `clearing_house`: the address that
    CyberTipline reports are sent to; empty: none. `reporter_*` name the organisation's contact in them.
    `territorial_scope`: the countries (`COUNTRIES`) in which a decision to remove or restrict takes effect, for
    statements of reasons; empty: they are not told, and that is said.
    """

    organisation: str = ""
    names: str = NAMES[0]
    thumbnails: bool = True
    timestamp_url: str = ""
    clearing_house: str = ""
    reporter_first_name: str = ""
    reporter_last_name: str = ""
    reporter_email: str = ""
    reporter_phone: str = ""
    territorial_scope: tuple[str, ...] = ()
    agencies: tuple[Agency, ...] = ()
    preservation: tuple[PreservationRule, ...] = ()

    def agency(self, key: str) -> Agency | None:
        return next((one for one in self.agencies if one.key == key), None)

    def preservation_in(self, jurisdiction: str) -> PreservationRule | None:
        """The rule of that jurisdiction, whatever the case of its letters; None where the policy has none."""
        wanted = jurisdiction.strip().casefold()
        return next((rule for rule in self.preservation if rule.jurisdiction.strip().casefold() == wanted), None)

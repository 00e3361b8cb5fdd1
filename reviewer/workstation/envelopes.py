"""Which envelope an agency's package goes into, and how a begun one is taken up again."""

from __future__ import annotations

from datetime import UTC, datetime

from reviewer.handoff.cms_envelope import CmsEnvelope
from reviewer.handoff.envelope import Envelope
from reviewer.handoff.errors import CannotResume
from reviewer.handoff.recipients import certificate_of, envelope_of
from reviewer.handoff.zip_envelope import ZipEnvelope
from reviewer.model.handoff_terms import Agency
from reviewer.workstation.age_envelope import AgeEnvelope, age_envelope_for


def envelope_for(agency: Agency, *, at: datetime | None = None) -> Envelope:
    """A new envelope as the policy asks for it, `at` (UTC) now. RecipientUnusable says what is wrong with the key."""
    kind = envelope_of(agency)
    if kind == "age":
        return age_envelope_for(agency)
    if kind == "cms":
        return CmsEnvelope(certificate_of(agency, at or datetime.now(UTC)))
    return ZipEnvelope()


def envelope_from(kind: str, state: bytes) -> Envelope:
    """The envelope whose `state` was kept. CannotResume for the kinds that keep none."""
    if kind != "age":
        raise CannotResume
    return AgeEnvelope.from_state(state)

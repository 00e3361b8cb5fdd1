"""Made once for all tests of handing off: the authorities, the organisation's key, a time authority on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sealed_packages import a_real_plan

from reviewer.demo.authorities import Authorities, make_authorities
from reviewer.demo.time_authority import TimeAuthority
from reviewer.handoff.plan import Plan
from reviewer.handoff.signing import SigningKey


@pytest.fixture(scope="session")
def authorities() -> Authorities:
    """Valid from yesterday on for two years: independent tools go by the machine's clock."""
    return make_authorities(datetime.now(UTC).replace(microsecond=0))


@pytest.fixture(scope="session")
def signing_key(authorities: Authorities) -> SigningKey:
    return SigningKey.from_pem(authorities.signing_pem)


@pytest.fixture(scope="session")
def time_authority(authorities: Authorities) -> Iterator[TimeAuthority]:
    """Running; do not change its `answer`, make another one for that."""
    with TimeAuthority(authorities.tsa_pem) as running:
        yield running


@pytest.fixture(scope="session")
def real_plan(signing_key: SigningKey, time_authority: TimeAuthority) -> Plan:
    """Of a package with every kind of document, signed and stamped by those above."""
    return a_real_plan(signing_key, datetime.now(UTC).replace(microsecond=0), time_authority.url)

"""A referral with missing fields says which; it is worked on all the same."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reviewer.model.cases import Referral, ReferralSource

NOW = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)


def test_an_official_request_needs_who_why_and_where() -> None:
    bare = Referral(source=ReferralSource.LAW_ENFORCEMENT, received_at=NOW, requester=" ", claim="A threat")
    assert bare.lacking == ("requester", "legal_basis", "jurisdiction")


@pytest.mark.parametrize("source", [ReferralSource.USER, ReferralSource.AUTOMATED, ReferralSource.INTERNAL])
def test_others_need_only_what_is_claimed(source: ReferralSource) -> None:
    assert Referral(source=source, received_at=NOW).lacking == ("claim",)
    assert Referral(source=source, received_at=NOW, claim="A threat").lacking == ()

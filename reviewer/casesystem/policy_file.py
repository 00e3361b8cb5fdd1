"""The organisation's policy as the case system needs it: read once, at the start."""

from __future__ import annotations

from pathlib import Path

from reviewer.casesystem.service import Terms
from reviewer.model.errors import PolicyError
from reviewer.model.policy import Policy, read_policy

MAX_POLICY_BYTES = 1024 * 1024
_QUARTERS = 4


def policy_of(path: Path) -> Policy:
    """`PolicyError` names line and field; OSError when the file cannot be read."""
    with path.open("rb") as file:
        untrusted = file.read(MAX_POLICY_BYTES + 1)
    if len(untrusted) > MAX_POLICY_BYTES:
        raise PolicyError("The policy file is larger than a policy can be.")
    try:
        return read_policy(untrusted.decode("utf-8"))
    except UnicodeDecodeError:
        raise PolicyError("The policy file is not UTF-8 text.") from None


def terms_of(policy: Policy) -> Terms:
    """What the policy says of exposure, for supervisors' figures.

    The limit, the handover, of how few people nothing is said, what a second counts.
    """
    return Terms(
        limit_quarter_hours=round(policy.breaks.daily_cap_hours * _QUARTERS),
        handover_quarter_hours=round(policy.breaks.handover_hours * _QUARTERS),
        withhold_below=policy.supervision.withhold_below,
        weights={harm.key: harm.weight for harm in policy.harm_types},
        other_weight=policy.harm_type("").weight,
    )

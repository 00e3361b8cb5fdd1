"""Who may do what. Enforced by the case system; the window only avoids offering what would be refused."""

from __future__ import annotations

from enum import Enum

import msgspec


class Role(str, Enum):
    REVIEWER = "reviewer"
    SUPERVISOR = "supervisor"
    INTAKE = "intake"


class Permission(str, Enum):
    REVIEW_ITEMS = "review_items"
    REGISTER_ITEMS = "register_items"
    SEE_TEAM_EXPOSURE = "see_team_exposure"
    SEE_ATTEMPTS = "see_attempts"
    SHARE_CASES = "share_cases"
    COUNT_DECISIONS = "count_decisions"
    SEE_DECISIONS = "see_decisions"
    DESTROY_CASES = "destroy_cases"
    SIGN_ROSTER = "sign_roster"
    RECORD_OUTCOMES = "record_outcomes"
    KEEP_KNOWN_LISTS = "keep_known_lists"
    BUILD_HANDOFFS = "build_handoffs"
    OVERRULE_COMPLETENESS = "overrule_completeness"
    SEE_PRESERVATION = "see_preservation"


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.REVIEWER: frozenset({Permission.REVIEW_ITEMS, Permission.COUNT_DECISIONS, Permission.BUILD_HANDOFFS}),
    Role.SUPERVISOR: frozenset(
        {
            Permission.SEE_TEAM_EXPOSURE,
            Permission.SEE_ATTEMPTS,
            Permission.SHARE_CASES,
            Permission.COUNT_DECISIONS,
            Permission.SEE_DECISIONS,
            Permission.DESTROY_CASES,
            Permission.SIGN_ROSTER,
            Permission.KEEP_KNOWN_LISTS,
            Permission.RECORD_OUTCOMES,
            Permission.BUILD_HANDOFFS,
            Permission.OVERRULE_COMPLETENESS,
            Permission.SEE_PRESERVATION,
        }
    ),
    Role.INTAKE: frozenset(
        {
            Permission.REGISTER_ITEMS,
            Permission.SHARE_CASES,
            Permission.COUNT_DECISIONS,
            Permission.DESTROY_CASES,
            Permission.RECORD_OUTCOMES,
            Permission.SEE_PRESERVATION,
        }
    ),
}


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A person as the organisation names them: a pseudonym ("Reviewer 07"), a role, the recipient they open with.

    `verifier` is the line that checks what this person's vault signs (docs/formats.md); empty: not known.
    """

    id: str
    name: str
    role: Role
    recipient: str
    verifier: str = ""


def may(role: Role, permission: Permission) -> bool:
    return permission in PERMISSIONS[role]

"""The terms of the European Commission's DSA Transparency Database (API, version 2 of its categories) that we use.

Source: https://transparency.dsa.ec.europa.eu/page/api-documentation. The tables lead from our words to its.
"""

from __future__ import annotations

from reviewer.model.cases import ReferralSource
from reviewer.model.levels import Kind

REMOVED = "DECISION_VISIBILITY_CONTENT_REMOVED"
# How access was restricted is not recorded, so it is told in words.
RESTRICTED = "DECISION_VISIBILITY_OTHER"
GROUND = "DECISION_GROUND_INCOMPATIBLE_CONTENT"
NOT_AUTOMATED = "AUTOMATED_DECISION_NOT_AUTOMATED"
PARTIALLY_AUTOMATED = "AUTOMATED_DECISION_PARTIALLY"
SYNTHETIC = "CONTENT_TYPE_SYNTHETIC_MEDIA"
OTHER_CONTENT = "CONTENT_TYPE_OTHER"
# Of free texts: grounds and other words, explanations, facts. In characters.
MAX_GROUND = 500
MAX_EXPLANATION = 2000
MAX_FACTS = 5000
# So many statements the interface takes at once.
MAX_AT_ONCE = 100

CATEGORIES: dict[str, str] = {
    "threat_to_life": "STATEMENT_CATEGORY_VIOLENCE",
    "sexual_harm_minor": "STATEMENT_CATEGORY_PROTECTION_OF_MINORS",
    "violence": "STATEMENT_CATEGORY_VIOLENCE",
    "self_harm": "STATEMENT_CATEGORY_SELF_HARM",
    "grooming_text": "STATEMENT_CATEGORY_PROTECTION_OF_MINORS",
}
DEFAULT_CATEGORY = "STATEMENT_CATEGORY_OTHER_VIOLATION_TC"
ABUSE_MATERIAL = "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL"
GROOMING = "KEYWORD_GROOMING_SEXUAL_ENTICEMENT_MINORS"
CONTENT_TYPES: dict[Kind, str] = {
    Kind.IMAGE: "CONTENT_TYPE_IMAGE",
    Kind.VIDEO: "CONTENT_TYPE_VIDEO",
    Kind.AUDIO: "CONTENT_TYPE_AUDIO",
    Kind.TEXT: "CONTENT_TYPE_TEXT",
    Kind.CHAT: "CONTENT_TYPE_TEXT",
    Kind.EMAIL: "CONTENT_TYPE_TEXT",
}
OTHER_WORDS: dict[Kind, str] = {Kind.DOCUMENT: "Document", Kind.ARCHIVE: "Archive", Kind.UNKNOWN: "Unknown format"}
# That a user's report is a notice under Article 16 is not known.
SOURCES: dict[ReferralSource, str] = {
    ReferralSource.LAW_ENFORCEMENT: "SOURCE_TYPE_OTHER_NOTIFICATION",
    ReferralSource.GOVERNMENT: "SOURCE_TYPE_OTHER_NOTIFICATION",
    ReferralSource.USER: "SOURCE_TYPE_OTHER_NOTIFICATION",
    ReferralSource.INTERNAL: "SOURCE_VOLUNTARY",
    ReferralSource.AUTOMATED: "SOURCE_VOLUNTARY",
}

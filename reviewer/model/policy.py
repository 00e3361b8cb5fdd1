"""The organisation's policy: harm types, where each starts, what may be revealed, and the limits of exposure.

Read from TOML text (no I/O here). The whole text is checked before any of it is believed.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from reviewer.model.answers import MAX_KEY
from reviewer.model.errors import PolicyError
from reviewer.model.handoff_terms import HandoffTerms
from reviewer.model.handoff_terms_checks import handoff_flaws
from reviewer.model.levels import LEVEL_BY_KEY, LEVEL_KEYS, Level
from reviewer.model.supervision import SMALLEST_TEAM
from reviewer.model.taxonomy import SecondReview, Taxonomy
from reviewer.model.taxonomy_checks import Flaw, second_review_flaws, taxonomy_flaws
from reviewer.model.toml_lines import line_of

BLURRED_STYLES = ("blur", "pixelate")
DRAWING_STYLES = ("sketch", "illustration")
# From silence to all of it.
SOUNDS = ("off", "muffled", "clear")


class HarmType(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`start` and `highest` are level keys. `weight` multiplies seconds of exposure (1.0 is plain)."""

    key: str
    words: str
    start: str = "blurred"
    highest: str = "clear"
    weight: float = 1.0
    violent: bool = False

    @property
    def start_level(self) -> Level:
        return LEVEL_BY_KEY[self.start]

    @property
    def highest_level(self) -> Level:
        return LEVEL_BY_KEY[self.highest]


class Viewing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`blurred_style` is "blur" or "pixelate", `drawing_style` "sketch" or "illustration".

    `sound_ceiling` is the loudest that sound is ever played, as a share of full scale; `sound` is the most that is
    heard of it ("off", "muffled", "clear"), whatever the level. `transcriber` names the local transcriber that may be
    used if it is installed; none if it is empty.
    """

    clear_seconds: float = 10.0
    blurred_long_side: int = 160
    grey: bool = True
    lens_share: float = 0.22
    unsealed_decoding: bool = False
    blurred_style: str = "blur"
    drawing_style: str = "sketch"
    sound_ceiling: float = 0.5
    sound: str = SOUNDS[-1]
    transcriber: str = ""


class Text(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`masked_terms` stay masked in revealed lines until asked for; whole words, whatever the case.

    `clear_seconds` is how long a whole text stays revealed before it veils itself.
    """

    masked_terms: tuple[str, ...] = ()
    clear_seconds: float = 60.0


class Breaks(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    after_minutes: float = 50.0
    minutes: float = 10.0
    short_minutes: float = 5.0
    after_violent_minutes: float = 3.0
    handover_hours: float = 2.0
    daily_cap_hours: float = 4.0


class Sharing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the next item is chosen. A deadline within `urgent_minutes` is never put off for anybody's wish or share.

    Who has had more violent items than the team's even share and `margin` (a share of it) gets others first.
    """

    urgent_minutes: float = 60.0
    margin: float = 0.1


class Supervision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Figures of the whole team are not made of fewer than `withhold_below` people."""

    withhold_below: int = SMALLEST_TEAM


class Session(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    lock_after_minutes: float = 10.0


class Contact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    words: str
    reach: str


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`support` is whom a reviewer can talk to, `emergency` whom to call while somebody is in danger, in that order."""

    version: str
    harm_types: tuple[HarmType, ...]
    severity_words: tuple[str, ...] = ("1", "2", "3", "4")
    viewing: Viewing = Viewing()
    text: Text = Text()
    breaks: Breaks = Breaks()
    sharing: Sharing = Sharing()
    supervision: Supervision = Supervision()
    session: Session = Session()
    taxonomy: Taxonomy = Taxonomy()
    second_review: SecondReview = SecondReview()
    handoff: HandoffTerms = HandoffTerms()
    support: tuple[Contact, ...] = ()
    emergency: tuple[Contact, ...] = ()

    def harm_type(self, key: str) -> HarmType:
        """The named harm type. An unknown key gets the most care: FACTS first, seconds double, least revealed."""
        for harm in self.harm_types:
            if harm.key == key:
                return harm
        least = min((harm.highest_level for harm in self.harm_types), default=Level.FACTS)
        return HarmType(key=key, words=key, start="facts", highest=LEVEL_KEYS[least], weight=2.0)


def without_clear(policy: Policy) -> Policy:
    """The same policy with LENS and CLEAR closed: for a machine on which a required protection is missing."""
    closed = [
        msgspec.structs.replace(harm, highest=LEVEL_KEYS[min(harm.highest_level, Level.DRAWING)])
        for harm in policy.harm_types
    ]
    return msgspec.structs.replace(policy, harm_types=tuple(closed))


def read_policy(text: str) -> Policy:
    """Parse and check TOML; `PolicyError` names the field (or line, for a syntax error) and changes nothing."""
    try:
        policy = msgspec.toml.decode(text, type=Policy)
    except msgspec.ValidationError as error:
        where = _where(text, str(error).rpartition("`$")[2].rstrip("`"))
        raise PolicyError(f"{where}The policy has a field that cannot be used: {error}.") from None
    except msgspec.DecodeError as error:
        raise PolicyError(f"The policy is not TOML: {error}.") from None
    for path, flaw in _flaws(policy):
        raise PolicyError(f"{_where(text, path)}{path} {flaw}.")
    return policy


def _where(text: str, path: str) -> str:
    line = line_of(text, path)
    return "" if line is None else f"Line {line}: "


def _flaws(policy: Policy) -> Iterator[Flaw]:
    """What is wrong, with the path of the field."""
    if not policy.harm_types:
        yield "harm_types", "is empty"
    keys = [harm.key for harm in policy.harm_types]
    if len(set(keys)) != len(keys):
        yield "harm_types", "has a key twice"
    for at, harm in enumerate(policy.harm_types):
        yield from _harm_flaws(f"harm_types[{at}]", harm)
    yield from _range_flaws(policy)
    yield from _limit_flaws(policy.breaks)
    styles = (
        ("viewing.blurred_style", policy.viewing.blurred_style, BLURRED_STYLES),
        ("viewing.drawing_style", policy.viewing.drawing_style, DRAWING_STYLES),
        ("viewing.sound", policy.viewing.sound, SOUNDS),
    )
    for name, style, known in styles:
        if style not in known:
            yield name, f"must be one of: {', '.join(known)}"
    if len(policy.text.masked_terms) > 1000 or any(not 1 <= len(t.strip()) <= 80 for t in policy.text.masked_terms):
        yield "text.masked_terms", "may have up to 1000 terms of 1 to 80 characters"
    if not 2 <= len(policy.severity_words) <= 6:
        yield "severity_words", "must have two to six entries"
    yield from taxonomy_flaws(policy.taxonomy, keys, len(policy.severity_words))
    yield from second_review_flaws(policy.second_review, keys)
    yield from handoff_flaws(policy.handoff)


def _harm_flaws(path: str, harm: HarmType) -> Iterator[Flaw]:
    # What is longer could not be kept where somebody would rather not get it.
    if not 0 < len(harm.key) <= MAX_KEY or not harm.key.isprintable():
        yield f"{path}.key", f"must have 1 to {MAX_KEY} printable characters"
    for field, value in (("start", harm.start), ("highest", harm.highest)):
        if value not in LEVEL_BY_KEY:
            yield f"{path}.{field}", "is not a level"
            return
    if harm.start_level > Level.BLURRED or harm.highest_level < harm.start_level:
        yield f"{path}.start", "must be facts or blurred, and not above highest"
    if not 1.0 <= harm.weight <= 10.0:
        yield f"{path}.weight", "must lie between 1 and 10"


def _range_flaws(policy: Policy) -> Iterator[Flaw]:
    ranges = (
        ("viewing.clear_seconds", policy.viewing.clear_seconds, 1.0, 60.0),
        ("viewing.blurred_long_side", float(policy.viewing.blurred_long_side), 32.0, 320.0),
        ("viewing.lens_share", policy.viewing.lens_share, 0.05, 0.5),
        ("viewing.sound_ceiling", policy.viewing.sound_ceiling, 0.05, 1.0),
        ("text.clear_seconds", policy.text.clear_seconds, 1.0, 600.0),
        ("breaks.after_minutes", policy.breaks.after_minutes, 0.01, 120.0),
        ("breaks.minutes", policy.breaks.minutes, 1.0, 60.0),
        ("breaks.short_minutes", policy.breaks.short_minutes, 1.0, 60.0),
        ("breaks.after_violent_minutes", policy.breaks.after_violent_minutes, 1.0, 60.0),
        ("breaks.handover_hours", policy.breaks.handover_hours, 0.25, 8.0),
        ("breaks.daily_cap_hours", policy.breaks.daily_cap_hours, 0.25, 8.0),
        ("sharing.urgent_minutes", policy.sharing.urgent_minutes, 15.0, 1440.0),
        ("sharing.margin", policy.sharing.margin, 0.0, 2.0),
        # Of two people each would read the other's figure out of the even share.
        ("supervision.withhold_below", float(policy.supervision.withhold_below), 3.0, 1000.0),
        ("session.lock_after_minutes", policy.session.lock_after_minutes, 1.0, 60.0),
    )
    for name, number, low, high in ranges:
        if not low <= number <= high:
            yield name, f"must lie between {low:g} and {high:g}"


def _limit_flaws(breaks: Breaks) -> Iterator[Flaw]:
    """Each may be in its range, and no day be possible with all of them."""
    if breaks.minutes > breaks.after_minutes:
        yield "breaks.minutes", "must not be longer than the work before it (after_minutes)"
    if breaks.short_minutes > breaks.minutes:
        yield "breaks.short_minutes", "must not be longer than the whole pause (minutes)"
    if breaks.after_violent_minutes > breaks.minutes:
        yield "breaks.after_violent_minutes", "must not be longer than the whole pause (minutes)"
    if breaks.daily_cap_hours < breaks.handover_hours:
        yield "breaks.daily_cap_hours", "must not be below handover_hours: a day would end before its handover"

"""What is in force for one person: the organisation's policy, tightened by what they prefer. Never the other way."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from reviewer.model.cases import QueueEntry
from reviewer.model.choosing import LONGEST_LEFT_S, Wishes, places_of
from reviewer.model.levels import LEVEL_KEYS, Level
from reviewer.model.policy import SOUNDS, Breaks, Policy
from reviewer.model.policy import Viewing as ViewingRules
from reviewer.model.preferences import Preferences, RatherNot, Trait
from reviewer.model.supervision import ViolentShare

# What can be chosen at all: a shorter stretch is no pace but a row of prompts, a longer pause is the end of a shift.
SHORTEST_STRETCH_MIN = 5.0
LONGEST_PAUSE_MIN = 60.0
QUIETEST = 0.05

_FACTS = LEVEL_KEYS[Level.FACTS]


@dataclass(frozen=True, slots=True)
class Settings:
    """`policy` is the organisation's with the person's sound, grey and pace; `bare` the same, everything from facts.

    `rather_not` may have ended: ask `avoids` with the time.
    """

    policy: Policy
    bare: Policy
    facts_first: frozenset[str] = frozenset()
    rather_not: tuple[RatherNot, ...] = ()
    guide: bool = True

    def for_entry(self, entry: QueueEntry, now: float) -> Policy:
        """The rules for looking at it. What somebody would rather not get begins with its facts."""
        first = entry.item.facts.kind.value in self.facts_first or self.avoids(entry, now)
        return self.bare if first else self.policy

    def avoids(self, entry: QueueEntry, now: float) -> bool:
        """They would rather not get it, at Unix time `now`."""
        return self.wishes(now).avoids(entry)

    def wishes(self, now: float, share: ViolentShare | None = None) -> Wishes:
        """What bends the order of the queue at Unix time `now`, with the team's share as last heard."""
        rules = self.policy.sharing
        labels = {label.key: label.words for label in self.policy.taxonomy.labels}
        return Wishes(
            harms=self._avoided(Trait.HARM, now),
            kinds=self._avoided(Trait.KIND, now),
            labels=tuple((key, labels.get(key, key)) for key in sorted(self._avoided(Trait.LABEL, now))),
            violent=frozenset(harm.key for harm in self.policy.harm_types if harm.violent),
            places=places_of(share, rules.margin),
            left_since=now - LONGEST_LEFT_S,
            urgent_until=now + rules.urgent_minutes * 60.0,
        )

    def _avoided(self, trait: Trait, now: float) -> frozenset[str]:
        return frozenset(one.key for one in self.rather_not if one.trait is trait and one.holds(now))


def within(policy: Policy, preferences: Preferences | None) -> Settings:
    """What of the preferences the policy allows: each of them can only close, quieten or shorten."""
    liked = preferences if preferences is not None else Preferences()
    tightened = msgspec.structs.replace(
        policy, viewing=_viewing(policy.viewing, liked), breaks=_breaks(policy.breaks, liked)
    )
    bare = msgspec.structs.replace(
        tightened, harm_types=tuple(msgspec.structs.replace(harm, start=_FACTS) for harm in policy.harm_types)
    )
    return Settings(
        policy=tightened,
        bare=bare,
        facts_first=frozenset(liked.facts_first),
        rather_not=liked.rather_not,
        guide=liked.guide,
    )


def _viewing(rules: ViewingRules, liked: Preferences) -> ViewingRules:
    sound = min((rules.sound, *_known(liked.sound)), key=SOUNDS.index)
    return msgspec.structs.replace(
        rules,
        grey=rules.grey or liked.grey,
        sound=sound,
        sound_ceiling=min(rules.sound_ceiling, max(QUIETEST, _number(liked.loudest, rules.sound_ceiling))),
    )


def _breaks(rules: Breaks, liked: Preferences) -> Breaks:
    after = max(SHORTEST_STRETCH_MIN, _number(liked.break_after_minutes, rules.after_minutes))
    pause = min(LONGEST_PAUSE_MIN, _number(liked.break_minutes, rules.minutes))
    return msgspec.structs.replace(
        rules, after_minutes=min(rules.after_minutes, after), minutes=max(rules.minutes, pause)
    )


def _known(sound: str) -> Iterable[str]:
    return (sound,) if sound in SOUNDS else ()


def _number(wish: float | None, otherwise: float) -> float:
    return wish if wish is not None and math.isfinite(wish) else otherwise

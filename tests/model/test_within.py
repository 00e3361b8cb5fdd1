"""Whatever a person prefers, and whatever lies in their store: nothing in force is looser than the policy."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sampling import examples

from reviewer.model.cases import Case, EarlierNote, Fingerprints, Item, ItemFacts, QueueEntry, Referral, ReferralSource
from reviewer.model.levels import Kind, Level
from reviewer.model.policy import SOUNDS, Breaks, HarmType, Policy, Viewing
from reviewer.model.preferences import Preferences, RatherNot, Trait, read_preferences
from reviewer.model.taxonomy import Choice, Taxonomy
from reviewer.model.within import Settings, within

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
AT = NOW.timestamp()


def an_entry(harm: str = "a", kind: Kind = Kind.IMAGE, expect: tuple[str, ...] = (), labels: str = "") -> QueueEntry:
    referral = Referral(source=ReferralSource.USER, received_at=NOW)
    item = Item(
        id="i", case_id="c", exhibit="1", harm_type=harm, facts=ItemFacts(kind=kind),
        fingerprints=Fingerprints(sha256="0" * 64, sha1="0" * 40, md5="0" * 32), container_sha256="0" * 64,
        container_size=1, forewarning=expect, created_at=NOW,
    )  # fmt: skip
    note = EarlierNote(author="Reviewer 09", at=NOW, text="a gate", labels=tuple(labels.split()))
    return QueueEntry(
        item=item, case=Case(id="c", number="2026-1", referral=referral, created_at=NOW), notes=(note,) * bool(labels)
    )


ENTRIES = [an_entry(harm, kind, expect) for harm in ("a", "b", "none") for kind in Kind for expect in ((), ("Gate",))]

policies = st.builds(
    Policy,
    version=st.just("1"),
    harm_types=st.tuples(
        *(
            st.builds(
                HarmType,
                key=st.just(key),
                words=st.just(key),
                start=st.sampled_from(["facts", "blurred"]),
                highest=st.sampled_from(["blurred", "drawing", "lens", "clear"]),
                weight=st.floats(1, 10),
                violent=st.booleans(),
            )
            for key in ("a", "b")
        )
    ),
    viewing=st.builds(Viewing, grey=st.booleans(), sound=st.sampled_from(SOUNDS), sound_ceiling=st.floats(0.05, 1.0)),
    breaks=st.builds(
        Breaks,
        after_minutes=st.floats(0.01, 120),
        minutes=st.floats(1, 60),
        short_minutes=st.floats(1, 60),
        after_violent_minutes=st.floats(1, 60),
    ),
)

some_text = st.one_of(st.text(max_size=12), st.sampled_from(["a", "b", "image", "video", "gate", "clear", "off"]))
numbers = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True))
wishes = st.builds(
    Preferences,
    facts_first=st.lists(some_text, max_size=6).map(tuple),
    grey=st.booleans(),
    sound=st.one_of(some_text, st.sampled_from(SOUNDS)),
    loudest=numbers,
    break_after_minutes=numbers,
    break_minutes=numbers,
    rather_not=st.lists(
        st.builds(RatherNot, trait=st.sampled_from(Trait), key=some_text, until=numbers), max_size=4
    ).map(tuple),
    guide=st.booleans(),
)


def looser(made: Settings, policy: Policy) -> list[str]:
    """What is looser than the policy allows, in words; an independent reading of the rules."""
    found = []
    for entry in ENTRIES:
        rules = made.for_entry(entry, AT)
        for harm in (*policy.harm_types, policy.harm_type("none")):
            now = rules.harm_type(harm.key)
            if now.start_level > harm.start_level or now.highest_level > harm.highest_level:
                found.append(f"level of {harm.key}")
            if (now.weight, now.violent) != (harm.weight, harm.violent):
                found.append(f"weight of {harm.key}")
        for rule in (rules, made.policy):
            if policy.viewing.grey and not rule.viewing.grey:
                found.append("grey")
            if SOUNDS.index(rule.viewing.sound) > SOUNDS.index(policy.viewing.sound):
                found.append("sound")
            if not 0.0 <= rule.viewing.sound_ceiling <= policy.viewing.sound_ceiling:
                found.append("volume")
            if not 0.0 < rule.breaks.after_minutes <= policy.breaks.after_minutes:
                found.append("stretch")
            if not policy.breaks.minutes <= rule.breaks.minutes <= 60.0:
                found.append("pause")
            same = ("text", "session", "taxonomy", "second_review", "sharing", "support", "emergency", "version")
            found += [name for name in same if getattr(rule, name) != getattr(policy, name)]
            viewing = msgspec.structs.replace(
                rule.viewing,
                grey=policy.viewing.grey,
                sound=policy.viewing.sound,
                sound_ceiling=policy.viewing.sound_ceiling,
            )
            breaks = msgspec.structs.replace(
                rule.breaks, after_minutes=policy.breaks.after_minutes, minutes=policy.breaks.minutes
            )
            if (viewing, breaks) != (policy.viewing, policy.breaks):
                found.append("something nobody can prefer")
    return found


@settings(max_examples=examples(80), deadline=None)
@given(policies, wishes)
@example(
    Policy(version="1", harm_types=(HarmType(key="a", words="a", start="facts"),)),
    Preferences(sound="clear", loudest=math.nan, break_after_minutes=math.inf, break_minutes=-math.inf),
)
def test_nothing_is_ever_looser_than_the_policy(policy: Policy, liked: Preferences) -> None:
    assert looser(within(policy, liked), policy) == []


@settings(max_examples=examples(60), deadline=None)
@given(policies, st.one_of(st.binary(max_size=200), wishes.map(msgspec.json.encode), st.none()), st.data())
def test_nor_whatever_lies_in_the_store(policy: Policy, stored: bytes | None, data: st.DataObject) -> None:
    if stored:
        at = data.draw(st.integers(0, len(stored) - 1))
        stored = stored[:at] + data.draw(st.binary(max_size=3)) + stored[at + 1 :]
    assert looser(within(policy, read_preferences(stored)), policy) == []


def test_the_check_itself_can_see_a_looser_setting() -> None:
    strict = Policy(
        version="1",
        harm_types=(HarmType(key="a", words="a", start="facts", highest="blurred"),),
        viewing=Viewing(grey=True, sound="off", sound_ceiling=0.1),
        breaks=Breaks(after_minutes=20, minutes=15),
    )
    loose = Policy(version="1", harm_types=(HarmType(key="a", words="a"),), viewing=Viewing(grey=False))
    seen = set(looser(within(loose, None), strict))
    assert {"level of a", "grey", "sound", "volume", "stretch", "pause"} <= seen


def test_without_preferences_the_policy_is_in_force_as_it_is() -> None:
    policy = Policy(version="1", harm_types=(HarmType(key="a", words="a"),))
    assert within(policy, None).policy == within(policy, Preferences()).policy == policy


def test_every_wish_the_policy_allows_is_in_force() -> None:
    policy = Policy(
        version="1", harm_types=(HarmType(key="a", words="a"),), viewing=Viewing(grey=False, sound_ceiling=0.5)
    )
    liked = Preferences(
        facts_first=("video",), grey=True, sound="muffled", loudest=0.2, break_after_minutes=25, break_minutes=15
    )
    made = within(policy, liked)
    rules = made.policy
    assert (rules.viewing.grey, rules.viewing.sound, rules.viewing.sound_ceiling) == (True, "muffled", 0.2)
    assert (rules.breaks.after_minutes, rules.breaks.minutes) == (25, 15)
    start = {kind: made.for_entry(an_entry(kind=kind), AT).harm_type("a").start_level for kind in Kind}
    assert [kind for kind, level in start.items() if level is Level.FACTS] == [Kind.VIDEO]


@pytest.mark.parametrize(
    ("unwanted", "there", "elsewhere"),
    [
        (RatherNot(trait=Trait.HARM, key="a"), an_entry("a"), an_entry("b")),
        (RatherNot(trait=Trait.KIND, key="video"), an_entry(kind=Kind.VIDEO), an_entry()),
        (RatherNot(trait=Trait.LABEL, key="gate"), an_entry(labels="gate"), an_entry(labels="garden")),
        (RatherNot(trait=Trait.LABEL, key="gate"), an_entry(expect=("possible GARDEN GATE",)), an_entry()),
        (RatherNot(trait=Trait.LABEL, key="rain"), an_entry(expect=("rain",)), an_entry(expect=("sun",))),
    ],
)
def test_what_somebody_would_rather_not_get(unwanted: RatherNot, there: QueueEntry, elsewhere: QueueEntry) -> None:
    labels = Taxonomy(labels=(Choice(key="gate", words="Garden gate"),))
    policy = Policy(version="1", harm_types=(HarmType(key="a", words="a"),), taxonomy=labels)
    made = within(policy, Preferences(rather_not=(unwanted,)))
    assert made.avoids(there, AT)
    assert not made.avoids(elsewhere, AT)
    # It begins with its facts, so that it can be passed on unseen.
    assert made.for_entry(there, AT).harm_type(there.item.harm_type).start_level is Level.FACTS


def test_it_ends_by_itself() -> None:
    policy = Policy(version="1", harm_types=(HarmType(key="a", words="a"),))
    made = within(policy, Preferences(rather_not=(RatherNot(trait=Trait.HARM, key="a", until=AT),)))
    assert made.avoids(an_entry(), AT - 1)
    assert not made.avoids(an_entry(), AT)
    assert made.for_entry(an_entry(), AT).harm_type("a").start_level is Level.BLURRED

"""Terms of the policy stay masked in a transcript that was made here, wherever its utterances end."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reviewer.media.outlines import MASK
from reviewer.media.spoken import Spoken
from reviewer.media.transcriber import Utterance

TERM = "old mill lane"


def spoken(*words: str) -> Spoken:
    return Spoken([Utterance(float(at), at + 1.0, said) for at, said in enumerate(words)], (TERM,))


def test_a_term_over_two_utterances_is_masked_in_both() -> None:
    said = spoken("come to the OLD mill", "Lane at nine")
    assert said.text_lines(0, 2) == (f"come to the {MASK * 8}", f"{MASK * 4} at nine")
    assert [line.masked for line in said.text_outline().lines] == [1, 1]
    assert said.text_find("mill lane") == (0, 1)


def test_asking_line_by_line_shows_no_half_of_it_either() -> None:
    said = spoken("the old", "mill", "lane at nine")
    lines = [said.text_lines(at, 1)[0] for at in range(3)]
    assert lines == [f"the {MASK * 3}", MASK * 4, f"{MASK * 4} at nine"]
    assert said.text_lines(1, 1, unmask=True) == ("mill",)


@given(st.lists(st.integers(0, 1), min_size=6, max_size=6), st.sampled_from(["rain", "gate"]))
def test_wherever_it_is_broken_the_term_is_gone(breaks: list[int], around: str) -> None:
    words = [around, *TERM.split(), around, around]
    pieces = "".join(word + ("\n" if broken else " ") for word, broken in zip(words, breaks, strict=True))
    lines = spoken(*pieces.strip().split("\n")).text_lines(0, 9)
    assert not set(TERM.split()) & set(" ".join(lines).split())
    assert " ".join(lines).split().count(around) == 3

"""Every trick a name can play: refused, or made a name that all file systems take; never two of one."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.handoff.bag import bag_folder
from reviewer.handoff.errors import NameUnusable
from reviewer.handoff.names import MAX_PART, check_path, exhibit_paths, safe_part
from reviewer.model.cases import Fingerprints, Item, ItemFacts
from reviewer.model.levels import Kind

HANDOFF = "019a9f00-0000-7000-8000-0000000000a1"


def an_item(number: int, exhibit: str, form: str = "jpg") -> Item:
    return Item(
        id=f"item-{number}",
        case_id="case",
        exhibit=exhibit,
        harm_type="other",
        facts=ItemFacts(kind=Kind.IMAGE, format=form),
        fingerprints=Fingerprints(sha256="00" * 32, sha1="00" * 20, md5="00" * 16),
        container_sha256="00" * 32,
        container_size=1,
        created_at=datetime(2026, 11, 22, tzinfo=UTC),
    )


def paths(*exhibits: str) -> list[str]:
    return list(exhibit_paths(an_item(number, exhibit) for number, exhibit in enumerate(exhibits)).values())


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../../etc/passwd",
        "2026-01843/../003",
        "2026-01843/..",
        "..\\003",
        "/absolute",
        "2026-01843//003",
        "2026-01843/",
        ".hidden",
        "-rf",
        "ends with a dot.",
        "line\nbreak",
        "carriage\rreturn",
        "nul\0byte",
        "bell\x07",
        "delete\x7f",
        "next line\x85",
        "invoice\u202egpj.exe",
        "\u200fright to left mark",
        "zero\u200bwidth",
        "joined\u200d",
        "mark of order \ufeff",
        "isolate\u2066",
        "line\u2028separator",
        "paragraph\u2029separator",
        "half a pair \ud800",
        "private \ue000",
        "not a character \uffff",
        "tag \U000e0041",
        "CON",
        "nul.txt",
        "Com1",
        "lpt9.003",
        "x" * 101,
        "x" * 300,
        "x" * 301,
        "é" * 301,
    ],
    ids=ascii,
)
def test_a_name_that_could_deceive_is_refused_and_not_quoted(name: str) -> None:
    with pytest.raises(NameUnusable) as caught:
        safe_part(name)
    assert len(str(caught.value)) < 300
    assert len(name) < 3 or name not in str(caught.value)
    with pytest.raises(NameUnusable):
        paths(name)
    with pytest.raises(NameUnusable):
        bag_folder(name, HANDOFF)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("2026-01843/003.02", "2026-01843_003.02"),
        ("2026-01843", "2026-01843"),
        ("4 Js 123/26", "4_Js_123_26"),
        ("Prüf\\nummer: *7?", "Pr_f_nummer___7_"),
        ("a..b", "a..b"),
        ("console", "console"),
        ("x" * 100, "x" * 100),
        ("%41%2e", "_41_2e"),
    ],
)
def test_a_name_that_is_only_unusual_is_made_safe(name: str, safe: str) -> None:
    assert safe_part(name) == safe


def test_a_name_is_the_same_however_its_letters_are_composed() -> None:
    composed = "Prüfung/1"
    assert unicodedata.normalize("NFD", composed) != composed
    assert safe_part(unicodedata.normalize("NFD", composed)) == safe_part(composed) == "Pr_fung_1"


@given(st.text(max_size=310))
def test_whatever_comes_it_is_safe_or_refused(name: str) -> None:
    try:
        part = safe_part(name)
    except NameUnusable:
        return
    check_path(part)
    assert part.isascii()
    assert 0 < len(part) <= MAX_PART
    assert not set(part) & set('/\\:*?"<>|% \0')
    assert part not in (".", "..")


def test_exhibits_lie_under_their_numbers_with_the_ending_of_what_they_are() -> None:
    items = [an_item(1, "2026-01843/001"), an_item(2, "2026-01843/002", ""), an_item(3, "2026-01843/003", "7z")]
    assert exhibit_paths(items) == {
        "item-1": "data/items/2026-01843_001.jpg",
        "item-2": "data/items/2026-01843_002.bin",
        "item-3": "data/items/2026-01843_003.7z",
    }


@pytest.mark.parametrize("form", ["../x", "JPG", "a.b", "j\u202epg", "x" * 11, "a b", "é"])
def test_an_ending_that_is_none_becomes_bin(form: str) -> None:
    assert exhibit_paths([an_item(1, "001", form)]) == {"item-1": "data/items/001.bin"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2026/003", "2026_003"),
        ("2026/003", "2026 003"),
        ("2026/ä", unicodedata.normalize("NFD", "2026/ä")),
        ("2026/ä", "2026/ö"),
        ("Exhibit-A", "exhibit-a"),
        ("001", "001"),
    ],
)
def test_two_exhibits_with_one_name_are_refused_and_neither_is_renamed(one: str, other: str) -> None:
    assert paths(one, "099")
    with pytest.raises(NameUnusable, match="Two names would be the same"):
        paths(one, "099", other)


def test_two_exhibits_with_one_name_are_refused_also_where_their_endings_differ() -> None:
    with pytest.raises(NameUnusable):
        exhibit_paths([an_item(1, "001", "jpg"), an_item(2, "001", "png")])


def test_an_item_chosen_twice_is_refused() -> None:
    with pytest.raises(NameUnusable):
        exhibit_paths([an_item(1, "001"), an_item(1, "002")])


def test_a_folder_has_the_case_number_and_eight_digits_of_the_handoff() -> None:
    assert bag_folder("2026-01843", HANDOFF) == "2026-01843-000000a1"
    assert bag_folder("4 Js 123/26", HANDOFF) == "4_Js_123_26-000000a1"
    with pytest.raises(NameUnusable):
        bag_folder("x" * 95, HANDOFF)
    with pytest.raises(NameUnusable):
        bag_folder("2026-01843", "../../..")


@pytest.mark.parametrize(
    "path", ["", "a//b", "/a", "a/", "a/../b", "a/.b", "ä/b", "a/con.txt", "a b", "a/" + "x" * 101]
)
def test_a_path_with_an_unsafe_part_is_refused(path: str) -> None:
    with pytest.raises(NameUnusable):
        check_path(path)

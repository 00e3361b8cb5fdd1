"""Parts of an archive or e-mail: registered with what they came out of, and not counted as exhibits of the case."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from house import GATE, SEALED, a_case, an_item

from reviewer.model.cases import Item
from reviewer.model.errors import CaseSystemRefused
from reviewer.sync.client import CaseSystem
from reviewer.sync.refusals import slug_of

As = Callable[..., CaseSystem]


def part(number: int, part_of: str, case_id: str = "case-1") -> Item:
    item = an_item(f"part-{number}", case_id)
    return msgspec.structs.replace(item, exhibit=f"2026-1/001.{number:02d}", part_of=part_of)


def test_a_part_belongs_to_an_item_of_its_case(as_member: As) -> None:
    intake = as_member(GATE)
    for case_id in ("case-1", "case-2"):
        intake.register_case(a_case(case_id), SEALED)
    intake.register_item(an_item("item-1"))
    intake.register_item(part(1, "item-1"))
    intake.register_item(part(1, "item-1"))
    intake.register_item(part(2, "part-1"))
    assert intake.item_count("case-1") == 1
    for wrong in (part(3, "no-such-item"), part(3, "item-1", "case-2"), part(3, "part-3")):
        with pytest.raises(CaseSystemRefused) as refused:
            intake.register_item(wrong)
        assert slug_of(refused.value.problem_type) == "no-such-whole"
    with pytest.raises(CaseSystemRefused):
        intake.register_item(part(3, "not an id"))


def test_items_of_before_have_no_whole() -> None:
    written = msgspec.json.decode(msgspec.json.encode(an_item()))
    del written["part_of"]
    assert msgspec.convert(written, Item, strict=False).part_of is None


def test_an_item_that_is_registered_already_is_so_whatever_the_keys_are_now(as_member: As) -> None:
    intake = as_member(GATE)
    intake.register_case(a_case(), SEALED)
    _, before = intake.keys.state("case-1")
    item = an_item("item-1")
    intake.register_item(item, before)
    intake.keys.give("case-1", GATE, b"sealed anew", before)
    intake.register_item(item, before)
    with pytest.raises(CaseSystemRefused) as refused:
        intake.register_item(msgspec.structs.replace(an_item("item-2"), exhibit="2026-1/002"), before)
    assert slug_of(refused.value.problem_type) == "keys-changed"

"""Files taken in while the next ones are made ready: in order, once each, and what was made in vain is gone."""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "media"))

from archive_samples import words, zip_of
from evidence import picture
from floor import Floor
from test_intake_parts import log_of, plaintext

from reviewer.demo.organisation import REVIEWERS
from reviewer.intake.taking_in import Submission
from reviewer.intake.unpacking import LeftOut
from reviewer.model.cases import Case, Item
from reviewer.model.custody import CustodyAction
from reviewer.model.errors import SandboxUnavailable


def submissions(case: Case, *files: tuple[bytes, str]) -> Iterator[Submission]:
    for data, declared in files:
        yield Submission(io.BytesIO(data), case.id, "other", declared)


def take_in(floor: Floor, case: Case, *files: tuple[bytes, str]) -> list[Item]:
    with closing(floor._desk.take_in_each(submissions(case, *files), case.number)) as outcomes:
        found = list(outcomes)
    assert not [one for one in found if isinstance(one, LeftOut)]
    return [one for one in found if isinstance(one, Item)]


def exhibits(case: Case, items: list[Item]) -> list[str]:
    return [item.exhibit.removeprefix(case.number) for item in items]


def containers(floor: Floor) -> int:
    return sum(1 for _ in floor.organisation.workstation("intake-01").rglob("*.age"))


def test_every_file_is_an_item_in_its_order_with_what_is_in_it(floor: Floor) -> None:
    case, before = floor.open_case(), containers(floor)
    pictures = [(picture(60 + number), "jpg") for number in range(6)]
    files = [*pictures[:3], (zip_of({"a.txt": words(1), "b.txt": words(2)}), "zip"), *pictures[3:], pictures[1]]
    items = take_in(floor, case, *files)
    assert exhibits(case, items) == [
        "/001",
        "/002",
        "/003",
        "/004",
        "/004.01",
        "/004.02",
        "/005",
        "/006",
        "/007",
        "/002",
    ]
    assert items[-1] == items[1]
    for item, (data, _) in zip([*items[:4], *items[6:9]], files, strict=False):
        assert plaintext(floor, item) == data
    assert containers(floor) == before + 9
    logged = [entry.exhibit for entry in log_of(floor, case) if entry.action is CustodyAction.TAKEN_IN]
    assert sorted(str(one) for one in logged) == sorted(item.exhibit for item in items[:9])
    assert take_in(floor, case, *files) == items
    assert containers(floor) == before + 9


def test_several_are_looked_at_at_once_each_in_a_worker_of_its_own(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, together, threads = floor.open_case(), threading.Barrier(2, timeout=30), set[str]()
    real, opened = floor._desk._intake.examine, list[object]()

    def examine(source: BinaryIO, declared: str) -> object:
        threads.add(threading.current_thread().name)
        together.wait()
        opened.append(real(source, declared))
        return opened[-1]

    monkeypatch.setattr(floor._desk, "_intake", replace(floor._desk._intake, examine=examine))
    take_in(floor, case, *((picture(70 + number), "jpg") for number in range(4)))
    assert len(threads) == 2
    assert len({id(one) for one in opened}) == 4


def test_what_was_made_ahead_in_vain_is_thrown_away(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    case, before = floor.open_case(), containers(floor)
    real = floor._desk._intake.examine

    def examine(source: BinaryIO, declared: str) -> object:
        if declared == "png":
            raise SandboxUnavailable
        return real(source, declared)

    monkeypatch.setattr(floor._desk, "_intake", replace(floor._desk._intake, examine=examine))
    files = [(picture(80), "jpg"), (picture(81), "png"), (picture(82), "jpg"), (picture(83), "jpg")]
    with pytest.raises(SandboxUnavailable):
        take_in(floor, case, *files)
    assert containers(floor) == before + 1
    outcomes = floor._desk.take_in_each(submissions(case, *((data, "jpg") for data, _ in files)), case.number)
    assert isinstance(next(outcomes), Item)
    outcomes.close()
    assert containers(floor) == before + 1
    with floor.organisation.client(REVIEWERS[0]) as reviewer:
        assert [entry.item.exhibit for entry in reviewer.queue() if entry.case.id == case.id] == [f"{case.number}/001"]


def test_a_file_that_is_not_there_comes_after_the_ones_before_it(floor: Floor) -> None:
    case = floor.open_case()

    def some() -> Iterator[Submission]:
        yield from submissions(case, (picture(90), "jpg"), (picture(91), "jpg"))
        raise FileNotFoundError

    found: list[Item | LeftOut] = []
    with pytest.raises(FileNotFoundError):
        found.extend(floor._desk.take_in_each(some(), case.number))
    assert exhibits(case, [one for one in found if isinstance(one, Item)]) == ["/001", "/002"]


def test_keys_that_change_while_files_are_ready_are_the_ones_they_are_sealed_to(floor: Floor) -> None:
    case, colleague = floor.open_case(), floor.hire()
    files = [(picture(100 + number), "jpg") for number in range(5)]
    outcomes = floor._desk.take_in_each(submissions(case, *files), case.number)
    items = [next(outcomes)]
    floor._desk._keys.share(case.id, colleague)
    items.append(next(outcomes))
    floor._desk._keys.take(case.id, colleague)
    items.extend(outcomes)
    outcomes.close()
    held = {item.id: item for item in floor._desk._case_system.keys.items(case.id)}
    assert len(items) == len(held) == 5
    assert {item.id for item in items if isinstance(item, Item)} == set(held)
    for item, (data, _) in zip(items, files, strict=True):
        assert isinstance(item, Item)
        assert plaintext(floor, held[item.id]) == data


def test_another_workstation_that_numbers_on_meanwhile(floor: Floor) -> None:
    case = floor.open_case()
    outcomes = floor._desk.take_in_each(submissions(case, *((picture(n), "jpg") for n in range(110, 114))), case.number)
    first = next(outcomes)
    assert isinstance(first, Item)
    theirs = replace(floor._desk._intake, record=lambda item, started_at: None)  # not in the log of this machine
    with io.BytesIO(words(9)) as source:
        other = theirs.take_in(Submission(source, case.id, "other", "txt"), f"{case.number}/002")
    others = [one for one in outcomes if isinstance(one, Item)]
    assert exhibits(case, [first, other, *others[:1]])[:2] == ["/001", "/002"]
    every = {item.exhibit for item in [first, other, *others]}
    assert len(every) == 5
    assert {item.exhibit for item in floor._desk._case_system.keys.items(case.id)} == every

"""Takes in the files inside what was taken in: of an archive, of an e-mail, of an archive in an e-mail.

The whole stays an item of its own whatever happens to its parts. A part that cannot be unpacked is named and left out,
and the next one is tried; what is wrong with the disk or the case system stops everything, as it would for any file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import BinaryIO, cast

from reviewer.intake.part_stream import Allowance, PartHolder, PartStream
from reviewer.intake.taking_in import NotWhatWasExamined, Submission, part_exhibit
from reviewer.model.cases import Item
from reviewer.model.errors import (
    DamagedMedia,
    IntakeError,
    MediaError,
    MediaTooLarge,
    ReviewerError,
    SandboxUnavailable,
    WorkerDied,
    WorkerLied,
    WorkerTimeout,
)
from reviewer.model.levels import Kind

MAX_DEPTH = 3
_HOLD_FILES = frozenset({Kind.ARCHIVE, Kind.EMAIL})
_LONGEST_SUFFIX = 12


class TooDeep(IntakeError):
    """An archive inside an archive inside an archive: taken in as it is."""

    code = "I002"
    happened = "The archive lies too deep in other archives, so it was not unpacked."
    kept = "It is an item of its own, as it is."
    to_do = "Unpack it by hand on a machine made for it if what is inside matters."


class NumberTaken(IntakeError):
    """The case system has another item where this part belongs."""

    code = "I003"
    happened = "The case system has another item under the number of this part, so it was not taken in."
    kept = "The archive or e-mail it lies in is an item, and holds it."
    to_do = "Tell your administrator; an earlier attempt on this machine may have lost its place."


class NotCompleted(IntakeError):
    """What an interrupted attempt left cannot be completed here: kept as it is, and said."""

    code = "I004"
    happened = "An earlier attempt at this file was cut off and cannot be completed on this machine."
    kept = "The archive or e-mail it lies in is an item, and holds it."
    to_do = "Tell your administrator; the container that was sealed for it is gone, or the case system has another."


class WholeUnavailable(IntakeError):
    """The archive or e-mail was taken in, but its container cannot be opened again to unpack it."""

    code = "I005"
    happened = "The archive or e-mail could not be opened again, so what is inside was not taken in."
    kept = "It is an item of its own, as it is."
    to_do = "Ask for the key of the case, then take the same file in again."


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something inside `whole` that did not become an item. `exhibit`: the number it would have, or the whole's."""

    whole: Item
    exhibit: str
    error: ReviewerError


TakePart = Callable[[Submission, str, Item, int], Item]


@dataclass(slots=True)
class Unpacking:
    """`open` opens an item that was taken in; `take_in` takes in (submission, exhibit, whole, index).

    `open` gives None for what turns out to hold nothing.
    """

    open: Callable[[Item], PartHolder | None]
    take_in: TakePart
    allowance: Allowance = field(default_factory=Allowance)

    def parts_of(self, whole: Item, depth: int = 1) -> Iterator[Item | LeftOut]:
        """Every part, and every part's parts, as they are taken in; nothing for what holds no files."""
        if whole.facts.kind not in _HOLD_FILES:
            return
        try:
            names = self._names(whole)
        except SandboxUnavailable:
            raise
        except (MediaError, NotWhatWasExamined, WholeUnavailable) as error:
            yield LeftOut(whole, whole.exhibit, error)
            return
        if names and depth > MAX_DEPTH:
            yield LeftOut(whole, whole.exhibit, TooDeep())
            return
        if len(names) > self.allowance.parts_left:
            yield LeftOut(whole, whole.exhibit, MediaTooLarge())
            return
        self.allowance.parts_left -= len(names)
        yield from self._each(whole, names, depth)

    def _names(self, whole: Item) -> list[str]:
        holder = self.open(whole)
        if holder is None:
            return []
        with closing(holder):
            return [part.name for part in holder.parts()]

    def _each(self, whole: Item, names: list[str], depth: int) -> Iterator[Item | LeftOut]:
        holder: PartHolder | None = None
        try:
            for index, name in enumerate(names):
                exhibit = part_exhibit(whole.exhibit, index)
                try:
                    # A worker that a part has ended is replaced for the next one.
                    self.allowance.check()
                    holder = holder or self.open(whole)
                    if holder is None:
                        raise DamagedMedia  # it named them a moment ago
                    item = self._part(holder, whole, index, exhibit, name)
                except SandboxUnavailable:
                    raise
                except (MediaError, NotWhatWasExamined, NumberTaken, NotCompleted, WholeUnavailable) as error:
                    if isinstance(error, (WorkerDied, WorkerTimeout, WorkerLied)) and holder is not None:
                        holder.close()
                        holder = None
                    yield LeftOut(whole, exhibit, error)
                    continue
                yield item
                yield from self.parts_of(item, depth + 1)
        finally:
            if holder is not None:
                holder.close()

    def _part(self, holder: PartHolder, whole: Item, index: int, exhibit: str, untrusted_name: str) -> Item:
        with PartStream(holder, index, self.allowance) as source:
            submission = Submission(
                cast(BinaryIO, source),
                whole.case_id,
                whole.harm_type,
                declared_format=_suffix(untrusted_name),
                forewarning=whole.forewarning,
            )
            return self.take_in(submission, exhibit, whole, index)


def _suffix(untrusted_name: str) -> str:
    """What the name claims to be: short, letters and digits, or nothing."""
    _, dot, last = untrusted_name.rpartition(".")
    said = last.lower()
    return said if dot and said.isascii() and said.isalnum() and len(said) <= _LONGEST_SUFFIX else ""

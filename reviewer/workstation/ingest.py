"""Joins intake to the vault, the sealed worker and the case system."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from reviewer.intake.part_stream import PartHolder
from reviewer.intake.taking_in import Intake, Keep, Ready, Submission, exhibit_number, keep_nothing
from reviewer.intake.unpacking import LeftOut, NotCompleted, NumberTaken, Unpacking, WholeUnavailable
from reviewer.media.broker import Broker
from reviewer.media.formats import known_name
from reviewer.media.opened import OpenedItem
from reviewer.media.outlines import Part
from reviewer.model.cases import Case, Item
from reviewer.model.clock import Clock
from reviewer.model.custody import CustodyAction, CustodyEntry
from reviewer.model.errors import CaseSystemRefused, DamagedMedia, IntakeError, NoKeyForItem
from reviewer.sync.client import CaseSystem
from reviewer.sync.refusals import slug_of
from reviewer.vault import age
from reviewer.vault.open_vault import OpenVault
from reviewer.vault.statements import KeyNotVouchedFor
from reviewer.vault.store import Store
from reviewer.vault.vault import Vault
from reviewer.workstation.case_keys import CaseKeyDesk
from reviewer.workstation.clock import SystemClock
from reviewer.workstation.custody_author import CustodyAuthor
from reviewer.workstation.desk import connect
from reviewer.workstation.ingest_ahead import HeldKeys, ahead
from reviewer.workstation.intake_ledger import IntakeLedger, Place
from reviewer.workstation.telling_now import tell_now

# Refusals that are about the one item that was asked for; any other would meet the next item too.
_OF_ONE_ITEM = frozenset({"item-differs", "container-differs", "no-such-whole"})


class _Registry:
    """Registers an item only if the case still has the keys it was sealed under: a re-key leaves it to nobody."""

    def __init__(self, case_system: CaseSystem) -> None:
        self._case_system = case_system
        self._of_thread = threading.local()

    @property
    def sealed_under(self) -> str | None:
        """Of this thread: others seal the next items meanwhile."""
        keys: str | None = getattr(self._of_thread, "keys", None)
        return keys

    @sealed_under.setter
    def sealed_under(self, keys: str | None) -> None:
        self._of_thread.keys = keys

    def register_item(self, item: Item) -> None:
        self._case_system.register_item(item, self.sealed_under)

    def upload_container(self, item_id: str, stream: BinaryIO) -> None:
        self._case_system.upload_container(item_id, stream)


@dataclass(frozen=True, slots=True)
class _Begun:
    """A file that was submitted. `ready`: looked at and sealed already, under the set of keys `keys`."""

    place: Place
    digest: str
    ready: Ready | None = None
    keys: str | None = None


class _Opened:
    """An item of the case open for its parts: closing it ends the worker and drops what was decrypted."""

    def __init__(self, opened: OpenedItem, stack: ExitStack) -> None:
        self._opened = opened
        self._stack = stack

    def parts(self) -> Sequence[Part]:
        return self._opened.parts()

    def read_part(self, index: int, offset: int) -> bytearray:
        return self._opened.read_part(index, offset)

    def close(self) -> None:
        self._stack.close()


class IntakeDesk:
    """An intake member's open vault, a broker and the case system, joined. Close it when done."""

    def __init__(self, vault: OpenVault, case_system: CaseSystem, broker: Broker, clock: Clock) -> None:
        self._vault = vault
        self._case_system = case_system
        self._broker = broker
        self._author = CustodyAuthor(clock, vault.scribe)
        self._keys = CaseKeyDesk(vault, case_system, clock)
        self._registry = _Registry(case_system)
        self._ledger = IntakeLedger(vault)
        self._intake = Intake(
            examine=lambda source, declared: broker.open(cast(BytesIO, source), declared_format=declared),
            seal=self._seal,
            unseal=self._unseal,
            record=self._record,
            registry=self._registry,
            containers=vault.containers,
            clock=clock,
        )

    def open_case(self, case: Case) -> None:
        """Make the case key, seal it to everybody on the signed roster, and register the case with it."""
        self._keys.open_case(case)

    def take_in(self, submission: Submission, case_number: str, keep: Keep = keep_nothing) -> Item:
        """The registered item, without what is inside it. Exhibits count up in the case; a failure leaves a gap."""
        # Another intake workstation may have numbered on: the case system knows how far the case has come, and refuses
        # a number that is taken.
        known = self._case_system.item_count(submission.case_id)
        return self._intake.take_in(_named(submission), self._exhibit(submission, case_number, known), keep)

    def take_in_all(self, submission: Submission, case_number: str) -> Iterator[Item | LeftOut]:
        """The item, then the files inside it as items of their own, each yielded once it is whole.

        The same file of the same case again gives the items it gave before; what an interrupted run left undone is
        completed first.
        """
        held = HeldKeys(self._keys, self._case_system.item_count)
        yield from self._all_of(submission, case_number, _begun(submission), held)

    def take_in_each(
        self, submissions: Iterable[Submission], case_number: str
    ) -> Generator[Item | LeftOut, None, None]:
        """`take_in_all` of each in turn, the next ones looked at and sealed meanwhile. Closes every source."""
        held = HeldKeys(self._keys, self._case_system.item_count)
        intake = replace(self._intake, seal=partial(self._seal_held, held))

        def begin(submission: Submission) -> _Begun:
            begun = _begun(submission)
            if self._ledger.find(begun.place) is not None:
                return begun
            return replace(begun, ready=intake.prepare(_named(submission)), keys=self._registry.sealed_under)

        with closing(ahead(submissions, begin, self._discard)) as files:
            for submission, begun in files:
                yield from self._all_of(submission, case_number, begun.result(), held)

    def _all_of(
        self, submission: Submission, case_number: str, begun: _Begun, held: HeldKeys
    ) -> Iterator[Item | LeftOut]:
        try:
            whole = self._completed(begun.place)
        except BaseException:
            self._discard(begun)
            raise
        if whole is None or whole.fingerprints.sha256 != begun.digest:
            whole = self._entered(submission, case_number, begun, held)
        else:
            self._discard(begun)
        yield whole
        holding = partial(self._open, {whole.id: submission.source})
        for outcome in Unpacking(open=holding, take_in=self._take_in_part).parts_of(whole):
            if isinstance(outcome, LeftOut):
                self._record_left_out(outcome)
            yield outcome

    def _entered(self, submission: Submission, case_number: str, begun: _Begun, held: HeldKeys) -> Item:
        keep = self._keeper(begun.place)
        if begun.ready is not None:
            try:
                exhibit = self._exhibit(submission, case_number, held.item_count(submission.case_id))
            except BaseException:
                self._discard(begun)
                raise
            self._registry.sealed_under = begun.keys
            try:
                return self._intake.enter(begun.ready, _named(submission), exhibit, keep)
            except CaseSystemRefused as refused:
                if slug_of(refused.problem_type) not in ("keys-changed", "exhibit-taken"):
                    raise
            # What was asked some seconds ago holds no longer: the container is dropped, the file sealed again.
            held.forget(submission.case_id)
            done = self._completed(begun.place)
            if done is not None:
                return done
        return self.take_in(submission, case_number, keep)

    def _exhibit(self, submission: Submission, case_number: str, known: int) -> str:
        position = self._vault.store.call(lambda s: _next_position(s, submission.case_id, known))
        return exhibit_number(case_number, position)

    def _discard(self, begun: _Begun) -> None:
        if begun.ready is not None:
            self._intake.discard(begun.ready)

    def _take_in_part(self, submission: Submission, exhibit: str, whole: Item, index: int) -> Item:
        place = Place.of_part(whole, index)
        try:
            done = self._completed(place)
            if done is not None:
                return done
            return self._intake.take_in_part(_named(submission), exhibit, whole.id, self._keeper(place))
        except CaseSystemRefused as refused:
            slug = slug_of(refused.problem_type)
            if slug == "exhibit-taken":
                self._drop(place)
                raise NumberTaken from None
            if slug in _OF_ONE_ITEM:
                raise NotCompleted from None
            raise

    def _completed(self, place: Place) -> Item | None:
        """The item of this place, finished if it was begun; None when it must be taken in from its source."""
        kept = self._ledger.find(place)
        if kept is None or kept.whole:
            return None if kept is None else kept.item
        recorded = self._is_recorded(kept.item)
        # The log knows it only once the case system does. Before that, keys that were replaced since are a reason to
        # seal it again; after it, they are not, and the upload is what is missing.
        self._registry.sealed_under = None if recorded else kept.keys
        try:
            return self._intake.finish(kept.item, recorded=recorded, keep=self._keeper(place))
        except CaseSystemRefused as refused:
            slug = slug_of(refused.problem_type)
            if slug == "item-differs":
                return self._re_keyed(kept.item, place)
            # The case system answers an item it holds before it looks at the keys: it does not hold this one.
            if recorded or slug not in ("keys-changed", "exhibit-taken"):
                raise
        except IntakeError:
            if recorded:
                raise NotCompleted from None
        self._drop(place)
        return None

    def _re_keyed(self, item: Item, place: Place) -> Item:
        """It arrived whole, and only then was given another container: what the case system has is what counts."""
        held = self._held(item)
        ours = msgspec.structs.replace(item, container_sha256=held.container_sha256, container_size=held.container_size)
        if held != ours:
            raise NotCompleted
        self._keeper(place)(held, True)
        return held

    def _held(self, item: Item) -> Item:
        held = next((one for one in self._case_system.keys.items(item.case_id) if one.id == item.id), None)
        if held is None:
            raise NotCompleted
        return held

    def _drop(self, place: Place) -> None:
        kept = self._ledger.find(place)
        if kept is not None and not kept.whole:
            self._vault.containers.evict(kept.item.id)
            self._ledger.forget(place)

    def _keeper(self, place: Place) -> Keep:
        return self._ledger.keeper(place, lambda: self._registry.sealed_under)

    def _is_recorded(self, item: Item) -> bool:
        rows = self._vault.store.call(lambda s: s.custody_rows())
        entries = (msgspec.json.decode(row.entry_json, type=CustodyEntry) for row in rows)
        return any(
            (entry.action, entry.case_id, entry.exhibit) == (CustodyAction.TAKEN_IN, item.case_id, item.exhibit)
            for entry in entries
        )

    def _open(self, submitted: Mapping[str, BinaryIO], item: Item) -> PartHolder | None:
        """The item open for its parts, from the file as it was submitted or from its container."""
        with ExitStack() as stack:
            plaintext = submitted.get(item.id) or self._reopened(item, stack)
            opened = self._broker.open(cast(BytesIO, plaintext), declared_format=item.facts.declared_format)
            stack.callback(opened.close)
            if opened.holds_parts:
                return _Opened(opened, stack.pop_all())
            if not opened.readable:
                raise DamagedMedia  # it may hold anything: only an e-mail that can be read says that it holds nothing
            return None

    def _reopened(self, item: Item, stack: ExitStack) -> BinaryIO:
        """What is in the container of this machine or, after a re-key elsewhere, in that of the case system."""
        try:
            return stack.enter_context(self._unseal(item.id, item.case_id))
        except (IntakeError, NoKeyForItem, age.AgeError):
            pass
        try:
            held = self._held(item)
            fetched = self._case_system.open_container(held.id, held.container_size, held.container_sha256)
            stack.callback(fetched.close)
            with self._keys.current(item.case_id) as key:
                plaintext = stack.enter_context(age.open(fetched, [key.identity]))
            if _sha256(cast(BinaryIO, plaintext)) != item.fingerprints.sha256:
                raise WholeUnavailable
        except (NotCompleted, NoKeyForItem, KeyNotVouchedFor, CaseSystemRefused, age.AgeError):
            raise WholeUnavailable from None
        return cast(BinaryIO, plaintext)

    def _seal(self, source: BinaryIO, target: BinaryIO, case_id: str) -> None:
        """To the case's key of this moment, as somebody on the roster vouches for it: not to one just handed out."""
        with self._keys.current(case_id) as key:
            self._registry.sealed_under = key.etag
            age.encrypt(source, target, [key.identity.recipient()])

    def _seal_held(self, held: HeldKeys, source: BinaryIO, target: BinaryIO, case_id: str) -> None:
        recipient, self._registry.sealed_under = held.recipient(case_id)
        age.encrypt(source, target, [recipient])

    @contextmanager
    def _unseal(self, item_id: str, case_id: str) -> Iterator[BinaryIO]:
        container = self._vault.containers.open(item_id)
        if container is None:
            raise IntakeError("The container left the cache of this machine.")
        with container:
            # The key it was sealed to a moment ago, which sealing left in the store: no need to ask for it again.
            identity = self._vault.case_identity(case_id)
            try:
                plaintext = age.open(container, [identity])
            finally:
                identity.wipe()
            with plaintext:
                yield cast(BinaryIO, plaintext)

    def _record(self, item: Item, started_at: datetime) -> None:
        whole = item.exhibit.rpartition(".")[0]
        reason = f"out of exhibit {whole}" if item.part_of is not None else ""
        entry = self._author.entry(CustodyAction.TAKEN_IN, item, started_at=started_at, reason=reason)
        self._vault.store.call(lambda s: s.append_custody(entry))

    def _record_left_out(self, left_out: LeftOut) -> None:
        if not self._ledger.first_time(Place.left_out(left_out.whole, left_out.exhibit, left_out.error.code)):
            return
        reason = f"{left_out.exhibit} was not unpacked: {left_out.error.code}"
        entry = self._author.entry(CustodyAction.COULD_NOT_OPEN, left_out.whole, reason=reason)
        self._vault.store.call(lambda s: s.append_custody(entry))


def _next_position(store: Store, case_id: str, known: int) -> int:
    # Written before it is used: two exhibits never share a number, whenever this process ends.
    key = f"exhibits/{case_id}"
    position = max(int(store.get_setting(key) or b"0"), known) + 1
    store.put_setting(key, str(position).encode())
    return position


def _named(submission: Submission) -> Submission:
    """What a name ends with goes to the case system only when it is a format's name: it may be anybody's."""
    return replace(submission, declared_format=known_name(submission.declared_format))


def _begun(submission: Submission) -> _Begun:
    digest = _sha256(submission.source)
    return _Begun(Place.of_file(submission.case_id, submission.harm_type, digest), digest)


def _sha256(source: BinaryIO) -> str:
    source.seek(0)
    return hashlib.file_digest(cast(BytesIO, source), "sha256").hexdigest()


def ingest_files(
    folder: Path, passphrase: str, case_id: str, harm_type: str, files: Sequence[Path]
) -> Iterator[Item | LeftOut]:
    """`reviewer ingest`. Yields each item once it is whole, and what was left out of an archive.

    What was yielded stays, whatever happens to the next.
    """
    clock = SystemClock()
    vault = Vault(folder).open(passphrase)
    broker = Broker(warm=1)
    try:
        with connect(vault) as case_system:
            broker.start()
            desk = IntakeDesk(vault, case_system, broker, clock)
            case = case_system.case(case_id)
            submissions = (_submission(path, case_id, harm_type) for path in files)
            with closing(desk.take_in_each(submissions, case.number)) as outcomes:
                try:
                    yield from outcomes
                except OSError as error:
                    raise IntakeError("A file could not be read.") from error
                finally:
                    tell_now(vault, case_system, clock)
    finally:
        broker.close()
        vault.lock()


def _submission(path: Path, case_id: str, harm_type: str) -> Submission:
    return Submission(path.open("rb"), case_id, harm_type, declared_format=path.suffix.lstrip(".").lower())

"""Case keys in work: made, vouched for, shared with somebody on the roster, replaced to take a case away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, cast

from reviewer.model.cases import Case, Item
from reviewer.model.clock import Clock
from reviewer.model.custody import CustodyAction
from reviewer.model.errors import CaseSystemRefused, NoKeyForItem, VaultError
from reviewer.model.statements import CaseKeyStatement
from reviewer.model.wire import CaseLine, KeyState, NewContainer, Rekeyed
from reviewer.sync.client import CaseSystem
from reviewer.sync.refusals import slug_of
from reviewer.vault import age
from reviewer.vault.keys import CaseIdentity, create_case_key, open_case_key, seal_case_key
from reviewer.vault.open_vault import OpenVault
from reviewer.vault.rosters import Roster
from reviewer.vault.statements import KeyNotVouchedFor, open_case_key_statement, sign_statement
from reviewer.workstation.roster import accepted_roster


class CaseNotShared(VaultError):
    code = "V016"
    happened = "This person does not hold the key of this case."
    kept = "Nothing was changed."
    to_do = "`reviewer case list` shows who does."


@dataclass(frozen=True, slots=True)
class CurrentKey:
    """A case's key as it is now: vouched for, with what changing it needs. Wipe `identity` after use."""

    identity: CaseIdentity
    epoch: int
    state: KeyState
    etag: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What a re-key did: items with new headers, who holds the new key, who lost it besides the one named."""

    items: int
    holders: tuple[str, ...]
    dropped: tuple[str, ...]


class CaseKeyDesk:
    """One member's open vault and the case system, for the keys of cases. Methods block."""

    def __init__(self, vault: OpenVault, case_system: CaseSystem, clock: Clock) -> None:
        self._vault = vault
        self._case_system = case_system
        self._clock = clock

    def cases(self) -> Iterator[CaseLine]:
        return self._case_system.keys.cases()

    def open_case(self, case: Case) -> None:
        """A new key, sealed to everybody on the roster, vouched for by us, registered with the case."""
        roster = accepted_roster(self._vault, self._case_system)
        key = create_case_key()
        try:
            sealed = _sealed(key, roster, [member.id for member in roster.members])
            statement = self._vouch(case.id, key, 1)
        finally:
            key.wipe()
        self._case_system.register_case(case, sealed, statement)
        self._keep(case.id, sealed.get(self._vault.member.id), 1)

    @contextmanager
    def current(self, case_id: str, roster: Roster | None = None) -> Iterator[CurrentKey]:
        """The key as the case system has it sealed to us, believed only as vouched for by somebody on the roster.

        NoKeyForItem when the case is not shared with us, KeyNotVouchedFor, RosterRefused.
        """
        roster = roster if roster is not None else accepted_roster(self._vault, self._case_system)
        state, etag = self._case_system.keys.state(case_id)
        newest = self._epoch(case_id)
        statement = open_case_key_statement(state.statement, roster, case_id=case_id, newest=newest)
        sealed = self._fetch(case_id)
        identity = open_case_key(sealed, self._vault.identity)
        try:
            if str(identity.recipient()) != statement.recipient:
                raise KeyNotVouchedFor
            self._keep(case_id, sealed, statement.epoch)
            yield CurrentKey(identity, statement.epoch, state, etag)
        finally:
            identity.wipe()

    def share(self, case_id: str, member_id: str) -> None:
        """Seal the key to one more person, by the recipient the roster gives them."""
        started = self._clock.now()
        roster = accepted_roster(self._vault, self._case_system)
        recipient = roster.recipient_of(member_id)
        with self.current(case_id, roster) as key:
            self._case_system.keys.give(case_id, member_id, seal_case_key(key.identity, [recipient]), key.etag)
        entry = self._vault.scribe.entry(
            CustodyAction.KEY_SHARED, started, self._clock.now(), case_id=case_id, given_to=member_id
        )
        self._vault.store.call(lambda s: s.append_custody(entry))

    def take(self, case_id: str, member_id: str, step: Callable[[int], None] = lambda _: None) -> Taken:
        """Re-key the case without this person: a new key, every container under a new header, changed over at once.

        `step` is told how many containers have been sent. Until the end nothing is different; a failure leaves all as
        it was. What the person kept (the old key, or a file key, and old ciphertext) stays theirs: docs/formats.md.
        """
        started = self._clock.now()
        roster = accepted_roster(self._vault, self._case_system)
        with self.current(case_id, roster) as old:
            remaining = self._remaining(old, member_id)
            listed = {member.id for member in roster.members}
            holders = tuple(holder for holder in remaining if holder in listed)
            new = create_case_key()
            try:
                containers = {}
                for item in self._case_system.keys.items(case_id):
                    containers[item.id] = self._readdress(item, old.identity, new)
                    step(len(containers))
                sealed = _sealed(new, roster, holders)
                statement = self._vouch(case_id, new, old.epoch + 1)
            finally:
                new.wipe()
            change = Rekeyed(keys=sealed, statement=statement, containers=containers)
            self._case_system.keys.rekey(case_id, change, old.etag)
        self._keep(case_id, sealed[self._vault.member.id], old.epoch + 1)
        for item_id in containers:
            self._vault.containers.evict(item_id)
        entry = self._vault.scribe.entry(
            CustodyAction.KEY_TAKEN, started, self._clock.now(), case_id=case_id, received_from=member_id
        )
        self._vault.store.call(lambda s: s.append_custody(entry))
        return Taken(len(containers), holders, tuple(holder for holder in remaining if holder not in listed))

    def _remaining(self, old: CurrentKey, member_id: str) -> list[str]:
        if member_id not in old.state.holders:
            raise CaseNotShared
        if member_id == self._vault.member.id:
            raise CaseNotShared("You cannot take a case from yourself: you would know the new key.")
        return [holder for holder in old.state.holders if holder != member_id]

    def _readdress(self, item: Item, old: CaseIdentity, new: CaseIdentity) -> NewContainer:
        """Send the container with another header; its payload is copied, not decrypted."""
        draft = f"{item.id}.rekey"
        size, digest = item.container_size, item.container_sha256
        with self._case_system.open_container(item.id, size, digest) as ciphertext:
            source = cast(BinaryIO, ciphertext)

            def write(target: BinaryIO) -> None:
                age.rewrap(source, target, [old], [new.recipient()])

            new_size, new_digest = self._vault.containers.make(draft, write)
        try:
            container = self._vault.containers.open(draft)
            assert container is not None
            with container:
                self._case_system.keys.stage(item.id, cast(BinaryIO, container), new_digest, new_size)
        finally:
            self._vault.containers.evict(draft)
        return NewContainer(was=digest, sha256=new_digest, size=new_size)

    def _fetch(self, case_id: str) -> bytes:
        try:
            return self._case_system.case_key(case_id)
        except CaseSystemRefused as refused:
            if slug_of(refused.problem_type) == "no-key-for-you":
                raise NoKeyForItem("This case is not shared with you.") from None
            raise

    def _vouch(self, case_id: str, key: CaseIdentity, epoch: int) -> str:
        statement = CaseKeyStatement(
            case_id=case_id, epoch=epoch, member_id=self._vault.member.id, recipient=str(key.recipient())
        )
        return sign_statement(self._vault.member_signer, statement)

    def _keep(self, case_id: str, sealed: bytes | None, epoch: int) -> None:
        """Our copy for work offline, and how new it is: an older key is not believed afterwards."""
        if sealed is None:
            return
        if self._vault.store.call(lambda s: s.case_key(case_id)) != sealed or self._epoch(case_id) != epoch:
            self._vault.store.call(lambda s: s.put_case_key(case_id, sealed))
            self._vault.store.call(lambda s: s.put_setting(epoch_setting(case_id), str(epoch).encode()))

    def _epoch(self, case_id: str) -> int:
        held = self._vault.store.call(lambda s: s.get_setting(epoch_setting(case_id)))
        return int(held) if held is not None else 0


def epoch_setting(case_id: str) -> str:
    return f"epoch/{case_id}"


def _sealed(key: CaseIdentity, roster: Roster, members: Iterable[str]) -> dict[str, bytes]:
    return {member: seal_case_key(key, [roster.recipient_of(member)]) for member in members}

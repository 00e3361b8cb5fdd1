"""The end of a case: two people's consents, the key destroyed wherever it is, and the proof that nothing opens.

What two people on the roster have signed is obeyed by every workstation when it next hears of it. What only the case
system says is not: it could take evidence away from everybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import BinaryIO, cast

from reviewer.model.cases import Item
from reviewer.model.clock import Clock
from reviewer.model.custody import CustodyAction
from reviewer.model.errors import CaseSystemRefused, NoKeyForItem, PermissionRefused, SyncError, VaultError
from reviewer.model.ids import uuid7
from reviewer.model.roles import Permission, may
from reviewer.model.statements import CONSENT_LASTS, MAX_REASON, Consent
from reviewer.model.wire import Destruction
from reviewer.sync.client import CaseSystem
from reviewer.sync.refusals import slug_of
from reviewer.vault import age
from reviewer.vault.keys import CaseIdentity, open_case_key
from reviewer.vault.open_vault import OpenVault
from reviewer.vault.rosters import Roster, RosterRefused
from reviewer.vault.statements import ConsentRefused, open_both_consents, open_consent, sign_statement
from reviewer.workstation.case_keys import epoch_setting
from reviewer.workstation.roster import accepted_roster

_SEEN = "tombstones_seen"


class StillOpens(VaultError):
    code = "V015"
    happened = "An item of the destroyed case can still be opened."
    kept = "Its keys are gone from the case system."
    to_do = "Look for copies of the key on this workstation, and tell your supervisor."


class StillPreserved(VaultError):
    code = "V017"
    happened = "The case is preserved, and the time for that has not ended."
    kept = "Nothing was destroyed, and your consent was not kept."
    to_do = "Consent again when it has ended; see what is preserved for how long."


@dataclass(frozen=True, slots=True)
class Proof:
    """What was tried after the destruction: `reachable` items still have a container, `opened` ones opened."""

    items: int
    reachable: int
    opened: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Obeyed:
    """Cases whose local copies were destroyed, and those whose tombstone was not believed."""

    destroyed: tuple[str, ...]
    doubted: tuple[str, ...]


def consent_to_destroy(
    vault: OpenVault, case_system: CaseSystem, clock: Clock, case_id: str, reason: str
) -> Destruction:
    """Sign and send this person's consent. The first waits for a second; with the second the keys are destroyed.

    ConsentRefused (also: the first is our own), StillPreserved, PermissionRefused, CaseSystemRefused (no such case,
    destroyed before).
    """
    if not may(vault.member.role, Permission.DESTROY_CASES):
        raise PermissionRefused
    roster = accepted_roster(vault, case_system)
    if roster.member(vault.member.id).verifier != vault.member.verifier:
        raise RosterRefused("The signed list of members has another key for you than this vault signs with.")
    waiting = case_system.keys.destruction(case_id)
    now = clock.now()
    first: Consent | None = None
    if waiting is not None and waiting.expires_at > now:
        first = open_consent(waiting.notes[0], roster, case_id=case_id)
        if first.member_id == vault.member.id:
            raise ConsentRefused(
                "Your own consent is the first one; the second must be somebody else's.",
                to_do="Ask a colleague who may destroy cases to run this command.",
            )
    expires_at = first.expires_at if first is not None else now + CONSENT_LASTS
    if expires_at <= now:
        raise ConsentRefused("The first consent no longer holds.")
    consent = Consent(
        request=first.request if first is not None else uuid7(),
        case_id=case_id,
        member_id=vault.member.id,
        signed_at=now,
        expires_at=expires_at,
        reason=reason,
    )
    try:
        note = sign_statement(vault.member_signer, consent)
        if len(reason) > MAX_REASON:
            raise ValueError
    except ValueError:
        raise ConsentRefused(f"The reason must be one line of at most {MAX_REASON} characters.") from None
    try:
        stands = case_system.keys.consent(case_id, note)
    except CaseSystemRefused as refused:
        if slug_of(refused.problem_type) != "preservation-runs":
            raise
        raise _still_preserved(case_system, case_id) from None
    if stands.destroyed_at is None:
        entry = vault.scribe.entry(
            CustodyAction.DESTRUCTION_REQUESTED, now, case_id=case_id, authority=consent.request, reason=reason
        )
        vault.store.call(lambda s: s.append_custody(entry))
    return stands


def obey_tombstones(vault: OpenVault, case_system: CaseSystem, clock: Clock) -> Obeyed:
    """Destroy what is kept here of cases that two people destroyed. Asks only for what is new since the last time.

    A tombstone that does not verify is not obeyed, asked for again, and noted in the custody log once.
    """
    mark = vault.store.call(lambda s: s.get_setting(_SEEN))
    destroyed: list[str] = []
    doubted: list[str] = []
    roster: Roster | None = None
    for stone in case_system.keys.tombstones(int(mark) if mark is not None else 0):
        try:
            roster = roster if roster is not None else accepted_roster(vault, case_system)
            consents = open_both_consents(stone.notes, roster, case_id=stone.case_id)
        except (ConsentRefused, RosterRefused) as refused:
            doubted.append(stone.case_id)
            _doubt(vault, clock, stone.case_id, refused.code)
            continue
        if _destroy_here(vault, case_system, clock, stone.case_id, consents):
            destroyed.append(stone.case_id)
        if not doubted:
            _remember(vault, stone.number)
    return Obeyed(tuple(destroyed), tuple(doubted))


def prove_destroyed(vault: OpenVault, case_system: CaseSystem, case_id: str) -> Proof:
    """Try to open every item of the case with every key and every container that can still be had from here."""
    keys = [vault.identity, *_keys_left(vault, case_system, case_id)]
    items = reachable = 0
    opened = []
    for item in case_system.keys.items(case_id):
        items += 1
        containers = list(_containers_left(vault, case_system, item))
        reachable += bool(containers)
        # Every one is tried, and closed, also when an earlier one opened.
        tried = [_opens(container, keys) for container in containers]
        if any(tried):
            opened.append(item.id)
    return Proof(items, reachable, tuple(opened))


def _still_preserved(case_system: CaseSystem, case_id: str) -> StillPreserved:
    """With the day, where the case system tells it."""
    try:
        ends = [one.ends_on for one in case_system.handed_off.preservations() if one.case_id == case_id]
    except SyncError:
        ends = []
    if not ends:
        return StillPreserved()
    return StillPreserved(
        f"The case is preserved to the end of {max(ends)} (UTC).", to_do=f"Consent again after {max(ends)}."
    )


def _destroy_here(
    vault: OpenVault, case_system: CaseSystem, clock: Clock, case_id: str, consents: tuple[Consent, Consent]
) -> bool:
    vault.store.call(lambda s: s.conversations.forget(case_id))
    if vault.containers.size():
        for item in case_system.keys.items(case_id):
            vault.containers.evict(item.id)
    if vault.store.call(lambda s: s.case_key(case_id)) is None:
        return False
    first, second = consents
    entry = vault.scribe.entry(
        CustodyAction.KEY_DESTROYED,
        clock.now(),
        case_id=case_id,
        reason=first.reason,
        authority=f"{first.request}: {first.member_id}, {second.member_id}",
    )
    vault.store.call(lambda s: s.destroy_case_key(case_id, entry))
    vault.store.call(lambda s: s.remove_setting(epoch_setting(case_id)))
    return True


def _remember(vault: OpenVault, number: int) -> None:
    vault.store.call(lambda s: s.put_setting(_SEEN, str(number).encode()))


def _doubt(vault: OpenVault, clock: Clock, case_id: str, code: str) -> None:
    """Once for each case, and only where there is something to lose: a forger must not be able to fill the log."""
    noted = f"doubted/{case_id}"
    held, told = vault.store.call(lambda s: (s.case_key(case_id), s.get_setting(noted)))
    if held is None or told is not None:
        return
    entry = vault.scribe.entry(CustodyAction.SYNC_FAILED, clock.now(), case_id=case_id, reason=code)
    vault.store.call(lambda s: s.append_custody(entry))
    vault.store.call(lambda s: s.put_setting(noted, code.encode()))


def _keys_left(vault: OpenVault, case_system: CaseSystem, case_id: str) -> list[CaseIdentity]:
    sealed = [vault.store.call(lambda s: s.case_key(case_id))]
    try:
        sealed.append(case_system.case_key(case_id))
    except CaseSystemRefused as refused:
        if slug_of(refused.problem_type) not in ("case-destroyed", "no-key-for-you"):
            raise
    keys = []
    for copy in sealed:
        if copy is not None:
            try:
                keys.append(open_case_key(copy, vault.identity))
            except NoKeyForItem:
                continue
    return keys


def _containers_left(vault: OpenVault, case_system: CaseSystem, item: Item) -> Iterator[BinaryIO]:
    kept = vault.containers.open(item.id)
    if kept is not None:
        yield cast(BinaryIO, kept)
    remote = cast(BinaryIO, case_system.open_container(item.id, item.container_size, item.container_sha256))
    try:
        remote.read(1)
    except CaseSystemRefused:
        remote.close()
        return
    yield remote


def _opens(container: BinaryIO, keys: list[CaseIdentity]) -> bool:
    with closing(container):
        try:
            age.open(container, keys).close()
        except (age.NoMatchError, age.HeaderError, age.ArmorError):
            return False
        except age.AgeError:
            # Damaged further in; the key fitted, and that is what was to be impossible.
            return True
    return True

"""An unlocked vault: the store's thread, this person's keys, the container cache; all gone when it is locked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from reviewer.model.errors import NoKeyForItem, StoreUnavailable
from reviewer.model.events import EventType, OutboxEvent
from reviewer.model.ids import uuid7
from reviewer.model.payloads import CheckpointMade, as_payload
from reviewer.model.roles import Member
from reviewer.model.statements import member_key_name
from reviewer.vault import age
from reviewer.vault.checkpoint import sign_checkpoint
from reviewer.vault.containers import ContainerCache
from reviewer.vault.custody import Scribe, Verified, verify, verify_recent
from reviewer.vault.instance_lock import InstanceLock
from reviewer.vault.keys import CaseIdentity, open_case_key
from reviewer.vault.owner import StoreThread
from reviewer.vault.signed_note import Signer
from reviewer.vault.store import Store


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """What the store holds about whose vault this is."""

    member: Member
    workstation: str
    identity: CaseIdentity
    signer: Signer
    escrow: age.HybridRecipient | age.X25519Recipient


class OpenVault:
    """Use from any thread; the store itself only through `store`. `lock` ends it."""

    def __init__(self, path: Path, store: StoreThread, keys: Keys, lock: InstanceLock) -> None:
        self.store = store
        self.containers = ContainerCache(path / "containers")
        self.containers.sweep()
        self.member = keys.member
        self.workstation = keys.workstation
        self.escrow = keys.escrow
        self.identity = keys.identity
        self._signer: Signer | None = keys.signer
        self.scribe = Scribe(actor=keys.member.id, role=keys.member.role.value, workstation=keys.workstation)
        self._lock = lock

    @property
    def signer(self) -> Signer:
        """Signs this workstation's checkpoints. StoreUnavailable once locked."""
        if self._signer is None:
            raise StoreUnavailable("The vault is locked.", to_do="Unlock it, then try again.")
        return self._signer

    @property
    def member_signer(self) -> Signer:
        """Signs what this person states about cases (model/statements.py). StoreUnavailable once locked."""
        return self.signer.under(member_key_name(self.member.id))

    def case_identity(self, case_id: str) -> CaseIdentity:
        """The case's key, from the sealed copy kept here. NoKeyForItem when there is none or it is not for us."""
        sealed = self.store.call(lambda store: store.case_key(case_id))
        if sealed is None:
            raise NoKeyForItem
        return open_case_key(sealed, self.identity)

    def checkpoint(self, at: datetime) -> str | None:
        """Sign the custody log as it stands and queue the note for the case system. None when nothing is new.

        The event carries the RFC 6962 consistency proof from the checkpoint sent before.
        """

        def job(store: Store) -> str | None:
            earlier = store.checkpoints(last=1)
            previous = earlier[-1][0] if earlier else 0

            def announce(size: int, note: str) -> OutboxEvent:
                proof = store.consistency_proof(previous, size)
                return OutboxEvent(
                    id=uuid7(),
                    sequence=0,
                    type=EventType.CUSTODY_CHECKPOINT,
                    workstation=self.workstation,
                    actor=self.member.id,
                    at=at,
                    payload=as_payload(
                        CheckpointMade(
                            note=note,
                            size=size,
                            root=store.custody_root(size),
                            previous_size=previous,
                            proof=tuple(proof),
                            verifier=str(self.signer.verifier),
                        )
                    ),
                )

            return store.put_checkpoint(partial(sign_checkpoint, self.signer), at, announce)

        return self.store.call(job)

    def verify_recent_custody(self) -> Verified:
        """The part of `verify_custody` that takes milliseconds however long the log is: for every unlock."""
        return self.store.call(lambda store: verify_recent(store, self.signer.verifier))

    def verify_custody(self, anchors: tuple[str, ...] = ()) -> Verified:
        """CustodyBroken unless the whole log is what was written and signed."""
        return self.store.call(lambda store: verify(store, self.signer.verifier, anchors))

    def lock(self) -> None:
        """Finish what was submitted, close the store, wipe the keys, let the next one in. Idempotent."""
        self.store.close()
        self.identity.wipe()
        self._signer = None
        self._lock.release()

    def __repr__(self) -> str:
        return "<OpenVault>"

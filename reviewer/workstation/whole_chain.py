"""The custody of a case from every log there is: this workstation's own, what others told, and exports brought by hand.

What does not verify, or cannot be had, is left out and said in words: a recipient must not take a gap for the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from reviewer.handoff.dossier import CustodyExtract
from reviewer.handoff.errors import CustodyContradicts
from reviewer.model.custody import CustodyAction, CustodyEntry, origin_of
from reviewer.model.custody_told import ToldExtract
from reviewer.model.errors import CustodyBroken, NoKeyForItem, SyncError
from reviewer.model.handoff import Anchor, RecordedItem
from reviewer.sync.client import CaseSystem
from reviewer.vault import age
from reviewer.vault.keys import CaseIdentity, open_case_key
from reviewer.vault.open_vault import OpenVault
from reviewer.workstation.custody_extract import own_extract
from reviewer.workstation.sealed_extract import open_extract

_NOT_ASKED = "What the logs of other workstations say could not be asked of the case system."


@dataclass(frozen=True, slots=True)
class Chain:
    """`extracts` by their first entry's time, each log once; `missing` are sentences."""

    extracts: tuple[CustodyExtract, ...]
    missing: tuple[str, ...]


def whole_chain(
    vault: OpenVault,
    case_system: CaseSystem,
    case_id: str,
    anchors: Sequence[Anchor],
    *,
    exports: Sequence[CustodyExtract],
    check: Callable[[], None],
) -> Chain:
    """Blocks; `check` is called in between. Of one log told twice the longer one counts, of ours what is here."""
    own = own_extract(vault, case_id, check)
    mine = origin_of(vault.workstation)
    logs = {_origin(one): one for one in sorted(exports, key=lambda one: one.size)}
    missing: list[str] = []
    try:
        told = [one for one in case_system.told.of_case(case_id) if one.origin != mine]
    except SyncError:
        told = []
        missing.append(_NOT_ASKED)
    known = {anchor.origin: anchor.verifier for anchor in anchors}
    with _Opening(vault, case_system, case_id) as opening:
        for one in told:
            check()
            held = logs.get(one.origin)
            if held is not None and held.size >= one.size:
                continue
            try:
                extract, left_out = opening.extract(one, known)
            except (CustodyBroken, NoKeyForItem) as error:
                if held is None:
                    missing.append(_unusable(one.origin, error))
                continue
            logs[one.origin] = extract
            if left_out:
                missing.append(f"Of the log {one.origin} the oldest {left_out:,} entries of this case are not here.")
    if own is not None:
        logs[mine] = own
    found = sorted(logs.values(), key=lambda one: (_begins(one), _origin(one)))
    return Chain(tuple(found), tuple(missing))


def gaps(extracts: Sequence[CustodyExtract], chosen: Sequence[RecordedItem]) -> tuple[str, ...]:
    """What the case's record says happened and no entry tells of: in numbers, so that nobody is named."""
    entries = [msgspec.json.decode(line.entry, type=CustodyEntry) for one in extracts for line in one.lines]
    taken_in = {entry.exhibit for entry in entries if entry.action is CustodyAction.TAKEN_IN}
    told_by = {(entry.actor, entry.exhibit) for entry in entries}
    unknown = sum(one.item.exhibit not in taken_in for one in chosen)
    made = [(one.item.exhibit, it.decision.actor) for one in chosen for it in one.decisions]
    untold = sum((actor, exhibit) not in told_by for exhibit, actor in made)
    said = []
    if unknown:
        said.append(f"No entry tells of the taking in of {unknown:,} of the {len(chosen):,} exhibits here.")
    if untold:
        said.append(f"Of {untold:,} of the {len(made):,} decisions here no entry of the person who made it is here.")
    return tuple(said)


def check_exhibits(extracts: Sequence[CustodyExtract], chosen: Sequence[RecordedItem]) -> None:
    """That every entry about one of these exhibits is about its very bytes. The case system says which item has which
    exhibit number, and could say otherwise today: what was signed at the time could not. CustodyContradicts."""
    digests = {one.item.exhibit: one.item.fingerprints.sha256 for one in chosen}
    for extract in extracts:
        for line in extract.lines:
            entry = msgspec.json.decode(line.told, type=CustodyEntry)
            if entry.exhibit not in digests or entry.sha256_before is None:
                continue
            if entry.sha256_before != digests[entry.exhibit]:
                raise CustodyContradicts


class _Opening:
    """The keys that extracts of a case may be sealed to: the one kept here, and where that is outdated a new one."""

    def __init__(self, vault: OpenVault, case_system: CaseSystem, case_id: str) -> None:
        self._vault = vault
        self._case_system = case_system
        self._case_id = case_id
        self._identities: list[CaseIdentity] = []
        self._asked = False

    def __enter__(self) -> _Opening:
        try:
            self._identities.append(self._vault.case_identity(self._case_id))
        except NoKeyForItem:
            self._ask()
        return self

    def __exit__(self, *_: object) -> None:
        for identity in self._identities:
            identity.wipe()

    def extract(self, told: ToldExtract, known: dict[str, str]) -> tuple[CustodyExtract, int]:
        """CustodyBroken; NoKeyForItem when it is sealed to another key than the case has."""
        verifier = known.get(told.origin)
        if verifier is None:
            raise CustodyBroken("The key of a custody log is not known.")
        while True:
            try:
                extract, left_out = open_extract(
                    told.sealed, self._identities, case_id=self._case_id, verifier=verifier
                )
            except age.NoMatchError:
                if self._asked:
                    raise NoKeyForItem from None
                self._ask()
                continue
            if _origin(extract) != told.origin:
                raise CustodyBroken("A custody log told under another's name.")
            return extract, left_out

    def _ask(self) -> None:
        self._asked = True
        try:
            sealed = self._case_system.case_key(self._case_id)
        except SyncError:
            return
        self._identities.append(open_case_key(sealed, self._vault.identity))


def _unusable(origin: str, error: CustodyBroken | NoKeyForItem) -> str:
    if isinstance(error, NoKeyForItem):
        return f"What the log {origin} told was sealed to a key that was replaced, and it did not tell again yet."
    return f"What was held of the log {origin} did not verify and is left out."


def _origin(extract: CustodyExtract) -> str:
    return extract.checkpoint.partition("\n")[0]


def _begins(extract: CustodyExtract) -> str:
    """ISO times in UTC: they sort as text."""
    return msgspec.json.decode(extract.lines[0].entry, type=CustodyEntry).started_at.isoformat()

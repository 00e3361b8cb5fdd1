"""A disposable organisation: people with vaults, an escrow key, a case system in a process of its own, and evidence.

Everything lives under one folder that is removed at the end. The passphrase is no secret here and is shown; the vaults
are otherwise made exactly as real ones, with a cheaper scrypt so that the demo starts quickly.
"""

from __future__ import annotations

import contextlib
import io
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.intake.taking_in import Submission
from reviewer.intake.unpacking import LeftOut
from reviewer.media.broker import Broker
from reviewer.model.cases import Case
from reviewer.model.errors import CaseSystemUnreachable
from reviewer.model.ids import uuid7
from reviewer.model.related import NewOutcome
from reviewer.model.roles import Member, Role
from reviewer.resources import resource
from reviewer.sync.client import CaseSystem
from reviewer.vault import age
from reviewer.vault.rosters import ORIGIN
from reviewer.vault.signed_note import Verifier
from reviewer.vault.vault import Vault
from reviewer.workstation.clock import SystemClock
from reviewer.workstation.desk import connect
from reviewer.workstation.enrol import connect_vault, make_vault
from reviewer.workstation.ingest import IntakeDesk
from reviewer.workstation.roster import sign
from reviewer.workstation.telling_now import tell_now

if TYPE_CHECKING:
    from reviewer.demo.corpus import SyntheticItem

PASSPHRASE = "a calm demo phrase"  # noqa: S105  shown to the person who runs the demo
_NAME = "demo"
_WORK_FACTOR = 12
_SEED = 2026
_KNOWN = 8
# What came in as this is read by two people who do not know of each other; nothing else, so that each run is the same.
_READ_TWICE = (("categories = []", 'categories = ["self_harm"]'), ("share = 0.05", "share = 0.0"))

REVIEWERS = ("reviewer-07", "reviewer-09", "reviewer-14")
SUPERVISOR = "supervisor-02"
INTAKE = "intake-01"

_PEOPLE = (
    (REVIEWERS[0], "Reviewer 07", Role.REVIEWER),
    (REVIEWERS[1], "Reviewer 09", Role.REVIEWER),
    (REVIEWERS[2], "Reviewer 14", Role.REVIEWER),
    (SUPERVISOR, "Supervisor 02", Role.SUPERVISOR),
    (INTAKE, "Intake 01", Role.INTAKE),
)


@dataclass
class Organisation:
    """`markers` are the unique plaintext markers of the corpus; `case_system` the address on loopback."""

    root: Path
    case_system: str
    escrow: age.HybridIdentity
    markers: list[bytes] = field(default_factory=list)
    _process: subprocess.Popen[bytes] | None = None
    _tokens: dict[str, str] = field(default_factory=dict)
    _roster_key: Verifier | None = None

    def workstation(self, member_id: str) -> Path:
        return self.root / "workstations" / member_id

    def client(self, member_id: str) -> CaseSystem:
        """The case system asked as that member, by a client of its own: for counting what really arrived."""
        return CaseSystem(self.case_system, self._tokens[member_id], f"count-{member_id}")

    def connect(self, member_id: str, token: str) -> None:
        """Ties a new vault to the case system and to the supervisor who signs the roster."""
        self._tokens[member_id] = token
        key = self._roster_key if member_id != SUPERVISOR else None
        connect_vault(self.workstation(member_id), PASSPHRASE, self.case_system, token, roster_key=key)

    def sign_roster(self) -> None:
        """As the supervisor: sign everybody the case system knows now."""
        vault = Vault(self.workstation(SUPERVISOR)).open(PASSPHRASE)
        try:
            with connect(vault) as case_system:
                sign(vault, case_system, SystemClock(), lambda _: True, organisation=_NAME)
        finally:
            vault.lock()

    @property
    def case_system_pid(self) -> int | None:
        """The process the case system runs in; None when there is none."""
        return self._process.pid if self._process is not None else None

    def restart_case_system(self) -> None:
        """End it if it still runs and start it again at the same address, as after a failure."""
        if self._process is not None:
            _end(self._process)
        self._process, _ = _serve(self.root, int(self.case_system.rpartition(":")[2]))

    def close(self, *, keep: bool = False) -> None:
        if self._process is not None:
            _end(self._process)
        self.escrow.wipe()
        if not keep:
            shutil.rmtree(self.root, ignore_errors=True)


def found_organisation(
    root: Path,
    *,
    say: Callable[[str], None],
    take_in: Callable[[Organisation, Callable[[str], None]], None] | None = None,
    work_factor: int = _WORK_FACTOR,
    policy: str | None = None,
) -> Organisation:
    """Make it and take the evidence in: the demo's corpus, or whatever `take_in` brings.

    `say` is told what is happening, in short lines. `work_factor` is scrypt's, as a power of two. `policy` is the text
    of the case system's; if none is given, the default one with one harm type read by two.
    """
    root.mkdir(parents=True, mode=0o700)
    _policy(root).write_text(policy or demo_policy(), encoding="utf-8")
    escrow = age.generate_identity()
    members = []
    say("Making five vaults")
    for member_id, name, role in _PEOPLE:
        members.append(
            make_vault(
                root / "workstations" / member_id,
                member=Member(id=member_id, name=name, role=role, recipient=""),
                passphrase=PASSPHRASE,
                escrow=escrow.recipient(),
                workstation=f"ws-{member_id}",
                label=name,
                work_factor=work_factor,
            )
        )
    tokens = _provision(root, members)
    say("Starting the case system on loopback")
    process, address = _serve(root)
    organisation = Organisation(root, address, escrow, _process=process, _tokens=tokens)
    supervisor = next(member for member in members if member.id == SUPERVISOR)
    organisation._roster_key = Verifier(ORIGIN + _NAME, Verifier.parse(supervisor.verifier).public)
    try:
        for member in members:
            organisation.connect(member.id, tokens[member.id])
        organisation.sign_roster()
        (take_in or _take_in_corpus)(organisation, say)
        if take_in is None:
            _give_history(organisation)
    except BaseException:
        organisation.close()
        raise
    return organisation


def _give_history(organisation: Organisation) -> None:
    from reviewer.demo.history import WITHOUT_BREAK, give_history, say_without_break

    now = SystemClock().now()
    token = give_history(_database(organisation.root), REVIEWERS, now)
    workstation = f"ws-{WITHOUT_BREAK}"
    with CaseSystem(organisation.case_system, token, workstation) as case_system:
        say_without_break(case_system, workstation, now)


def demo_policy() -> str:
    """The text of the default policy, but for what is read twice."""
    text = resource("policy.toml").read_text(encoding="utf-8")
    for shipped, here in _READ_TWICE:
        text = text.replace(shipped, here, 1)
    return text


def _policy(root: Path) -> Path:
    return root / "policy.toml"


def _database(root: Path) -> str:
    return f"sqlite:///{root / 'casesystem' / 'casesystem.db'}"


def _provision(root: Path, members: list[Member]) -> dict[str, str]:
    from reviewer.casesystem.tokens import provision

    (root / "casesystem").mkdir(mode=0o700)
    return provision(_database(root), members)


def _serve(root: Path, port: int = 0) -> tuple[subprocess.Popen[bytes], str]:
    read_end, write_end = os.pipe()
    command = [sys.executable, "-m", "reviewer.casesystem", "--database", _database(root)]
    command += ["--blobs", str(root / "casesystem" / "blobs"), "--port", str(port), "--ready-fd", str(write_end)]
    command += ["--policy", str(_policy(root))]
    with (root / "casesystem" / "log").open("wb") as log:
        # Its standard input is a pipe we hold: when this process dies, however it dies, so does the case system.
        process = subprocess.Popen(
            [*command, "--until-stdin-closes"], stdin=subprocess.PIPE, stdout=log, stderr=log, pass_fds=(write_end,)
        )
    os.close(write_end)
    try:
        return process, f"http://127.0.0.1:{_announced_port(read_end)}"
    except BaseException:
        _end(process)
        raise
    finally:
        os.close(read_end)


def _announced_port(read_end: int, timeout_s: float = 30.0) -> int:
    deadline = time.monotonic() + timeout_s
    text = b""
    while not text.endswith(b"\n"):
        ready, _, _ = select.select([read_end], [], [], max(0.0, deadline - time.monotonic()))
        part = os.read(read_end, 64) if ready else b""
        if not part:
            raise CaseSystemUnreachable(
                "The embedded case system did not start.", kept="Nothing was made.", to_do="Try again with --keep."
            )
        text += part
    return int(text)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _take_in_corpus(organisation: Organisation, say: Callable[[str], None]) -> None:
    # Encoding evidence needs all codecs, half a second to load; most organisations of tests have no such evidence.
    from reviewer.demo.album import LIST_NAME, LIST_VERSION, album, known_list
    from reviewer.demo.corpus import corpus, corpus_markers
    from reviewer.demo.referrals import referrals

    clock = SystemClock()
    vault = Vault(organisation.workstation(INTAKE)).open(PASSPHRASE)
    broker = Broker(warm=1)
    try:
        with connect(vault) as case_system:
            broker.start()
            desk = IntakeDesk(vault, case_system, broker, clock)
            cases = {}
            for case in referrals(clock.now()):
                made = Case(id=uuid7(), number=case.number, referral=case.referral, created_at=clock.now())
                desk.open_case(made)
                cases[case.key] = made
                if case.outcome is not None:
                    kind, text = case.outcome
                    case_system.colleagues.record_outcome(made.id, NewOutcome(id=uuid7(), kind=kind, text=text))
            say("Encoding synthetic evidence and taking it in")
            markers = corpus_markers(_SEED)
            for synthetic in corpus(_SEED):
                organisation.markers.append(markers.next())
                _take_in(desk, cases[synthetic.case_key], synthetic)
            pictures = list(album(_SEED, markers, known=_KNOWN))
            for synthetic in pictures:
                organisation.markers.append(synthetic.marker)
                _take_in(desk, cases[synthetic.case_key], synthetic)
            tell_now(vault, case_system, clock)
        with organisation.client(SUPERVISOR) as supervisor, io.BytesIO(known_list(pictures[:_KNOWN])) as listed:
            supervisor.known_lists.take_in(listed, LIST_NAME, LIST_VERSION, "csv")
    finally:
        broker.close()
        vault.lock()


def _take_in(desk: IntakeDesk, case: Case, synthetic: SyntheticItem) -> None:
    with io.BytesIO(synthetic.data) as source:
        submission = Submission(
            source, case.id, synthetic.harm_type, synthetic.declared_format, forewarning=synthetic.forewarning
        )
        for outcome in desk.take_in_all(submission, case.number):
            if isinstance(outcome, LeftOut):
                raise outcome.error

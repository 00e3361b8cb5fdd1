"""The posture: each protection, whether it is in force on this machine, whether the policy requires it, how we know.

Nothing is claimed that was not checked here and now; what cannot be done on this platform is listed as missing.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from reviewer.media.broker import Broker
from reviewer.media.frames import SandboxReport
from reviewer.model.errors import MediaError
from reviewer.model.policy import Policy
from reviewer.ui.ports import PostureLine
from reviewer.vault.hardening import hardening_report
from reviewer.workstation.policy_in_force import policy_in_force


def posture(broker: Broker, policy: Policy, case_system: str) -> Sequence[PostureLine]:
    """Blocking: asks a sealed worker to try what it must not be able to do."""
    try:
        sandbox: SandboxReport | None = broker.sandbox_report()
    except MediaError:
        sandbox = None
    return (*_sandbox_lines(sandbox, policy), *process_lines(), *_outside_lines(case_system))


def posture_of_machine() -> Sequence[PostureLine]:
    """The same, for `reviewer posture`, without opening the vault."""
    policy = policy_in_force()
    broker = Broker(warm=1)
    try:
        broker.start()
        return posture(broker, policy, "")
    except MediaError:
        return (*_sandbox_lines(None, policy), *process_lines(), *_outside_lines(""))
    finally:
        broker.close()


def _sandbox_lines(sandbox: SandboxReport | None, policy: Policy) -> list[PostureLine]:
    required = not policy.viewing.unsealed_decoding
    if sandbox is None:
        return [PostureLine("sandbox", "Sealed worker", False, required, "no worker could be started and sealed")]
    tried = "tried from inside a worker and refused" if sys.platform == "linux" else "not available on this system"
    return [
        PostureLine(
            "landlock",
            "Worker has no file system",
            sandbox.landlock,
            required,
            f"Landlock ABI {sandbox.landlock_abi}; {tried}",
        ),
        PostureLine("seccomp", "Worker has an allow-list of system calls", sandbox.seccomp, required, tried),
        PostureLine(
            "rlimits", "Worker has limits on memory and files", sandbox.rlimits, required, "read back inside the worker"
        ),
        PostureLine(
            "no_new_privileges",
            "Worker cannot gain privileges",
            sandbox.no_new_privileges,
            required,
            "read back inside the worker",
        ),
        PostureLine(
            "empty_environment",
            "Worker has an empty environment",
            sandbox.empty_environment,
            required,
            "read back inside the worker",
        ),
        PostureLine(
            "worker_not_dumpable",
            "Worker cannot be traced or dumped",
            sandbox.not_dumpable,
            False,
            "read back inside the worker",
        ),
        PostureLine(
            "namespaces",
            "Worker has namespaces of its own",
            sandbox.namespaces,
            False,
            "an addition where the system allows it",
        ),
    ]


def process_lines() -> list[PostureLine]:
    """What this process can say about itself without starting a worker."""
    # The rest of this list depends on the system's set-up; these two this process can always do for itself.
    ours = {"core_dumps", "ptrace"}
    return [PostureLine(p.key, p.words, p.in_force, p.key in ours, p.how) for p in hardening_report()]


def _outside_lines(case_system: str) -> list[PostureLine]:
    tls = case_system.lower().startswith("https://")
    how = "the address says https" if tls else "the address is plain HTTP" if case_system else "known once unlocked"
    return [
        PostureLine("tls", "Case system is reached over TLS", tls, False, how),
        PostureLine("screen_capture", "Screen capture excluded", False, False, "not preventable on this system"),
        PostureLine(
            "clipboard", "Nothing is copied to the clipboard", True, False, "the window offers no copying of evidence"
        ),
        PostureLine(
            "policy_signature",
            "Policy file is signed",
            False,
            False,
            "not checked in this version; an administrator's file counts only if root alone may write it",
        ),
        PostureLine("clock", "Clock agrees with the case system", False, False, "not compared in this version"),
    ]

"""The policy this machine works by: the administrator's, where there is one, else the one shipped."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from reviewer.model.errors import PolicyError
from reviewer.model.policy import Policy, read_policy
from reviewer.resources import resource

ADMINISTRATORS = Path("/etc/reviewer/policy.toml")
MAX_POLICY_BYTES = 1 << 20


def default_policy() -> Policy:
    return read_policy(resource("policy.toml").read_text(encoding="utf-8"))


def policy_in_force(path: Path = ADMINISTRATORS, owner: int = 0) -> Policy:
    """PolicyError where the administrator's policy cannot be used: nothing else is then used in its place.

    It counts only if it belongs to root (`owner`) and nobody else may write it: signatures are not checked in this
    version.
    """
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0))
    except FileNotFoundError:
        return default_policy()
    except OSError as error:
        raise PolicyError("The administrator's policy cannot be read.") from error
    try:
        held = os.fstat(handle)
        if not stat.S_ISREG(held.st_mode) or held.st_uid != owner or held.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise PolicyError("The administrator's policy is not a file that only root may write.")
        with os.fdopen(handle, "rb", closefd=False) as file:
            untrusted = file.read(MAX_POLICY_BYTES + 1)
    finally:
        os.close(handle)
    if len(untrusted) > MAX_POLICY_BYTES:
        raise PolicyError("The administrator's policy is too large.")
    try:
        return read_policy(untrusted.decode("utf-8"))
    except UnicodeDecodeError:
        raise PolicyError("The administrator's policy is not UTF-8 text.") from None

"""Sync's own branch of the error tree.

SyncError (reviewer.model.errors)
├── CaseSystemRefused            S003
│   └── RoleRefused              S006   the server says the role does not allow it
├── InsecureAddress              S005   plain HTTP to another machine
└── ReadingEnded                 S008   a download that was ended here, on purpose
"""

from __future__ import annotations

from reviewer.model.errors import CaseSystemRefused, SyncError


class InsecureAddress(SyncError):
    code = "S005"
    happened = "The address of the case system is not a safe one."
    kept = "Nothing was sent."
    to_do = "Use an https address; plain http is only for a case system on this machine."


class RoleRefused(CaseSystemRefused):
    code = "S006"
    happened = "Your role does not allow this."
    kept = "Nothing was changed, and the attempt was recorded."
    to_do = "Ask your supervisor if you need it."


class ReadingEnded(SyncError):
    code = "S008"
    happened = "The item was closed while it was being read."
    kept = "Nothing was changed."
    to_do = "Open it again if you need it."

"""The one error tree. Every error a person or a script can meet is one of these.

ReviewerError                    R0000  root; never raised itself
├── VaultError                   V0xx   secrets at rest
│   ├── AgeError (vault.age)     A0xx   container format, one subclass per failure class
│   ├── WrongPassphrase          V001
│   ├── StoreUnavailable         V002   disk full, permission lost, locked by another process
│   ├── StoreDamaged             V003
│   ├── StoreTooNew              V004
│   ├── NoKeyForItem             V005
│   ├── CustodyBroken            V006
│   └── more in vault: V007-V012 (already recorded, slot damaged, weak passphrase, record refused, roster, no vault)
├── MediaError                   M0xx   opening and showing evidence
│   ├── SandboxUnavailable       M001   fails closed
│   ├── UnsupportedFormat        M002
│   ├── DamagedMedia             M003
│   ├── MediaTooLarge            M004
│   ├── WorkerDied               M005
│   ├── WorkerTimeout            M006
│   ├── WorkerLied               M007   the worker's answer failed a check
│   ├── ItemClosed (media.link)  M008   hidden, locked or left while it was being read
│   └── more in workstation and media: M009 (a container this machine's disk does not give), M010 (transcriber)
├── SyncError                    S0xx   the case system
│   ├── CaseSystemUnreachable    S001   retried; nothing is lost
│   ├── CaseSystemNonsense       S002   an answer that makes no sense is no answer
│   ├── CaseSystemRefused        S003   a problem+json refusal
│   ├── LeaseLost                S004
│   └── more in sync and workstation: S005-S007 (insecure address, role refused, container not as registered)
├── IntakeError                  I0xx
├── PolicyError                  P0xx   names line and field
├── PermissionRefused            R001   the role does not allow it
├── DecisionIncomplete           R002
├── NoSuchItem                   R003   it left the queue meanwhile
├── SegmentsOutOfRange           R004   the case system would not take the decision
├── AnswersOutOfRange            R005   the same, of what was picked or written
├── NothingToAmend               R008   it was undone or changed meanwhile
├── BeingChanged                 R009   what needs a lease, while an own decision is being changed
├── more in workstation: R006-R007, R010 (second readings), R011 (an export that could not be written),
│     R012-R014 (preferences too large to be kept, a file that could not be written)
├── HandoffError                 H0xx   packages, letters and reports; H001-H014, H016, H017 in handoff.errors
└── of the window itself (ui)    U0xx   U000 a defect of ours, U001 no output for sound,
      U002 a receipt that cannot be read

A message has three parts, each one sentence: what happened, what was kept, what to do. It never quotes evidence,
keys, passphrases, file names or people's names. `code` is stable: scripts, custody entries and tests rely on it.
"""

from __future__ import annotations

from typing import ClassVar


class ReviewerError(Exception):
    """Root of the tree; see the module's docstring for the drawing."""

    code: ClassVar[str] = "R0000"
    happened: ClassVar[str] = "Something went wrong."
    kept: ClassVar[str] = "Nothing was lost."
    to_do: ClassVar[str] = "Try again; if it happens again, tell your administrator the code."

    def __init__(self, happened: str | None = None, *, kept: str | None = None, to_do: str | None = None) -> None:
        self.what_happened = happened if happened is not None else self.happened
        self.what_was_kept = kept if kept is not None else self.kept
        self.what_to_do = to_do if to_do is not None else self.to_do
        super().__init__(f"{self.what_happened} {self.what_was_kept} {self.what_to_do} [{self.code}]")


class PermissionRefused(ReviewerError):
    code = "R001"
    happened = "Your role does not allow this."
    kept = "Nothing was changed, and the attempt was recorded."
    to_do = "Ask your supervisor if you need it."


class DecisionIncomplete(ReviewerError):
    code = "R002"
    happened = "The decision is not complete."
    kept = "What you wrote is kept."
    to_do = "Fill in what is named as missing."


class NoSuchItem(ReviewerError):
    code = "R003"
    happened = "This item is no longer in the queue of this workstation."
    to_do = "Refresh the queue and take another one."


class SegmentsOutOfRange(ReviewerError):
    code = "R004"
    happened = "A marked segment has a time or a note that cannot be sent."
    kept = "Nothing was decided, and what you wrote is kept."
    to_do = "Unmark it, or mark it again, and decide."


class AnswersOutOfRange(ReviewerError):
    code = "R005"
    happened = "An answer is too long, or there are too many of one kind, to be sent."
    kept = "Nothing was decided, and what you wrote is kept."
    to_do = "Shorten the reason, labels or marks, and decide."


class NothingToAmend(ReviewerError):
    code = "R008"
    happened = "The decision you were changing does not stand any more."
    kept = "It is in the record as it was, and what you wrote is kept as a draft."
    to_do = "Take the item from the queue and decide it again."


class BeingChanged(ReviewerError):
    code = "R009"
    happened = "You are changing a decision, so this item is not yours to set aside or give away."
    kept = "The decision stands as it was, and what you wrote is kept."
    to_do = "Decide, or undo the decision first."


class VaultError(ReviewerError):
    code = "V000"
    happened = "The vault could not do that."


class WrongPassphrase(VaultError):
    code = "V001"
    happened = "The passphrase does not open this vault."
    kept = "The vault is unchanged."
    to_do = "Check the keyboard layout and type it again, or use recovery."


class StoreUnavailable(VaultError):
    code = "V002"
    happened = "The store cannot be written or opened right now."
    kept = "Everything acknowledged before is safe; what is on the screen stays there."
    to_do = "Free disk space or close the other window, then try again."


class StoreDamaged(VaultError):
    code = "V003"
    happened = "The store failed its integrity check."
    kept = "The file was left untouched."
    to_do = "Stop working on this machine and ask your administrator to recover it."


class StoreTooNew(VaultError):
    code = "V004"
    happened = "The store was written by a newer version of reviewer."
    kept = "The file was left untouched."
    to_do = "Install the newer version."


class NoKeyForItem(VaultError):
    code = "V005"
    happened = "There is no key here that opens this item."
    kept = "The item stays sealed and in the queue."
    to_do = "Ask your supervisor to share the case with you, or pass the item on."


class CustodyBroken(VaultError):
    code = "V006"
    happened = "The custody log does not verify."
    kept = "The log was left as it is."
    to_do = "Stop working on this machine and tell your supervisor."


class MediaError(ReviewerError):
    code = "M000"
    happened = "The item could not be opened."
    kept = "The item is unchanged and can still be decided."
    to_do = "Decide from the facts, or pass the item on."


class SandboxUnavailable(MediaError):
    code = "M001"
    happened = "The sealed worker cannot be sealed on this machine, so nothing is decoded."
    to_do = "Ask your administrator to look at the posture page."


class UnsupportedFormat(MediaError):
    code = "M002"
    happened = "This kind of file cannot be shown."


class DamagedMedia(MediaError):
    code = "M003"
    happened = "The file is damaged and could not be decoded."


class MediaTooLarge(MediaError):
    code = "M004"
    happened = "The file is larger than the limits allow."


class WorkerDied(MediaError):
    code = "M005"
    happened = "The sealed worker stopped while reading this item."


class WorkerTimeout(MediaError):
    code = "M006"
    happened = "The sealed worker took too long and was ended."


class WorkerLied(MediaError):
    code = "M007"
    happened = "The sealed worker's answer failed a check and was dropped."


class SyncError(ReviewerError):
    code = "S000"
    happened = "The case system could not be reached properly."
    kept = "Your decisions are kept here and will be sent."
    to_do = "Go on working; sync is retried by itself."


class CaseSystemUnreachable(SyncError):
    code = "S001"
    happened = "The case system does not answer."


class CaseSystemNonsense(SyncError):
    code = "S002"
    happened = "The case system's answer made no sense and was not believed."


class CaseSystemRefused(SyncError):
    """An RFC 9457 refusal; `status` is the HTTP status, `problem_type` its stable type string."""

    code = "S003"
    happened = "The case system refused this."

    def __init__(self, status: int, problem_type: str = "about:blank", happened: str | None = None) -> None:
        super().__init__(happened)
        self.status = status
        self.problem_type = problem_type


class LeaseLost(SyncError):
    code = "S004"
    happened = "This item is no longer leased to this workstation."
    kept = "What you wrote is kept as a draft."
    to_do = "Take the next item, or ask for this one again."


class IntakeError(ReviewerError):
    code = "I000"
    happened = "The file could not be taken in."
    kept = "The original was not touched and nothing half-made was registered."
    to_do = "Check the file and the disk, then try again."


class PolicyError(ReviewerError):
    """A policy that cannot be used; the message names line or field."""

    code = "P000"
    happened = "The policy could not be used."
    kept = "The policy in force before is unchanged."
    to_do = "Correct the named line and field."


class HandoffError(ReviewerError):
    code = "H000"
    happened = "The handoff package could not be made."
    kept = "Nothing half-built counts as built, and the originals are untouched."

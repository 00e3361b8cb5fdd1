"""The plain English of a package's documents for what the records name by keys. Keys are told beside them.

The window has its own words, which are translated; a package is read elsewhere and for years, so its words are fixed.
"""

from __future__ import annotations

from reviewer.model.custody import CustodyAction
from reviewer.model.decisions import Action, Change, Confidence, Imminence
from reviewer.model.levels import Level

IMMINENCE: dict[Imminence, str] = {
    Imminence.IMMINENT: "Danger is imminent",
    Imminence.POSSIBLE: "Danger is possible",
    Imminence.NO_SIGN: "No sign of danger",
}
CONFIDENCE: dict[Confidence, str] = {
    Confidence.LOW: "Low",
    Confidence.MEDIUM: "Medium",
    Confidence.HIGH: "High",
}
ACTION: dict[Action, str] = {
    Action.REPORT: "Report to law enforcement",
    Action.PRESERVE: "Preserve",
    Action.REMOVE: "Remove",
    Action.RESTRICT: "Restrict",
    Action.SECOND_LOOK: "Second look",
    Action.ESCALATE: "Escalate",
    Action.NONE: "No action",
}
CHANGE: dict[Change, str] = {
    Change.FIRST: "First decision",
    Change.AMEND: "Amends an earlier decision",
    Change.VOID: "Voids an earlier decision",
}
LEVEL: dict[Level, str] = {
    Level.FACTS: "Facts only, no picture",
    Level.BLURRED: "Blurred, grey, small",
    Level.DRAWING: "As a drawing",
    Level.LENS: "A small area of it",
    Level.CLEAR: "As it is",
}
CUSTODY: dict[CustodyAction, str] = {
    CustodyAction.TAKEN_IN: "Taken in: digested, encrypted and registered",
    CustodyAction.LEASED: "Reserved for one person",
    CustodyAction.OPENED: "Opened",
    CustodyAction.COULD_NOT_OPEN: "Could not be opened",
    CustodyAction.DECIDED: "Decided",
    CustodyAction.AMENDED: "Decision amended",
    CustodyAction.VOIDED: "Decision voided",
    CustodyAction.PASSED_ON: "Passed on to another person",
    CustodyAction.HELD: "Set aside",
    CustodyAction.TAKEN_UP: "Taken up again",
    CustodyAction.GIVEN: "Given to a colleague",
    CustodyAction.UNLOCKED: "Workstation unlocked",
    CustodyAction.LOCKED: "Workstation locked",
    CustodyAction.UNLOCK_REFUSED: "Unlocking refused",
    CustodyAction.SYNC_FAILED: "Synchronising failed",
    CustodyAction.STORE_FAILED: "Recording failed",
    CustodyAction.KEY_SHARED: "Case key given to a member",
    CustodyAction.KEY_TAKEN: "Case key received",
    CustodyAction.KEY_DESTROYED: "Case key destroyed",
    CustodyAction.DESTRUCTION_REQUESTED: "Destruction of the case key requested",
    CustodyAction.PACKAGED: "Package built",
    CustodyAction.PACKAGE_FAILED: "Building a package failed",
    CustodyAction.SENDING_FAILED: "Sending a report failed",
    CustodyAction.HANDED_OFF: "Handed off",
    CustodyAction.RECEIPT_RECORDED: "Receipt recorded",
    CustodyAction.OVERRULED: "Completeness check overruled",
    CustodyAction.ROSTER_SIGNED: "Roster signed",
    CustodyAction.PASSPHRASE_CHANGED: "Passphrase changed",
    CustodyAction.RECOVERED: "Vault recovered",
}

"""What can go wrong while a package is built, verified or sent. Part of the one error tree (`model/errors.py`)."""

from __future__ import annotations

from enum import Enum

from reviewer.model.errors import HandoffError


class AnswersMissing(HandoffError):
    """The completeness check named what is missing, and no supervisor has overruled it."""

    code = "H001"
    happened = "Something the recipient needs is missing."
    to_do = "Answer what is named, or ask a supervisor to overrule it with a reason."


class RecipientUnusable(HandoffError):
    code = "H002"
    happened = "The recipient's key cannot be used."
    to_do = "Ask the agency for its key again; post-quantum and classic keys are never used together."


class CertificateUnusable(HandoffError):
    code = "H003"
    happened = "The certificate cannot be used for signing."
    to_do = "Ask your administrator for one that is valid now, with its key."


class ItemDamaged(HandoffError):
    code = "H004"
    happened = "An item is not what was registered."
    to_do = "Fetch it again from the case system; if it happens again, tell your administrator."


class TargetFailed(HandoffError):
    code = "H005"
    happened = "The package could not be written, perhaps because the disk is full."
    to_do = "Free disk space and resume, or choose another folder."


class BuildCancelled(HandoffError):
    code = "H006"
    happened = "Building was cancelled."
    kept = "What was sealed so far can be resumed; it counts as nothing until it is whole."
    to_do = "Resume it, or discard it."


class NameUnusable(HandoffError):
    code = "H007"
    happened = "A name cannot be used in a package."
    to_do = "Give the case, exhibit or file another name."


class PackageRefused(HandoffError):
    """Verifying: the package is not what was signed. The message names the first check that failed, never content."""

    code = "H008"
    happened = "The package does not verify."
    kept = "The package was not changed."
    to_do = "Do not rely on it; ask its sender for it again."


class CannotResume(HandoffError):
    code = "H009"
    happened = "What was begun cannot be resumed."
    to_do = "Build the package again from the start."


class Sending(str, Enum):
    """What is known of a report that was not confirmed. Unclear is never told as sent, nor as not sent."""

    NOTHING_OPEN = "nothing_open"
    OPENING_UNCLEAR = "opening_unclear"
    RETRACTED = "retracted"
    NOT_RETRACTED = "not_retracted"
    FINISHING_UNCLEAR = "finishing_unclear"


class SendingFailed(HandoffError):
    """The clearing house did not confirm the report. The message says how far it came.

    `outcome` says what is known of it; `report_id` is the number that the clearing house gave it, or empty.
    """

    code = "H010"
    happened = "The report could not be sent."
    kept = "The report is kept and nothing was confirmed."
    to_do = "Look at what was said, and send it again."

    def __init__(
        self,
        happened: str | None = None,
        *,
        kept: str | None = None,
        to_do: str | None = None,
        outcome: Sending = Sending.NOTHING_OPEN,
        report_id: str = "",
    ) -> None:
        super().__init__(happened, kept=kept, to_do=to_do)
        self.outcome = outcome
        self.report_id = report_id


class StampRefused(HandoffError):
    """The time authority answered, and its answer is not a stamp of what was sent or not from whom it should be."""

    code = "H011"
    happened = "The time authority's answer is not a stamp of this package."
    to_do = "Ask your administrator about the time authority; build again."


class LetterUnusable(HandoffError):
    code = "H012"
    happened = "The letter cannot be kept as it is."
    kept = "What you wrote is still in the window."
    to_do = "Shorten it, or remove what is named."


class StampUnavailable(HandoffError):
    """No time authority gave a stamp. Building goes on without a stamp and says so; not an end in itself."""

    code = "H013"
    happened = "The time authority could not be reached."
    to_do = "The package is built without a stamp and says so; or try again later."


class ClearingHouseUnusable(HandoffError):
    code = "H014"
    happened = "The clearing house's address or credentials cannot be used."
    kept = "Nothing was sent."
    to_do = (
        "Ask your administrator: the address must be https (plain http on this machine only), with a user and password."
    )


class NotReportable(HandoffError):
    code = "H016"
    happened = "Nothing that was decided of these items has an incident type in the CyberTipline form."
    kept = "No report was made of it and nothing was sent."
    to_do = "Build the package without a CyberTipline report."


class CustodyContradicts(HandoffError):
    """A signed custody entry says that an exhibit is other bytes than the case system has under its number now."""

    code = "H017"
    happened = "A custody entry says that an exhibit is something else than the case system says."
    kept = "Nothing was sealed."
    to_do = "Do not hand this case off; tell your administrator that exhibits were changed."


class KeptForLater(HandoffError):
    code = "H018"
    happened = "The case system could not be reached, so it was not told yet."
    kept = "What you recorded is kept on this workstation and is told as soon as it can be; it needs no second press."
    to_do = "Go on working, and look again later."

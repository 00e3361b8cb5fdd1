"""One report on its way: submit, upload and fileinfo for each file, finish; retracted when it stops before finish.

Nothing is tried twice that could make a second report. Each end is told for what it is: what was not confirmed was
neither sent nor not sent (`errors.Sending`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn

from reviewer.handoff.clearing_answers import (
    ALREADY_FINISHED,
    ALREADY_RETRACTED,
    MAX_ANSWER,
    MAX_NAMED_FILE,
    Answer,
    Refused,
    Reply,
    Unbelievable,
    believed,
    believed_done,
)
from reviewer.handoff.clearing_exchange import ClearingExchange, NotReached, Unanswered
from reviewer.handoff.errors import Sending, SendingFailed
from reviewer.handoff.upload_file import UploadFile
from reviewer.model.errors import ReviewerError

_RETRACTIONS = 2


class _Cancelled(Exception):
    pass


class _OtherBytes(Exception):
    """What the clearing house received is not what was sent."""


@dataclass(frozen=True, slots=True)
class Finished:
    """`receipt` is the last answer, byte for byte as it came. `file_ids` are in the order of the files."""

    report_id: str
    file_ids: tuple[str, ...]
    receipt: bytes


class Submission:
    """Used once. `progress` is called with (bytes of the files sent, of how many); `opened` with the report's number as
    soon as it has one, and must not raise."""

    def __init__(
        self,
        exchange: ClearingExchange,
        xml: bytes,
        files: Sequence[UploadFile],
        *,
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
        opened: Callable[[str], None] = lambda _report_id: None,
    ) -> None:
        self._exchange = exchange
        self._xml = xml
        self._files = files
        self._progress = progress
        self._cancelled = cancelled
        self._opened = opened
        self._total = sum(file.size for file in files)
        self._sent = 0
        self._stage = "when the report was opened"

    def run(self) -> Finished:
        """SendingFailed says how far it came. Being cancelled counts until finish is sent, not after it."""
        report_id = self._open()
        self._opened(report_id)
        try:
            file_ids = self._fill(report_id)
            self._stage = "before the report was finished"
            self._go_on()
        except Exception as error:
            self._undo(report_id, error)
        except BaseException:
            self._retracted(report_id)
            raise
        return self._finish(report_id, file_ids)

    def _open(self) -> str:
        try:
            self._go_on()
            answer = believed(self._exchange.post_xml("submit", self._xml))
            if not answer.report_id:
                raise Unbelievable
        except (Unanswered, Unbelievable) as error:
            self._failed(error, Sending.OPENING_UNCLEAR)
        except Refused as error:
            self._failed(error, Sending.NOTHING_OPEN if error.certain else Sending.OPENING_UNCLEAR)
        except (NotReached, _Cancelled) as error:
            self._failed(error, Sending.NOTHING_OPEN)
        return answer.report_id

    def _fill(self, report_id: str) -> tuple[str, ...]:
        file_ids: list[str] = []
        for number, file in enumerate(self._files, 1):
            self._stage = f"while file {number} of {len(self._files)} was uploaded"
            self._go_on()
            answer = self._about(report_id, believed(self._upload(report_id, file)))
            if not answer.file_id or answer.file_id in file_ids:
                raise Unbelievable
            if answer.md5 != file.md5:
                raise _OtherBytes
            file_ids.append(answer.file_id)
            self._sent += file.size
            self._stage = f"while the details of file {number} of {len(self._files)} were sent"
            self._go_on()
            details = file.details(report_id, answer.file_id)
            self._about(report_id, believed(self._exchange.post_xml("fileinfo", details)))
        return tuple(file_ids)

    def _upload(self, report_id: str, file: UploadFile) -> Reply:
        try:
            return self._exchange.post_file("upload", report_id, file, self._piece, self._cancelled)
        except Unanswered:
            self._go_on()
            raise

    def _finish(self, report_id: str, file_ids: tuple[str, ...]) -> Finished:
        self._stage = "when the report was finished"
        try:
            most = MAX_ANSWER + MAX_NAMED_FILE * len(file_ids)
            reply = self._exchange.post_id("finish", report_id, max_bytes=most)
            done = believed_done(reply)
            if done.report_id != report_id or sorted(done.file_ids) != sorted(file_ids):
                raise Unbelievable
        except NotReached as error:
            self._undo(report_id, error)
        except Refused as error:
            if error.code == ALREADY_FINISHED:
                self._failed(error, Sending.FINISHING_UNCLEAR, report_id)
            self._undo(report_id, error, otherwise=None if error.certain else Sending.FINISHING_UNCLEAR)
        except (Unanswered, Unbelievable) as error:
            self._failed(error, Sending.FINISHING_UNCLEAR, report_id)
        return Finished(report_id, file_ids, reply.untrusted_body)

    def _about(self, report_id: str, answer: Answer) -> Answer:
        if answer.report_id != report_id:
            raise Unbelievable
        return answer

    def _go_on(self) -> None:
        if self._cancelled():
            raise _Cancelled

    def _piece(self, done: int) -> None:
        self._progress(self._sent + done, self._total)
        self._go_on()

    def _undo(self, report_id: str, error: Exception, *, otherwise: Sending | None = None) -> NoReturn:
        outcome = Sending.RETRACTED if self._retracted(report_id) else otherwise or Sending.NOT_RETRACTED
        self._failed(error, outcome, report_id)

    def _retracted(self, report_id: str) -> bool:
        """Whether that was confirmed. Asking again is harmless: a report is retracted once."""
        for _ in range(_RETRACTIONS):
            try:
                self._about(report_id, believed(self._exchange.post_id("retract", report_id)))
                return True
            except Refused as error:
                return error.code == ALREADY_RETRACTED
            except (NotReached, Unanswered, Unbelievable):
                continue
        return False

    def _failed(self, error: Exception, outcome: Sending, report_id: str = "") -> NoReturn:
        kept, to_do = _told(outcome, report_id)
        raise SendingFailed(
            f"{_reason(error)} {self._stage}.", kept=kept, to_do=to_do, outcome=outcome, report_id=report_id
        ) from error


def _reason(error: Exception) -> str:
    if isinstance(error, _Cancelled):
        return "Sending was cancelled"
    if isinstance(error, NotReached):
        return "The clearing house could not be reached"
    if isinstance(error, Unanswered):
        return "The clearing house gave no whole answer"
    if isinstance(error, Unbelievable):
        return "The clearing house gave an answer that makes no sense"
    if isinstance(error, _OtherBytes):
        return "The clearing house received other bytes than were sent"
    if isinstance(error, Refused):
        return f"The clearing house refused it (code {error.code})"
    if isinstance(error, ReviewerError):
        return f"An item could not be sent [{error.code}]"
    return "A defect of this program stopped it"


def _told(outcome: Sending, report_id: str) -> tuple[str, str]:
    """What was kept, and what to do."""
    again = "Look at what was said, then prepare and send it again."
    if outcome is Sending.RETRACTED:
        return f"Report {report_id} was retracted there, which was confirmed; it was not sent.", again
    if outcome is Sending.NOT_RETRACTED:
        return (
            f"Report {report_id} is unfinished there, so it was not sent; that it was retracted was not confirmed.",
            f"Tell the clearing house about report {report_id}; then prepare and send it again.",
        )
    if outcome is Sending.OPENING_UNCLEAR:
        return (
            "It is not clear whether a report was opened there; none was finished.",
            "Ask the clearing house about it before you send it again.",
        )
    if outcome is Sending.FINISHING_UNCLEAR:
        return (
            f"It is not clear whether report {report_id} was finished: it may have been sent, or not.",
            f"Ask the clearing house about report {report_id} before you send it again.",
        )
    return "Nothing was sent: no report was opened.", again

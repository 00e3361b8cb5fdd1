"""A clearing house's answers, believed only after checks: size before reading, no entities, codes as integers."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass

from reviewer.handoff.cybertip_files import FILE_ID, REPORT_ID

MAX_ANSWER = 64 * 1024
# The last answer names every file: so much more for each.
MAX_NAMED_FILE = 256
ALREADY_RETRACTED = 5101
ALREADY_FINISHED = 5102
_CODE = re.compile(r"-?[0-9]{1,9}")
_MD5 = re.compile(r"[0-9a-fA-F]{32}")
_OWN_TROUBLE = range(1000, 2000)


class Unbelievable(Exception):
    """An answer that makes no sense is no answer."""


class Refused(Exception):
    """A refusal that can be believed. `code` is the response code, or the HTTP status where there was none.

    `certain`: nothing was done. Where the clearing house had trouble of its own, that is not said.
    """

    def __init__(self, code: int, *, certain: bool) -> None:
        super().__init__(code)
        self.code = code
        self.certain = certain


@dataclass(frozen=True, slots=True)
class Reply:
    """As it came: HTTP status and body, the body no larger than was asked for."""

    status: int
    untrusted_body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """A success. Empty: not said. `md5` is in lower case."""

    report_id: str
    file_id: str
    md5: str


@dataclass(frozen=True, slots=True)
class Done:
    """The report is finished; the ids are as they were named, in that order."""

    report_id: str
    file_ids: tuple[str, ...]


def believed(reply: Reply) -> Answer:
    """To submit, upload, fileinfo and retract. Refused, Unbelievable."""
    root = _success(reply, "reportResponse")
    return Answer(
        report_id=_optional(root, "reportId", REPORT_ID),
        file_id=_optional(root, "fileId", FILE_ID),
        md5=_optional(root, "hash", _MD5).lower(),
    )


def believed_done(reply: Reply) -> Done:
    """To finish. Refused, Unbelievable."""
    root = _success(reply, "reportDoneResponse")
    groups = root.findall("files")
    if len(groups) != 1 or any(child.tag != "fileId" for child in groups[0]):
        raise Unbelievable
    files = tuple(_checked(child, FILE_ID) for child in groups[0])
    return Done(_checked(_only(root, "reportId"), REPORT_ID), files)


def _success(reply: Reply, name: str) -> ET.Element:
    fine = 200 <= reply.status < 300
    try:
        root = _parsed(reply.untrusted_body)
        # A refusal to finish may come under either name.
        if root.tag not in ("reportResponse", "reportDoneResponse"):
            raise Unbelievable
        code = int(_checked(_only(root, "responseCode"), _CODE))
    except Unbelievable:
        if 400 <= reply.status < 500:
            raise Refused(reply.status, certain=True) from None
        raise
    if code != 0:
        raise Refused(code, certain=code not in _OWN_TROUBLE)
    if not fine or root.tag != name:
        raise Unbelievable
    return root


def _parsed(untrusted_body: bytes) -> ET.Element:
    try:
        untrusted_text = untrusted_body.decode("utf-8-sig")
        # Without a document type there are no entities, and nothing else in a document can refer elsewhere or grow.
        if "<!DOCTYPE" in untrusted_text:
            raise Unbelievable
        return ET.fromstring(untrusted_text)  # noqa: S314 - see above; the size is capped by who read it
    except (UnicodeDecodeError, ET.ParseError, ValueError):
        raise Unbelievable from None


def _only(root: ET.Element, tag: str) -> ET.Element:
    found = root.findall(tag)
    if len(found) != 1:
        raise Unbelievable
    return found[0]


def _optional(root: ET.Element, tag: str, form: re.Pattern[str]) -> str:
    return _checked(_only(root, tag), form) if root.find(tag) is not None else ""


def _checked(element: ET.Element, form: re.Pattern[str]) -> str:
    text = (element.text or "").strip()
    if len(element) or form.fullmatch(text) is None:
        raise Unbelievable
    return text

"""Small XML documents: elements in the order in which they are written, and text that XML 1.0 can hold."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import datetime

from reviewer.handoff.moments import utc_text
from reviewer.handoff.unseen_signs import number_of

# XML 1.0, section 2.2: everything but these may stand in a document.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def possible(text: str) -> str:
    """What XML cannot hold is replaced by its number, to be seen: "[U+0000]". Lines end with a line feed alone."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return _IMPOSSIBLE.sub(lambda found: number_of(found.group()), unified)


def put(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    """A leaf. Nothing at all where the text is blank: what is not known is left out."""
    if text.strip():
        leaf = ET.SubElement(parent, tag, {name: possible(value) for name, value in attributes.items()})
        leaf.text = possible(text)


def put_truth(parent: ET.Element, tag: str, truth: bool) -> None:
    ET.SubElement(parent, tag).text = "true" if truth else "false"


def put_group(parent: ET.Element, group: ET.Element) -> None:
    """A group of elements, unless nothing is in it."""
    if len(group):
        parent.append(group)


def moment(at: datetime) -> str:
    """xs:dateTime in UTC, whole seconds."""
    return utc_text(at.replace(microsecond=0))


def document(root: ET.Element) -> bytes:
    """UTF-8 with a declaration; the same element gives the same bytes."""
    ET.indent(root, "  ")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode").encode() + b"\n"

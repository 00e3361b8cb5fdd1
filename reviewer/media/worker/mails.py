"""E-mail: the headers worth reading, then the text; what is attached becomes parts.

The older, plainer policy of the standard library's parser is used: it reads structure without interpreting addresses,
so that a header made to be slow has nothing to work on.
"""

from __future__ import annotations

import email
import email.policy
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.generator import BytesGenerator
from email.header import decode_header
from email.message import Message

from reviewer.media.formats import Format
from reviewer.media.outlines import MAX_PARTS, Part, TextOf, TextOutline
from reviewer.media.protocol import Facts
from reviewer.media.worker import hypertext
from reviewer.media.worker.encoding import decoded
from reviewer.media.worker.failures import damaged, too_large, unsupported
from reviewer.media.worker.lines import Lines, Passage, clean, split
from reviewer.media.worker.pictures import Picture
from reviewer.media.worker.source import RangeSource
from reviewer.media.worker.texts import first_bytes

MAX_BYTES = 96 << 20
"""Of an e-mail that are read. Attachments of a longer one are not unpacked: the last would come out cut."""

_SHOWN = ("Date", "From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Subject")
_MAX_HEADER = 1000
_MAX_HEADERS = 20
_MAX_WALK = 4 * MAX_PARTS
_MAX_DEPTH = 40
_POLICY = email.policy.compat32
_WORD = re.compile(r"\w+")


class MailItem:
    def __init__(self, source: RangeSource) -> None:
        self._cut = source.size > MAX_BYTES
        data = first_bytes(source, MAX_BYTES)
        start = re.match(rb"(?:\xef\xbb\xbf)?\s*(?:>?From [^\r\n]*\r?\n)?", data)
        try:
            self._mail: Message = email.message_from_bytes(bytes(data[start.end() if start else 0 :]), policy=_POLICY)
            leaves = list(_leaves(self._mail))
        except (RecursionError, ValueError, LookupError, TypeError, AttributeError):
            raise damaged() from None
        self._body = [leaf for leaf in leaves if _is_text(leaf)]
        attached = [leaf for leaf in leaves if not _is_text(leaf)]
        self._attached = attached[:MAX_PARTS]
        # All of them or none: those beyond a limit would be missed by nobody.
        self._kept_in = self._cut or len(attached) > MAX_PARTS
        self._unpacked: tuple[int, bytes] = (-1, b"")
        self._lines: Lines | None = None
        self._terms: list[str] = []

    def facts(self) -> Facts:
        holds = bool(self._attached)
        return Facts(int(Format.EML), -1, -1, -1.0, -1, False, 1, False, readable=True, holds_parts=holds)

    def mask(self, terms: Sequence[str]) -> None:
        self._terms += terms
        if self._lines is not None:
            self._lines.mask(terms)

    def outline(self, of: TextOf) -> TextOutline:
        return self._read(of).outline(parts=len(self._attached) if of is TextOf.ITEM else 0)

    def lines(self, of: TextOf, first: int, count: int, *, unmask: bool) -> Sequence[str]:
        return self._read(of).read(first, count, unmask=unmask)

    def find(self, of: TextOf, words: str) -> Sequence[int]:
        return self._read(of).find(words)

    def parts(self) -> Sequence[Part]:
        if self._kept_in:
            raise too_large()
        return [Part(_name(leaf), len(_payload(leaf))) for leaf in self._attached]

    def read_part(self, index: int, offset: int, length: int) -> bytes:
        if self._kept_in:
            raise too_large()
        if not 0 <= index < len(self._attached):
            raise damaged()
        if self._unpacked[0] != index:
            self._unpacked = index, _payload(self._attached[index])
        return self._unpacked[1][max(0, offset) : max(0, offset) + length]

    def grey(self, long_side: int, at_s: float) -> Picture:
        raise unsupported()

    def colour(self, at_s: float, share: float) -> Picture:
        raise unsupported()

    def turn_to(self, page: int) -> None:
        raise unsupported()

    def time_of(self, at_s: float) -> float:
        raise unsupported()

    def _read(self, of: TextOf) -> Lines:
        if of is TextOf.TRANSCRIPT:
            raise unsupported()
        if of is TextOf.SENDERS:
            return Lines((), "ascii")  # who wrote it is among its lines: From and To
        if self._lines is None:
            found = [_Said.by(leaf) for leaf in self._body]
            passages = [*_headers(self._mail), Passage(""), *_passages_of(found)]
            cut = self._cut or any(said.cut for said in found)
            self._lines = Lines(passages, found[0].encoding if found else "ascii", truncated=cut)
            self._lines.mask(self._terms)
        return self._lines


def _leaves(mail: Message) -> Iterator[Message]:
    """What the mail is made of, in order: texts and attachments. A mail inside a mail is one attachment."""
    waiting: list[tuple[Message, int]] = [(mail, 0)]
    seen = 0
    while waiting:
        part, depth = waiting.pop()
        seen += 1
        if seen > _MAX_WALK:
            raise too_large()
        inner = part.get_payload() if part.is_multipart() and part.get_content_maintype() == "multipart" else None
        if isinstance(inner, list) and depth < _MAX_DEPTH:
            waiting += [(piece, depth + 1) for piece in reversed(inner) if isinstance(piece, Message)]
        else:
            yield part


def _is_text(leaf: Message) -> bool:
    """Part of what the mail says, not something attached to it."""
    if leaf.get_content_disposition() == "attachment" or leaf.get_filename() is not None:
        return False
    return leaf.get_content_type() in ("text/plain", "text/html") and not leaf.is_multipart()


@dataclass(frozen=True, slots=True)
class _Said:
    """One of the texts of a mail, HTML already reduced; `cut` if that was only done for its beginning."""

    text: str
    is_html: bool
    encoding: str
    cut: bool

    @classmethod
    def by(cls, leaf: Message) -> _Said:
        found = decoded(_payload(leaf), _charset(leaf))
        if leaf.get_content_type() != "text/html":
            return cls(found.text, False, found.name, False)
        cut = len(found.text) > hypertext.MAX_MARKUP
        return cls(hypertext.seen_text(found.text[: hypertext.MAX_MARKUP]), True, found.name, cut)


def _passages_of(texts: Sequence[_Said]) -> Iterator[Passage]:
    """The plain texts; the HTML (already reduced) as well where it says something that they do not."""
    said: set[str] = set()
    for plain in texts:
        if not plain.is_html and plain.text.strip():
            if said:
                yield Passage("")
            said.update(_WORD.findall(plain.text.casefold()))
            yield from split(plain.text)
    for html in texts:
        if html.is_html and html.text.strip():
            words = _WORD.findall(html.text.casefold())
            if said and sum(word not in said for word in words) <= len(words) // 5:
                continue
            if said:
                yield Passage("")
            yield from split(html.text)


def _headers(mail: Message) -> Iterator[Passage]:
    found: dict[str, list[str]] = {name: [] for name in _SHOWN}
    for name, value in mail.raw_items():
        title = next((shown for shown in _SHOWN if shown.lower() == name.lower()), None)
        if title is not None and len(found[title]) < _MAX_HEADERS:
            found[title].append(_readable(str(value)[:_MAX_HEADER]))
    for title, values in found.items():
        for value in values:
            yield Passage(f"{title}: {value}")


def _readable(raw: str) -> str:
    """A header without its line breaks and encoded words (RFC 2047); bytes beyond ASCII are guessed at."""
    data = " ".join(raw.split()).encode("ascii", "surrogateescape")
    if not data.isascii():
        return decoded(data).text
    try:
        pieces = decode_header(data.decode("ascii"))
    except (HeaderParseError, ValueError):
        return data.decode("ascii")
    return "".join(p if isinstance(p, str) else decoded(p, charset or "").text for p, charset in pieces)


def _payload(leaf: Message) -> bytes:
    """What the part holds, decoded; of a mail inside a mail, its own bytes. Empty where it cannot be decoded."""
    try:
        inner = leaf.get_payload()
        if isinstance(inner, list):
            out = io.BytesIO()
            for piece in inner:
                BytesGenerator(out, mangle_from_=False, maxheaderlen=0).flatten(piece)
            return out.getvalue()
        data = leaf.get_payload(decode=True)
        return data if isinstance(data, bytes) else b""
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, ImportError):
        return b""


def _charset(leaf: Message) -> str:
    declared = leaf.get_param("charset", "")
    return declared if isinstance(declared, str) else ""


def _name(leaf: Message) -> str:
    try:
        name = leaf.get_filename() or ""
    except (ValueError, LookupError, TypeError, AttributeError):
        name = ""
    if not name:
        name = {"message": "mail.eml", "text": "text.txt"}.get(leaf.get_content_maintype(), "")
    return clean(_readable(name[:_MAX_HEADER]))[:200]

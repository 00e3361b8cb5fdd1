"""HTML reduced to the text a reader would see, in one pass whose time grows with the length only.

No script runs, nothing is fetched, nothing is laid out. Where a link leads is written behind its words.
"""

from __future__ import annotations

import html
import re

MAX_MARKUP = 2 << 20
"""Characters of HTML worth reducing; the caller says if there were more."""

_DROPPED = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "template", "svg", "math")}
_BREAKS = (
    *("address", "article", "aside", "blockquote", "body", "br", "center", "dd", "div", "dl", "dt", "fieldset"),
    *("figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "legend"),
    *("li", "main", "nav", "ol", "option", "p", "pre", "section", "table", "tbody", "title", "tr", "ul"),
)
_TAG = re.compile(r"/?([a-zA-Z][a-zA-Z0-9]{0,20})")
_OPENING = re.compile(r"<(?=[a-zA-Z/!?])")
_LINK = re.compile(r"""\bhref\s*=\s*(?:"([^"]{1,2000})"|'([^']{1,2000})'|([^\s"'>]{1,2000}))""", re.IGNORECASE)
_DECLARED = re.compile(rb"""<meta[^>]{1,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.\-]{1,40})""", re.IGNORECASE)
_DECLARED_XML = re.compile(rb"""^\s*<\?xml[^>]{1,200}?encoding\s*=\s*["']([A-Za-z0-9_:.\-]{1,40})""", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_MAX_TAG = 20_000


def declared_encoding(head: bytes) -> str:
    """What a `meta` element or an XML declaration near the start says; "" if none does."""
    found = _DECLARED_XML.search(head[:1024]) or _DECLARED.search(head[:4096])
    return found.group(1).decode("ascii") if found else ""


def seen_text(markup: str) -> str:
    """The words of `markup`, a line for each block. Broken markup gives what can be told from it."""
    out: list[str] = []
    link = ""
    at = 0
    missing: set[str] = set()
    while True:
        opening = _OPENING.search(markup, at)
        if opening is None:
            break
        tag = opening.start()
        _words(out, markup[at:tag])
        if markup.startswith("<!--", tag):
            at = _after(markup, "-->", tag + 4, missing)
            continue
        name = _TAG.match(markup, tag + 1)
        if name is None:
            at = _after(markup, ">", tag + 1, missing)
            continue
        end = _after(markup, ">", name.end(), missing)
        what = name.group(1).lower()
        opens = markup[tag + 1] != "/"
        at = end
        if what in _DROPPED and opens and what not in missing:
            close = _DROPPED[what].search(markup, end)
            if close is not None:
                at = close.start()
            else:
                missing.add(what)  # never closed: better to show a script than to hide what follows
        elif what in _BREAKS:
            out.append("\n")
        elif what in ("td", "th"):
            out.append(" ")
        elif what == "a":
            if not opens and link:
                out.append(f" [{link}] ")
            link = _target(markup[name.end() : min(end, name.end() + _MAX_TAG)]) if opens else ""
    _words(out, markup[at:])
    lines = (_SPACES.sub(" ", line).strip() for line in "".join(out).split("\n"))
    return _without_gaps(list(lines))


def _words(out: list[str], piece: str) -> None:
    if piece:
        out.append(_SPACES.sub(" ", html.unescape(piece) if "&" in piece else piece))


def _after(markup: str, end: str, start: int, missing: set[str]) -> int:
    """The place behind the next `end`; the end of the markup if there is none, which is looked for only once."""
    found = -1 if end in missing else markup.find(end, start)
    if found < 0:
        missing.add(end)
        return len(markup)
    return found + len(end)


def _target(attributes: str) -> str:
    found = _LINK.search(attributes)
    target = html.unescape(next(group for group in found.groups() if group)) if found else ""
    return target if re.match(r"(?i)(https?:|mailto:|tel:|//)", target) else ""


def _without_gaps(lines: list[str]) -> str:
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip("\n")

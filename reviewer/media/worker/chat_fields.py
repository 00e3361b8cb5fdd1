"""What exports of conversations call who, when, what and "reported"; labels for people; times as people write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from reviewer.media.outlines import MAX_SENDER_LENGTH, MAX_SENDERS, sender_label
from reviewer.media.worker.lines import clean

SENDERS: tuple[str, ...] = (
    "sender",
    "sendername",
    "from",
    "fromname",
    "author",
    "username",
    "user",
    "name",
    "displayname",
    "nick",
)
SENDERS += ("actor", "participant", "who", "senderid", "fromid", "userid")
TIMES: tuple[str, ...] = (
    "time",
    "timestamp",
    "datetime",
    "date",
    "ts",
    "sentat",
    "createdat",
    "timestampms",
    "at",
    "when",
    "sent",
)
TIMES += ("datesent", "originalarrivaltime", "created", "dateunixtime", "messagedate", "sendtime")
WORDS = ("text", "body", "content", "message", "msg", "messagetext", "words")
FLAGS = ("reported", "flagged", "isreported", "isflagged", "report", "reportedmessage")
TRUE = ("1", "true", "yes", "y", "x", "reported", "flagged")


_EPOCH = re.compile(r"\d{9,16}(\.\d{1,9})?")


class Labels:
    """A, B, ... Z, AA for people in order of appearance.

    `names` has the first of them as first written, in that order: what can be shown of it, each on one line.
    """

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self.names: list[str] = []

    def of(self, name: str) -> str:
        key = " ".join(name.split()).casefold()
        if not key:
            return ""
        if key not in self._known:
            self._known[key] = sender_label(len(self._known))
            if len(self.names) < MAX_SENDERS:
                self.names.append(clean(name.strip()[: 2 * MAX_SENDER_LENGTH])[:MAX_SENDER_LENGTH])
        return self._known[key]


def when(written: str) -> str:
    """As written; seconds, milli- or microseconds since 1970 as a date in UTC."""
    written = written.strip()
    if not _EPOCH.fullmatch(written):
        return written
    number = float(written)
    for scale in (1.0, 1e3, 1e6):
        if 5e8 <= number / scale < 5e9:
            moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(number / scale))
            return f"{moment:%Y-%m-%d %H:%M:%SZ}"
    return written


def key(name: str) -> str:
    """A name in an export without its case and punctuation: "sender_name" and "senderName" are the same."""
    return _key(name[:60])


@lru_cache(maxsize=4096)
def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())

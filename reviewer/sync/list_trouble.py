"""Why a known-hash list was not taken in: the case system names a line, a field and a reason; the words are ours."""

from __future__ import annotations

from reviewer.model.errors import SyncError

_FIELDS = frozenset({"sha256", "sha1", "md5", "pdq", "category", "classification"})
_REASONS = {
    "empty": "there is nothing to take in",
    "no-column": "the header names none of sha256, sha1, md5 and pdq",
    "twice": "the header names it more than once",
    "other-width": "there are more or fewer fields than in the header",
    "no-digest": "the entry has no digest at all",
    "not-hex": "it is not a digest in hex digits of the right length",
    "not-text": "it is not plain text",
    "not-csv": "the quotes do not pair up",
    "not-json": "the JSON is damaged or ends too early",
    "not-a-record": "an object was expected",
    "too-long": "it is too long",
    "too-many": "the list has more entries than can be taken in",
    "too-many-words": "the list has more different categories and classifications than can be taken in",
}


class KnownListMalformed(SyncError):
    """`line` counts the lines of a CSV file or the records of a JSON one, from 1; `field` is empty for a whole line."""

    code = "S009"
    happened = "The known-hash list cannot be read."
    kept = "Nothing was changed: the lists in force are what they were."
    to_do = "Correct it there and import it again."

    def __init__(self, untrusted_line: int, untrusted_field: str, untrusted_reason: str) -> None:
        self.line = max(1, untrusted_line)
        self.field = untrusted_field if untrusted_field in _FIELDS else ""
        self.reason = untrusted_reason if untrusted_reason in _REASONS else ""
        where = f"line or record {self.line}" + (f", field {self.field}" if self.field else "")
        why = _REASONS.get(self.reason, "it is not as expected")
        super().__init__(f"The known-hash list cannot be read at {where}: {why}.")

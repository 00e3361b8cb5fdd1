"""Reading and sorting hash lists by the thousand gives what one by one gives, and names the same trouble."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

import pytest

from reviewer.casesystem.known import text_lines
from reviewer.casesystem.known.entry import KINDS, SIZES, Entry, Malformed, read_digest, read_word
from reviewer.casesystem.known.list_file import write_columns, write_list
from reviewer.casesystem.known.reading_csv import csv_columns, read_csv

HEADER = ["md5", "note", "category", "pdq", "classification"]


def one_by_one(text: str) -> list[Entry] | tuple[int, str, str]:
    """A reader of its own: Python's, line by line."""
    found: list[Entry] = []
    reader = csv.reader(io.StringIO(text, newline="\n"), strict=True)
    try:
        next(reader)
        for row in reader:
            line = reader.line_num
            if not row:
                continue
            if len(row) != len(HEADER):
                raise Malformed(line, "", "other-width")
            by_name = dict(zip(HEADER, row, strict=True))
            digests = tuple(read_digest(line, kind, by_name.get(kind.value, "")) for kind in KINDS)
            if not any(digests):
                raise Malformed(line, "md5", "no-digest")
            words = [read_word(line, field, by_name[field]) for field in ("category", "classification")]
            found.append(Entry(digests, *words))
    except Malformed as malformed:
        return malformed.line, malformed.field, malformed.reason
    except csv.Error:
        return reader.line_num, "", "not-csv"
    return found


def by_the_thousand(text: str) -> list[Entry] | tuple[int, str, str]:
    try:
        return list(read_csv(io.BytesIO(text.encode())))
    except Malformed as malformed:
        return malformed.line, malformed.field, malformed.reason


def a_row(rng: random.Random, oddness: float) -> str:
    md5, pdq = rng.randbytes(16).hex(), rng.randbytes(32).hex()
    word = f"word {rng.randrange(3)}"
    if rng.random() < oddness:
        md5, pdq, word = rng.choice(
            [
                (md5[:-1], pdq, word),
                ("", pdq, word),
                ("", "", word),
                (f" {md5} ", "", word),
                (md5.upper(), pdq, "é"),
                (md5, pdq[:-2] + "  ", word),
                (md5[:-1] + "é", pdq, word),
                (md5, pdq, "x" * 201),
                (md5, pdq, " " * 201 + "y"),
                (md5, pdq, "a\u2028b"),
                (md5, pdq, '"two\nlines"'),
                (md5, pdq, '"a ""b"", c"'),
                (md5, pdq, 'a"b'),
                (md5, pdq, '"open'),
                (md5, pdq, "one,more"),
                (md5, pdq, "a\rb"),
                (f"{md5},n,,,\n{md5}", pdq, word),
                (f"\n{md5}", pdq, word),
            ]
        )
    return f"{md5},note,{word},{pdq},"


@pytest.mark.parametrize("oddness", [0.0, 0.02, 0.2])
@pytest.mark.parametrize("block", [70, 1000, 1 << 20])
def test_whatever_the_file_is(monkeypatch: pytest.MonkeyPatch, oddness: float, block: int) -> None:
    monkeypatch.setattr(text_lines, "_BLOCK", block)
    rng = random.Random(block + int(oddness * 100))
    reasons = set()
    for _ in range(60):
        end = rng.choice(["\n", "\r\n"])
        lines = [",".join(HEADER), *(a_row(rng, oddness) for _ in range(rng.randrange(40)))]
        text = end.join(lines) + rng.choice(["", end, end + end])
        expected = one_by_one(text)
        reasons.add(expected[2] if isinstance(expected, tuple) else "")
        assert by_the_thousand(text) == expected
    assert "" in reasons
    assert oddness == 0.0 or len(reasons) > 2


def test_a_line_too_long_is_named_wherever_blocks_end(monkeypatch: pytest.MonkeyPatch) -> None:
    good, long = "md5\n" + ("ab" * 16 + "\n") * 5, "x" * text_lines.MAX_LINE + "\n"
    for block in (1000, text_lines.MAX_LINE, 1 << 20):
        monkeypatch.setattr(text_lines, "_BLOCK", block)
        assert by_the_thousand(good + long + good) == (7, "", "too-long")
        assert by_the_thousand(good + long[1:]) == (7, "md5", "not-hex")


def test_trouble_comes_after_what_was_wrong_before_it() -> None:
    text = b"md5\n" + b"ab" * 16 + b'\nzz\n"' + b"cd" * 16 + b"\n\xff\n"
    with pytest.raises(Malformed) as malformed:
        list(csv_columns(io.BytesIO(text)))
    assert (malformed.value.line, malformed.value.reason) == (3, "not-hex")


def test_digests_are_in_order_and_once_however_much_they_have_in_common(tmp_path: Path) -> None:
    rng = random.Random(4)
    digests = [bytes([rng.randrange(2) * 255]) * 8 + rng.choice([bytes(8), rng.randbytes(8)]) for _ in range(9000)]
    written = write_list((Entry((b"", b"", one, b""), "", "") for one in digests), tmp_path)
    distinct = sorted(set(digests))
    size = SIZES[KINDS[2]]
    raw = (tmp_path / written.sha256).read_bytes()[-len(distinct) * (size + 2) :]
    assert raw[: len(distinct) * size] == b"".join(distinct)
    text = "md5\n" + "\n".join(one.hex() for one in digests)
    assert write_columns(csv_columns(io.BytesIO(text.encode())), tmp_path) == written

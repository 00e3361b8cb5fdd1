"""The team's figures as a file: CSV for a table, PDF for paper. Days and quarter hours, never items, times or pace.

Both are made away from the Qt thread, and both say that anybody who has the file can read it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from reviewer.model.events import TeamExposure
from reviewer.ui.exposure_table import Column, ExposureRow, ExposureTable, exposure_table
from reviewer.ui.exposure_words import column_words, day_words
from reviewer.ui.item_words import hours_words
from reviewer.ui.team_pdf import pdf_bytes
from reviewer.ui.wording import tr

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class FileKind(str, Enum):
    CSV = "csv"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class ExportHead:
    """Who made it, on which UTC day, and of which days."""

    who: str
    made_on: date
    columns: tuple[Column, ...]

    def lines(self) -> tuple[str, ...]:
        first, last = self.columns[0].first, self.columns[-1].last
        form = "d MMM yyyy"
        span = tr("{first} to {last}").format(first=day_words(first, form), last=day_words(last, form))
        return (
            tr("Graphic viewing of the team, {span}").format(span=span if first != last else day_words(last, form)),
            tr("Exported by {who} on {day} (UTC). Everybody in it sees that it was exported.").format(
                who=self.who, day=day_words(self.made_on, form)
            ),
            tr("This file is not encrypted: anybody who has it can read it. Keep it only as long as it is needed."),
            tr("Weighted by harm, rounded up to quarter hours. It measures workload and fairness, not health."),
        )


def file_name(kind: FileKind, today: date) -> str:
    return f"team-{today.isoformat()}.{kind.value}"


def maker(kind: FileKind, head: ExportHead) -> Callable[[TeamExposure], bytes]:
    """What makes the file's bytes of the figures. Not on the Qt thread."""

    def made(team: TeamExposure) -> bytes:
        table = exposure_table(team, head.columns)
        return csv_bytes(table, head) if kind is FileKind.CSV else pdf_bytes(table, head.lines())

    return made


def csv_bytes(table: ExposureTable, head: ExportHead) -> bytes:
    """UTF-8 with a byte order mark, which spreadsheets ask for; hours with a decimal point, a row per person.

    Columns are days (ISO date) or weeks (ISO date of their first day, the sum of the week).
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for line in head.lines():
        writer.writerow([_safe(line)])
    limit = tr("Limit of a day: {hours}").format(hours=hours_words(table.limit))
    writer.writerow([_safe(limit)])
    writer.writerow([])
    firsts = [column.first.isoformat() for column in table.columns]
    period = tr("hours in the week from") if table.weekly else tr("hours on")
    writer.writerow([_safe(tr("Person")), *(f"{period} {first}" for first in firsts), _safe(tr("May lack something"))])
    for row in table.rows:
        writer.writerow([_safe(row.member), *_hours(row), _safe(_lacking(row, table.columns))])
    return out.getvalue().encode("utf-8-sig")


def _hours(row: ExposureRow) -> list[str]:
    return [f"{quarters / 4:.2f}" for quarters in row.sums]


def _lacking(row: ExposureRow, columns: Sequence[Column]) -> str:
    return "; ".join(column_words(columns[at]) for at in sorted(row.incomplete))


def _safe(untrusted_words: str) -> str:
    """Words that a spreadsheet would take for a formula get an apostrophe in front, which says that they are words."""
    return "'" + untrusted_words if untrusted_words.lstrip(" ").startswith(_FORMULA) else untrusted_words

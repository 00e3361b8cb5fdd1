"""The team's figures as a file: what is in it, what never is, and that a spreadsheet takes no name for a formula."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from pytestqt.qtbot import QtBot
from test_supervisor_page import TEAM, TODAY, TeamSession, member, page_for, said
from viewer_fakes import HandJobs

from reviewer.model.events import TeamExposure
from reviewer.ui.exposure_table import day_columns, exposure_table, week_columns
from reviewer.ui.team_export import ExportHead, FileKind, csv_bytes, file_name, maker
from reviewer.workstation.supervising import ExportNotWritten

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
HEAD = ExportHead("Supervisor 02", TODAY, day_columns(TODAY, 16))


def lines_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def pages_of(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def test_the_table_has_who_when_which_days_and_the_figures() -> None:
    lines = lines_of(maker(FileKind.CSV, HEAD)(TEAM))
    head = " ".join(line[0] for line in lines[:5])
    assert "6 Nov 2026 to 21 Nov 2026" in head
    assert "Exported by Supervisor 02 on 21 Nov 2026" in head
    assert "anybody who has it can read it" in head
    names = next(line for line in lines if line and line[0] == "Person")
    assert names[-2] == "hours on 2026-11-21"
    rows = {line[0]: line[1:] for line in lines if line and line[0].startswith("Reviewer")}
    assert rows["Reviewer 07"][-4:-1] == ["4.00", "2.00", "3.75"]
    assert rows["Reviewer 01"][-1] == "Thu 19 Nov"
    assert not re.search(r"\d\d:\d\d", maker(FileKind.CSV, HEAD)(TEAM).decode()), "no time of day"


def test_weeks_are_summed() -> None:
    head = ExportHead("Supervisor 02", TODAY, week_columns(TODAY))
    rows = {line[0]: line for line in lines_of(maker(FileKind.CSV, head)(TEAM)) if line}
    assert rows["Reviewer 07"][-2] == "9.75"
    assert rows["Person"][-2] == "hours in the week from 2026-11-16"


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@sum", " =1", "\t=1", "\r=1", "\n=1"])
def test_no_name_is_a_formula(name: str) -> None:
    team = TeamExposure(limit_quarter_hours=16, members=(member("x", 4), member(name, 3)))
    table = exposure_table(team, HEAD.columns)
    cells = [cell for line in lines_of(csv_bytes(table, HEAD)) for cell in line]
    assert "'" + name in cells
    assert not any(cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in cells)


def test_on_paper_everybody_is_there_on_as_many_pages_as_it_takes(qtbot: QtBot) -> None:
    team = TeamExposure(
        limit_quarter_hours=16, members=tuple(member(f"Reviewer {at:03}", *([at % 17] * 40)) for at in range(200))
    )
    for columns in (HEAD.columns, week_columns(TODAY)):
        content = maker(FileKind.PDF, ExportHead("Supervisor 02", TODAY, columns))(team)
        pages = pages_of(content)
        assert 1 < len(pages) < 15
        text = " ".join(pages)
        assert all(f"Reviewer {at:03}" in text for at in range(200))
        assert all("anybody who has it can read it" in page for page in pages)
        assert "Supervisor 02" in pages[0]
        document = pypdfium2.PdfDocument(content)
        width, height = document[0].get_size()
        document.close()
        assert (round(width), round(height)) == (842, 595), "A4 across"


def test_the_window_says_where_it_is_who_can_read_it_and_that_people_see_it(qtbot: QtBot, tmp_path: Path) -> None:
    session, jobs = TeamSession(TEAM), HandJobs()
    page = page_for(qtbot, session, jobs)
    page.export.toggle()
    words = said(page, "export")
    assert "anybody who gets it can read it" in words
    assert "Everybody in it sees" in words
    page.export.folder.setText(str(tmp_path))
    for _ in range(2):
        page.export.write(FileKind.CSV)
        jobs.settle()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["team-2026-11-21-2.csv", "team-2026-11-21.csv"]
    assert [days for _, days in session.supervision.exported] == [16, 16]
    assert "whoever gets a copy can read all of it" in page.export.said.text()
    session.supervision.fail = ExportNotWritten()
    page.export.write(FileKind.PDF)
    jobs.settle()
    assert ExportNotWritten.happened in page.export.said.text()
    assert ExportNotWritten.to_do in page.export.said.text()


def test_file_names_say_no_more_than_the_day() -> None:
    assert file_name(FileKind.PDF, date(2026, 11, 21)) == "team-2026-11-21.pdf"

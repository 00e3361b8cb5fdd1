"""What the team's figures say in words: the text alternative of the heat map, its tooltips, days and weeks."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from reviewer.ui.exposure_table import Column, ExposureRow, ExposureTable
from reviewer.ui.item_words import hours_words


def _tr(words: str) -> str:
    return QCoreApplication.translate("ExposureWords", words)


def day_words(day: date, form: str = "ddd d MMM") -> str:
    return QLocale().toString(QDate(day.year, day.month, day.day), form)


def column_words(column: Column) -> str:
    """Sat 21 Nov, or: week of 16 Nov"""
    if column.days == 1:
        return day_words(column.first)
    return _tr("week of {day}").format(day=day_words(column.first, "d MMM yyyy"))


def people_words(count: int) -> str:
    return _tr("1 person") if count == 1 else _tr("{n} people").format(n=count)


def today_words(table: ExposureTable, row: ExposureRow) -> str:
    """Reviewer 07: today 3 h 45 of 4 h 00, near the limit, 2 h 15 without a break"""
    words = _tr("{member}: today {today} of {limit}").format(
        member=row.member, today=hours_words(row.today), limit=hours_words(table.limit)
    )
    if table.near(row.today):
        words += _tr(", near the limit")
    if row.without_break:
        words += ", " + without_break_words(row)
    return words


def without_break_words(row: ExposureRow) -> str:
    return _tr("{hours} without a break").format(hours=hours_words(row.without_break))


def row_words(table: ExposureTable, row: ExposureRow) -> str:
    """All that the picture says of one person, in one sentence."""
    words = today_words(table, row)
    last = len(table.columns) - 1
    earlier = [
        _figure(table, row, at)
        for at in range(len(table.columns))
        if (row.quarters[at] or at in row.incomplete) and (at < last or table.weekly or at in row.incomplete)
    ]
    if earlier:
        words += _tr("; by week: ") if table.weekly else _tr("; by day: ")
        words += ", ".join(earlier)
    return words + "."


def cell_words(table: ExposureTable, row: ExposureRow, at: int) -> str:
    """Reviewer 07, Sat 21 Nov: 3 h 45, near the limit"""
    return f"{row.member}, {_figure(table, row, at, ': ')}"


def _figure(table: ExposureTable, row: ExposureRow, at: int, then: str = " ") -> str:
    column, quarters = table.columns[at], row.quarters[at]
    words = column_words(column) + then + hours_words(row.sums[at] if column.days > 1 else quarters)
    if column.days > 1 and quarters:
        words += _tr(", the fullest day {hours}").format(hours=hours_words(quarters))
    if table.near(quarters):
        words += _tr(", near the limit")
    return words + _tr(", may lack something") if at in row.incomplete else words


def table_words(table: ExposureTable) -> str:
    """What the whole map is about, in one or two sentences."""
    near = sum(1 for row in table.rows if table.near(row.today))
    span = _tr("{n} weeks") if table.weekly else _tr("{n} days")
    words = _tr("{people}, {span}; {near} near the limit today.").format(
        people=people_words(len(table.rows)), span=span.format(n=len(table.columns)), near=near
    )
    if table.incomplete:
        words += " " + _tr("Some days may lack something.")
    return words + " " + _tr("Up and Down read a person, Left and Right a day.")

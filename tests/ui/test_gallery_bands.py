"""Where cells lie under their headings: every cell has one place, and every place finds its cell again."""

from __future__ import annotations

import pytest

from reviewer.ui.gallery_bands import GalleryBands

LINE, HEAD = 100, 30


def bands(*counts: int, columns: int = 3) -> GalleryBands:
    return GalleryBands(counts, columns, line=LINE, head=HEAD)


@pytest.mark.parametrize("counts", [(7,), (1, 5, 3), (0, 4), (3, 0, 2), ()])
@pytest.mark.parametrize("columns", [1, 3, 7])
def test_a_place_finds_its_cell_again_and_no_two_share_one(counts: tuple[int, ...], columns: int) -> None:
    made = bands(*counts, columns=columns)
    places = [made.place(row) for row in range(made.rows)]
    assert len(set(places)) == made.rows == sum(counts)
    for row, (column, top) in enumerate(places):
        assert made.row_at(column, top) == row
        assert made.row_at(column, top + LINE - 1) == row
        assert 0 <= column < columns
        assert top + LINE <= made.height


def test_headings_the_end_of_a_line_and_beyond_are_no_cell() -> None:
    made = bands(4, 2)
    assert made.row_at(0, HEAD - 1) is None
    assert made.row_at(1, HEAD + LINE) is None  # the second line has one cell
    assert made.row_at(0, made.height) is None
    assert made.row_at(0, -1) is None
    assert made.row_at(3, HEAD) is None
    assert made.heads_between(0, made.height) == [(0, 0), (1, HEAD + 2 * LINE)]
    assert made.heads_between(HEAD, HEAD + 10) == []


@pytest.mark.parametrize("counts", [(7,), (1, 5, 3), (3, 0, 2), (40, 40)])
def test_rows_between_are_those_whose_place_is_there(counts: tuple[int, ...]) -> None:
    made = bands(*counts)
    for top in range(0, made.height + LINE, 35):
        for room in (1, 60, 250):
            there = [row for row in range(made.rows) if top - LINE < made.place(row)[1] < top + room]
            first, last = made.rows_between(top, top + room)
            assert list(range(first, last + 1)) == there


def test_up_and_down_keep_the_column_through_headings_and_end_at_the_ends() -> None:
    made = bands(4, 2, 6)
    assert made.lines_away(1, 1) == 3  # nothing below it in its column: the last of that line
    assert made.lines_away(3, 1) == 4
    assert made.lines_away(5, 1) == 7
    assert made.lines_away(8, -1) == 5
    assert made.lines_away(5, -1) == 3
    assert made.lines_away(0, -3) == 0
    assert made.lines_away(11, 5) == 11
    assert made.lines_away(0, 3) == 6

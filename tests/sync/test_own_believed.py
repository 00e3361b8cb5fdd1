"""What the case system says of oneself is checked like every other answer: figures that cannot be are no figures."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from reviewer.model.errors import CaseSystemNonsense
from reviewer.model.events import ExposureDay, MemberExposure
from reviewer.model.supervision import OwnData, RefusedAttempt, Relief, ReliefKind
from reviewer.model.wire import Look, OwnExposure, OwnExposureDay, OwnExposureLine
from reviewer.sync.believing_own import believed_looks, believed_own_data, believed_own_exposure

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LINE = OwnExposureLine(day="2026-11-21", level="blurred", seconds=3.0, weight=2.0)
DAY = OwnExposureDay(day="2026-11-21", workstation="", seconds=3.0, weighted=6.0, violent_s=0.0)
EXPOSURE = OwnExposure(limit_quarter_hours=16, lines=(LINE,), days=(DAY,))
SEEN = MemberExposure(member="R", days=(ExposureDay(day="2026-11-21", quarter_hours=1),), member_id="r")
DATA = OwnData(as_seen=SEEN, limit_quarter_hours=16, decisions=1, messages=0)
BAD_FLOATS = (-1.0, float("inf"), float("nan"), 1e12)


def test_what_can_be_is_believed() -> None:
    assert believed_own_exposure(EXPOSURE) is EXPOSURE
    assert believed_own_data(DATA) is DATA
    assert believed_looks([Look(viewer="Supervisor 01", at=NOON)])


@pytest.mark.parametrize(
    ("line", "day"),
    [
        *(({field: bad}, {}) for bad in BAD_FLOATS for field in ("seconds", "weight")),
        *(({}, {field: bad}) for bad in BAD_FLOATS for field in ("seconds", "weighted", "violent_s")),
        ({"day": "yesterday"}, {}),
        ({"level": "naked eye"}, {}),
        ({}, {"day": "2026-13-01"}),
        ({}, {"workstation": "w" * 201}),
        ({}, {"workstation": "a\nb"}),
    ],
)
def test_odd_figures(line: dict[str, object], day: dict[str, object]) -> None:
    odd = OwnExposure(
        limit_quarter_hours=16,
        lines=(msgspec.structs.replace(LINE, **line),),
        days=(msgspec.structs.replace(DAY, **day),),
    )
    with pytest.raises(CaseSystemNonsense):
        believed_own_exposure(odd)


@pytest.mark.parametrize(
    "change",
    [
        {"limit_quarter_hours": 0},
        {"decisions": -1},
        {"messages": 10**12},
        {"as_seen": msgspec.structs.replace(SEEN, member="R\u202e")},
        {"reliefs": (Relief(id="r1", kind=ReliefKind.CALL, by="B" * 300, at=NOON),)},
        {"refused": (RefusedAttempt(what="GET /x", at=NOON.replace(tzinfo=None)),)},
        {"refused": (RefusedAttempt(what="x" * 201, at=NOON),)},
    ],
)
def test_odd_data(change: dict[str, object]) -> None:
    with pytest.raises(CaseSystemNonsense):
        believed_own_data(msgspec.structs.replace(DATA, **change))


@pytest.mark.parametrize(
    "change", [{"viewer": "a\tb"}, {"at": datetime(9999, 1, 1, tzinfo=UTC)}, {"purpose": "p" * 201}]
)
def test_odd_looks(change: dict[str, object]) -> None:
    with pytest.raises(CaseSystemNonsense):
        believed_looks([msgspec.structs.replace(Look(viewer="Supervisor 01", at=NOON), **change)])


def test_no_more_lines_come_than_are_held() -> None:
    assert believed_own_exposure(msgspec.structs.replace(EXPOSURE, line_count=9)).line_count == 9
    with pytest.raises(CaseSystemNonsense):
        believed_own_exposure(msgspec.structs.replace(EXPOSURE, line_count=0))

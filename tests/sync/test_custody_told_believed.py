"""What a lying case system says of what custody logs told is not believed."""

from __future__ import annotations

import httpx
import msgspec
import pytest
from house import NOON

from reviewer.model.custody_told import MAX_WANTED, SealedFor, ToldExtract, ToldPage, WantedCases
from reviewer.model.errors import CaseSystemNonsense
from reviewer.sync import custody_told
from reviewer.sync.client import CaseSystem
from reviewer.sync.custody_told import CustodyTold


def says(*answers: object) -> CustodyTold:
    """A case system that answers these one after the other, and the last one for ever."""
    left = [msgspec.json.encode(answer) for answer in answers]

    def handler(_request: httpx.Request) -> httpx.Response:
        body = left.pop(0) if len(left) > 1 else left[0]
        headers = {"Content-Type": "application/json"}
        return httpx.Response(200, headers=headers, stream=httpx.ByteStream(body))

    return CaseSystem("http://127.0.0.1:9", "token", "desk-1", transport=httpx.MockTransport(handler)).told


def extract(origin: str = "a", **fields: object) -> ToldExtract:
    made: dict[str, object] = {"origin": origin, "size": 2, "sealed": b"x", "at": NOON}
    return ToldExtract(**(made | fields))  # type: ignore[arg-type]


def page(*extracts: ToldExtract, after: str | None = None) -> ToldPage:
    return ToldPage(extracts=extracts, after=after)


def test_what_makes_sense_is_believed() -> None:
    assert says(page(extract("a"), after="a"), page(extract("b"))).of_case("case-1") == (extract("a"), extract("b"))
    assert says(WantedCases(cases=("case-1",))).wanted() == ("case-1",)


@pytest.mark.parametrize(
    "answers",
    [
        (page(extract("b"), extract("a")),),
        (page(extract("a"), extract("a")),),
        (page(extract("a"), after="a"), page(extract("a"))),
        (page(after="a"),),
        (page(extract("a\n")),),
        (page(extract("a" * 201)),),
        (page(extract(size=0)),),
        (page(extract(sealed=b"")),),
        (page(extract(at=NOON.replace(tzinfo=None))),),
    ],
)
def test_nonsense_is_not(answers: tuple[ToldPage, ...]) -> None:
    with pytest.raises(CaseSystemNonsense):
        says(*answers).of_case("case-1")


def test_neither_is_more_than_there_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(custody_told, "_MAX_LOGS", 1)
    with pytest.raises(CaseSystemNonsense):
        says(page(extract("a"), extract("b"))).of_case("case-1")
    with pytest.raises(CaseSystemNonsense):
        says(WantedCases(cases=("case",) * (MAX_WANTED + 1))).wanted()
    with pytest.raises(CaseSystemNonsense):
        says(WantedCases(cases=("../x",))).wanted()
    with pytest.raises(CaseSystemNonsense):
        says(SealedFor(statement="x" * 20_000)).recipient("case-1")
    with pytest.raises(CaseSystemNonsense):
        says(SealedFor(statement="no ETag beside it")).recipient("case-1")

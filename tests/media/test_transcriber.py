"""A transcriber is used only where the policy names it, gets samples alone, and is believed no more than a worker."""

from __future__ import annotations

import importlib.metadata
import io
from collections.abc import Iterator

import pytest
import sound_samples as samples

from reviewer.media import transcriber
from reviewer.media.broker import Broker
from reviewer.media.outlines import MAX_LINES, SOUND_RATE
from reviewer.media.transcriber import GROUP, TranscriberFailed, Utterance, installed_transcriber, transcribe
from reviewer.model.errors import WorkerDied

Said = tuple[float, float, str]


class Counting:
    """Says for each second how many samples it had heard by then."""

    name = "counting 1.0"

    def transcribe(self, samples: Iterator[bytes], language: str) -> Iterator[Said]:
        heard = 0
        for piece in samples:
            assert isinstance(piece, bytes)
            before, heard = heard // SOUND_RATE, heard + len(piece) // 2
            if heard // SOUND_RATE > before:
                yield float(before), before + 1.0, f"{heard} {language}"


class Saying:
    def __init__(self, said: list[Said]) -> None:
        self.name = "saying"
        self._said = said

    def transcribe(self, samples: Iterator[bytes], language: str) -> Iterator[Said]:
        yield from self._said


class Stream:
    def __init__(self, pieces: int = 2, error: Exception | None = None) -> None:
        self.pieces, self.error, self.closed = pieces, error, False

    def read(self, samples: int) -> bytes:
        if self.pieces == 0 and self.error is not None:
            raise self.error
        self.pieces -= 1
        return bytes(2 * samples) if self.pieces >= 0 else b""

    def close(self) -> None:
        self.closed = True


class Broken:
    def __init__(self) -> None:
        raise ImportError("no model")


def nothing_of_the_kind() -> object:
    return object()


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    points = importlib.metadata.EntryPoints(
        importlib.metadata.EntryPoint(name, f"{__name__}:{what}", GROUP)
        for name, what in (("counting", "Counting"), ("broken", "Broken"), ("odd", "nothing_of_the_kind"))
    )
    monkeypatch.setattr(transcriber.importlib.metadata, "entry_points", lambda **wanted: points.select(**wanted))


@pytest.mark.usefixtures("installed")
def test_only_the_one_the_policy_names_is_loaded() -> None:
    assert installed_transcriber("") is None
    assert installed_transcriber("another") is None
    found = installed_transcriber("counting")
    assert found is not None
    assert found.name == "counting 1.0"


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("name", ["broken", "odd"])
def test_one_that_cannot_be_used_says_so(name: str) -> None:
    with pytest.raises(TranscriberFailed) as caught:
        installed_transcriber(name)
    assert caught.value.code == "M010"
    assert "no model" not in str(caught.value)


def test_none_is_installed_here() -> None:
    assert installed_transcriber("counting") is None


def test_it_hears_what_left_the_sealed_worker_with_the_items_own_times(broker: Broker) -> None:
    item = broker.open(io.BytesIO(samples.encoded("flac", samples.tone(5.0, rate=16_000), 16_000)))
    stream = item.listen(start_s=2.0, muffled=False)
    said = list(transcribe(Counting(), stream, 2.0, "cy"))
    item.close()
    assert [(u.start_s, u.end_s) for u in said] == [(2.0, 3.0), (3.0, 4.0), (4.0, 5.0)]
    assert said[-1].words == f"{3 * SOUND_RATE} cy"


@pytest.mark.parametrize(
    "said", [(2.0, 1.0, ""), (-1.0, 1.0, ""), (0.0, float("nan"), ""), (float("inf"),) * 2 + ("",), (1, 2)]
)
def test_nonsense_is_not_believed(said: Said) -> None:
    stream = Stream()
    with pytest.raises(TranscriberFailed):
        list(transcribe(Saying([said]), stream, 0.0))  # type: ignore[arg-type]
    assert stream.closed


def test_words_are_made_plain_and_are_not_without_end() -> None:
    said = list(transcribe(Saying([(0.0, 1.0, "rain\n\x1b[2J\u202eat noon" + "x" * 9000)]), Stream(), 1.0))  # type: ignore[arg-type]
    assert said[0].words.startswith("rain  [2J at noon")
    assert len(said[0].words) <= 2000
    many = transcribe(Saying([(0.0, 1.0, "a")] * (MAX_LINES + 5)), Stream(), 0.0)  # type: ignore[arg-type]
    assert sum(1 for _ in many) == MAX_LINES


def test_a_worker_that_dies_is_told_apart_from_a_transcriber_that_fails() -> None:
    stream = Stream(pieces=1, error=WorkerDied())
    with pytest.raises(WorkerDied):
        list(transcribe(Counting(), stream, 0.0))  # type: ignore[arg-type]
    assert stream.closed


def test_leaving_it_early_closes_the_stream() -> None:
    stream = Stream(pieces=100)
    going = transcribe(Counting(), stream, 0.0)  # type: ignore[arg-type]
    assert next(going) == Utterance(0.0, 1.0, f"{SOUND_RATE}")
    going.close()  # type: ignore[attr-defined]
    assert stream.closed

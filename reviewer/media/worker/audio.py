"""Sound as an item: no pictures, a length, an outline, something to listen to, perhaps a transcript."""

from __future__ import annotations

from reviewer.media.formats import Format
from reviewer.media.protocol import Facts
from reviewer.media.worker.demux import duration_of, open_container, read_length
from reviewer.media.worker.failures import Unshowable, unsupported
from reviewer.media.worker.heard import Heard
from reviewer.media.worker.pictures import Picture
from reviewer.media.worker.source import RangeSource
from reviewer.media.worker.transcript import has_transcript

# A container for both, with nothing but sound in it.
_WITHOUT_PICTURES = {Format.WMV: Format.WMA, Format.MP4: Format.M4A, Format.OGV: Format.OGG}


class AudioItem(Heard):
    """Damaged sound still has a kind and a size; listening to it says why it cannot be heard. Covers are not shown."""

    def __init__(self, source: RangeSource, form: Format) -> None:
        super().__init__(source, form)
        self._duration_s = -1.0
        self._has_sound = self._has_transcript = False
        try:
            with open_container(source.beside(), form) as container:
                self._has_sound = bool(container.streams.audio)
                self._has_transcript = has_transcript(container)
                self._duration_s = duration_of(container)
            if self._has_sound and (self._duration_s <= 0.0 or form is Format.AAC):
                self._duration_s, _complete = read_length(source.beside(), form)
        except Unshowable:
            pass

    def facts(self) -> Facts:
        form = _WITHOUT_PICTURES.get(self._form, self._form)
        sound, transcript = self._has_sound, self._has_transcript
        return Facts(int(form), -1, -1, self._duration_s, -1, sound, 1, False, transcript=transcript)

    def grey(self, long_side: int, at_s: float) -> Picture:
        raise unsupported()

    def colour(self, at_s: float, share: float) -> Picture:
        raise unsupported()

    def turn_to(self, page: int) -> None:
        raise unsupported()

    def time_of(self, at_s: float) -> float:
        raise unsupported()

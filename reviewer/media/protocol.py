"""The wire between broker and worker: small bounded messages over SOCK_SEQPACKET, bulk bytes in one shared area. Pure.

The shared area is a memfd the broker makes and seals against resizing:

    0 .. WINDOW_BYTES                     bytes of the source, written by the broker for the worker
    WINDOW_BYTES .. + SLOT_BYTES          one picture or one piece of text or sound, written by the worker

The worker serves one request at a time and may send `WantRange` before it answers. Errors cross as integers.
"""

from __future__ import annotations

from enum import IntEnum

import msgspec

from reviewer.media.outlines import TextOf

WINDOW_BYTES = 1 << 20
SLOT_BYTES = 36 << 20
AREA_BYTES = WINDOW_BYTES + SLOT_BYTES
# Touched by both ends before there is an item: the window and a picture of a usual window's size.
PREPARED_BYTES = WINDOW_BYTES + (4 << 20)
MAX_MESSAGE = 4096
MAX_SIDE = 16384
# What facts may claim at most: no picture has longer sides, no film lasts longer.
MAX_CLAIMED_SIDE = 1 << 20
MAX_SECONDS = 10 * 366 * 86400.0
# DRAWING is a sketch: no larger than this, whatever the window's size.
DRAWING_LONG_SIDE = 640
MAX_CELLS = 40
MAX_SCENES = 20


class Code(IntEnum):
    """Why a request failed. Numbers are stable; the host turns them into its own error classes."""

    UNSUPPORTED = 1
    DAMAGED = 2
    TOO_LARGE = 3
    SOURCE = 4
    INTERNAL = 5
    SEAL_FAILED = 6


class Look(IntEnum):
    """What a playing video leaves the worker as."""

    BLURRED = 1
    DRAWING = 2
    CLEAR = 4


class BlurredStyle(IntEnum):
    """How BLURRED drops detail."""

    BLUR = 0
    PIXELATE = 1


class DrawingStyle(IntEnum):
    """How DRAWING drops detail."""

    SKETCH = 0
    ILLUSTRATION = 1


class _Message(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    pass


# Host to worker.
class Open(_Message, frozen=True, tag=1):
    size: int
    blurred_style: BlurredStyle = BlurredStyle.BLUR
    drawing_style: DrawingStyle = DrawingStyle.SKETCH


class ShowBlurred(_Message, frozen=True, tag=2):
    """`quick`: the nearest key frame will do (a preview while scrubbing)."""

    long_side: int
    at_s: float
    page: int = 0
    quick: bool = False


class ShowDrawing(_Message, frozen=True, tag=3):
    max_width: int
    max_height: int
    at_s: float
    page: int = 0


class ShowRegion(_Message, frozen=True, tag=4):
    """A rectangle in shares of the upright picture; the whole of it for CLEAR."""

    x: float
    y: float
    width: float
    height: float
    max_width: int
    max_height: int
    grey: bool
    at_s: float
    page: int = 0


class StartStoryboard(_Message, frozen=True, tag=5):
    """`look` is BLURRED or DRAWING."""

    stream: int
    cells: int
    long_side: int
    budget_s: float
    look: Look = Look.BLURRED


class StartPlay(_Message, frozen=True, tag=6):
    stream: int
    start_s: float
    look: Look
    grey: bool
    max_width: int
    max_height: int
    long_side: int


class Next(_Message, frozen=True, tag=7):
    """The next frame of that stream, not before this time: frames that are late are skipped, not drawn."""

    stream: int
    not_before_s: float


class Stop(_Message, frozen=True, tag=8):
    stream: int


class MaskTerms(_Message, frozen=True, tag=11):
    """Adds words that stay masked in revealed lines."""

    terms: tuple[str, ...]


class OutlineText(_Message, frozen=True, tag=12):
    """Answered by `Bulk`: a `TextOutline`."""

    of: TextOf


class ReadText(_Message, frozen=True, tag=13):
    """Answered by `Bulk`: the words of `count` lines from `first`, a list of strings."""

    of: TextOf
    first: int
    count: int
    unmask: bool


class FindText(_Message, frozen=True, tag=14):
    """Answered by `Bulk`: the numbers of the lines that contain `words`, ascending."""

    of: TextOf
    words: str


class OutlineSound(_Message, frozen=True, tag=15):
    """Answered by `Bulk`: a `SoundOutline` of so many buckets."""

    buckets: int


class StartSound(_Message, frozen=True, tag=16):
    """Sound runs beside a stream of pictures: its numbers are its own. A new one ends the old."""

    stream: int
    start_s: float
    muffled: bool


class NextSound(_Message, frozen=True, tag=17):
    """Answered by `Bulk` (raw samples, at most so many) or `End`."""

    stream: int
    samples: int


class StopSound(_Message, frozen=True, tag=18):
    stream: int


class ListParts(_Message, frozen=True, tag=19):
    """Answered by `Bulk`: the files inside an archive or e-mail, a list of `Part`."""


class ReadPart(_Message, frozen=True, tag=20):
    """Answered by `Bulk` (raw bytes, at most `length`) or `End` when nothing is left at `offset`."""

    index: int
    offset: int
    length: int


class TakeFingerprints(_Message, frozen=True, tag=9):
    pass


class RangeAnswer(_Message, frozen=True, tag=10):
    """`count` bytes lie at the start of the window; -1: the source could not be read."""

    count: int


# Worker to host.
class Sealed(_Message, frozen=True, tag=32):
    landlock: bool
    seccomp: bool
    rlimits: bool
    namespaces: bool
    no_new_privileges: bool
    not_dumpable: bool
    empty_environment: bool
    landlock_abi: int
    detail: str


class Facts(_Message, frozen=True, tag=33):
    """Upright size in pixels, seconds, pages; -1 or -1.0 where it does not apply or cannot be told."""

    format: int
    width: int
    height: int
    duration_s: float
    pages: int
    has_sound: bool
    orientation: int
    viewable: bool
    readable: bool = False
    transcript: bool = False
    holds_parts: bool = False


class Pixels(_Message, frozen=True, tag=34):
    """The picture in the slot: `offset` from the start of the area. `time_s` is -1.0 when there is no time."""

    width: int
    height: int
    stride: int
    pixel_format: int
    offset: int
    time_s: float


class End(_Message, frozen=True, tag=35):
    """The stream is at its end, was stopped, or another has taken its place."""


class Started(_Message, frozen=True, tag=36):
    pass


class Failed(_Message, frozen=True, tag=37):
    code: int


class WantRange(_Message, frozen=True, tag=38):
    offset: int
    length: int


class Digests(_Message, frozen=True, tag=39):
    """`scenes` are of a video: (seconds, PDQ, quality) in order of time, at most `MAX_SCENES`."""

    sha256: bytes
    sha1: bytes
    md5: bytes
    pdq: bytes
    pdq_quality: int
    scenes: tuple[tuple[float, bytes, int], ...] = ()


class Bulk(_Message, frozen=True, tag=40):
    """Bytes in the slot: `offset` from the start of the area."""

    offset: int
    length: int


# Broker to fork server, on the control socket; the worker's socket and the area travel with it.
class ForkRequest(_Message, frozen=True, tag=64):
    """`ahead`: no item waits for this worker yet, so that it has time to touch what one will need."""

    memory_bytes: int
    cpu_s: int
    unsealed_allowed: bool
    ahead: bool = False


Request = (
    Open
    | ShowBlurred
    | ShowDrawing
    | ShowRegion
    | StartStoryboard
    | StartPlay
    | Next
    | Stop
    | TakeFingerprints
    | RangeAnswer
    | MaskTerms
    | OutlineText
    | ReadText
    | FindText
    | OutlineSound
    | StartSound
    | NextSound
    | StopSound
    | ListParts
    | ReadPart
)
Answer = Sealed | Facts | Pixels | End | Started | Failed | WantRange | Digests | Bulk

_encoder = msgspec.msgpack.Encoder()
_request_decoder: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
_answer_decoder: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)
_fork_decoder = msgspec.msgpack.Decoder(ForkRequest)


def encode(message: Request | Answer | ForkRequest) -> bytes:
    return _encoder.encode(message)


def decode_request(data: bytes) -> Request:
    return _request_decoder.decode(data)


def decode_answer(untrusted_data: bytes) -> Answer:
    """Raises `msgspec.DecodeError` (ValidationError included) for anything but one well-formed answer."""
    return _answer_decoder.decode(untrusted_data)


def decode_fork_request(data: bytes) -> ForkRequest:
    return _fork_decoder.decode(data)

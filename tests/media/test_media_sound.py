"""Sound through the real broker and a real sealed worker: every format, to the sample, muffled, outlined."""

from __future__ import annotations

import contextlib
import io
from functools import cache

import av
import media_samples
import numpy as np
import pytest
import sound_samples as samples
from sampling import each_once

from reviewer.media.broker import Broker
from reviewer.media.frames import Region
from reviewer.media.listening import SoundStream
from reviewer.media.opened import OpenedItem
from reviewer.media.outlines import SOUND_RATE, TextOf
from reviewer.model.errors import DamagedMedia, UnsupportedFormat
from reviewer.model.levels import Kind, Level

# What an encoder adds in front and its container has no way to say.
PRIMING_S = {"amr": 0.016, "wma": 0.046, "aac": 0.032}


def all_of(stream: SoundStream, at_once: int = 5000) -> np.ndarray:
    parts = []
    while data := stream.read(at_once):
        assert len(data) <= 2 * at_once
        parts.append(data)
    stream.close()
    return np.frombuffer(b"".join(parts), "<i2").astype(float)


def heard(item: OpenedItem, *, start_s: float = 0.0, muffled: bool = False) -> np.ndarray:
    return all_of(item.listen(start_s=start_s, muffled=muffled))


def ticks_in(sound: np.ndarray) -> list[float]:
    """When each burst begins, in seconds."""
    loud = np.flatnonzero(np.abs(sound) > 3000)
    starts = loud[np.insert(np.diff(loud) > SOUND_RATE / 10, 0, True)] if len(loud) else loud
    return [float(at) / SOUND_RATE for at in starts]


def strongest_hz(sound: np.ndarray) -> float:
    return float(np.abs(np.fft.rfft(sound)).argmax() * SOUND_RATE / len(sound))


def band_db(sound: np.ndarray, low: float, high: float) -> float:
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    hertz = np.fft.rfftfreq(len(sound), 1 / SOUND_RATE)
    return float(10 * np.log10(power[(hertz >= low) & (hertz < high)].sum() + 1e-9))


@pytest.fixture(scope="module")
def rulers() -> dict[str, bytes]:
    return {name: samples.encoded(name, samples.ticks(6.0), 48_000) for name in samples.FORMATS}


@pytest.mark.parametrize("name", samples.FORMATS)
def test_every_format_is_known_by_its_content_and_heard(broker: Broker, rulers: dict[str, bytes], name: str) -> None:
    item = broker.open(io.BytesIO(rulers[name]), declared_format=name)
    facts = item.facts
    sound = heard(item)
    item.close()
    assert (facts.kind, facts.format, facts.has_sound, facts.mismatch) == (Kind.AUDIO, name, True, False)
    assert facts.duration_s == pytest.approx(6.0, abs=0.1)
    assert not item.viewable
    assert not item.transcript
    assert len(sound) / SOUND_RATE == pytest.approx(6.0, abs=0.1)
    late = PRIMING_S.get(name, 0.0)
    assert ticks_in(sound) == pytest.approx([second + late for second in range(1, 6)], abs=0.003)


@each_once(start_s=[0.3, 2.5, 4.7, 1.2], name=samples.FORMATS)
def test_listening_begins_where_it_was_asked_to(
    broker: Broker, rulers: dict[str, bytes], name: str, start_s: float
) -> None:
    item = broker.open(io.BytesIO(rulers[name]))
    sound = heard(item, start_s=start_s)
    item.close()
    late = PRIMING_S.get(name, 0.0)
    expected = [second + late for second in range(1, 6) if second > start_s]
    assert [at + start_s for at in ticks_in(sound)] == pytest.approx(expected, abs=0.03)
    assert start_s + len(sound) / SOUND_RATE == pytest.approx(6.0, abs=0.1)


def test_listening_again_from_elsewhere_ends_the_first_stream(broker: Broker, rulers: dict[str, bytes]) -> None:
    item = broker.open(io.BytesIO(rulers["mp3"]))
    first = item.listen(start_s=0.0, muffled=False)
    assert len(first.read(480)) == 960
    second = item.listen(start_s=3.5, muffled=False)
    assert first.read(480) == b""
    first.close()
    assert ticks_in(all_of(second)) == pytest.approx([0.5, 1.5], abs=0.03)
    assert second.read(480) == b""
    item.close()


@pytest.mark.parametrize("start_s", [6.5, 1e6, float("inf"), float("nan"), -3.0])
def test_starts_beyond_the_sound_are_its_end_or_its_beginning(
    broker: Broker, rulers: dict[str, bytes], start_s: float
) -> None:
    for name in ("mp3", "ogg", "wav", "m4a", "amr"):
        item = broker.open(io.BytesIO(rulers[name]))
        sound = heard(item, start_s=start_s)
        item.close()
        assert (len(sound) < SOUND_RATE / 10) if 0 < start_s < 1e9 else len(sound) > 5 * SOUND_RATE


@pytest.mark.parametrize("at_once", [1, 7, 5000, 48_000])
def test_however_it_is_read_it_is_the_same(broker: Broker, at_once: int) -> None:
    wave = np.concatenate([samples.noise(0.2), samples.tone(0.2, 300.0)])
    item = broker.open(io.BytesIO(samples.encoded("flac", wave, 48_000)))
    for muffled in (False, True):
        whole = all_of(item.listen(start_s=0.0, muffled=muffled), 48_000)
        first = np.frombuffer(b"", "<i2")
        stream = item.listen(start_s=0.0, muffled=muffled)
        pieces = [stream.read(at_once) for _ in range(2 if at_once > 100 else 300)]
        first = np.frombuffer(b"".join(pieces), "<i2")
        assert np.array_equal(first, whole[: len(first)])
    item.close()


def test_muffled_loses_what_is_high_and_keeps_what_is_low(broker: Broker) -> None:
    both = samples.tone(2.0, 200.0, loud=0.4) + samples.tone(2.0, 3000.0, loud=0.4)
    item = broker.open(io.BytesIO(samples.encoded("flac", both, 48_000)))
    clear, muffled = heard(item), heard(item, muffled=True)
    item.close()
    clear, muffled = clear[2400:-2400], muffled[2400:-2400]
    assert band_db(clear, 2000, 12_000) - band_db(muffled, 2000, 12_000) > 40
    assert abs(band_db(clear, 50, 350) - band_db(muffled, 50, 350)) < 1


def test_muffled_noise_loses_forty_decibels_everywhere_above_two_kilohertz(broker: Broker) -> None:
    item = broker.open(io.BytesIO(samples.encoded("wav", samples.noise(4.0, rate=22_050, loud=0.9), 22_050)))
    clear, muffled = heard(item), heard(item, muffled=True)
    item.close()
    for low in range(2000, 10_000, 500):
        # one bit of rounding is all that is left up there
        assert band_db(clear, low, low + 500) - band_db(muffled, low, low + 500) > 40


def test_what_is_low_is_not_mirrored_and_stereo_is_mixed(broker: Broker) -> None:
    item = broker.open(io.BytesIO(samples.encoded("m4a", samples.tone(1.0, 1000.0), 48_000, channels=2)))
    sound = heard(item)
    item.close()
    assert strongest_hz(sound) == pytest.approx(1000.0, abs=2)


def test_sound_above_what_leaves_the_worker_does_not_come_back_as_something_else(broker: Broker) -> None:
    item = broker.open(
        io.BytesIO(samples.in_container("wav", "pcm_s16le", 48_000, samples.tone(1.0, 20_000.0), 48_000))
    )
    sound = heard(item)
    item.close()
    assert np.abs(sound[2400:-2400]).max() < 200


@cache
def speech_tone_noise_silence_speech() -> np.ndarray:
    parts = [samples.babble(3), samples.tone(3), samples.noise(3), samples.silence(3), samples.babble(3)]
    return np.concatenate(parts)


@pytest.mark.parametrize(
    "name",
    [
        "mp3",
        "opus",
        "wav",
        *(pytest.param(name, marks=pytest.mark.matrix) for name in ("m4a", "ogg", "flac", "aac", "wma")),
    ],
)
def test_the_outline_tells_speech_from_tone_noise_and_silence(broker: Broker, name: str) -> None:
    item = broker.open(io.BytesIO(samples.encoded(name, speech_tone_noise_silence_speech(), 48_000)))
    found = item.sound_outline(buckets=150)
    item.close()
    assert found.duration_s == pytest.approx(15.0, abs=0.1)
    assert (len(found.peaks), len(found.speech)) == (150, 150)
    babble, tone, noise, silence, again = (slice(30 * i + 8, 30 * i + 22) for i in range(5))
    assert min(found.speech[babble] + found.speech[again]) > 200
    assert max(found.speech[tone] + found.speech[noise] + found.speech[silence]) < 60
    assert min(found.peaks[tone]) > 90
    assert max(found.peaks[silence]) < 12


def test_the_outline_of_a_short_sound_and_odd_numbers_of_buckets(broker: Broker) -> None:
    item = broker.open(io.BytesIO(media_samples.wav(0.1)))
    assert len(item.sound_outline(buckets=400).peaks) == 5
    assert len(item.sound_outline(buckets=0).peaks) == 1
    assert len(item.sound_outline(buckets=10**6).peaks) == 5
    item.close()


def test_a_long_sound_is_outlined_from_stretches(broker: Broker) -> None:
    minute = np.concatenate([samples.babble(20, rate=16_000), samples.silence(20, rate=16_000)])
    wave = np.concatenate([np.tile(minute, 6), samples.tone(240, rate=16_000)])
    item = broker.open(io.BytesIO(samples.in_container("wav", "pcm_s16le", 16_000, wave, 16_000)))
    found = item.sound_outline(buckets=48)
    item.close()
    assert found.duration_s == pytest.approx(480.0, abs=0.1)
    speech = [value > 128 for value in found.speech]
    assert speech == [True, True, False, False] * 6 + [False] * 24
    assert min(found.peaks[24:]) > 120


def test_there_are_no_pictures_of_sound(broker: Broker, rulers: dict[str, bytes]) -> None:
    item = broker.open(io.BytesIO(rulers["flac"]))
    for ask in (
        lambda: item.blurred(),
        lambda: item.drawing(max_width=9, max_height=9),
        lambda: item.lens(Region(0, 0, 1, 1), max_width=9, max_height=9, grey=True),
        lambda: item.clear(max_width=9, max_height=9, grey=True),
        lambda: item.storyboard(),
        lambda: item.play(start_s=0, level=Level.CLEAR, grey=True, max_width=9, max_height=9),
        lambda: item.text_outline(),
        lambda: item.text_outline(TextOf.TRANSCRIPT),
    ):
        with pytest.raises(UnsupportedFormat):
            ask()
    assert item.fingerprints().sha256
    item.close()


def test_wideband_amr_is_decoded(broker: Broker) -> None:
    assert "amrwb" in av.codecs_available
    item = broker.open(io.BytesIO(samples.amr_wideband_silence(100)), declared_format="amr")
    sound = heard(item)
    item.close()
    assert (item.facts.kind, item.facts.format) == (Kind.AUDIO, "amr")
    assert len(sound) / SOUND_RATE == pytest.approx(2.0, abs=0.05)


@pytest.mark.parametrize("behind", ["mp3", "flac", "aac"])
def test_a_tag_with_a_large_cover_in_front_hides_nothing(broker: Broker, rulers: dict[str, bytes], behind: str) -> None:
    cover = media_samples.image(media_samples.grain(300, 300), ".png")
    assert len(cover) > 64 << 10
    tag = samples.id3_tag({"APIC": samples.cover_frame(cover)})
    item = broker.open(io.BytesIO(tag + rulers[behind]), declared_format=behind)
    sound = heard(item, start_s=2.5)
    facts = item.facts
    item.close()
    assert (facts.kind, facts.format, facts.mismatch) == (Kind.AUDIO, behind, False)
    assert not item.viewable
    late = PRIMING_S.get(behind, 0.0)
    assert ticks_in(sound) == pytest.approx([0.5 + late, 1.5 + late, 2.5 + late], abs=0.03)


def chunk(name: bytes, data: bytes) -> bytes:
    return name + len(data).to_bytes(4, "little") + data + bytes(len(data) % 2)


def odd_wav(kind: str) -> bytes:
    plain = media_samples.wav(1.0)
    fmt, data = plain[20:36], plain[44:]
    if kind == "chunks before":
        body = (
            b"WAVE"
            + chunk(b"JUNK", bytes(28))
            + chunk(b"LIST", b"INFOabc")
            + chunk(b"fmt ", fmt)
            + chunk(b"data", data)
        )
        return chunk(b"RIFF", body)
    if kind == "extensible":
        wide = b"\xfe\xff" + fmt[2:] + (22).to_bytes(2, "little") + b"\x10\0" + bytes(4)
        wide += b"\1\0\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71"
        return chunk(b"RIFF", b"WAVE" + chunk(b"fmt ", wide) + chunk(b"data", data))
    if kind == "no length":
        head = b"RIFF\xff\xff\xff\xffWAVE" + chunk(b"fmt ", fmt)
        return head + b"data\xff\xff\xff\xff" + data
    if kind == "length zero":
        return b"RIFF\0\0\0\0WAVE" + chunk(b"fmt ", fmt) + b"data\0\0\0\0" + data
    sizes = (28 + 36 + 24 + 8 + len(data)).to_bytes(8, "little") + len(data).to_bytes(8, "little") + bytes(12)
    return b"RF64\xff\xff\xff\xffWAVE" + chunk(b"ds64", sizes) + chunk(b"fmt ", fmt) + b"data\xff\xff\xff\xff" + data


@pytest.mark.parametrize("kind", ["chunks before", "extensible", "no length", "length zero", "rf64"])
def test_wav_with_odd_headers(broker: Broker, kind: str) -> None:
    item = broker.open(io.BytesIO(odd_wav(kind)), declared_format="wav")
    sound = heard(item)
    item.close()
    assert (item.facts.kind, item.facts.format, item.facts.mismatch) == (Kind.AUDIO, "wav", False)
    assert len(sound) / SOUND_RATE == pytest.approx(1.0, abs=0.01)
    assert item.facts.duration_s == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize(
    ("container", "codec", "native"),
    [
        ("wav", "pcm_mulaw", 8_000),
        ("wav", "pcm_s24le", 96_000),
        ("wav", "pcm_f32le", 48_000),
        ("wav", "pcm_u8", 11_025),
        ("wav", "adpcm_ms", 22_050),
        ("ipod", "alac", 44_100),
        ("matroska", "flac", 48_000),
        ("webm", "libopus", 48_000),
        ("3gp", "libopencore_amrnb", 8_000),
        ("ogg", "flac", 44_100),
        ("mp4", "aac", 44_100),
        ("mov", "pcm_s16le", 44_100),
        ("mpegts", "aac", 44_100),
        ("asf", "wmav1", 44_100),
        ("avi", "libmp3lame", 44_100),
        ("flv", "libmp3lame", 44_100),
    ],
)
def test_sound_in_other_containers_and_codecs_is_sound(broker: Broker, container: str, codec: str, native: int) -> None:
    data = samples.in_container(container, codec, native, samples.ticks(4.0), 48_000)
    item = broker.open(io.BytesIO(data))
    whole, late = heard(item), heard(item, start_s=1.5)
    item.close()
    assert item.facts.kind is Kind.AUDIO
    assert item.facts.has_sound
    assert item.facts.duration_s == pytest.approx(4.0, abs=0.2)
    ticks = ticks_in(whole)
    assert len(ticks) == 3
    assert [at + 1.5 for at in ticks_in(late)] == pytest.approx(ticks[1:], abs=0.03)


def test_a_voice_message_that_does_not_say_its_length(broker: Broker) -> None:
    data = samples.in_container(
        "webm", "libopus", 48_000, samples.ticks(4.0), 48_000, options={"live": "1", "cluster_time_limit": "500"}
    )
    item = broker.open(io.BytesIO(data))
    found = item.sound_outline(buckets=40)
    sound = heard(item, start_s=1.5)
    item.close()
    assert item.facts.duration_s == pytest.approx(4.0, abs=0.1)
    assert found.duration_s == pytest.approx(4.0, abs=0.1)
    assert ticks_in(sound) == pytest.approx([0.5, 1.5], abs=0.03)


# beside pictures


def clip(seconds: int = 4) -> bytes:
    """Pictures, and a tick at each second."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as file:
        pictures = file.add_stream("mpeg4", rate=25)
        pictures.width, pictures.height = 160, 120
        sound = file.add_stream("aac", rate=48_000, layout="mono")
        for picture in media_samples.moving(160, 120, 25 * seconds):
            file.mux(pictures.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="bgr24")))
        file.mux(pictures.encode(None))
        samples.encode(file, sound, samples.ticks(float(seconds)), 48_000)
    return out.getvalue()


def test_sound_and_pictures_of_a_video_run_side_by_side(broker: Broker) -> None:
    item = broker.open(io.BytesIO(clip()))
    playing = item.play(start_s=1.0, level=Level.BLURRED, grey=True, max_width=99, max_height=99)
    stream = item.listen(start_s=0.5, muffled=False)
    frames, pieces = [], []
    while True:
        frame, piece = playing.next(), stream.read(2400)
        if frame is not None:
            frames.append(frame.time_s or 0.0)
        pieces.append(piece)
        if frame is None and not piece:
            break
    still = item.clear(max_width=99, max_height=99, grey=True, at_s=2.0)
    item.close()
    assert [round(at * 25) for at in frames] == list(range(25, 100))
    assert still.time_s == pytest.approx(2.0, abs=0.01)
    sound = np.frombuffer(b"".join(pieces), "<i2").astype(float)
    assert [at + 0.5 for at in ticks_in(sound)] == pytest.approx([1.0, 2.0, 3.0], abs=0.03)


def test_the_sound_of_a_video_is_outlined_and_one_without_refuses(broker: Broker) -> None:
    item = broker.open(io.BytesIO(clip()))
    found = item.sound_outline(buckets=40)
    item.close()
    assert found.duration_s == pytest.approx(4.0, abs=0.1)
    loud = [at for at, peak in enumerate(found.peaks) if peak > 100]
    assert {round(at / 10) for at in loud} == {1, 2, 3}
    mute = broker.open(io.BytesIO(media_samples.video(media_samples.moving(160, 120, 10))))
    with pytest.raises(UnsupportedFormat):
        mute.sound_outline()
    with pytest.raises(UnsupportedFormat):
        mute.listen(start_s=0.0, muffled=True)
    mute.blurred()
    mute.close()


def test_sound_that_begins_after_the_pictures_stays_in_step(broker: Broker) -> None:
    out = io.BytesIO()
    with av.open(out, "w", format="matroska") as file:
        pictures = file.add_stream("mpeg4", rate=25)
        pictures.width, pictures.height = 64, 64
        sound = file.add_stream("flac", rate=48_000, layout="mono")
        for picture in media_samples.moving(64, 64, 100):
            file.mux(pictures.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="bgr24")))
        file.mux(pictures.encode(None))
        late = io.BytesIO(samples.encoded("flac", samples.ticks(2.0, 0.5), 48_000))
        with av.open(late) as inner:
            shift = int(1.5 / float(inner.streams.audio[0].time_base))
            for frame in inner.decode(audio=0):
                frame.pts += shift
                file.mux(sound.encode(frame))
        file.mux(sound.encode(None))
    item = broker.open(io.BytesIO(out.getvalue()))
    whole, part = heard(item), heard(item, start_s=1.8)
    item.close()
    assert ticks_in(whole) == pytest.approx([2.0, 2.5, 3.0], abs=0.03)
    assert [at + 1.8 for at in ticks_in(part)] == pytest.approx([2.0, 2.5, 3.0], abs=0.03)


# damage


@pytest.mark.parametrize("name", samples.FORMATS)
def test_what_is_left_of_cut_sound_is_heard(broker: Broker, rulers: dict[str, bytes], name: str) -> None:
    data = rulers[name]
    item = broker.open(io.BytesIO(data[: len(data) * 8 // 10]))
    assert item.facts.kind is Kind.AUDIO
    if name == "m4a":  # its index is at its end
        with pytest.raises(DamagedMedia):
            heard(item)
        with pytest.raises(DamagedMedia):
            item.sound_outline()
    else:
        assert len(ticks_in(heard(item))) >= 2
        assert item.sound_outline(buckets=20).peaks
    item.close()


@pytest.mark.parametrize("name", samples.FORMATS)
def test_a_head_with_nothing_behind_it_ends_with_a_code(broker: Broker, rulers: dict[str, bytes], name: str) -> None:
    data = rulers[name]
    head = {"m4a": 60, "wma": 400, "ogg": 300, "opus": 90, "wav": 50, "amr": 8}.get(name, 20)
    item = broker.open(io.BytesIO(data[:head]), declared_format=name)
    with pytest.raises((DamagedMedia, UnsupportedFormat)):
        heard(item)
    with pytest.raises((DamagedMedia, UnsupportedFormat)):
        item.sound_outline()
    item.close()


@pytest.mark.parametrize("name", samples.FORMATS)
def test_scrambled_sound_hurts_nothing(broker: Broker, rulers: dict[str, bytes], name: str) -> None:
    rng = np.random.default_rng(7)
    for _ in range(3):
        data = bytearray(rulers[name])
        for at in rng.integers(0, len(data), 60):
            data[at] = rng.integers(0, 256)
        item = broker.open(io.BytesIO(bytes(data)))
        with contextlib.suppress(DamagedMedia, UnsupportedFormat):
            heard(item, start_s=2.0, muffled=True)
        with contextlib.suppress(DamagedMedia, UnsupportedFormat):
            item.sound_outline(buckets=50)
        item.close()


# transcripts

CUES = [(0.2, "The {\\i1}beans{\\i0} are up"), (1.1, "Rain at\\Nnoon, parcels later"), (2.5, "Bring the garden gloves")]
WORDS = ("The beans are up", "Rain at noon, parcels later", "Bring the garden gloves")


@pytest.mark.parametrize(
    ("container", "codec", "sound", "picture"),
    [
        ("mp4", "mov_text", "aac", True),
        ("mp4", "mov_text", "aac", False),
        ("matroska", "subrip", "aac", True),
        ("matroska", "ass", "aac", False),
        ("webm", "webvtt", "libopus", False),
    ],
)
def test_subtitles_are_the_transcript(broker: Broker, container: str, codec: str, sound: str, picture: bool) -> None:
    item = broker.open(io.BytesIO(samples.with_cues(container, codec, CUES, sound=sound, picture=picture)))
    outline = item.text_outline(TextOf.TRANSCRIPT)
    words = item.text_lines(0, 10, of=TextOf.TRANSCRIPT)
    found = item.text_find("PARCELS", of=TextOf.TRANSCRIPT)
    again = heard(item)
    item.close()
    assert item.transcript
    assert not item.readable
    assert item.viewable == picture
    assert [line.length for line in outline.lines] == [len(line) for line in WORDS]
    assert [line.at for line in outline.lines] == ["00:00", "00:01", "00:02"]
    assert words == WORDS
    assert found == (1,)
    assert len(again) > 2 * SOUND_RATE


def test_the_policys_terms_stay_masked_in_a_transcript(broker: Broker) -> None:
    from reviewer.media.veils import Veils

    data = samples.with_cues("mp4", "mov_text", CUES)
    item = broker.open(io.BytesIO(data), veils=Veils(blurred_long_side=160, masked_terms=("Beans", "garden gloves")))
    outline = item.text_outline(TextOf.TRANSCRIPT)
    masked = item.text_lines(0, 10, of=TextOf.TRANSCRIPT)
    plain = item.text_lines(0, 10, of=TextOf.TRANSCRIPT, unmask=True)
    item.close()
    assert [line.masked for line in outline.lines] == [1, 0, 1]
    assert "beans" not in masked[0]
    assert "gloves" not in masked[2]
    assert masked[1] == WORDS[1]
    assert plain == WORDS


def test_lyrics_in_tags_are_a_transcript(broker: Broker, rulers: dict[str, bytes]) -> None:
    text = "[00:01.00]The beans are up\n[00:02.50]Rain at noon"
    tagged = samples.id3_tag({"USLT": samples.lyrics_frame(text)}) + rulers["mp3"]
    flac = samples.encoded("flac", samples.tone(1.0), 48_000, tags={"LYRICS": text})
    ogg = samples.encoded("ogg", samples.tone(1.0), 48_000, tags={"UNSYNCEDLYRICS": text})
    for data in (tagged, flac, ogg):
        item = broker.open(io.BytesIO(data))
        outline = item.text_outline(TextOf.TRANSCRIPT)
        words = item.text_lines(0, 10, of=TextOf.TRANSCRIPT)
        item.close()
        assert item.transcript
        assert words == ("The beans are up", "Rain at noon")
        assert [line.at for line in outline.lines] == ["00:01", "00:02"]


def test_a_title_is_no_transcript(broker: Broker) -> None:
    data = samples.encoded("flac", samples.tone(1.0), 48_000, tags={"TITLE": "Beans", "COMMENT": "Rain"})
    item = broker.open(io.BytesIO(data))
    assert not item.transcript
    with pytest.raises(UnsupportedFormat):
        item.text_find("Rain", of=TextOf.TRANSCRIPT)
    item.close()

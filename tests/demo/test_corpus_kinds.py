"""One of each kind in the corpus, as independent readers see it: pages, frames, attachments, sound, an archive."""

from __future__ import annotations

import email
import io
import zipfile
from email.policy import default

import av
import numpy as np
import pypdfium2
from PIL import Image
from test_corpus import named

from reviewer.demo.corpus import corpus
from reviewer.model.levels import Kind


def test_every_kind_is_there(items):
    assert {item.kind for item in items} == set(Kind)
    assert sum(len(item.data) for item in items) < 16 << 20


def test_the_same_seed_gives_the_same_bytes(items):
    """Films are left out: encoders with several threads need not give the same bytes."""
    rest = set(Kind) - {Kind.VIDEO}
    again = {item.name: item.data for item in corpus(7, kinds=rest)}
    assert again == {item.name: item.data for item in items if item.kind in rest}


def test_the_animation_moves(items):
    with Image.open(io.BytesIO(named(items, "animation-01").data)) as picture:
        assert picture.n_frames > 10
        assert picture.info["loop"] == 0
        frames = []
        for number in (0, 5):
            picture.seek(number)
            frames.append(np.asarray(picture.convert("L")).astype(int))
    assert np.abs(frames[0] - frames[1]).mean() > 3


def test_the_scan_has_three_different_pages(items):
    with Image.open(io.BytesIO(named(items, "pages-01").data)) as picture:
        assert (picture.n_frames, picture.size) == (3, (900, 1260))
        pages = []
        for number in range(3):
            picture.seek(number)
            pages.append(np.asarray(picture.convert("L").resize((90, 126))).astype(int))
    assert min(np.abs(pages[a] - pages[b]).mean() for a, b in ((0, 1), (1, 2), (0, 2))) > 3


def test_the_document_has_pages_that_say_so_and_show_something(items):
    item = named(items, "document-01")
    document = pypdfium2.PdfDocument(item.data)
    try:
        assert len(document) == 4
        assert document.get_metadata_value("Keywords") == item.marker.decode()
        for number in range(4):
            page = document[number]
            words = page.get_textpage().get_text_range()
            assert f"page {number + 1} of 4" in words
            grey = np.asarray(page.render(scale=0.25).to_pil().convert("L"))
            assert grey.std() > 10
    finally:
        document.close()


def test_the_mail_has_a_picture_attached(items):
    item = named(items, "mail-01")
    message = email.message_from_bytes(item.data, policy=default)
    assert item.marker.decode() in message.get_body().get_content()
    (attached,) = message.iter_attachments()
    with Image.open(io.BytesIO(attached.get_content())) as picture:
        assert picture.format == "JPEG"
    assert {header for header, _ in message.items()} >= {"From", "To", "Date", "Subject"}


def test_the_old_text_is_no_utf8(items):
    data = named(items, "text-01").data
    words = data.decode("cp1252")
    assert all(sign in words for sign in "é–€“’")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return
    raise AssertionError("this could be UTF-8")


def test_the_recording_swells_and_pauses(items):
    item = named(items, "sound-02")
    with av.open(io.BytesIO(item.data), format="mp3") as file:
        assert item.marker.decode() in file.metadata.values()
        heard = np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)])
        rate = file.streams.audio[0].rate
    assert len(heard) / rate > 20
    loud = np.sqrt((heard[: len(heard) // 480 * 480].reshape(-1, 480).astype(float) ** 2).mean(axis=1))
    assert np.percentile(loud, 95) > 8 * np.percentile(loud, 10)


def test_the_archive_holds_a_picture_a_film_and_a_text(items):
    item = named(items, "archive-01")
    with zipfile.ZipFile(io.BytesIO(item.data)) as archive:
        assert archive.comment == item.marker
        assert archive.testzip() is None
        assert [name.rpartition(".")[2] for name in archive.namelist()] == ["jpg", "mp4", "txt"]
        assert all(item.marker in archive.read(name) for name in archive.namelist())

"""A mail with more attachments than are unpacked says so: it does not give the first ones and keep quiet."""

from __future__ import annotations

import io

import pytest

from reviewer.media.broker import Broker
from reviewer.media.outlines import MAX_PARTS
from reviewer.model.errors import MediaTooLarge

HEAD = b"From: a@b\r\nTo: c@d\r\nSubject: x\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
PICTURE = b"--x\r\nContent-Type: image/png\r\n\r\nAA\r\n"


def mail(attachments: int) -> io.BytesIO:
    return io.BytesIO(
        HEAD + b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n' + PICTURE * attachments + b"--x--\r\n"
    )


def test_all_attachments_or_none(broker: Broker) -> None:
    item = broker.open(mail(MAX_PARTS))
    assert len(item.parts()) == MAX_PARTS
    item.close()
    item = broker.open(mail(MAX_PARTS + 1))
    assert item.holds_parts
    with pytest.raises(MediaTooLarge):
        item.parts()
    with pytest.raises(MediaTooLarge):
        item.read_part(0, 0)
    item.close()

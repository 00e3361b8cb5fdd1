"""Two threads asking one item: each gets the pixels of its own question, and a veiled frame never holds clear ones."""

from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np

from reviewer.media.broker import Broker
from reviewer.media.veils import Veils
from reviewer.model.levels import Level


def stripes() -> bytes:
    """Columns of black and white one pixel wide: any blur of them is grey, any clear look is not."""
    picture = np.zeros((120, 160), np.uint8)
    picture[:, ::2] = 255
    encoded, data = cv2.imencode(".png", picture)
    assert encoded
    return data.tobytes()


def test_a_blurred_frame_asked_for_together_with_a_clear_one_holds_only_blurred_pixels(broker: Broker) -> None:
    opened = broker.open(io.BytesIO(stripes()), veils=Veils(blurred_long_side=160))
    together = threading.Barrier(2)

    def blurred() -> list[bytes]:
        seen = []
        for _ in range(60):
            together.wait(10)
            frame = opened.blurred()
            assert frame.level is Level.BLURRED
            seen.append(bytes(frame.data))
        return seen

    def clear() -> list[bytes]:
        seen = []
        for _ in range(60):
            together.wait(10)
            seen.append(bytes(opened.clear(max_width=160, max_height=120, grey=True).data))
        return seen

    try:
        with ThreadPoolExecutor(2) as pool:
            veiled, revealed = pool.submit(blurred), pool.submit(clear)
            for data in veiled.result(60):
                # At the border the blur repeats the last column, so it is not all middle grey there.
                assert min(data) >= 40
                assert max(data) <= 215
            for data in revealed.result(60):
                assert {min(data), max(data)} == {0, 255}
                assert abs(data.count(0) - data.count(255)) <= len(data) // 10
    finally:
        opened.close()

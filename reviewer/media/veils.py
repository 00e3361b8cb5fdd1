"""How the policy wants an item veiled; told to the worker once, when the item is opened."""

from __future__ import annotations

from dataclasses import dataclass

from reviewer.media.protocol import BlurredStyle, DrawingStyle


@dataclass(frozen=True, slots=True)
class Veils:
    """`blurred_long_side` in pixels. `masked_terms` are words that stay masked in text until asked for."""

    blurred_long_side: int = 160
    blurred_style: BlurredStyle = BlurredStyle.BLUR
    drawing_style: DrawingStyle = DrawingStyle.SKETCH
    masked_terms: tuple[str, ...] = ()


PLAIN = Veils()

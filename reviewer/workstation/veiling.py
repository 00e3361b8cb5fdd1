"""The policy's words about veils, as media takes them."""

from __future__ import annotations

from reviewer.media.protocol import BlurredStyle, DrawingStyle
from reviewer.media.veils import Veils
from reviewer.model.policy import BLURRED_STYLES, DRAWING_STYLES, Policy


def veils_of(policy: Policy) -> Veils:
    viewing = policy.viewing
    return Veils(
        blurred_long_side=viewing.blurred_long_side,
        blurred_style=BlurredStyle(BLURRED_STYLES.index(viewing.blurred_style)),
        drawing_style=DrawingStyle(DRAWING_STYLES.index(viewing.drawing_style)),
        masked_terms=policy.text.masked_terms,
    )

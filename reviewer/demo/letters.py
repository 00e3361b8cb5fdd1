"""Synthetic e-mail: a few neutral lines and one attached picture."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

_BODY = """Hello,

the parcel for the corner plot came today. The drawing of the beds is attached;
the blue field is yours, the grey one stays empty until spring.

It may rain tomorrow, so come on Sunday instead.

Reference: {marker}
"""


def letter(picture: bytes, marker: bytes) -> bytes:
    """RFC 5322 with CRLF. `picture` is a JPEG, attached under a plain name; the marker stands in the body."""
    message = EmailMessage(policy=SMTP)
    message["From"] = "Plot 14 <plot-14@example.org>"
    message["To"] = "Plot 9 <plot-9@example.org>"
    message["Date"] = "Fri, 20 Nov 2026 18:04:00 +0000"
    message["Subject"] = "The parcel and the drawing"
    message["Message-ID"] = "<parcel-14@example.org>"
    message.set_content(_BODY.format(marker=marker.decode("ascii")), cte="7bit")
    message.add_attachment(picture, maintype="image", subtype="jpeg", filename="beds.jpg")
    message.set_boundary("=_beds_and_parcels")
    return message.as_bytes()

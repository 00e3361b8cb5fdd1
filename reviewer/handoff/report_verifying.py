"""How a recipient checks the package without trusting us, and the few words that the report needs explained."""

from __future__ import annotations

from typing import Any

from reviewer.handoff.dossier import Dossier
from reviewer.handoff.printed_blocks import fact, heading, point, together, words
from reviewer.handoff.printed_style import styles
from reviewer.handoff.printed_text import printed

_TERMS = (
    ("[U+202E]", "A character that cannot be shown or has no shape here, by its number in Unicode."),
    ("Custody log", "A list of what happened to the evidence, to which entries can only be added."),
    ("Danger", "Whether the reviewer found signs that a person is being harmed, or is about to be."),
    (
        "Digest",
        "A short number computed from a file. The same file always gives the same digest; another file another.",
    ),
    ("Exhibit", "One file of evidence. A number such as 003.02 is the second file out of exhibit 003."),
    ("MD5, SHA-1", "Older digests, told because other systems still use them. Rely on SHA-256."),
    ("Pseudonym", "A fixed name in place of a person's own. The organisation knows who it is."),
    ("SHA-256", "The digest that this package relies on: 64 digits, 0 to 9 and a to f."),
    ("Signature", "Shows that the organisation made the list of files, and that the list was not changed since."),
    ("Time stamp", "An independent authority's statement that the signature existed at a given time."),
    ("UTC", "Coordinated Universal Time. All times here are in UTC unless they say otherwise."),
    ("Veiled", "Shown small, in grey and with little detail."),
)


def verifying_section(dossier: Dossier, *, stamped: bool, not_stamped_why: str) -> list[Any]:
    steps: list[Any] = [
        heading("How to verify this package", 1, "How to verify this package"),
        words(
            "Nothing of ours is needed. HOW-TO-VERIFY.txt, which comes with the certificates, names every step and its"
            " exact command. In short, in the folder that was unpacked:"
        ),
        together(
            point("Every file is what was listed:"),
            words("sha256sum --check --strict --quiet manifest-sha256.txt", styles().command),
            words("sha256sum --check --strict --quiet tagmanifest-sha256.txt", styles().command),
        ),
        point(
            "The list itself was signed by the organisation: tagmanifest-sha256.txt.p7s is the signature over"
            " tagmanifest-sha256.txt. Use the certificate that the organisation gave you by another way, not one that"
            " came with the package."
        ),
    ]
    if stamped:
        stamp = (
            "The signature existed at a given time: tagmanifest-sha256.txt.p7s.tsr is an independent authority's stamp"
            " over it. Where that file is absent, none was obtained."
        )
    else:
        why = f" {printed(not_stamped_why, most=500)}" if not_stamped_why else ""
        stamp = f"There is no time stamp.{why} The time of signing is the organisation's own word."
    return [
        *steps,
        point(stamp),
        together(
            point("One exhibit alone: compare its SHA-256 in this report, without the spaces, with"),
            words("sha256sum data/items/*", styles().command),
        ),
        point(
            "This report is signed in itself: a PDF reader shows that it was not changed since it was signed. By whom,"
            " the signature over the list says."
        ),
        words(f"Questions: {printed(dossier.answers.contact or 'the organisation that sent it')}", styles().body),
    ]


def glossary_section(*, leftwards: bool) -> list[Any]:
    """`leftwards`: there are letters in it that are written from right to left."""
    blocks: list[Any] = [heading("Words used", 1, "Words used"), *(fact(name, told) for name, told in _TERMS)]
    if leftwards:
        told = "Words written from right to left are printed here with their letters from left to right, as stored."
        blocks.append(fact("Other scripts", told))
    return blocks

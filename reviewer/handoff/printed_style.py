"""How printed pages look: the light tokens of the window's style, on white; sizes in points."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle

from reviewer.handoff.printed_fonts import BOLD, MONO, SANS, faces
from reviewer.resources import resource

PAGE = A4
LEFT, RIGHT, TOP, BOTTOM = 62.0, 54.0, 74.0, 66.0
WIDTH = PAGE[0] - LEFT - RIGHT
# Names of facts stand to the left of what they name.
NAME_WIDTH = 116.0


@functools.cache
def colour(token: str) -> HexColor:
    """A colour of the light look by its name in resources/style/tokens.toml."""
    return HexColor(_light()[token])


@functools.cache
def _light() -> dict[str, str]:
    light: dict[str, str] = tomllib.loads(resource("style/tokens.toml").read_text("utf-8"))["light"]
    return light


@dataclass(frozen=True, slots=True)
class Styles:
    """One paragraph style for each kind of words."""

    title: ParagraphStyle
    kicker: ParagraphStyle
    lead: ParagraphStyle
    section: ParagraphStyle
    exhibit: ParagraphStyle
    part: ParagraphStyle
    body: ParagraphStyle
    quiet: ParagraphStyle
    point: ParagraphStyle
    fact: ParagraphStyle
    digest: ParagraphStyle
    command: ParagraphStyle
    cell: ParagraphStyle
    cell_head: ParagraphStyle
    note: ParagraphStyle
    alarm: ParagraphStyle
    caution: ParagraphStyle
    letter: ParagraphStyle
    sender: ParagraphStyle
    subject: ParagraphStyle


@functools.cache
def styles() -> Styles:
    faces()
    body = ParagraphStyle(
        "body", fontName=SANS, fontSize=9.5, leading=14, textColor=colour("text"), spaceAfter=5,
        allowWidows=0, allowOrphans=0, splitLongWords=1,
    )  # fmt: skip
    heading = ParagraphStyle("heading", parent=body, fontName=BOLD, keepWithNext=1, spaceAfter=4)
    fact = ParagraphStyle(
        "fact", parent=body, fontSize=9, leading=13, leftIndent=NAME_WIDTH, spaceAfter=2.5,
        bulletFontName=SANS, bulletFontSize=8.5, bulletIndent=0, bulletColor=colour("dim"),
    )  # fmt: skip
    cell = ParagraphStyle("cell", parent=body, fontSize=8, leading=11, spaceAfter=0)
    return Styles(
        title=ParagraphStyle("title", parent=heading, fontSize=22, leading=28, spaceAfter=2),
        kicker=ParagraphStyle("kicker", parent=heading, fontSize=9, leading=13, textColor=colour("accent")),
        lead=ParagraphStyle("lead", parent=body, fontSize=11, leading=16, textColor=colour("dim"), spaceAfter=12),
        section=ParagraphStyle("section", parent=heading, fontSize=14, leading=19, spaceBefore=20, spaceAfter=7),
        exhibit=ParagraphStyle("exhibit", parent=heading, fontSize=11, leading=15, spaceBefore=16, spaceAfter=2),
        part=ParagraphStyle(
            "part", parent=heading, fontSize=9, leading=13, spaceBefore=7, spaceAfter=3, textColor=colour("accent")
        ),
        body=body,
        quiet=ParagraphStyle("quiet", parent=body, fontSize=8.5, leading=12.5, textColor=colour("dim")),
        point=ParagraphStyle(
            "point", parent=body, leftIndent=14, bulletIndent=1, bulletFontName=SANS, bulletFontSize=9.5,
            bulletColor=colour("accent"), spaceAfter=3.5,
        ),
        fact=fact,
        digest=ParagraphStyle("digest", parent=fact, fontName=MONO, fontSize=7.6),
        command=ParagraphStyle(
            "command", parent=body, fontName=MONO, fontSize=8, leading=12, leftIndent=14, spaceAfter=5
        ),
        cell=cell,
        cell_head=ParagraphStyle("cell_head", parent=cell, fontName=BOLD, textColor=colour("dim")),
        alarm=ParagraphStyle("alarm", parent=heading, fontSize=10.5, textColor=colour("red_text"), keepWithNext=0),
        caution=ParagraphStyle("caution", parent=heading, fontSize=10.5, textColor=colour("amber"), keepWithNext=0),
        note=ParagraphStyle("note", parent=body, spaceAfter=3),
        sender=ParagraphStyle("sender", parent=heading, fontSize=13, leading=18, textColor=colour("accent")),
        subject=ParagraphStyle("subject", parent=heading, fontSize=11.5, leading=16),
        letter=ParagraphStyle("letter", parent=body, fontSize=10.5, leading=16, spaceAfter=9),
    )  # fmt: skip

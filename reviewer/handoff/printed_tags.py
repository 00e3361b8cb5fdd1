"""Tagged pages: what is a heading, a paragraph, a table's cell, for those who have the pages read to them.

reportlab writes none of this itself. Every flowable of ours that draws words opens its tag before and closes it after;
lines, grounds and the head and foot of pages are marked as artifacts. When the file is closed, the tags become its
structure tree (ISO 32000-1, 14.7).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFPage, PDFString
from reportlab.pdfgen.canvas import Canvas


@dataclass(eq=False, slots=True)
class Tag:
    """`role` is a standard structure type (H1, P, Table, TR, TH, TD, Figure). Drawn in pieces, it is still one."""

    role: str
    parent: Tag | None = None
    words: str = ""
    pieces: list[tuple[Any, int]] = field(default_factory=list)
    children: list[Tag] = field(default_factory=list)
    placed: bool = False


class TaggedCanvas(Canvas):  # type: ignore[misc]
    """Collects the tags of a document, in the order in which they are drawn."""

    def __init__(self, *positional: Any, **named: Any) -> None:
        self._tops: list[Tag] = []
        self._pages: list[list[Tag]] = [[]]
        super().__init__(*positional, **named)

    @contextmanager
    def tagged(self, tag: Tag) -> Iterator[None]:
        """What is drawn inside belongs to `tag`. A table's head that is drawn again on the next page is an artifact."""
        if tag.role == "TH" and tag.pieces:
            with self.artifact():
                yield
            return
        if not tag.pieces:
            self._place(tag)
        tag.pieces.append((self._doc.thisPageRef(), len(self._pages[-1])))
        self._code.append(f"/{tag.role} <</MCID {len(self._pages[-1])}>> BDC")
        self._pages[-1].append(tag)
        yield
        self._code.append("EMC")

    @contextmanager
    def artifact(self) -> Iterator[None]:
        self._code.append("/Artifact BMC")
        yield
        self._code.append("EMC")

    def _place(self, tag: Tag) -> None:
        """Below its parent, which is placed first; once."""
        if tag.placed:
            return
        tag.placed = True
        if tag.parent is None:
            self._tops.append(tag)
        else:
            self._place(tag.parent)
            tag.parent.children.append(tag)

    def _setAnnotations(self, page: Any) -> None:
        # The one place where reportlab hands over a page before it is written.
        super()._setAnnotations(page)
        if isinstance(page, PDFPage):
            page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
            page.StructParents = len(self._pages) - 1
            page.Tabs = PDFName("S")
            self._pages.append([])

    def save(self) -> None:
        if self._code:
            self.showPage()
        self._write_tree()
        super().save()

    def _write_tree(self) -> None:
        document = self._doc
        root, whole = PDFDictionary({"Type": PDFName("StructTreeRoot")}), PDFDictionary({})
        root_at, whole_at = document.Reference(root), document.Reference(whole)
        places: dict[int, Any] = {}
        kids = [self._element(tag, whole_at, places) for tag in self._tops]
        whole.dict.update(
            Type=PDFName("StructElem"), S=PDFName("Document"), P=root_at, K=PDFArray(kids), Lang=PDFString("en-GB")
        )
        numbers: list[Any] = []
        for number, tags in enumerate(self._pages[:-1]):
            numbers += [number, document.Reference(PDFArray([places[id(tag)] for tag in tags]))]
        root.dict.update(
            K=PDFArray([whole_at]),
            ParentTree=document.Reference(PDFDictionary({"Nums": PDFArray(numbers)})),
            ParentTreeNextKey=len(self._pages) - 1,
        )
        document.Catalog.StructTreeRoot = root_at
        document.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})

    def _element(self, tag: Tag, parent_at: Any, places: dict[int, Any]) -> Any:
        made = PDFDictionary({"Type": PDFName("StructElem"), "S": PDFName(tag.role), "P": parent_at})
        places[id(tag)] = at = self._doc.Reference(made)
        kids: list[Any] = [
            PDFDictionary({"Type": PDFName("MCR"), "Pg": page, "MCID": number}) for page, number in tag.pieces
        ]
        kids += [self._element(child, at, places) for child in tag.children]
        made.dict["K"] = PDFArray(kids)
        if tag.words:
            made.dict["Alt"] = PDFString(tag.words)
        if tag.role == "TH":
            made.dict["A"] = PDFDictionary({"O": PDFName("Table"), "Scope": PDFName("Column")})
        return at

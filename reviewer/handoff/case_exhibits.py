"""Exhibits as nodes of the CASE graph: the file with facets and hashes, its provenance record, what it came out of."""

from __future__ import annotations

from reviewer.handoff.case_nodes import Graph, Node, moment, ref, refs
from reviewer.handoff.dossier import Exhibit
from reviewer.handoff.media_types import media_type
from reviewer.model.cases import Fingerprints
from reviewer.model.levels import Kind


class Exhibits:
    """`files` and `records` by exhibit number, in the order of the dossier."""

    def __init__(self, graph: Graph, exhibits: tuple[Exhibit, ...]) -> None:
        self._graph = graph
        self.files = {exhibit.record.item.exhibit: self._file(exhibit) for exhibit in exhibits}
        self.records = {exhibit.record.item.exhibit: self._record(exhibit) for exhibit in exhibits}
        numbers = {exhibit.record.item.id: exhibit.record.item.exhibit for exhibit in exhibits}
        for exhibit in exhibits:
            whole = numbers.get(exhibit.record.item.part_of or "")
            if whole is not None:
                self._came_out_of(exhibit.record.item.exhibit, whole)

    def _file(self, exhibit: Exhibit) -> Node:
        item = exhibit.record.item
        facts, prints = item.facts, item.fingerprints
        name = exhibit.path.rpartition("/")[2]
        stem, dot, extension = name.rpartition(".")
        facets = [
            self._graph.node(
                "observable:FileFacet",
                item.exhibit,
                observable__fileName=name,
                observable__filePath=exhibit.path,
                observable__extension=extension if dot and stem else "",
                observable__isDirectory=False,
                observable__sizeInBytes=facts.size,
            ),
            self._graph.node(
                "observable:ContentDataFacet",
                item.exhibit,
                observable__hash=refs(self._hashes(item.exhibit, prints)),
                observable__mimeType=media_type(facts.format),
                observable__sizeInBytes=facts.size,
            ),
        ]
        if facts.kind is Kind.IMAGE and facts.width and facts.height:
            facets.append(
                self._graph.node(
                    "observable:RasterPictureFacet",
                    item.exhibit,
                    observable__pictureHeight=facts.height,
                    observable__pictureWidth=facts.width,
                )
            )
        return self._graph.node(
            "observable:RasterPicture" if len(facets) > 2 else "observable:File",
            item.exhibit,
            core__hasFacet=refs(facets),
            core__name=item.exhibit,
            # The ontology's vocabulary of hash methods has no PDQ: it is a property of ours, not a types:Hash.
            reviewer__pdq=prints.pdq,
            reviewer__pdqQuality=prints.pdq_quality if prints.pdq else None,
        )

    def _hashes(self, exhibit: str, prints: Fingerprints) -> list[Node]:
        digests = (("SHA256", prints.sha256), ("SHA1", prints.sha1), ("MD5", prints.md5))
        return [
            self._graph.node(
                "types:Hash",
                exhibit,
                method,
                types__hashMethod=method,
                types__hashValue={"@type": "xsd:hexBinary", "@value": digest},
            )
            for method, digest in digests
            if digest
        ]

    def _record(self, exhibit: Exhibit) -> Node:
        item = exhibit.record.item
        return self._graph.node(
            "investigation:ProvenanceRecord",
            item.exhibit,
            core__name=f"Exhibit {item.exhibit}",
            core__object=[ref(self.files[item.exhibit])],
            core__objectCreatedTime=moment(item.created_at),
            investigation__exhibitNumber=item.exhibit,
            investigation__rootExhibitNumber=item.root_exhibit,
        )

    def _came_out_of(self, part: str, whole: str) -> None:
        source, target = self.files[part], self.files[whole]
        source["investigation:wasDerivedFrom"] = [ref(target)]
        self._graph.node(
            "observable:ObservableRelationship",
            part,
            whole,
            core__isDirectional=True,
            core__kindOfRelationship="Contained_Within",
            core__source=ref(source),
            core__target=ref(target),
        )

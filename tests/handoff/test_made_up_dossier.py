"""The made-up case that the other tests rely on is what it says it is."""

from __future__ import annotations

import hashlib

from dossiers import a_dossier, content, root_of

from reviewer.vault import merkle


def test_it_is_the_same_each_time() -> None:
    assert a_dossier() == a_dossier()


def test_digests_and_sizes_are_those_of_the_content() -> None:
    for exhibit in a_dossier().exhibits:
        item = exhibit.record.item
        assert hashlib.sha256(content(exhibit)).hexdigest() == item.fingerprints.sha256
        assert len(content(exhibit)) == item.facts.size


def test_every_custody_line_leads_to_the_signed_root() -> None:
    for extract in a_dossier().custody:
        root = bytes.fromhex(extract.root)
        assert root == root_of(extract)
        assert 0 < len(extract.lines) < extract.size
        for line in extract.lines:
            leaf = merkle.leaf_hash(bytes.fromhex(line.salt) + line.entry.encode())
            assert leaf.hex() == line.leaf_hash
            assert merkle.inclusion_holds(
                line.position, extract.size, leaf, [bytes.fromhex(part) for part in line.proof], root
            )

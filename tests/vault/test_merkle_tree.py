"""The tree against RFC 6962's own definitions, written here a second time and as slowly as the text reads."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.model.merkle import EMPTY_ROOT, verify_consistency
from reviewer.vault import merkle


def consistency_holds(old: int, new: int, old_root: bytes, new_root: bytes, proof: list[bytes]) -> bool:
    return verify_consistency(old, old_root, new, new_root, proof)


def leaves(count: int) -> list[bytes]:
    return [f"leaf {n}".encode() for n in range(count)]


def split(count: int) -> int:
    power = 1
    while power * 2 < count:
        power *= 2
    return power


def mth(data: list[bytes]) -> bytes:
    if not data:
        return hashlib.sha256().digest()
    if len(data) == 1:
        return hashlib.sha256(b"\0" + data[0]).digest()
    k = split(len(data))
    return hashlib.sha256(b"\1" + mth(data[:k]) + mth(data[k:])).digest()


def path(m: int, data: list[bytes]) -> list[bytes]:
    if len(data) == 1:
        return []
    k = split(len(data))
    return [*path(m, data[:k]), mth(data[k:])] if m < k else [*path(m - k, data[k:]), mth(data[:k])]


def subproof(m: int, data: list[bytes], whole: bool) -> list[bytes]:
    if m == len(data):
        return [] if whole else [mth(data)]
    k = split(len(data))
    if m <= k:
        return [*subproof(m, data[:k], whole), mth(data[k:])]
    return [*subproof(m - k, data[k:], False), mth(data[:k])]


class Grown:
    """A tree grown leaf by leaf, with the stored hashes as the store keeps them."""

    def __init__(self, data: list[bytes]) -> None:
        self.stored: list[list[bytes]] = []
        self.edge = merkle.Edge()
        for leaf in data:
            self.stored.append(self.edge.add(merkle.leaf_hash(leaf)))

    def lookup(self, level: int, index: int) -> bytes:
        return self.stored[merkle.place(level, index)][level]


def test_the_empty_root_is_the_hash_of_nothing() -> None:
    assert merkle.root(0, Grown([]).lookup) == bytes.fromhex(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )


@pytest.mark.parametrize("count", [*range(1, 18), 31, 32, 33, 64, 65])
def test_roots_and_every_proof_match_the_definitions_and_verify(count: int) -> None:
    data = leaves(count)
    tree = Grown(data)
    assert merkle.root(count, tree.lookup) == tree.edge.root() == mth(data)
    for m in range(count):
        proof = merkle.inclusion_proof(m, count, tree.lookup)
        assert proof == path(m, data)
        assert merkle.inclusion_holds(m, count, merkle.leaf_hash(data[m]), proof, mth(data))
    for old in range(1, count + 1):
        proof = merkle.consistency_proof(old, count, tree.lookup)
        assert proof == subproof(old, data, True)
        assert consistency_holds(old, count, mth(data[:old]), mth(data), proof)


@given(count=st.integers(2, 200), data=st.data())
@settings(max_examples=60, deadline=None)
def test_no_altered_proof_verifies(count: int, data: st.DataObject) -> None:
    texts = leaves(count)
    tree = Grown(texts)
    root = tree.edge.root()
    m = data.draw(st.integers(0, count - 1))
    proof = merkle.inclusion_proof(m, count, tree.lookup)
    leaf = merkle.leaf_hash(texts[m])
    bad = list(proof)
    at = data.draw(st.integers(0, len(bad) - 1))
    bad[at] = bytes([bad[at][0] ^ 1]) + bad[at][1:]
    assert not merkle.inclusion_holds(m, count, leaf, bad, root)
    assert not merkle.inclusion_holds(m, count, leaf, proof[:-1], root)
    assert not merkle.inclusion_holds(m, count, leaf, [*proof, leaf], root)
    assert not merkle.inclusion_holds(count, count, leaf, proof, root)
    other = data.draw(st.integers(0, count - 1).filter(lambda n: n != m))
    assert not merkle.inclusion_holds(m, count, merkle.leaf_hash(texts[other]), proof, root)

    old = data.draw(st.integers(1, count - 1))
    old_root = merkle.root(old, tree.lookup)
    holds = merkle.consistency_proof(old, count, tree.lookup)
    changed = [bytes(32), *holds[1:]]
    assert not consistency_holds(old, count, old_root, root, changed)
    assert not consistency_holds(old, count, bytes(32), root, holds)
    assert not consistency_holds(old, count, old_root, bytes(32), holds)
    assert not consistency_holds(old, count, old_root, root, [*holds, bytes(32)])
    assert not consistency_holds(old, count, old_root, root, holds[:-1])


@given(count=st.integers(0, 300))
@settings(max_examples=40, deadline=None)
def test_an_edge_read_back_goes_on_as_if_never_interrupted(count: int) -> None:
    data = leaves(count + 40)
    whole, part = Grown(data), Grown(data[:count])
    edge = merkle.Edge(count, part.lookup)
    for leaf in data[count:]:
        edge.add(merkle.leaf_hash(leaf))
    assert edge.root() == whole.edge.root()


def test_old_equal_to_new_and_old_empty() -> None:
    tree = Grown(leaves(5))
    root = tree.edge.root()
    assert merkle.consistency_proof(5, 5, tree.lookup) == merkle.consistency_proof(0, 5, tree.lookup) == []
    assert consistency_holds(5, 5, root, root, [])
    assert consistency_holds(0, 5, EMPTY_ROOT, root, [])
    assert not consistency_holds(5, 5, root, bytes(32), [])
    assert not consistency_holds(6, 5, root, root, [])
    with pytest.raises(ValueError):
        merkle.consistency_proof(6, 5, tree.lookup)
    with pytest.raises(ValueError):
        merkle.inclusion_proof(5, 5, tree.lookup)

"""Merkle roots against the published vectors and against the definition, written naively."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.record.merkle import Tree, inclusion_proof, is_included, leaf_hash, root

# The leaves and the roots over the first 1, 2, ... of them in the test data of Certificate Transparency.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
leaves = st.lists(st.binary(max_size=6), max_size=70)


def by_definition(items: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word."""
    if len(items) < 2:
        return sha256(b"\x00" + items[0]).digest() if items else sha256(b"").digest()
    split = 1
    while split * 2 < len(items):
        split *= 2
    return sha256(b"\x01" + by_definition(items[:split]) + by_definition(items[split:])).digest()


def path_by_definition(index: int, items: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962, section 2.1.1, word for word."""
    if len(items) == 1:
        return []
    split = 1
    while split * 2 < len(items):
        split *= 2
    if index < split:
        return [*path_by_definition(index, items[:split]), by_definition(items[split:])]
    return [*path_by_definition(index - split, items[split:]), by_definition(items[:split])]


@pytest.mark.parametrize("count", range(9))
def test_published_roots(count: int) -> None:
    assert root(LEAVES[:count]).hex() == ROOTS[count]


@given(leaves)
def test_roots_are_those_of_the_definition(items: list[bytes]) -> None:
    assert root(items) == by_definition(items)


def test_a_root_can_be_asked_for_at_any_moment() -> None:
    tree = Tree()
    for count, leaf in enumerate(LEAVES):
        assert tree.root().hex() == ROOTS[count]
        tree.add(leaf)
    assert tree.size == 8


def test_memory_is_a_hash_for_each_level() -> None:
    tree = Tree()
    for number in range(5000):
        tree.add(b"%d" % number)
    assert len(tree._peaks) <= 13


@given(leaves.filter(bool), st.data())
def test_a_proof_of_inclusion_leads_to_the_root(items: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(items) - 1))
    proof = inclusion_proof([leaf_hash(item) for item in items], index)
    assert proof == path_by_definition(index, items)
    assert is_included(leaf_hash(items[index]), index, len(items), proof, root(items))


@given(leaves.filter(lambda items: len(items) > 1), st.data())
def test_a_changed_proof_leads_elsewhere(items: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(items) - 1))
    hashed, size, whole = leaf_hash(items[index]), len(items), root(items)
    proof = inclusion_proof([leaf_hash(item) for item in items], index)
    place = data.draw(st.integers(0, len(proof) - 1))
    changed = [*proof[:place], sha256(proof[place]).digest(), *proof[place + 1 :]]
    assert not is_included(hashed, index, size, changed, whole)
    assert not is_included(sha256(hashed).digest(), index, size, proof, whole)
    assert not is_included(hashed, index, size, proof[:-1], whole)
    assert not is_included(hashed, index, size, [*proof, whole], whole)


@pytest.mark.parametrize(("index", "size"), [(1, 2), (3, 8), (3, 5), (7, 8), (0, 4)])
def test_a_proof_for_a_tree_of_another_size_proves_nothing(index: int, size: int) -> None:
    """The last leaf of four could otherwise pass for the last one of two, or of a larger tree."""
    hashes = [leaf_hash(leaf) for leaf in LEAVES[:4]]
    proof = inclusion_proof(hashes, 3)
    assert is_included(hashes[3], 3, 4, proof, root(LEAVES[:4]))
    assert not is_included(hashes[3], index, size, proof, root(LEAVES[:4]))


@pytest.mark.parametrize("index", [-1, 3])
def test_a_leaf_that_is_not_there_has_no_proof(index: int) -> None:
    hashes = [leaf_hash(leaf) for leaf in LEAVES[:3]]
    with pytest.raises(IndexError):
        inclusion_proof(hashes, index)
    assert not is_included(hashes[0], index, 3, [], root(LEAVES[:3]))

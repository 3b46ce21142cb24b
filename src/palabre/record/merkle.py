"""Merkle trees of RFC 6962, section 2.1: the root of many leaves, and proofs that one leaf is among them.

A leaf is hashed behind a byte 0x00 and a node behind 0x01, so that neither can pass for the other. A tree of
n leaves splits at the largest power of two below n.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

EMPTY_ROOT = sha256().digest()


def leaf_hash(leaf: bytes) -> bytes:
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that is fed leaf by leaf and keeps one hash for each bit of their number."""

    __slots__ = ("_peaks", "size")

    def __init__(self) -> None:
        self.size = 0
        # Roots of the perfect trees that the leaves so far make up, the largest first.
        self._peaks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        self.add_hash(leaf_hash(leaf))

    def add_hash(self, hashed: bytes) -> None:
        """Adds a leaf that is hashed already."""
        size, peaks = self.size, self._peaks
        # Each trailing 1 bit of the size is a perfect tree that the new leaf completes to a larger one.
        while size & 1:
            hashed = node_hash(peaks.pop(), hashed)
            size >>= 1
        peaks.append(hashed)
        self.size += 1

    def root(self) -> bytes:
        """The root of the leaves so far, 32 bytes; the hash of nothing for none."""
        if not self._peaks:
            return EMPTY_ROOT
        *rest, root = self._peaks
        for peak in reversed(rest):
            root = node_hash(peak, root)
        return root


def root(leaves: Iterable[bytes]) -> bytes:
    """The Merkle tree hash of `leaves`, in constant memory."""
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


def inclusion_proof(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of RFC 6962, section 2.1.1, for the leaf at `index` (from 0) of these leaf hashes.

    Nearest the leaf first, at most 32 * 64 bytes in all. Raises IndexError for a leaf that is not there.
    """
    if not 0 <= index < len(hashes):
        raise IndexError(index)
    path: list[bytes] = []
    low, high = 0, len(hashes)
    while high - low > 1:
        middle = low + (1 << (high - low - 1).bit_length() - 1)
        if index < middle:
            path.append(_root_of(hashes, middle, high))
            high = middle
        else:
            path.append(_root_of(hashes, low, middle))
            low = middle
    return path[::-1]


def is_included(hashed: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` leads from the leaf hash at `index` to the root of a tree of `size` leaves.

    The check of RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        return False
    node, last = index, size - 1
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            hashed = node_hash(sibling, hashed)
            # A node without a sibling rises unchanged until it has one.
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            hashed = node_hash(hashed, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and hashed == root


def _root_of(hashes: Sequence[bytes], low: int, high: int) -> bytes:
    tree = Tree()
    for position in range(low, high):
        tree.add_hash(hashes[position])
    return tree.root()

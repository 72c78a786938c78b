"""The Merkle tree of the log: hashing, roots and proofs as in RFC 6962 section 2.1 and RFC 9162 section 2.1.

A *frontier* is the list of complete subtree hashes of a tree, largest first: one for each set bit of its size.
It is all that appending needs, at most 64 hashes. Proofs ask for complete subtrees by level and index.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

Node = Callable[[int, int], bytes]
"""Gives the hash of the complete subtree `index` at `level`; level 0 are the leaves."""

EMPTY_ROOT = sha256(b"").digest()
HASH_BYTES = 32


def leaf_hash(data: bytes) -> bytes:
    """The hash of one entry (RFC 9162 section 2.1.1): a zero byte first, so that a leaf never passes for a node."""
    return sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees (RFC 9162 section 2.1.1)."""
    return sha256(b"\1" + left + right).digest()


def append(frontier: list[bytes], size: int, leaf: bytes) -> None:
    """Add a leaf hash to the frontier of a tree of `size` leaves, in place."""
    while size & 1:
        leaf = sha256(b"\1" + frontier.pop() + leaf).digest()
        size >>= 1
    frontier.append(leaf)


def root(frontier: Sequence[bytes]) -> bytes:
    """The root of the tree with this frontier; of the empty tree, the hash of nothing (RFC 9162 section 2.1.1)."""
    if not frontier:
        return EMPTY_ROOT
    found = frontier[-1]
    for left in reversed(frontier[:-1]):
        found = node_hash(left, found)
    return found


def ends(size: int) -> list[int]:
    """The last leaf of each subtree of the frontier of a tree of this size."""
    found, end = [], 0
    for bit in reversed(range(size.bit_length())):
        if size >> bit & 1:
            end += 1 << bit
            found.append(end - 1)
    return found


def level_of(leaf: int) -> int:
    """The level of the largest complete subtree that ends with this leaf."""
    return (~leaf & leaf + 1).bit_length() - 1


def node_from(largest: Callable[[int], bytes], single: Callable[[int], bytes]) -> Node:
    """Any complete subtree, where for each leaf only the largest that ends with it is stored, and the leaf hash.

    A left-hand subtree is the largest that ends with its last leaf; a right-hand one is made of the left-hand ones in
    it, so a proof costs about log² lookups.
    """

    def node(level: int, index: int) -> bytes:
        last = (index + 1 << level) - 1
        if level == 0:
            return single(last)
        if level_of(last) == level:
            return largest(last)
        return node_hash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))

    return node


def levels(leaves: Iterable[bytes]) -> list[list[bytes]]:
    """Every complete subtree of a tree, by level, from its leaf hashes."""
    found = [list(leaves)]
    while len(found[-1]) > 1:
        below = found[-1]
        found.append([node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])
    return found


def node_of(found: Sequence[Sequence[bytes]]) -> Node:
    """Read complete subtrees from what `levels` made."""
    return lambda level, index: found[level][index]


def subtree(start: int, end: int, node: Node) -> bytes:
    """The hash of leaves `start` up to `end` (not included), where `start` is aligned as the RFC splits trees."""
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, start >> level)
    half = _half(size)
    return node_hash(node(half.bit_length() - 1, start // half), subtree(start + half, end, node))


def inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """The proof that leaf `index` is in the tree of `size` leaves (RFC 9162 section 2.1.3.1).

    Raises ValueError where the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError("The tree has no such leaf.")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _half(end - start)
        if index < middle:
            path.append(subtree(middle, end, node))
            end = middle
        else:
            path.append(subtree(start, middle, node))
            start = middle
    return path[::-1]


def consistency(old: int, new: int, node: Node) -> list[bytes]:
    """The proof that the tree of `new` leaves extends the tree of `old` leaves (RFC 9162 section 2.1.4.1).

    Raises ValueError unless 0 < old <= new.
    """
    if not 0 < old <= new:
        raise ValueError("There is nothing to compare.")
    start, end, path, whole = 0, new, [], True
    while old != end:
        middle = start + _half(end - start)
        if old <= middle:
            path.append(subtree(middle, end, node))
            end = middle
        else:
            path.append(subtree(start, middle, node))
            start, whole = middle, False
    if not whole:
        path.append(subtree(start, end, node))
    return path[::-1]


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected_root: bytes) -> bool:
    """Does this proof show the leaf hash at `index` of the tree with this root (RFC 9162 section 2.1.3.2)?"""
    if not 0 <= index < size:
        return False
    position, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if position & 1 or position == last:
            found = node_hash(step, found)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            found = node_hash(found, step)
        position, last = position >> 1, last >> 1
    return last == 0 and found == expected_root


def extends(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Does this proof show that the new tree only added to the old one (RFC 9162 section 2.1.4.2)?"""
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    steps = list(path) if old & (old - 1) else [old_root, *path]
    if not steps:
        return False
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    of_old = of_new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            of_old, of_new = node_hash(step, of_old), node_hash(step, of_new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            of_new = node_hash(of_new, step)
        position, last = position >> 1, last >> 1
    return last == 0 and of_old == old_root and of_new == new_root


def _half(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << ((size - 1).bit_length() - 1)

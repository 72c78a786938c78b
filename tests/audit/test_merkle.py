from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from fobwatch.audit.rules import merkle

MOST = 300
LEAVES = [merkle.leaf_hash(str(n).encode()) for n in range(MOST)]


def frontier(size: int) -> list[bytes]:
    found: list[bytes] = []
    for n in range(size):
        merkle.append(found, n, LEAVES[n])
    return found


ROOTS = [merkle.root(frontier(n)) for n in range(MOST + 1)]
NODE = merkle.node_of(merkle.levels(LEAVES))


def straight(leaves: list[bytes]) -> bytes:
    """The root as RFC 9162 section 2.1.1 writes it."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\1" + straight(leaves[:half]) + straight(leaves[half:])).digest()


def test_the_roots_are_those_of_the_rfc_and_of_an_independent_library():
    judge = InmemoryTree(algorithm="sha256")
    for size in range(MOST + 1):
        assert ROOTS[size] == straight(LEAVES[:size])
        if size:
            judge.append_entry(str(size - 1).encode())
            assert ROOTS[size] == judge.get_root(size)


def test_the_roots_are_those_of_certificate_transparency():
    entries = [bytes.fromhex(each) for each in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )]  # fmt: skip
    found: list[bytes] = []
    for n, entry in enumerate(entries):
        merkle.append(found, n, merkle.leaf_hash(entry))
    assert merkle.root(found).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_a_leaf_never_passes_for_a_node():
    left, right = LEAVES[:2]
    assert merkle.leaf_hash(left + right) != merkle.node_hash(left, right)


def test_inclusion_holds_at_every_size():
    for size in range(1, MOST + 1):
        for index in {0, size // 3, size // 2, size - 1}:
            path = merkle.inclusion(index, size, NODE)
            assert merkle.included(LEAVES[index], index, size, path, ROOTS[size])


def test_any_subtree_is_found_from_the_largest_that_end_with_each_leaf():
    largest = []
    found: list[bytes] = []
    for n, leaf in enumerate(LEAVES):
        assert [largest[end] for end in merkle.ends(n)] == found
        merkle.append(found, n, leaf)
        largest.append(found[-1])
    node = merkle.node_from(largest.__getitem__, LEAVES.__getitem__)
    for level, nodes in enumerate(merkle.levels(LEAVES)):
        assert [node(level, index) for index in range(len(nodes))] == nodes


def test_consistency_holds_between_all_sizes():
    for new in range(1, MOST + 1):
        for old in {1, new // 3 or 1, new // 2 or 1, new - 1 or 1, new}:
            path = merkle.consistency(old, new, NODE)
            assert merkle.extends(old, new, ROOTS[old], ROOTS[new], path)


places = st.integers(1, MOST).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size)))


def flipped(data: bytes, bit: int) -> bytes:
    bit %= len(data) * 8
    return data[: bit // 8] + bytes([data[bit // 8] ^ 1 << bit % 8]) + data[bit // 8 + 1 :]


@given(places, st.integers(0, 10_000))
def test_any_bit_flipped_breaks_an_inclusion_proof(place, bit):
    index, size = place
    path = merkle.inclusion(index, size, NODE)
    for n in range(len(path)):
        bad = [*path[:n], flipped(path[n], bit), *path[n + 1 :]]
        assert not merkle.included(LEAVES[index], index, size, bad, ROOTS[size])
    assert not merkle.included(flipped(LEAVES[index], bit), index, size, path, ROOTS[size])
    assert not merkle.included(LEAVES[index], index, size, path, flipped(ROOTS[size], bit))


@given(places, places)
def test_a_proof_holds_at_its_own_place_only(place, other):
    index, size = place
    path = merkle.inclusion(index, size, NODE)
    holds = merkle.included(LEAVES[other[0]], other[0], size, path, ROOTS[size])
    assert holds is (other[0] == index)


@given(places, st.integers(0, 10_000))
def test_any_bit_flipped_breaks_a_consistency_proof(place, bit):
    old, new = place[0] + 1, place[1]
    path = merkle.consistency(old, new, NODE)
    for n in range(len(path)):
        bad = [*path[:n], flipped(path[n], bit), *path[n + 1 :]]
        assert not merkle.extends(old, new, ROOTS[old], ROOTS[new], bad)
    assert not merkle.extends(old, new, flipped(ROOTS[old], bit), ROOTS[new], path)
    assert not merkle.extends(old, new, ROOTS[old], flipped(ROOTS[new], bit), path)


@given(places)
def test_a_proof_too_long_or_too_short_fails(place):
    index, size = place
    path = merkle.inclusion(index, size, NODE)
    assert not merkle.included(LEAVES[index], index, size, [*path, LEAVES[0]], ROOTS[size])
    old = index + 1
    steps = merkle.consistency(old, size, NODE)
    assert not merkle.extends(old, size, ROOTS[old], ROOTS[size], [*steps, LEAVES[0]])
    if path:
        assert not merkle.included(LEAVES[index], index, size, path[:-1], ROOTS[size])
    if steps:
        assert not merkle.extends(old, size, ROOTS[old], ROOTS[size], steps[:-1])


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0)])
def test_there_is_no_proof_of_what_is_not_there(index, size):
    with pytest.raises(ValueError, match="no such leaf"):
        merkle.inclusion(index, size, NODE)
    assert not merkle.included(LEAVES[0], index, size, [], ROOTS[5])


@pytest.mark.parametrize(("old", "new"), [(0, 5), (6, 5), (-1, 5)])
def test_there_is_nothing_to_compare_with_an_empty_or_a_larger_tree(old, new):
    with pytest.raises(ValueError, match="nothing to compare"):
        merkle.consistency(old, new, NODE)
    assert not merkle.extends(old, new, ROOTS[0], ROOTS[5], [])


def test_equal_trees_are_consistent_only_when_equal():
    assert merkle.extends(5, 5, ROOTS[5], ROOTS[5], [])
    assert not merkle.extends(5, 5, ROOTS[5], ROOTS[6], [])
    assert not merkle.extends(3, 5, ROOTS[3], ROOTS[5], [])

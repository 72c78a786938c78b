"""The lost code: easy to copy by hand, hard to guess, stored as a hash."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fobwatch.devices.rules import lostcode
from fobwatch.devices.rules.lostcode import ALPHABET, hashed, make, matches, normalise, shown
from fobwatch.kernel.verdict import Refused

EIGHT = st.binary(min_size=8, max_size=8)
KEY, OTHER_KEY = b"k" * 32, b"l" * 32


def plain_of(random: bytes) -> str:
    return normalise(make(random))


def test_it_is_shown_in_three_groups_of_four_and_a_check_letter() -> None:
    code = make(bytes(range(8)))
    assert [len(group) for group in code.split("-")] == [4, 4, 4, 1]
    assert not set(code) & set("ILOU")


@given(first=EIGHT, second=EIGHT)
def test_sixty_bits_of_the_random_bytes_are_in_it(first: bytes, second: bytes) -> None:
    alike = int.from_bytes(first, "big") >> 4 == int.from_bytes(second, "big") >> 4
    assert (make(first) == make(second)) == alike


@pytest.mark.parametrize("random", [b"", b"seven..", b"nine....."])
def test_it_is_made_from_eight_bytes_only(random: bytes) -> None:
    with pytest.raises(ValueError, match="eight random bytes"):
        make(random)


@given(
    random=EIGHT,
    spaces=st.lists(st.sampled_from(["", " ", "-", "\N{EN DASH}", " - ", "\n", "."]), min_size=13, max_size=13),
)
def test_it_is_read_however_it_is_typed(random: bytes, spaces: list[str]) -> None:
    plain = plain_of(random)
    typed = "".join(space + letter for space, letter in zip(spaces, plain, strict=True))
    if len(typed) > 60:
        typed = plain
    assert normalise(typed.lower()) == plain
    assert normalise(typed.replace("0", "o").replace("1", "l")) == plain
    assert normalise(typed.replace("0", "O").replace("1", "I")) == plain


@given(random=EIGHT, place=st.integers(0, 12), letter=st.sampled_from(ALPHABET))
def test_any_one_wrong_letter_shows(random: bytes, place: int, letter: str) -> None:
    plain = plain_of(random)
    assume(plain[place] != letter)
    with pytest.raises(Refused, match="is not right"):
        normalise(plain[:place] + letter + plain[place + 1 :])


@given(random=EIGHT, first=st.integers(0, 12), second=st.integers(0, 12))
def test_any_two_letters_that_swapped_show(random: bytes, first: int, second: int) -> None:
    letters = list(plain_of(random))
    assume(letters[first] != letters[second])
    letters[first], letters[second] = letters[second], letters[first]
    with pytest.raises(Refused, match="is not right"):
        normalise("".join(letters))


@pytest.mark.parametrize("typed", ["", "ABCD-EFGH-JKMN", "ABCD-EFGH-JKMN-PP", "A" * 100_000, " " * 100_000])
def test_another_length_is_said(typed: str) -> None:
    with pytest.raises(Refused, match="13 letters and numbers") as caught:
        normalise(typed)
    assert caught.value.verdict.next_step


@pytest.mark.parametrize("typed", ["U" * 13, "é" * 13, "ΩΩΩΩΩΩΩΩΩΩΩΩΩ", "0000-0000-0000-1"])
def test_a_letter_that_is_in_no_code_is_said(typed: str) -> None:
    with pytest.raises(Refused, match="is not right") as caught:
        normalise(typed)
    assert caught.value.verdict.next_step


@given(text=st.text(max_size=40))
def test_it_never_fails_whatever_is_typed(text: str) -> None:
    try:
        plain = normalise(text)
    except Refused:
        return
    assert normalise(shown(plain)) == plain


@given(random=EIGHT, other=EIGHT)
def test_only_the_right_code_under_the_right_key_matches(random: bytes, other: bytes) -> None:
    plain, another = plain_of(random), plain_of(other)
    assert matches(plain, KEY, hashed(plain, KEY))
    assert matches(another, KEY, hashed(plain, KEY)) == (plain == another)
    assert not matches(plain, OTHER_KEY, hashed(plain, KEY))
    assert not matches(plain, KEY, "")


def test_the_hash_does_not_hold_the_code() -> None:
    plain = plain_of(bytes(8))
    assert len(hashed(plain, KEY)) == 64
    assert plain not in hashed(plain, KEY).upper()
    assert lostcode.LETTERS * 5 == 60

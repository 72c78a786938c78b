"""The lost code: kept away from the phone, it cuts the phone off without a sign-in, and can do nothing else (B26).

Twelve letters and digits of Crockford's base 32 (no I, L, O or U) carry 60 bits; a thirteenth checks them, so that a
slip of the pen is told from a wrong code. Shown as ABCD-EFGH-JKMN-P. Stored only as a keyed hash.
"""

import hashlib
import hmac

from fobwatch.kernel.verdict import refuse

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTERS = 12
BYTES_NEEDED = 8
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN = "-\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}._"
_LONGEST = 64


def _check_letter(letters: str) -> str:
    """The thirteenth letter: a weighted sum over GF(32), which shows any one wrong letter and any two that swapped.

    Each place has its own power of x modulo x^5 + x^2 + 1; that polynomial is primitive, so no two of 31 are alike.
    """
    total = 0
    for letter in letters:
        total ^= ALPHABET.index(letter)
        total <<= 1
        if total & 0b100000:
            total ^= 0b100101
    return ALPHABET[total]


def make(random: bytes) -> str:
    """A fresh code, as it is shown, from eight random bytes of a cryptographic source (60 of the 64 bits are used).

    Raises ValueError when given another number of bytes.
    """
    if len(random) != BYTES_NEEDED:
        raise ValueError("A lost code is made from eight random bytes.")
    number = int.from_bytes(random, "big") >> 4
    letters = "".join(ALPHABET[number >> (5 * place) & 31] for place in reversed(range(LETTERS)))
    return shown(letters + _check_letter(letters))


def shown(plain: str) -> str:
    """A plain code in groups of four with dashes, as it is printed."""
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def normalise(text: str) -> str:
    """The plain thirteen letters of a code as somebody typed it: case, spaces and dashes do not matter.

    Raises Refused with what to look at again; whether a well-written code exists is not told here.
    """
    typed = text[:_LONGEST].upper()
    plain = "".join(letter for letter in typed if letter not in _BETWEEN and not letter.isspace()).translate(
        _LOOKALIKES
    )
    if len(plain) != LETTERS + 1:
        raise refuse(
            "A lost code has 13 letters and numbers. What you typed has a different length.",
            "Look at the code again and type all of it, for example from the paper you wrote it on.",
        )
    if any(letter not in ALPHABET for letter in plain) or _check_letter(plain[:LETTERS]) != plain[LETTERS]:
        raise refuse(
            "One of the letters or numbers in this code is not right.",
            "Look at the code again. It has no letter O, I, L or U in it. Or call your IT team.",
        )
    return plain


def hashed(plain: str, key: bytes) -> str:
    """The keyed hash under which a code is stored and looked up: HMAC-SHA256, 64 hexadecimal characters."""
    return hmac.new(key, b"lost-code:" + plain.encode(), hashlib.sha256).hexdigest()


def matches(plain: str, key: bytes, stored: str) -> bool:
    """Whether a normalised code is the stored one, compared in constant time; an empty store matches nothing."""
    return hmac.compare_digest(hashed(plain, key), stored)

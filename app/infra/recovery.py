"""A key as words that a person can write down, read out and type in again."""

import hashlib
from collections.abc import Sequence
from itertools import zip_longest

from app.infra.words import wordlist

BASE = 7776
LINES = 4
# Eight bytes fill five words (7776**5 > 2**64); the sixth catches a slip, in this line and no other.
BYTES_A_LINE = 8
WORDS_A_LINE = 5


class Misread(Exception):
    """The words are not a sheet of this kind; the text names the line to look at again."""


def to_words(kind: str, key: bytes) -> tuple[str, ...]:
    pieces = [key[start : start + BYTES_A_LINE] for start in range(0, len(key), BYTES_A_LINE)]
    return tuple(_line(kind, number, piece) for number, piece in enumerate(pieces, 1))


def from_words(kind: str, text: str) -> bytes:
    typed = _lines(text)
    if len(typed) != LINES:
        raise Misread(f"The {kind} sheet has {LINES} lines of {WORDS_A_LINE + 1} words; these are not.")
    return b"".join(_piece(kind, number, line) for number, line in enumerate(typed, 1))


def wrong_lines(sheet: Sequence[str], text: str) -> list[int]:
    """Which lines differ from the sheet, counted from 1; what is missing or too many is wrong as well."""
    pairs = zip_longest(sheet, _lines(text))
    return [number for number, (given, typed) in enumerate(pairs, 1) if given != typed]


def _line(kind: str, number: int, piece: bytes) -> str:
    value, words = int.from_bytes(piece, "big"), wordlist()
    picked = []
    for _ in range(WORDS_A_LINE):
        value, rest = divmod(value, BASE)
        picked.append(words[rest])
    return " ".join([*reversed(picked), words[_check(kind, number, piece)]])


def _piece(kind: str, number: int, line: str) -> bytes:
    places = {word: place for place, word in enumerate(wordlist())}
    value = 0
    try:
        *picked, check = [places[word] for word in line.split()]
        for place in picked:
            value = value * BASE + place
        piece = value.to_bytes(BYTES_A_LINE, "big")
    except (KeyError, ValueError, OverflowError) as error:
        raise Misread(f"Line {number} of the {kind} sheet holds a word that is not right.") from error
    if check != _check(kind, number, piece):
        raise Misread(f"Line {number} of the {kind} sheet does not add up: a word is wrong or misplaced.")
    return piece


def _check(kind: str, number: int, piece: bytes) -> int:
    # With kind and number in it: lines in the wrong order and sheets exchanged are found as well.
    digest = hashlib.sha256(f"candor sheet|{kind}|{number}|".encode() + piece).digest()
    return int.from_bytes(digest[:8], "big") % BASE


def _lines(text: str) -> list[str]:
    """Six words a line, however they were broken when typed; a leading line number does no harm."""
    words = [word for word in text.casefold().split() if not word.strip(".)").isdecimal()]
    whole = WORDS_A_LINE + 1
    return [" ".join(words[start : start + whole]) for start in range(0, len(words), whole)]

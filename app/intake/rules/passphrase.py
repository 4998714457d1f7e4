"""The passphrase a filer follows a complaint with: six words, or the same secret as digits."""

import hashlib
import hmac
import math
import secrets
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

WORDS = 6
# Six words out of some 7,776 are 77.5 bits: too many to try against a server, or against a stolen table.
LEAST_BITS = 77
GROUP = 4
DIGITS = WORDS * GROUP
# Longer than any passphrase with its spaces; what is longer is not looked at.
LONGEST = 256


@dataclass(frozen=True)
class Wordlist:
    """The public list; a word's number is its place in it, as four digits."""

    listed: tuple[str, ...]

    def __post_init__(self) -> None:
        if WORDS * math.log2(max(len(self.words), 1)) < LEAST_BITS or len(self.words) > 10**GROUP:
            raise ValueError("the list is too short for six words, or too long for four digits")
        ordered = sorted(self.places)
        if any(after.startswith(before) for before, after in pairwise(ordered)):
            raise ValueError("a word of the list begins another: without spaces they could not be told apart")

    @cached_property
    def words(self) -> tuple[str, ...]:
        # Hyphens do not count when typed, so "yo-yo" and "yoyo", both in the EFF's list, are one word.
        return tuple({_letters(word): word for word in reversed(self.listed)}.values())[::-1]

    @cached_property
    def places(self) -> dict[str, int]:
        return {_letters(word): place for place, word in enumerate(self.words)}

    @cached_property
    def longest(self) -> int:
        return max(map(len, self.places))


@dataclass(frozen=True, repr=False)
class Passphrase:
    places: tuple[int, ...]
    wordlist: Wordlist

    @property
    def words(self) -> str:
        return " ".join(self.wordlist.words[place] for place in self.places)

    @property
    def digits(self) -> str:
        return " ".join(f"{place:0{GROUP}d}" for place in self.places)


def issue(key: bytes, idempotency_key: str, body: bytes, wordlist: Wordlist) -> Passphrase:
    """The same key and body give the same passphrase: a repeat is answered alike, and nothing is kept."""
    sent = idempotency_key.encode()
    # The length in front: no other pair of key and body makes the same message.
    message = len(sent).to_bytes(4, "big") + sent + hashlib.sha256(body).digest()
    # 256 bits for 77: the remainder favours no passphrase by more than one part in 2**178.
    value, places = int.from_bytes(hmac.digest(key, message, hashlib.sha256), "big"), []
    for _ in range(WORDS):
        value, place = divmod(value, len(wordlist.words))
        places.append(place)
    return Passphrase(tuple(places), wordlist)


def draw(wordlist: Wordlist) -> Passphrase:
    """A new one, by chance alone."""
    return Passphrase(tuple(secrets.randbelow(len(wordlist.words)) for _ in range(WORDS)), wordlist)


def read(text: str, wordlist: Wordlist) -> Passphrase | None:
    """The passphrase, however it was typed; None when it cannot be one."""
    digits = normalise(text, wordlist)
    if digits is None:
        return None
    return Passphrase(tuple(int(digits[at : at + GROUP]) for at in range(0, DIGITS, GROUP)), wordlist)


def normalise(text: str, wordlist: Wordlist) -> str | None:
    """The passphrase as its 24 digits, however it was typed; None when it cannot be one."""
    if len(text) > LONGEST:
        return None
    letters, digits = _letters(text), _digits(text)
    if not digits:
        return _spelt(letters, wordlist)
    return digits if not letters and _numbered(digits, wordlist) else None


def lookup(key: bytes, text: str, wordlist: Wordlist) -> bytes:
    """What it is found by. A keyed hash is enough for 77 bits; rubbish costs the same and finds nothing."""
    return _keyed(key, normalise(text, wordlist))


def lookup_of(key: bytes, passphrase: Passphrase) -> bytes:
    """What a passphrase that was just made is found by."""
    return _keyed(key, passphrase.digits.replace(" ", ""))


def _keyed(key: bytes, digits: str | None) -> bytes:
    message = b"none" if digits is None else b"passphrase|" + digits.encode()
    return hmac.digest(key, message, hashlib.sha256)


def _numbered(digits: str, wordlist: Wordlist) -> bool:
    groups = [digits[start : start + GROUP] for start in range(0, len(digits), GROUP)]
    return len(digits) == DIGITS and all(int(group) < len(wordlist.words) for group in groups)


def _spelt(letters: str, wordlist: Wordlist) -> str | None:
    """No word of the list begins another, so there is one way to read them at most, spaces or none."""
    digits, start = "", 0
    while start < len(letters) and len(digits) < DIGITS:
        ends = range(start + 1, start + wordlist.longest + 1)
        end = next((end for end in ends if letters[start:end] in wordlist.places), None)
        if end is None:
            return None
        digits += f"{wordlist.places[letters[start:end]]:0{GROUP}d}"
        start = end
    return digits if start == len(letters) and len(digits) == DIGITS else None


def _letters(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(mark for mark in folded if mark.isalpha())


def _digits(text: str) -> str:
    # A phone may offer the digits of its own script: Arabic-Indic and full-width ones count as well.
    return "".join(str(unicodedata.decimal(mark)) for mark in text if mark.isdecimal())

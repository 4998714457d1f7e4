"""Passwords: Argon2id, few at once, in the same time for unknown names; common ones are refused."""

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.infra.refused import is_refused
from app.infra.words import wordlist

SHORTEST = 12
LONGEST_BYTES = 1024
# OWASP's first choice for Argon2id: 19 MiB, two passes, one lane.
HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
AT_ONCE = 2
MOST_WAITING = 4
WAIT_SECONDS = 3.0
MOST_PLAIN = 5
FEWEST_LETTERS = 5
MOST_STEPS = 3

RUNS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "abcdefghijklmnopqrstuvwxyz", "qazwsxedcrfvtgbyhnujm")
COMMON = (
    "password passwort passphrase contrasena secret welcome letmein iloveyou trustno sunshine princess dragon football "
    "baseball superman batman master monkey shadow login admin administrator user guest root changeme default temp "
    "temporary test testing demo police officer oversight complaint complaints commission department candor city "
    "spring summer autumn winter january february march april june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday liberty justice america correcthorsebatterystaple"
)
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_LEET = str.maketrans("013457@$!|", "oleastasil")


class BusyError(Exception):
    """More passwords are being checked than this machine does at once."""


class _Desk:
    """A few at once, a few waiting, the rest told to come again: signing in never takes every thread."""

    def __init__(self) -> None:
        self._queue = threading.BoundedSemaphore(AT_ONCE + MOST_WAITING)
        self._seats = threading.BoundedSemaphore(AT_ONCE)

    @contextmanager
    def seat(self) -> Iterator[None]:
        if not self._queue.acquire(blocking=False):
            raise BusyError
        try:
            if not self._seats.acquire(timeout=WAIT_SECONDS):
                raise BusyError
            try:
                yield
            finally:
                self._seats.release()
        finally:
            self._queue.release()


# Known devices queue apart: whoever floods the sign-in page delays strangers only.
_STRANGERS, _KNOWN = _Desk(), _Desk()


def hash_password(password: str) -> str:
    """What is kept of a password."""
    with _KNOWN.seat():
        return HASHER.hash(_plain(password))


def is_right(stored: str | None, password: str, *, known: bool) -> bool:
    """True for the right password. Without a stored one the same work is done, so that time tells nothing."""
    if is_too_long(password):
        return False
    with (_KNOWN if known else _STRANGERS).seat():
        try:
            HASHER.verify(stored or _nobodys(), _plain(password))
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def needs_new_hash(stored: str) -> bool:
    """True where it was hashed with weaker settings than today's."""
    return HASHER.check_needs_rehash(stored)


def is_too_long(password: str) -> bool:
    """Too long to hash: a page of text is no password, and hashing it would be work for nothing."""
    return len(password.encode("utf-8", "surrogatepass")) > LONGEST_BYTES


def weakness(password: str, about: Iterable[str] = ()) -> str | None:
    """Why this password will not do, in words; nothing where it will. `about`: names that others would try first."""
    plain = unicodedata.normalize("NFKC", password)
    if len(plain) < SHORTEST:
        return f"Use at least {SHORTEST} characters. A few words in a row are easy to remember."
    if is_too_long(password):
        return "This is too long for a password."
    if _is_common(plain.casefold(), about):
        return "This is one of the first that others would try. Choose something longer or less usual."
    return None


def _is_common(text: str, about: Iterable[str]) -> bool:
    words = _common() | frozenset(_letters(part) for name in about for part in (name, *re.split(r"\W+", name)) if part)
    if len(set(text)) < MOST_PLAIN or _is_run(text) or is_refused(text) or is_refused(text[::-1]):
        return True
    return any(_is_plain(form, words) for form in _readings(text))


def _readings(text: str) -> tuple[str, str]:
    """As typed, and with digits read as the letters they stand for; a year or a mark at the end is nothing."""
    core = _EDGES.sub("", text)
    return _letters(core), _letters(core.translate(_LEET))


def _is_plain(letters: str, words: frozenset[str]) -> bool:
    """Too few letters to count, or one common word, perhaps said several times."""
    if letters in words or is_refused(letters):
        return True
    return any(
        len(letters) % size == 0
        and letters == letters[:size] * (len(letters) // size)
        and (letters[:size] in words or is_refused(letters[:size]))
        for size in range(FEWEST_LETTERS - 1, len(letters) // 2 + 1)
    )


def _is_run(text: str) -> bool:
    """Mostly neighbours on the keyboard or in the alphabet."""
    steps = sum(any(pair in run or pair[::-1] in run for run in RUNS) for pair in map("".join, pairwise(text)))
    return len(text) - 1 - steps <= MOST_STEPS


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalpha())


@cache
def _common() -> frozenset[str]:
    return frozenset({_letters(word) for word in wordlist()} | set(COMMON.split()))


@cache
def _nobodys() -> str:
    return HASHER.hash("nobody has this password")


def _plain(password: str) -> str:
    return unicodedata.normalize("NFKC", password)

"""Which complaints look alike by their words, which belong together, and when many come at once."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from hashlib import blake2b
from statistics import median
from uuid import UUID

from rapidfuzz.distance import Indel

# Scripts without spaces are taken sign by sign.
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
RUN = 3
KEPT = 24
# Below that many words two strangers say the same by chance: "He was rude to me."
LEAST_WORDS = 8
LEAST_ALIKE = 60
LEAST_GROUP = 3
# Many at once: so many in a day, and so many times what a usual day brings.
LEAST_WAVE, TIMES_USUAL = 10, 4


class LinkKind(StrEnum):
    """What a person found about two complaints that look alike."""

    DUPLICATE = "duplicate"
    NOT_ALIKE = "not_alike"


def words_of(text: str) -> list[str]:
    """The words without capitals, signs and accents' spelling."""
    return WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def sketch(key: bytes, words: Sequence[str]) -> list[int]:
    """A few numbers that two texts have in common where they share runs of words; without the key they say nothing."""
    if len(words) < LEAST_WORDS:
        return []
    runs = {" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}
    return sorted(_number(key, run) for run in runs)[:KEPT]


def _number(key: bytes, run: str) -> int:
    return int.from_bytes(blake2b(run.encode(), key=key, digest_size=4).digest(), signed=True)


def percent_alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How much of both is the same words in the same order."""
    return round(100 * Indel.normalized_similarity(one, other))


def groups(pairs: Iterable[tuple[UUID, UUID]]) -> list[set[UUID]]:
    """What belongs together by one pair after the other, the largest first; two alone are no group."""
    found: dict[UUID, set[UUID]] = {}
    for one, other in pairs:
        mine, theirs = found.get(one, {one}), found.get(other, {other})
        if mine is not theirs:
            mine |= theirs
            found.update(dict.fromkeys(mine, mine))
    each = {id(group): group for group in found.values()}.values()
    return sorted((group for group in each if len(group) >= LEAST_GROUP), key=len, reverse=True)


def is_wave(latest: int, by_day: Mapping[date, int], days: int) -> bool:
    """True where the last day brought far more than a usual one; days without any count too."""
    usual = median([*by_day.values(), *[0] * max(0, days - len(by_day))] or [0])
    return latest >= LEAST_WAVE and latest >= TIMES_USUAL * max(1, usual)

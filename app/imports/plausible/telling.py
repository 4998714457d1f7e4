"""Draws words: names of people who do not exist, places, and accounts of what happened."""

from collections.abc import Sequence
from pathlib import Path
from random import Random

import yaml

WORDS: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text("utf-8"))
DISTRICTS = [f"District {number}" for number in range(1, 10)]
UNITS = [*(f"Precinct {number}" for number in range(1, 9)), "Traffic", "Detectives", "Transit", "Patrol Support"]
SLOTS: dict[str, Sequence[str]] = {
    **{
        slot: WORDS[f"{slot}s"]
        for slot in ("place", "time", "thing", "manner", "order", "surface", "part", "relative", "room")
    },
    "minutes": [str(minutes) for minutes in range(5, 120, 5)],
}


class Teller:
    """One source of words; the same numbers give the same words."""

    def __init__(self, draw: Random) -> None:
        self._draw = draw

    def surname(self) -> str:
        """A surname that nobody bears."""
        return self._one(WORDS["name_starts"]) + self._one(WORDS["name_ends"])

    def first_name(self) -> str:
        """A first name as rare."""
        return self._one(WORDS["first_names"])

    def street(self) -> str:
        """Where it happened."""
        return f"{self._one(WORDS['street_names'])} {self._one(WORDS['street_kinds'])} {self._number(1, 2000)}"

    def district(self) -> str:
        """The part of the city."""
        return self._one(DISTRICTS)

    def account(self, officer: str) -> str:
        """What a filer writes: a few sentences, or a page of them."""
        deeds = min(40, 3 + int(self._draw.expovariate(0.25)))
        told = [
            self._one(WORDS["openings"]),
            *(self._one(WORDS["deeds"]) for _ in range(deeds)),
            self._one(WORDS["endings"]),
        ]
        named = f" I think the officer's name was {officer}." if officer else ""
        return " ".join(self.fill(sentence) for sentence in told) + named

    def note(self) -> str:
        """What an investigator writes down."""
        return self.fill(self._one(WORDS["notes"]))

    def task(self) -> str:
        """Something to do."""
        return self._one(WORDS["tasks"])

    def look(self) -> str:
        """How an officer whose name is unknown is described."""
        return self._one(WORDS["looks"])

    def rank_and_unit(self) -> tuple[str, str]:
        """Where an officer serves, and as what."""
        return self._one(WORDS["ranks"]), self._one(UNITS)

    def fill(self, sentence: str) -> str:
        """The sentence with a word in each of its places."""
        before, *rest = sentence.split("{")
        parts = [before]
        for piece in rest:
            slot, _, after = piece.partition("}")
            parts += self._one(SLOTS[slot]), after
        return "".join(parts)

    def _one(self, choices: Sequence[str]) -> str:
        return choices[int(self._draw.random() * len(choices))]

    def _number(self, least: int, below: int) -> int:
        return least + int(self._draw.random() * (below - least))

"""What can be asked, as `templates/rulebook/questions.yaml` words it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Self

from pydantic import Field

from app.config import PROJECT
from app.policy.documents import read_document
from app.policy.model.agency import OversightModel
from app.policy.model.base import Block, Code, Flag, Line, Names
from app.policy.model.decisions import Canonical
from app.policy.model.process import Owner, Per

TEMPLATES = PROJECT / "templates" / "rulebook"
QUESTIONS = "questions.yaml"

Models = tuple[OversightModel, ...]


class Open(Block):
    """The open question that stands in the rulebook while nobody knows the answer."""

    question: Line
    place: Line
    stops: Line | None = None
    stops_cases: Flag = False
    stops_cases_for: Models = ()
    needs_board: Flag = False

    def about(self, board: str, name: str) -> Self:
        """The same question about one of several boards."""
        place = self.place.replace("{board}", board)
        return self.model_copy(update={"question": self.question.replace("{name}", name), "place": place})


class Question(Block):
    """One question."""

    key: Line
    kind: Code
    asks: Line
    asks_again: Line | None = None
    """How it is asked of another board."""
    help: Line | None = None
    example: Line | tuple[Line, ...]
    or_: tuple[Line, ...] = Field((), alias="or")
    default: Line | None = None
    required: Flag = False
    optional: Flag = False
    """May be left out of a file of answers."""
    choices: Mapping[str, Any] = Field(default_factory=dict)
    models: Models = ()
    needs: tuple[Line, ...] = ()
    """Other answers that must have been given for this to be asked."""
    open: Open | None = None


class PowerWords(Block):
    """One power that the law may give, and what stops without it."""

    asks: Line
    example: Line
    models: Models = ()
    by_board: Flag = False
    """Whether a board is named first among those who may hold it."""
    stops: Line
    stops_cases_for: Models = ()


class ClockWords(Block):
    """One clock: what starts and stops it is a proposal, its length is asked."""

    asks: Line
    example: Line
    models: Models = ()
    power: Code | None = None
    """Asked only where the agency has this power."""
    label: Line
    starts: Names
    stops: Names
    stops_by_model: Mapping[OversightModel, Code] = Field(default_factory=dict)
    owner: Owner = Owner.AGENCY
    owner_is_board: Flag = False
    per: Per = Per.CASE
    is_public: Flag = False
    always_there: Flag = False
    """Other blocks name it: without a time limit, the days are counted up."""


class FindingWords(Block):
    """One kind of finding, with the usual word for it."""

    asks: Line
    example: Line
    label: Line
    usual: Line | None = None
    """What Enter means; the label when left out."""
    definition: Line
    canonical: Canonical
    merits: Flag
    calls_for_discipline: Flag = False


class Section(Block):
    """Questions that belong together."""

    title: Line
    lead: Line | None = None
    questions: tuple[Question, ...] = ()
    boards: tuple[Question, ...] = ()
    powers: Mapping[Code, PowerWords] = Field(default_factory=dict)
    clocks: Mapping[Code, ClockWords] = Field(default_factory=dict)
    findings: Mapping[Code, FindingWords] = Field(default_factory=dict)


class Catalogue(Block):
    """All of it."""

    sections: tuple[Section, ...]
    always_open: tuple[Open, ...]

    @property
    def powers(self) -> Mapping[str, PowerWords]:
        return {code: words for section in self.sections for code, words in section.powers.items()}

    @property
    def clocks(self) -> Mapping[str, ClockWords]:
        return {code: words for section in self.sections for code, words in section.clocks.items()}

    @property
    def findings(self) -> Mapping[str, FindingWords]:
        return {code: words for section in self.sections for code, words in section.findings.items()}


@cache
def catalogue() -> Catalogue:
    """Read once a process."""
    return Catalogue.model_validate(read_document(QUESTIONS, (TEMPLATES / QUESTIONS).read_bytes()).data)

"""What happened in a case, told in the rulebook's words: a reader of its history meets no code."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from app.cases.rules.links import RELATIONS
from app.clocks.rules import OWNERS, WITHDRAWN, said_level
from app.policy.model import Rulebook
from app.policy.plain.words import EVENTS, ROLES

WHOSE_WORD = {
    "agency": "the word of this office",
    "board": "the word of the board",
    "department": "the word of the department",
    "chief": "the word of the chief",
    "officer": "the word of the officer",
    "filer": "the word of the person who complained",
    "external": "the word of an outside body",
}
READERS = {"team": "the team", "mine": "themselves"}
HOW_MET = {
    "sending": "it was sent",
    "publishing": "it was published",
    "filing": "it was filed",
    "minor": "kept as a minor matter",
}
CALLED_OFF = {WITHDRAWN: "what had started it was withdrawn"}


def in_words(book: Rulebook, facts: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The facts of an event with the rulebook's words in place of its codes, and people's names in place of ids."""
    return {key: _fact_in_words(_words_of(book, key), names, value) for key, value in facts.items()}


def _fact_in_words(words: Mapping[str, str], names: Mapping[str, str], value: Any) -> Any:
    text = str(value)
    if text in words or text in names:
        return words.get(text) or names[text]
    try:
        return _day(date.fromisoformat(text))
    except ValueError:
        return _version(text) if "@" in text else text.replace("_", " ") if "-" not in text else text


def _day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _version(policy_id: str) -> str:
    """A rulebook is told by the day on which it took effect, not by its key."""
    try:
        return f"in force from {_day(date.fromisoformat(policy_id.partition('@')[2].partition('#')[0]))}"
    except ValueError:
        return policy_id


def _words_of(book: Rulebook, key: str) -> dict[str, str]:
    words = {each.code: each.label.to("en") for each in _entries(book).get(key, ())}
    return {**words, **_fixed(key)}


def _entries(book: Rulebook) -> dict[str, Iterable[Any]]:
    """In which list of the rulebook the codes of a fact stand."""
    disputes, demands = book.discipline.disputes, book.demands.kinds
    answers = [*book.discipline.answers, *book.policy_recommendations.answers]
    happened = (*book.milestones, *book.closures)
    return {
        "stage": book.stages,
        "from_stage": book.stages,
        "to_stage": book.stages,
        "rule": book.deadlines,
        "classification": book.classification,
        "closure": book.closures,
        "result": book.findings,
        "disposition": book.findings,
        "proposal": (*book.findings, *book.stages),
        "life": book.lives,
        "category": book.allegations,
        "department_id": book.departments,
        "milestone": book.milestones,
        "event": happened,
        "reason": happened,
        "report": book.external_reports,
        "dispute": disputes,
        "decision": [outcome for each in disputes for outcome in each.outcomes],
        "kind": (*book.tolling, *demands, *book.case_kinds),
        "answer": [*answers, *(answer for each in demands for answer in each.answers)],
        "measure": book.discipline.penalties,
        "imposed": book.discipline.penalties,
        "cause": book.deadline_defaults.lapse_reasons,
        "channel": book.intake.channels,
        "anonymity": book.intake.anonymity,
        "language": book.languages,
        "ground": (*book.meetings.closed_grounds, *(each for body in book.bodies for each in body.recusal_grounds)),
    }


def _fixed(key: str) -> Mapping[str, str]:
    """Words for what the code itself names."""
    told: dict[str, Mapping[str, str]] = {
        "reader": READERS,
        "stands": WHOSE_WORD,
        "event": EVENTS,
        "reason": {**EVENTS, **CALLED_OFF},
        "how": HOW_MET,
        "relation": {code: words for code, (words, _) in RELATIONS.items()},
        "party": {str(code): words.lower() for code, words in OWNERS.items()},
        "level": {code: said_level(code).removeprefix("the ") for code in (*ROLES, "holder")},
    }
    return told.get(key, {})

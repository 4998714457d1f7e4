"""The files of a rulebook out of the answers: the templates hold every word, and no fact that nobody gave."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.operations.new_rulebook.answers import Answer, Answers
from app.operations.new_rulebook.catalogue import TEMPLATES, ClockWords, FindingWords, catalogue
from app.operations.new_rulebook.kinds import Majority
from app.operations.new_rulebook.open_questions import open_questions
from app.operations.new_rulebook.questions import asked, boards_of, power_holder
from app.policy.model.agency import OversightModel

LONGEST_CODE = 50
# Days of the first scenario: one after the other, so that it holds under clocks of any length.
STORY = range(7)


@dataclass(frozen=True)
class Board:
    """A board as it was described."""

    code: str
    name: str
    seats: Answer
    quorum: Answer
    vote: Answer

    @property
    def unknown(self) -> list[str]:
        asked_for = {"seats": self.seats, "quorum": self.quorum, "votes": self.vote}
        return [key for key, answer in asked_for.items() if answer.is_unknown]


@dataclass(frozen=True)
class Department:
    """A department that is overseen."""

    code: str
    name: str
    title: str


@dataclass(frozen=True)
class PowerHeld:
    """A power that the law gives."""

    code: str
    holder: str
    answer: Answer


@dataclass(frozen=True)
class ClockSet:
    """A clock with its length, if any is known."""

    code: str
    words: ClockWords
    answer: Answer
    stops: list[str]
    owner: str


@dataclass(frozen=True)
class FindingNamed:
    """A finding in the city's word."""

    code: str
    label: str
    words: FindingWords
    unknown: list[str]


def draft(answers: Answers, shown: str) -> dict[str, str]:
    """Every file of the rulebook, by its name; `shown` is the folder as messages name it."""
    facts = _facts(answers, shown)
    model = facts["model"]
    return {
        "rulebook.yaml": _rendered("rulebook.yaml.j2", facts),
        "form.yaml": _rendered("form.yaml.j2", facts),
        **{
            f"letters/{one['code']}.en.txt": _rendered(f"letters/{one['code']}.txt.j2", facts)
            for one in facts["letters"]
        },
        "scenarios/the_first_road.yaml": _rendered(f"scenarios/{model}.yaml.j2", facts),
    }


def quoted(text: str) -> str:
    """Safe for any text: YAML in double quotes is read as JSON is."""
    return json.dumps(text, ensure_ascii=False)


@cache
def _templates() -> Environment:
    made = Environment(  # noqa: S701 - YAML and letters, no HTML
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["q"] = quoted
    return made


def _rendered(name: str, facts: Mapping[str, Any]) -> str:
    return _templates().get_template(name).render(facts)


def _facts(answers: Answers, shown: str) -> dict[str, Any]:
    """What the templates may ask."""
    boards = [_board(code, answers) for code in boards_of(answers)]
    day: date = answers.value("takes_effect")
    decider = next((b for b in boards if answers.value("model") != OversightModel.AUDITOR_MONITOR), None)
    findings = list(_findings(answers))
    can_vote = decider is not None and decider.vote.is_given
    powers = [PowerHeld(code, holder, answers[f"powers.{code}"]) for code, holder in _holders(answers).items()]
    clocks = list(_clocks(answers, has_board=decider is not None))
    holders, running = {p.code: p.holder for p in powers}, {c.code for c in clocks}
    return {
        "answer": answers.__getitem__,
        "value": answers.value,
        "says_yes": answers.says_yes,
        "model": answers.value("model"),
        "folder": shown,
        "day": day.isoformat(),
        "days": [(day + timedelta(days=n)).isoformat() for n in STORY],
        "reread_on": day.replace(year=day.year + 1, day=min(day.day, 28)).isoformat(),
        "has_law": answers["law"].is_given,
        "has_contact": any(answers[f"contact.{key}"].is_given for key in ("address", "phone", "email", "web")),
        "has_phone": answers["contact.phone"].is_given,
        "roll_is_known": not answers["roll"].is_unknown,
        "third_party": answers.value("third_party"),
        "sworn": answers.value("sworn"),
        "limit": answers["filing_limit"],
        "languages": answers.value("languages") or (),
        "boards": boards,
        "decider": decider,
        "can_vote": can_vote,
        "can_decide": can_vote and not decider.unknown and bool(findings) if decider else False,
        "departments": _departments(answers),
        "powers": powers,
        "clocks": clocks,
        "findings": findings,
        "letters": list(_letters(holders, running)),
        "questions": open_questions(answers),
        "has_power": holders.__contains__,
        "holder": holders.__getitem__,
        "has_clock": running.__contains__,
        "majority": _majority,
        "cite": lambda answer: _cited(answers, answer, ", "),
        "cite_below": lambda answer, indent: _cited(answers, answer, f"\n{indent}"),
    }


def _cited(answers: Answers, answer: Answer, before: str) -> str:
    """The section, where one was given; only with the law's title has it been read somewhere."""
    if not answer.section:
        return ""
    read = f"{before}evidence: read" if answers["law"].is_given else ""
    return f"{before}authority: {quoted(answer.section)}{read}"


def _majority(rule: Majority) -> str:
    number = f", number: {rule.number}" if rule.number else ""
    return f"share: {rule.share}{number}, of: {rule.of}"


def _board(code: str, answers: Answers) -> Board:
    given = (answers[f"{code}.{key}"] for key in ("seats", "quorum", "vote"))
    return Board(code, answers.value(f"{code}.name"), *given)


def _holders(answers: Answers) -> dict[str, str]:
    """Every power that the law gives and whose holder is known."""
    found = {code: power_holder(code, answers) for code in catalogue().powers}
    return {code: holder for code, holder in found.items() if holder is not None}


def _departments(answers: Answers) -> list[Department]:
    made: list[Department] = []
    for name, title in answers.value("departments"):
        code = _code_of(name, {each.code for each in made})
        made.append(Department(code, name, title))
    return made


def _code_of(name: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_0123456789")[:LONGEST_CODE].strip("_") or "department"
    return next(code for n in range(len(taken) + 1) if (code := f"{base}_{n + 1}" if n else base) not in taken)


def _clocks(answers: Answers, *, has_board: bool) -> Iterator[ClockSet]:
    """A clock that the law does not set is left out, unless another block names it."""
    was_asked = {question.key for _, question in asked(answers)}
    for code, words in catalogue().clocks.items():
        answer = answers[f"clocks.{code}"]
        if f"clocks.{code}" not in was_asked or not (answer.is_given or answer.is_unknown or words.always_there):
            continue
        first = words.stops_by_model.get(OversightModel(answers.value("model")))
        stops = [*([first] if first else []), *words.stops]
        yield ClockSet(code, words, answer, stops, "board" if words.owner_is_board and has_board else words.owner)


def _findings(answers: Answers) -> Iterator[FindingNamed]:
    """The usual word stands where the city's own is not known."""
    for code, words in catalogue().findings.items():
        answer = answers[f"findings.{code}"]
        if answer.is_given or answer.is_unknown:
            unknown = [
                *(["label"] if answer.is_unknown else []),
                *(["standard"] if answers["standard"].is_unknown else []),
            ]
            yield FindingNamed(code, answer.value or words.label, words, unknown)


LETTERS = (
    ("receipt", "Receipt", "filer", "filing_received", ""),
    ("acknowledgement", "Acknowledgement", "filer", "acknowledgement_sent", ""),
    ("status_update", "Update", "filer", "filer_updated", ""),
    ("question", "A question for you", "filer", "", ""),
    ("referral", "Passed on", "filer", "case_referred", ""),
    ("finding", "What was decided", "filer", "findings_sent", ""),
    ("closing", "Closing letter", "filer", "case_closed", ""),
    ("closed_early", "Closed without a finding", "filer", "case_closed_early", ""),
    ("findings_to_department", "Findings to the department", "department", "findings_sent", ""),
    ("officer_notice", "Notice to the officer", "officer", "officer_identified", "clock officer_notice"),
    ("demand", "Demand", "department", "demand_sent", "power records_access"),
    ("demand_reminder", "Reminder of a demand", "department", "", "power records_access"),
    ("recommendation", "Policy recommendation", "department", "recommendation_sent", "power policy_review"),
)


def _letters(powers: Mapping[str, str], clocks: set[str]) -> Iterator[dict[str, str]]:
    held = {*(f"power {code}" for code in powers), *(f"clock {code}" for code in clocks), ""}
    for code, label, to, on, needs in LETTERS:
        if needs in held:
            yield {"code": code, "label": label, "to": to, "on": on}

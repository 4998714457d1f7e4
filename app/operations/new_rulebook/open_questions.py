"""What nobody knew, as the open questions of the rulebook: the ones that stop cases first."""

from __future__ import annotations

from collections.abc import Iterator

from app.operations.new_rulebook.answers import Answers
from app.operations.new_rulebook.catalogue import Open, catalogue
from app.operations.new_rulebook.questions import asked, boards_of, is_for
from app.policy.model.law import OpenQuestion


def open_questions(answers: Answers) -> list[OpenQuestion]:
    """Everything that was answered with ?, what contradicts itself, what has no section yet, and what nobody asked."""
    found = [*_unknown(answers), *_contradictions(answers), *_without_a_section(answers), *_always(answers)]
    return sorted(found, key=lambda question: not question.stops_cases)


def _unknown(answers: Answers) -> Iterator[OpenQuestion]:
    for _, question in asked(answers):
        if question.open and answers[question.key].is_unknown:
            board = question.key.partition(".")[0]
            name = str(answers.value(f"{board}.name") or "")
            yield _as_question(question.open.about(board, name), answers)


def _contradictions(answers: Answers) -> Iterator[OpenQuestion]:
    """A model whose own power the law does not give."""
    for code, power in catalogue().powers.items():
        stops = is_for(power.stops_cases_for, answers) and power.stops_cases_for
        if stops and answers.value(f"powers.{code}") is False:
            says = f"{power.asks} No, says the answer; but this model cannot do without it. Which is right?"
            yield OpenQuestion(question=says, place="powers", stops=power.stops, stops_cases=True)


def _without_a_section(answers: Answers) -> Iterator[OpenQuestion]:
    keys = [question.key for _, question in asked(answers)]
    places = [place for key in keys if (place := _place_of(key, answers)) and _wants_a_section(key, answers)]
    if places:
        says = f"In which section of the law does each of these stand: {', '.join(dict.fromkeys(places))}?"
        stops = "Nobody can look it up; write it as `authority`."
        yield OpenQuestion(question=says, place="meta.sources", stops=stops)


def _wants_a_section(key: str, answers: Answers) -> bool:
    answer = answers[key]
    return answer.is_given and answer.value is not False and not answer.section


def _place_of(key: str, answers: Answers) -> str:
    """Where a fact stands that binds somebody; nothing for the other answers."""
    group, _, code = key.partition(".")
    if group == "powers":
        return f"powers ({code})"
    if group == "clocks":
        return f"deadlines.{code}"
    if group in boards_of(answers) and code in ("quorum", "vote"):
        return f"bodies.{group}.{'votes' if code == 'vote' else code}"
    return "intake.filing_limit" if key == "filing_limit" else ""


def _always(answers: Answers) -> Iterator[OpenQuestion]:
    for each in catalogue().always_open:
        if boards_of(answers) or not each.needs_board:
            yield _as_question(each, answers)


def _as_question(each: Open, answers: Answers) -> OpenQuestion:
    stops = each.stops_cases or answers.value("model") in [model.value for model in each.stops_cases_for]
    return OpenQuestion(question=each.question, place=each.place, stops=each.stops, stops_cases=stops)

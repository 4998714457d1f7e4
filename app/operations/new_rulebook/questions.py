"""Which questions come, in which order, under what was answered before."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator

from app.operations.new_rulebook.answers import UNKNOWN, Answer, Answers, BadAnswer, Typed
from app.operations.new_rulebook.catalogue import (
    ClockWords,
    FindingWords,
    Models,
    Open,
    PowerWords,
    Question,
    Section,
    catalogue,
)
from app.operations.new_rulebook.kinds import LISTS, Ask, read_answer
from app.policy.model.agency import OversightModel

BOARDS = ("board", "second_board", "third_board")
OFFICE = "office"
MOST_IN_A_LIST = 20

Asked = tuple[Section, Question]


def asked(answers: Answers) -> Iterator[Asked]:
    """Every question under these answers, in order."""
    for section in catalogue().sections:
        for question in _of(section, answers):
            yield section, question


def next_question(answers: Answers, leaving_out: Collection[str] = ()) -> Asked | None:
    """The first one that is not answered."""
    return next((each for each in asked(answers) if each[1].key not in {*answers.read, *leaving_out}), None)


def every_key() -> frozenset[str]:
    """What a file of answers may hold, whichever model it is for."""
    all_of_them = catalogue()
    return frozenset(
        [
            *(question.key for section in all_of_them.sections for question in section.questions),
            *(
                q.key.format(board=board)
                for section in all_of_them.sections
                for q in section.boards
                for board in BOARDS
            ),
            *(f"{group}.{code}" for code in all_of_them.powers for group in ("powers", "holders")),
            *(f"clocks.{code}" for code in all_of_them.clocks),
            *(f"findings.{code}" for code in all_of_them.findings),
        ]
    )


def read(question: Question, typed: Typed, answers: Answers) -> Answer:
    """The answer as it is understood; refused with the reason."""
    ask = Ask(question.choices, _seats(question.key, answers), question.required)
    if question.kind not in LISTS:
        if not isinstance(typed, str):
            raise BadAnswer("One answer is wanted here, not a list.")
        return read_answer(question.kind, typed, ask)
    return _read_list(question, [typed] if isinstance(typed, str) else typed, ask)


def _read_list(question: Question, typed: list[str], ask: Ask) -> Answer:
    each = [read_answer(question.kind, one, ask) for one in typed]
    if question.required and not each:
        raise BadAnswer("At least one is needed.")
    if len(each) > MOST_IN_A_LIST:
        raise BadAnswer(f"At most {MOST_IN_A_LIST} can be given.")
    if any(one.is_unknown for one in each):
        return UNKNOWN
    firsts = [one.value[0] for one in each]
    twice = next((first for first in firsts if firsts.count(first) > 1), None)
    if twice is not None:
        raise BadAnswer(f"“{twice}” is there twice.")
    return Answer(tuple(one.value for one in each))


def proposed_folder(answers: Answers) -> str:
    """A name for the folder out of the names of the city and the agency; nothing where none can be made."""
    city = re.sub(r"(?i)\b(city|town|village|county) of\b", "", str(answers.value("city") or ""))
    short = str(answers.value("short_name") or answers.value("agency") or "")
    # Many an agency is called after its city, which need not be said twice.
    city = "" if short.casefold().startswith(city.strip().casefold()) else city
    plain = unicodedata.normalize("NFKD", f"{city} {short}").encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-0123456789")[:40].strip("-")


def has_board(answers: Answers) -> bool:
    """A review is decided by a board: it is not asked whether there is one."""
    return answers.value("model") == OversightModel.REVIEW or answers.says_yes("has_board")


def boards_of(answers: Answers) -> tuple[str, ...]:
    """The boards that were named, by code."""
    return tuple(board for board in BOARDS if answers[f"{board}.name"].is_given) if has_board(answers) else ()


def power_holder(code: str, answers: Answers) -> str | None:
    """Who holds a power that the law gives; nobody where that is not known."""
    if not answers.says_yes(f"powers.{code}"):
        return None
    holder: str | None = answers.value(f"holders.{code}") if boards_of(answers) else OFFICE
    return holder


def is_for(models: Models, answers: Answers) -> bool:
    return not models or answers.value("model") in [model.value for model in models]


def _of(section: Section, answers: Answers) -> Iterator[Question]:
    yield from (each for each in section.questions if _is_asked(each, answers))
    yield from _of_boards(section.boards, answers)
    for code, power in section.powers.items():
        yield from _of_a_power(code, power, answers)
    yield from (_of_a_clock(code, clock) for code, clock in section.clocks.items() if _runs(clock, answers))
    yield from (_of_a_finding(code, finding) for code, finding in section.findings.items())


def _is_asked(question: Question, answers: Answers) -> bool:
    needed = (answers.value(key) for key in question.needs)
    return is_for(question.models, answers) and all(value not in (None, False) for value in needed)


def _of_boards(questions: tuple[Question, ...], answers: Answers) -> Iterator[Question]:
    """The second board is asked about when the first one was said not to be the only one."""
    for n, board in enumerate(BOARDS):
        if not has_board(answers) or (n and not answers.says_yes(f"{BOARDS[n - 1]}.another")):
            return
        for question in questions:
            if not (board == BOARDS[-1] and question.key.endswith(".another")):
                yield _about(question, board, is_again=n > 0)


def _about(question: Question, board: str, *, is_again: bool) -> Question:
    changed = {"key": question.key.replace("{board}", board)}
    if is_again and question.asks_again:
        changed["asks"] = question.asks_again
    return question.model_copy(update=changed)


def _of_a_power(code: str, power: PowerWords, answers: Answers) -> Iterator[Question]:
    if not is_for(power.models, answers):
        return
    stops = Open(
        question=f"{power.asks} Where is that written?",
        place="powers",
        stops=power.stops,
        stops_cases_for=power.stops_cases_for,
    )
    yield Question(key=f"powers.{code}", kind="yes_no", asks=power.asks, example=power.example, open=stops)
    boards = boards_of(answers)
    if boards and answers.says_yes(f"powers.{code}"):
        bodies = {OFFICE: answers.value(OFFICE), **{board: answers.value(f"{board}.name") for board in boards}}
        choices = dict(reversed(bodies.items())) if power.by_board else bodies
        who = stops.model_copy(update={"question": f"{power.asks} It may; but who holds that power?"})
        yield Question(
            key=f"holders.{code}",
            kind="choice",
            asks="Who holds that power?",
            example="board" if power.by_board else OFFICE,
            choices=choices,
            open=who,
        )


def _runs(clock: ClockWords, answers: Answers) -> bool:
    return is_for(clock.models, answers) and (clock.power is None or power_holder(clock.power, answers) is not None)


def _of_a_clock(code: str, clock: ClockWords) -> Question:
    unknown = Open(
        question=f"{clock.asks} If the law gives no number, write `counts_up: true`.",
        place=f"deadlines.{code}",
        stops="No date can be given.",
        stops_cases=True,
    )
    return Question(key=f"clocks.{code}", kind="limit", asks=clock.asks, example=clock.example, open=unknown)


def _of_a_finding(code: str, finding: FindingWords) -> Question:
    unknown = Open(
        question=f"{finding.asks} The usual word, {finding.label}, stands there.",
        place=f"findings.{code}",
        stops="Letters say the usual word.",
    )
    default = finding.usual or finding.label
    return Question(
        key=f"findings.{code}", kind="line", asks=finding.asks, example=finding.example, default=default, open=unknown
    )


def _seats(key: str, answers: Answers) -> int | None:
    seats = answers.value(f"{key.partition('.')[0]}.seats")
    return seats if isinstance(seats, int) else None


# Who may refuse an answer for a reason of its own, such as a folder that is there already.
Check = Callable[[Question, Answer, Answers], None]

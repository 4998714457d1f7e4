"""Discipline as the rulebook has it: what may be recommended, to which answers, and when an answer is late."""

from dataclasses import dataclass
from datetime import date

from app.kernel.errors import Invalid, Refused
from app.policy.model import Rulebook
from app.policy.model.decisions import Answer, LifeCode
from app.policy.model.process import Phase

NUMBER_MASK = "R-{year}-{random}"
NONE_IMPOSED = "none"
NO_DISCIPLINE = ("none", "No discipline")
CHOOSE = "Choose one of the answers."


@dataclass(frozen=True)
class Given:
    """An answer as it was given."""

    answer: str
    reasons: str
    imposed: str


def may_recommend_at(book: Rulebook, stage: str) -> bool:
    """Discipline is recommended once the body has decided, and while the department has to answer."""
    return book.stage(stage).phase in (Phase.DECISION, Phase.ANSWER)


def is_sent_at_once(book: Rulebook, stage: str) -> bool:
    """Where the findings have gone to the department already, a recommendation follows them at once."""
    return book.stage(stage).phase is Phase.ANSWER


def may_follow(book: Rulebook, stage: str, *, is_answered: bool) -> bool:
    """After an answer, something else is recommended only where the body has the case before it again."""
    return is_answered and book.stage(stage).phase is Phase.DECISION


def check_measure(book: Rulebook, measure: str) -> str:
    """A penalty of the rulebook."""
    if measure not in {penalty.code for penalty in book.discipline.penalties}:
        raise Invalid({"measure": CHOOSE})
    return measure


def calls_for_discipline(book: Rulebook, disposition: str | None) -> bool:
    """True where the body's finding is one that discipline can follow."""
    return any(word.code == disposition and word.calls_for_discipline for word in book.findings)


def check_finding(book: Rulebook, disposition: str | None) -> None:
    """Nothing is recommended before the body has found, or on a finding that asks for none."""
    if disposition is None:
        raise Refused("The commission has not decided on this allegation yet.")
    if not calls_for_discipline(book, disposition):
        raise Refused("The commission's finding on this allegation asks for no discipline.")


def check_answer(book: Rulebook, given: Given) -> Answer:
    """An answer of the rulebook, with reasons where it asks for them, and what was imposed where it accepts."""
    answer = next((each for each in book.discipline.answers if each.code == given.answer), None)
    if answer is None:
        raise Invalid({"answer": CHOOSE})
    missing = {}
    if answer.needs_reason and not given.reasons.strip():
        missing["reasons"] = "Give your reasons: the rulebook asks for them with this answer."
    if given.imposed not in {code for code, _ in imposable(book)} and (answer.accepts or given.imposed):
        missing["imposed"] = "Say what is imposed, or that nothing is."
    if missing:
        raise Invalid(missing)
    return answer


def imposable(book: Rulebook) -> list[tuple[str, str]]:
    """What the department may say it imposed."""
    return [NO_DISCIPLINE, *((penalty.code, penalty.label.to("en")) for penalty in book.discipline.penalties)]


def measure_word(book: Rulebook, code: str, language: str = "en") -> str:
    """The rulebook's word for a measure; one that it does not know stays as it is."""
    return next((each.label.to(language) for each in book.discipline.penalties if each.code == code), code)


def answer_word(book: Rulebook, code: str, language: str = "en") -> str:
    """The rulebook's word for an answer."""
    return next((each.label.to(language) for each in book.discipline.answers if each.code == code), code)


def due_on(book: Rulebook, sent_on: date) -> date | None:
    """The day by which the department must answer; none where the law sets no day."""
    clock = book.discipline.answer_clock
    return book.due_on(clock, sent_on) if clock else None


def has_lapsed(due: date | None, answered_on: date | None, today: date) -> bool:
    """True the day after the last day, while no answer came; a duty without a day never lapses."""
    return due is not None and answered_on is None and today > due


def days_taken(sent_on: date | None, answered_on: date | None, today: date) -> int | None:
    """How long the answer took, or has taken so far."""
    return ((answered_on or today) - sent_on).days if sent_on else None


def has_department_life(book: Rulebook) -> bool:
    """True where the rulebook keeps the department's own finding beside the body's."""
    return any(life.code is LifeCode.DEPARTMENT for life in book.lives)

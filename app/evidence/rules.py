"""What may be asked of the department and what it may answer; how old a demand is."""

from datetime import date

from app.kernel.errors import Invalid, Refused
from app.policy.model import Rulebook
from app.policy.model.decisions import DemandKind

CHOOSE = "Choose one of the list."
NUMBER_MASK = "D-{random}"
# The kind under which the letter of a demand is kept.
LETTER = "demand"


def goes_to(book: Rulebook, department_id: str, own: str) -> str:
    """A department that the office oversees; the case's own where none is named."""
    if department_id and department_id not in {each.code for each in book.departments}:
        raise Invalid({"department_id": CHOOSE})
    return department_id or own


def kind_of(book: Rulebook, code: str) -> DemandKind:
    """One of the rulebook's kinds of demand."""
    found = next((kind for kind in book.demands.kinds if kind.code == code), None)
    if found is None:
        raise Invalid({"kind": CHOOSE})
    return found


def due_on(book: Rulebook, kind: DemandKind, today: date) -> date:
    """By when the department must answer; a kind whose days the law leaves open cannot be demanded with a date."""
    day = book.due_on(kind.clock, today)
    if day is None:
        raise Refused("The rulebook gives no number of days for this kind of demand.")
    return day


def kind_label(book: Rulebook, code: str) -> str:
    """The office's word for a kind of demand."""
    return next((kind.label.to("en") for kind in book.demands.kinds if kind.code == code), code)


def answer_label(book: Rulebook, kind: str, answer: str) -> str:
    """The office's word for an answer to that kind of demand."""
    answers = next((each.answers for each in book.demands.kinds if each.code == kind), ())
    return next((each.label.to("en") for each in answers if each.code == answer), answer)


def check_answer(kind: DemandKind, answer: str, words: str, *, with_file: bool) -> None:
    """An answer of the rulebook, and something that shows it: words or a file."""
    if answer not in {each.code for each in kind.answers}:
        raise Invalid({"answer": CHOOSE})
    if not words.strip() and not with_file:
        raise Invalid({"words": "Say what you looked for and what you found, or add the file."})


def check_unanswered(answered_on: date | None) -> None:
    """A demand is answered once."""
    if answered_on is not None:
        raise Refused("This demand has been answered already.")


def check_contradictable(answer: str | None, contradicted_on: date | None) -> None:
    """Only an answer can turn out to be untrue, and only once."""
    if answer is None:
        raise Refused("This demand has no answer yet.")
    if contradicted_on is not None:
        raise Refused("This has been noted already.")


def age(sent_on: date, answered_on: date | None, today: date) -> int:
    """How many days a demand has been waiting, or had to wait."""
    return ((answered_on or today) - sent_on).days

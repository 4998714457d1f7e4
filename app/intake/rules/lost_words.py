"""When a lost passphrase may be replaced: for who gave a name, by the rulebook's questions, all of them."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from app.intake.rules.filing import AnonymityKind
from app.kernel.errors import Invalid, NotAllowed, Refused
from app.policy.model import Rulebook

# Long enough for a letter to arrive, short enough that a forgotten one opens nothing.
CODE_LIFE = timedelta(days=7)
NAMELESS = "Who gave no name cannot be known again: nobody replaces this passphrase. They can tell us more without it."
NO_QUESTIONS = "The rulebook does not say how a filer is known again, so nobody is given new words."
NO_FIRST_HALF = "No code waits for its second half. Give new words first."
SAME_PERSON = "You gave the first half of this code. Somebody else, who talks with the filer too, gives the second."
ASK_ALL = "Ask every question. Tick those that were answered rightly; without all of them there are no new words."


def check_replaceable(book: Rulebook, anonymity: str) -> None:
    """There must be a name to know somebody by, and questions to know them with."""
    if anonymity == AnonymityKind.ANONYMOUS:
        raise Refused(NAMELESS)
    if not book.intake.identity_questions:
        raise Refused(NO_QUESTIONS)


def check_seconds(given_by_id: UUID, places: Collection[UUID]) -> None:
    """Whoever gives the second half did not give the first, and does not stand in for who did."""
    if given_by_id in places:
        raise NotAllowed(SAME_PERSON)


def check_asked(book: Rulebook, asked: Collection[str]) -> None:
    """Every question of the rulebook was answered rightly, and none that it does not have."""
    if set(asked) != {question.code for question in book.intake.identity_questions}:
        raise Invalid({"asked": ASK_ALL})

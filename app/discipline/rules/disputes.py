"""Disputes: an answer that differs goes before somebody else; who may decide, and whose word then stands."""

from collections.abc import Callable, Hashable, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.cases.rules import law_of
from app.discipline.rules.recommendations import CHOOSE, answer_word, measure_word
from app.discipline.rules.reports import NOTHING_HOLDS
from app.kernel.deadlines import say_day
from app.kernel.errors import Invalid, Refused
from app.policy.model import Rulebook
from app.policy.model.agency import BodyKind
from app.policy.model.decisions import Dispute, DisputeOutcome
from app.policy.model.process import Owner

# Whose word it is that stands: what was recommended, or what was answered to it. Of anybody else the outcome says it.
WHO_RECOMMENDED = {Owner.AGENCY, Owner.BOARD}
WHO_ANSWERED = {Owner.CHIEF, Owner.DEPARTMENT}
NOTHING_FINAL = "It is not decided yet. Nothing is final."
RECOMMENDATION_STANDS = "What was recommended stands"
ANSWER_STANDS = "What the department answered stands"
BURDEN = {
    Owner.AGENCY: "This office",
    Owner.BOARD: "The board",
    Owner.CHIEF: "The chief",
    Owner.DEPARTMENT: "The department",
    Owner.OFFICER: "The officer",
    Owner.FILER: "The person who complained",
    Owner.EXTERNAL: "The outside body",
}


@dataclass(frozen=True)
class Decision:
    """A decision as it was told to the office: how it ended, who decided, and what holds of them."""

    outcome: str
    deciders: Sequence[str] = ()
    members: Sequence[Hashable] = ()
    holds: str = NOTHING_HOLDS


@dataclass(frozen=True)
class Told:
    """What a dispute is about, and its outcome, if it has one."""

    measure: str
    answer: str
    outcome: str = ""


@dataclass(frozen=True)
class Bench:
    """The members of a body of this office who may decide, and those who have stepped aside from the case."""

    serving: Set[Any] = frozenset()
    recused: Set[Any] = frozenset()


def dispute(book: Rulebook, code: str) -> Dispute:
    """A dispute that the rulebook knows."""
    return next(each for each in book.discipline.disputes if each.code == code)


def opened_by(book: Rulebook, answer: str | None) -> Dispute | None:
    """The dispute that follows from this answer; None where the rulebook has none."""
    opens = next((each.opens for each in book.discipline.answers if each.code == answer), None)
    return dispute(book, opens) if opens else None


def is_of_members(book: Rulebook, found: Dispute) -> bool:
    """True where those who decide have seats here; of any other body their names are written down."""
    kinds = {body.code: body.kind for body in book.bodies}
    return kinds.get(found.decided_by) in (BodyKind.BOARD, BodyKind.PANEL)


def before(book: Rulebook, found: Dispute, language: str = "en") -> str:
    """The body that decides, by its name."""
    bodies = {each.code: each.label for each in (*book.bodies, *book.external_bodies)}
    return bodies[found.decided_by].to(language)


def who_decides(book: Rulebook, found: Dispute) -> str:
    """How many of which body, and how they are chosen."""
    many = {None: "", 1: "One member of "}.get(found.deciders, f"{found.deciders} members of ")
    chosen = f", chosen {found.chosen[:1].lower()}{found.chosen[1:]}" if found.chosen else ""
    return f"{many}{before(book, found)}{chosen}"


def burden(book: Rulebook, found: Dispute) -> str:
    """Who must convince, of what, and by which law."""
    test = f" {found.test.to('en')}" if found.test else ""
    record = " On the record: nothing new may be brought." if found.on_the_record else ""
    law = law_of(book, found)
    return f"{BURDEN[found.burden_on]} must convince.{test}{record}" + (f" ({law})" if law else "")


def check_may_be_decided(book: Rulebook, stage: str, decided_on: date | None) -> None:
    """A dispute is decided once, and while its case is open."""
    if decided_on is not None:
        raise Refused(f"This dispute is decided already, on {say_day(decided_on)}.")
    if book.stage(stage).final:
        raise Refused("The case is closed. Open it again before a decision of its dispute is put on file.")


def check_after_opening(on: date, opened_on: date) -> None:
    """Nobody decides what was not open yet."""
    if on < opened_on:
        words = f"The dispute was opened on {say_day(opened_on)}: nobody decided it before."
        raise Invalid({"happened_on": words})


def check_decision(book: Rulebook, found: Dispute, said: Decision, bench: Bench) -> DisputeOutcome:
    """An outcome of the rulebook, by as many as it asks for, none of whom may not decide."""
    outcome = next((each for each in found.outcomes if each.code == said.outcome), None)
    if outcome is None:
        raise Invalid({"outcome": CHOOSE})
    if is_of_members(book, found):
        _check_members(book, found, said, bench)
    else:
        _check_number(found, said.deciders, "deciders")
    _check_not_excluded(book, found, said.holds)
    return outcome


def _check_members(book: Rulebook, found: Dispute, said: Decision, bench: Bench) -> None:
    if not set(said.members) <= set(bench.serving):
        raise Invalid({"members": f"Choose from those who have a seat in {before(book, found)}."})
    _check_number(found, said.members, "members")
    if set(said.members) & set(bench.recused):
        raise Refused("A member who has stepped aside from this case may not decide it.")


def _check_number(found: Dispute, given: Sequence[Hashable], field: str) -> None:
    if len(set(given)) != len(given):
        raise Invalid({field: "The same person is named twice."})
    wanted = found.deciders
    if not given or (wanted is not None and len(given) != wanted):
        raise Invalid({field: f"The rulebook asks for {wanted}: name each." if wanted else "Say who decided."})


def _check_not_excluded(book: Rulebook, found: Dispute, holds: str) -> None:
    grounds = {each.code: each.label.to("en") for each in found.excluded_deciders}
    if grounds and holds not in {NOTHING_HOLDS, *grounds}:
        raise Invalid({"holds": "Say which of these holds of whoever decided, or that none does."})
    if holds in grounds:
        law = law_of(book, found)
        raise Refused(f"Who decided may not decide this: {grounds[holds]}." + (f" ({law})" if law else ""))


def all_decided_on(days: Sequence[date | None]) -> date | None:
    """The day of the last decision; None while one of them is still open."""
    known = [day for day in days if day is not None]
    return max(known, default=None) if len(known) == len(days) else None


def stands_of(found: Dispute, outcome: str) -> Owner:
    """The same, by the rulebook's own word."""
    return next(each.stands for each in found.outcomes if each.code == outcome)


def outcome_word(found: Dispute, outcome: str, language: str = "en") -> str:
    """The rulebook's word for how it ended."""
    return next((each.label.to(language) for each in found.outcomes if each.code == outcome), outcome)


def stands_words(
    book: Rulebook, found: Dispute, told: Told, language: str = "en", say: Callable[[str], str] = str
) -> str:
    """What is final now: nothing while it is open, then the measure or the answer; else the outcome says it."""
    if not told.outcome:
        return say(NOTHING_FINAL)
    owner = stands_of(found, told.outcome)
    if owner in WHO_RECOMMENDED:
        return f"{say(RECOMMENDATION_STANDS)}: {measure_word(book, told.measure, language)}."
    if owner in WHO_ANSWERED:
        return f"{say(ANSWER_STANDS)}: {answer_word(book, told.answer, language)}."
    return f"{outcome_word(found, told.outcome, language)}."

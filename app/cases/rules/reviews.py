"""What must be reviewed and what may be: by kind of allegation, by what the department found, or by lot."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha256

from app.cases.rules.milestones import law_of
from app.cases.rules.road import is_referral
from app.policy.model import Rulebook
from app.policy.model.decisions import ReviewRule
from app.policy.model.process import Move, Owner, Phase, Stage

WHOLE = 100
INVESTIGATED = frozenset({Phase.INVESTIGATION, Phase.REVIEW, Phase.DECISION, Phase.ANSWER})


class Duty(StrEnum):
    """How far a rule of review binds in one case."""

    MUST = "must"
    ONCE_FOUND = "once_found"  # it binds by what is alleged, once the department finds what the rule names
    BY_LOT = "by_lot"  # the lot of a case without a number is not drawn yet
    MAY = "may"


@dataclass(frozen=True)
class Alleged:
    """One allegation that stands, and what the department found on it; nothing while it has not said."""

    category: str
    found: str = ""


@dataclass(frozen=True)
class Reviewable:
    """What the rules of review ask of a case."""

    stage: str
    number: str = ""
    alleged: tuple[Alleged, ...] = ()
    days: Mapping[str, date] = field(default_factory=dict)
    """Milestones on file, each with its first day."""


@dataclass(frozen=True)
class ReviewDuty:
    """One rule of review as it stands in one case."""

    rule: ReviewRule
    duty: Duty
    place: int | None
    """The case's place among a hundred where the rule draws by lot; below its share, the case is drawn."""
    referred_on: date | None

    @property
    def is_drawn(self) -> bool:
        """True where the lot fell on this case."""
        return self.place is not None and self.place < (self.rule.sample_percent or 0)


def alleged_or_screened(stated: Iterable[Alleged], category: str) -> tuple[Alleged, ...]:
    """What is alleged; what the case was screened as until somebody has stated an allegation."""
    found = tuple(stated)
    return found or ((Alleged(category),) if category else ())


def review_duties(book: Rulebook, case: Reviewable) -> list[ReviewDuty]:
    """Which rules demand a review of this case and which permit one; who must review needs no permission."""
    found = [made for rule in book.review.rules if (made := _duty(book, rule, case)) is not None]
    bound = {each.rule.body for each in found if each.duty is Duty.MUST}
    return [each for each in found if each.duty is not Duty.MAY or each.rule.body not in bound]


def _duty(book: Rulebook, rule: ReviewRule, case: Reviewable) -> ReviewDuty | None:
    place = place_among_hundred(rule, case.number)
    duty = _by_what_is_alleged(book, rule, case)
    if duty is Duty.MUST and _draws(rule):
        duty = _by_lot(rule, place)
    referred_on = min((case.days[code] for code in referrals(book, rule) if code in case.days), default=None)
    if duty is None or (referred_on is None and not _is_investigated(book, rule, case)):
        return None
    return ReviewDuty(rule, duty, place, referred_on)


def _by_what_is_alleged(book: Rulebook, rule: ReviewRule, case: Reviewable) -> Duty | None:
    concerned = [each for each in case.alleged if _concerns(book, rule, each.category)]
    if rule.categories and not concerned:
        return None
    is_found = _is_found(book, rule, concerned, case.days)
    if not rule.is_mandatory:
        return None if is_found is False else Duty.MAY
    if is_found is None:
        return Duty.ONCE_FOUND
    return Duty.MUST if is_found else None


def _concerns(book: Rulebook, rule: ReviewRule, category: str) -> bool:
    """True where the rule names this kind, or the kind above it."""
    return not rule.categories or bool(set(rule.categories) & _with_parents(book, category))


def _with_parents(book: Rulebook, category: str) -> set[str]:
    parents = {each.code: each.parent for each in book.allegations}
    found: set[str] = set()
    code: str | None = category
    while code and code not in found:
        found.add(code)
        code = parents.get(code)
    return found


def _is_found(book: Rulebook, rule: ReviewRule, concerned: list[Alleged], days: Collection[str]) -> bool | None:
    """Whether the department found what the rule names; None while it has not said.

    Where its word on the allegation is not kept here, the day from which the referral is counted speaks for it.
    """
    if not rule.findings:
        return True
    said = {each.found for each in concerned if each.found}
    if said & set(rule.findings):
        return True
    if said and all(each.found for each in concerned):
        return False
    return True if begins_of(book, rule) & set(days) else None


def begins_of(book: Rulebook, rule: ReviewRule) -> set[str]:
    """The events from which the days of a referral are counted."""
    return set(book.clock(rule.clock).starts) if rule.clock else set()


def _is_investigated(book: Rulebook, rule: ReviewRule, case: Reviewable) -> bool:
    """A review reads an investigation: until there is one, and after the end, no rule asks for anything."""
    stage = book.stage(case.stage)
    return stage.phase in INVESTIGATED or (not stage.final and bool(begins_of(book, rule) & set(case.days)))


# --- by lot ---


def _draws(rule: ReviewRule) -> bool:
    return rule.sample_percent is not None and rule.sample_percent < WHOLE


def _by_lot(rule: ReviewRule, place: int | None) -> Duty | None:
    if place is None:
        return Duty.BY_LOT
    return Duty.MUST if place < (rule.sample_percent or 0) else None


def place_among_hundred(rule: ReviewRule, number: str) -> int | None:
    """Drawn from the case's own random number, so that nobody picks and anybody can count it again."""
    if not _draws(rule) or not number:
        return None
    return int(sha256(f"{rule.code}:{number}".encode()).hexdigest(), 16) % WHOLE


# --- the referral ---


def referrals(book: Rulebook, rule: ReviewRule) -> tuple[str, ...]:
    """The milestones that are the referral: those for which its clock waits."""
    known = {each.code for each in book.milestones}
    return tuple(code for code in book.clock(rule.clock).stops if code in known) if rule.clock else ()


def review_stages(book: Rulebook, rule: ReviewRule) -> list[Stage]:
    """Where the review happens: the stages that only its body sees, or every one that is not the department's."""
    found = [each for each in book.stages if each.phase is Phase.REVIEW]
    own = [each for each in found if rule.body in each.visible_to]
    return own or [each for each in found if each.turn is not Owner.DEPARTMENT]


def held_clocks(book: Rulebook, case: Reviewable) -> set[str]:
    """The clocks of referrals that nothing in this case demands: they do not begin."""
    demanded = {each.rule.clock for each in review_duties(book, case) if each.duty is Duty.MUST}
    return {rule.clock for rule in book.review.rules if rule.is_mandatory and rule.clock} - demanded


def clocks_to_begin(book: Rulebook, case: Reviewable) -> list[tuple[str, str, date]]:
    """The clock of each review that must be, with the event and the day from which it counts, once that has come."""
    must = [each.rule for each in review_duties(book, case) if each.duty is Duty.MUST and each.referred_on is None]
    days = [(rule, sorted((case.days[e], e) for e in begins_of(book, rule) if e in case.days)) for rule in must]
    return [(rule.clock, found[0][1], found[0][0]) for rule, found in days if rule.clock and found]


def owed_before(book: Rulebook, case: Reviewable, move: Move) -> list[str]:
    """Why a case may not be closed or go past its review yet: what must be reviewed has not been referred."""
    if is_referral(book, move.to):
        return []
    must = [each for each in review_duties(book, case) if each.duty is Duty.MUST and each.referred_on is None]
    return [_owed(book, each.rule) for each in must if _goes_past(book, each.rule, case.stage, move.to)]


def _goes_past(book: Rulebook, rule: ReviewRule, stage: str, to: str) -> bool:
    order = [each.code for each in book.stages]
    places = [order.index(each.code) for each in review_stages(book, rule)]
    if not places and not referrals(book, rule):
        return False  # The rulebook gives the review no place on the road and no day: nothing can be asked for.
    here, there = order.index(stage), order.index(to)
    if places and here >= min(places):
        return False
    return book.stage(to).final or (bool(places) and there > max(places))


def _owed(book: Rulebook, rule: ReviewRule) -> str:
    milestones = [f"put “{book.milestone(code).label.to('en')}” on file" for code in referrals(book, rule)]
    stages = [f"take it to “{each.label.to('en')}”" for each in review_stages(book, rule)]
    ways = " or ".join([*milestones[:1], *stages[:1]])
    return f"This case must be referred{to_body(book, rule)} first ({rule.authority or law_of(book, rule)}): {ways}."


def to_body(book: Rulebook, rule: ReviewRule) -> str:
    """To whom, in words; nothing where the rulebook names nobody."""
    label = next((each.label.to("en") for each in book.bodies if each.code == rule.body), "")
    return f" to {label}" if label else ""

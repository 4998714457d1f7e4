"""Which rules of review demand or permit a review of one case, and how its page says so."""

from dataclasses import dataclass
from datetime import date

from app.access.work import Work
from app.cases.records import Case
from app.cases.rules import OnFile, law_of, reviews
from app.cases.rules.reviews import Alleged, Duty, Reviewable, ReviewDuty
from app.policy.model import Rulebook


def reviewable(work: Work, case: Case, on_file: list[OnFile]) -> Reviewable:
    """What the rules ask, by columns that the commission's door may read too."""
    if not work.policies.named(case.policy_id).review.rules:
        return Reviewable(case.stage)
    stated = [Alleged(*each) for part in work.parts("review_subjects") for each in part(work, case.id)]
    alleged = reviews.alleged_or_screened(stated, case.category)
    days: dict[str, date] = {}
    for each in on_file:
        days[each.code] = min(each.on, days.get(each.code, each.on))
    return Reviewable(case.stage, case.number, alleged, days)


@dataclass(frozen=True)
class ShownReview:
    """One rule of review as the case page says it."""

    said: str
    label: str
    law: str
    lot: str
    clock: str
    referred_on: date | None
    is_owed: bool


def shown_reviews(book: Rulebook, case: Reviewable) -> list[ShownReview]:
    """What must and what may be reviewed, by whom and by which law."""
    return [_shown(book, each) for each in reviews.review_duties(book, case)]


def _shown(book: Rulebook, each: ReviewDuty) -> ShownReview:
    rule = each.rule
    clock = book.clock(rule.clock).label.to("en") if rule.clock else ""
    is_owed = each.duty is Duty.MUST and each.referred_on is None
    law = law_of(book, rule)
    return ShownReview(_said(book, each), rule.label.to("en"), law, _lot(each), clock, each.referred_on, is_owed)


def _said(book: Rulebook, each: ReviewDuty) -> str:
    to = reviews.to_body(book, each.rule)
    if each.duty is Duty.MAY:
        return f"May be reviewed{to.replace(' to ', ' by ', 1)}"
    if each.duty is Duty.ONCE_FOUND:
        found = [book.finding(code).label.to("en") for code in each.rule.findings]
        return f"Must be referred{to} if the department finds: {' or '.join(found)}"
    return f"Must be referred{to}"


def _lot(each: ReviewDuty) -> str:
    """How the lot was drawn, so that anybody can count it again."""
    if each.place is None:
        return ""
    fell = "drawn" if each.is_drawn else "not drawn"
    return (
        f"By lot: {fell}. The case’s random number gives it place {each.place} of 0 to 99, and places below "
        f"{each.rule.sample_percent} are drawn. Nobody picks."
    )

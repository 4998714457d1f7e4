"""What the law says must be cited, countable and able to happen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from app.policy.documents import Path
from app.policy.lint.report import Report
from app.policy.model.agency import Body, CountedOn, Quorum, Seats, Share, Status, VoteRule
from app.policy.model.base import Cited, Coded, Evidence
from app.policy.model.decisions import Appeal
from app.policy.model.duties import ExternalReport, RetentionClass
from app.policy.model.intake import FilingLimit
from app.policy.model.powers import Power
from app.policy.model.process import Clock, Extension, Per, Tolling

# What binds people outside the office must say which law binds them.
LAW = (
    Clock,
    Extension,
    Tolling,
    Power,
    Quorum,
    VoteRule,
    FilingLimit,
    Appeal,
    RetentionClass,
    ExternalReport,
)


def walk(value: Any, place: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value of a rulebook with its place as it is written."""
    yield place, value
    if isinstance(value, BaseModel):
        for name, info in type(value).model_fields.items():
            yield from walk(getattr(value, name), (*place, info.alias or name))
    elif isinstance(value, tuple):
        for n, item in enumerate(value):
            yield from walk(item, (*place, item.code if isinstance(item, Coded) else n))


def check_citations(report: Report) -> None:
    book = report.book
    sources = {source.code for source in book.meta.sources}
    for place, fact in walk(book):
        if isinstance(fact, Cited):
            report.known((*place, "source"), [fact.source], sources, "source")
            _check_citation(report, place, fact)
    report.known(("meta", "source"), [book.meta.source], sources, "source")


def _check_citation(report: Report, place: Path, fact: Cited) -> None:
    if not isinstance(fact, LAW) or report.book.evidence_of(fact) is not Evidence.READ:
        return
    if fact.authority is None:
        mend = 'add `authority: "..."` with the section of law, or mark it `evidence: general` or `unknown`'
        report.error_if_active(place, "this is said to have been read, but no law is cited", mend)
    if (fact.source or report.book.meta.source) is None:
        mend = "add `source:` with a code of meta.sources, or mark it `evidence: general` or `unknown`"
        report.error_if_active(place, "this is said to have been read, but not where", mend)


def check_clocks_run(report: Report) -> None:
    for clock in report.book.deadlines:
        place = ("deadlines", clock.code)
        if not clock.starts:
            report.error(place, f"nothing starts the clock {clock.code}", "name an event in `starts`")
        if not clock.stops:
            report.error(place, f"nothing stops the clock {clock.code}", "name an event in `stops`")
        if set(clock.starts) & set(clock.stops):
            report.error(place, f"one event both starts and stops the clock {clock.code}", "take one of them out")
        _check_amount(report, place, clock)


def _check_amount(report: Report, place: Path, clock: Clock) -> None:
    if (clock.amount is None) != (clock.unit is None):
        report.error(place, f"the clock {clock.code} has only half an amount", "give both `amount` and `unit`")
    if clock.counts_up:
        return
    if not clock.is_known and report.book.evidence_of(clock) is not Evidence.UNKNOWN and "amount" not in clock.unknown:
        mend = "give `amount` and `unit`, or mark it `evidence: unknown`"
        report.error(place, f"the clock {clock.code} has no amount", mend)
    if not clock.is_known and clock.per is Per.CASE:
        mend = "find the number, or keep the rulebook a draft"
        report.error_if_active(place, f"no date can be given for {clock.code}", mend)


def check_findings(report: Report) -> None:
    for block, items in (("findings", report.book.findings), ("closures", report.book.closures)):
        for item in items:
            if item.canonical is None:
                mend = "add `canonical:` so that it can be compared with other cities"
                report.error((block, item.code), f"{item.code} has no class", mend)
    counts = Counter(finding.precedence for finding in report.book.findings)
    for finding in report.book.findings:
        if counts[finding.precedence] > 1:
            mend = "give every finding a number of its own"
            place = ("findings", finding.code, "precedence")
            report.error(place, f"{finding.precedence} is the precedence of more than one finding", mend)


def check_categories(report: Report) -> None:
    parents = {category.code: category.parent for category in report.book.allegations}
    for code in parents:
        if _turns_in_a_circle(code, parents):
            mend = "let one of them stand without a parent"
            report.error(("allegations", code, "parent"), f"{code} is its own ancestor", mend)
        elif all(parent in parents for parent in parents.values() if parent) and not report.book.theme_of(code):
            mend = "add `theme:` here or to its parent"
            report.error(("allegations", code), f"{code} has no theme", mend)


def _turns_in_a_circle(code: str, parents: dict[str, str | None]) -> bool:
    seen: set[str] = set()
    current: str | None = code
    while current is not None:
        if current in seen:
            return True
        seen.add(current)
        current = parents.get(current)
    return False


def check_bodies_can_decide(report: Report) -> None:
    for body in report.book.bodies:
        place = ("bodies", body.code)
        if body.quorum:
            _check_number(report, (*place, "quorum"), body.quorum.share, body.quorum.number, body.seats)
            if body.quorum.of in (CountedOn.PRESENT, CountedOn.VOTING):
                mend = "count a quorum `of: seats` or `of: serving`"
                report.error((*place, "quorum", "of"), "a quorum cannot be counted on those present", mend)
        for vote in body.votes:
            _check_number(report, (*place, "votes", vote.code), vote.share, vote.number, body.seats)
        _check_votes_are_complete(report, place, body)


def _check_number(report: Report, place: Path, share: Share, number: int | None, seats: Seats | None) -> None:
    if (share is Share.NUMBER) != (number is not None):
        mend = "give `number` with `share: number`, and only with it"
        report.error(place, "a share and a number contradict each other", mend)
    if number is not None and seats is not None and number > seats.least:
        mend = f"ask for at most {seats.least}, or change `seats`"
        report.error(place, f"{number} can never be met when {seats.least} seats are filled", mend)


def _check_votes_are_complete(report: Report, place: Path, body: Body) -> None:
    if body.seats and body.seats.least > body.seats.most:
        report.error((*place, "seats"), "the least is more than the most", "turn them round")
    if body.votes and body.vote_rule("default") is None:
        report.error((*place, "votes"), "there is no rule for other motions", "add an entry `default`")
    if body.votes and body.quorum is None:
        report.error_if_active(place, f"{body.code} votes, but has no quorum", "add `quorum`")


def check_status(report: Report) -> None:
    for n, question in enumerate(report.book.meta.open_questions):
        if question.stops_cases and report.book.status is Status.ACTIVE:
            mend = "answer it, or make the rulebook `status: draft`"
            report.error(("meta", "open_questions", n), "an open question stops cases from being handled", mend)


def check_masks(report: Report) -> None:
    """A number that counts up tells everybody how many complaints there are, and whose came next."""
    for name in ("number_mask", "filing_mask"):
        mask = str(getattr(report.book.meta, name))
        rest = mask.replace("{year}", "").replace("{random}", "", 1)
        if "{random}" not in mask or "{" in rest or "}" in rest:
            mend = 'write it like "{year}-{random}"'
            report.error(("meta", name), f"{mask} is not a mask for numbers", mend)


def check_days(report: Report) -> None:
    for report_code, n, due in ((r.code, n, d) for r in report.book.publication.reports for n, d in enumerate(r.due)):
        try:
            due.in_year(2027)
        except ValueError:
            reason = f"month {due.month} has no day {due.day}"
            report.error(("publication", "reports", report_code, "due", n), reason, "choose a day that every year has")
    if not report.book.calendar_block.is_known_place:
        mend = "use codes such as US and NY, or leave them out and list the days in `closed_on`"
        report.error(("calendar",), "there is no table of public holidays for this place", mend)


CHECKS = (
    check_citations,
    check_clocks_run,
    check_findings,
    check_categories,
    check_bodies_can_decide,
    check_status,
    check_masks,
    check_days,
)

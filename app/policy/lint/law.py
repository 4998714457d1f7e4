"""What the law says must be countable and able to happen."""

from __future__ import annotations

from collections import Counter

from app.policy.lint.report import Report
from app.policy.model.agency import Status
from app.policy.model.outside import Fulfilment

WHOLE_WEEK = frozenset(range(7))


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


def check_masks(report: Report) -> None:
    """A number that counts up tells everybody how many complaints there are, and whose came next."""
    for name in ("number_mask", "filing_mask"):
        mask = str(getattr(report.book.meta, name))
        rest = mask.replace("{year}", "").replace("{random}", "", 1)
        if "{random}" not in mask or "{" in rest or "}" in rest:
            mend = 'write it like "{year}-{random}"'
            report.error(("meta", name), f"{mask} is not a mask for numbers", mend)


def check_days(report: Report) -> None:
    calendar = report.book.calendar_block
    for report_code, n, due in ((r.code, n, d) for r in report.book.publication.reports for n, d in enumerate(r.due)):
        try:
            due.in_year(2027)
        except ValueError:
            reason = f"month {due.month} has no day {due.day}"
            report.error(("publication", "reports", report_code, "due", n), reason, "choose a day that every year has")
    for place, days in ((("calendar",), calendar), (("calendar", "working_days"), calendar.working_days)):
        if days is not None and set(days.weekend) >= WHOLE_WEEK:
            report.error((*place, "weekend"), "no day of the week is open", "leave at least one day out")
    if not calendar.is_known_place:
        mend = "use codes such as US and NY, or leave them out and list the days in `closed_on`"
        report.error(("calendar",), "there is no table of public holidays for this place", mend)


def check_halves(report: Report) -> None:
    """So many of nothing, or of what unit nobody knows, is no time."""
    book = report.book
    limit = book.intake.filing_limit
    pairs = [
        *([(("intake", "filing_limit"), limit.amount, limit.unit)] if limit else []),
        *((("review", "appeals", each.code), each.limit_amount, each.limit_unit) for each in book.review.appeals),
        *((("retention", "classes", each.code), each.amount, each.unit) for each in book.retention.classes),
    ]
    for place, amount, unit in pairs:
        if (amount is None) != (unit is None):
            report.error(place, "there is only half an amount of time", "give both the amount and the unit")


def check_an_end_is_dated(report: Report) -> None:
    meta = report.book.meta
    if meta.status is Status.HISTORICAL and meta.to_on is None:
        mend = "add `to_on:` with the first day without it"
        report.error(("meta",), "this agency has ended, and it is not said since when", mend)
    if meta.to_on is not None and meta.public_notice is None:
        mend = "add `public_notice:` with what has happened and who is there now"
        report.error(("meta",), "this agency ends, and the public is not told", mend)


def check_dates_of_words(report: Report) -> None:
    book = report.book
    for block, items in (("findings", book.findings), ("closures", book.closures), ("allegations", book.allegations)):
        for item in items:
            if item.from_on and item.to_on and item.to_on < item.from_on:
                report.error((block, item.code), f"{item.code} ends before it begins", "turn the two days round")


def check_reports_are_filed_somewhere(report: Report) -> None:
    book = report.book
    for place, how, filed_with in (
        *((("external_reports", r.code), r.fulfilled_by, r.filed_with) for r in book.external_reports),
        *((("publication", "reports", r.code), r.fulfilled_by, r.filed_with) for r in book.publication.reports),
    ):
        if how is Fulfilment.FILING and filed_with is None:
            mend = "add `filed_with: {body: ...}` with a code of external_bodies"
            report.error(place, f"{place[-1]} is fulfilled by filing, and it is not said with whom", mend)


def check_reports_stop_their_clock(report: Report) -> None:
    """A clock that no report on file could stop would run for ever, or be stopped past what the law asks."""
    stops = {clock.code: set(clock.stops) for clock in report.book.deadlines}
    for entry in report.book.external_reports:
        ends = stops.get(entry.clock or "")
        ways = [entry.recorded_as, *([entry.minor.recorded_as] if entry.minor else [])]
        if ends is not None and not set(ways) <= ends:
            mend = "name in `recorded_as`, and in that of `minor`, an event or a milestone that stops the clock"
            place = ("external_reports", entry.code)
            report.error(place, f"not all that is put on file of {entry.code} stops its clock {entry.clock}", mend)


def check_disputes_stop_their_clock(report: Report) -> None:
    """The decision that is put on file must be what its clock waits for."""
    stops = {clock.code: set(clock.stops) for clock in report.book.deadlines}
    for each in report.book.discipline.disputes:
        ends = stops.get(each.clock or "")
        if ends is not None and each.recorded_as is not None and each.recorded_as not in ends:
            mend = "name in `recorded_as` an event or a milestone that stops the clock"
            place = ("discipline", "disputes", each.code, "recorded_as")
            report.error(place, f"the decision of {each.code} does not stop its clock {each.clock}", mend)


def check_disputes_end(report: Report) -> None:
    """A dispute that is opened needs a way to end, by words of whose word then stands."""
    opened = {answer.opens for answer in report.book.discipline.answers}
    for each in report.book.discipline.disputes:
        if each.code in opened and not each.outcomes:
            mend = "add `outcomes`, each with whose word then `stands`"
            report.error(("discipline", "disputes", each.code), f"the dispute {each.code} can never end", mend)


def check_special_routes_hide(report: Report) -> None:
    for route in report.book.special_routes:
        place = ("special_routes", route.code)
        both = sorted(set(route.handled_by) & set(route.hidden_from))
        if both:
            mend = "let somebody else handle it"
            report.error(place, f"{both[0]} would handle what is hidden from {both[0]}", mend)
        if not route.handled_by or not route.hidden_from:
            mend = "name people in `handled_by` and in `hidden_from`"
            report.error(place, f"{route.code} is handled by nobody, or hidden from nobody", mend)


CHECKS = (
    check_findings,
    check_categories,
    check_masks,
    check_days,
    check_halves,
    check_an_end_is_dated,
    check_dates_of_words,
    check_reports_are_filed_somewhere,
    check_reports_stop_their_clock,
    check_disputes_stop_their_clock,
    check_disputes_end,
    check_special_routes_hide,
)

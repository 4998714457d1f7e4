"""Every name a rulebook uses must be one it defines, or one the code knows."""

from __future__ import annotations

from collections.abc import Iterable

from app.policy.lint.report import Report
from app.policy.model.base import Coded


def _codes(items: Iterable[Coded]) -> set[str]:
    return {item.code for item in items}


def check_moves(report: Report) -> None:
    book, stages = report.book, _codes(report.book.stages)
    for n, move in enumerate(book.moves):
        report.known(("moves", n, "from"), [move.from_], stages, "stage")
        report.known(("moves", n, "to"), [move.to], stages, "stage")
        report.known(("moves", n, "by"), move.by, report.vocabulary.roles, "role")
        report.known(("moves", n, "only_if"), move.only_if, report.vocabulary.guards, "guard")


def happenings(report: Report) -> frozenset[str]:
    """What can start or stop a clock: what the code tells, and what is put on file by hand."""
    return report.vocabulary.events | _codes(report.book.milestones)


def people(report: Report) -> frozenset[str]:
    """Who may decide something: roles of the office, and people or bodies outside it."""
    return report.vocabulary.roles | _codes(report.book.outsiders) | _codes(report.book.external_bodies)


def check_clocks(report: Report) -> None:
    events, grantors = happenings(report), people(report)
    for clock in report.book.deadlines:
        place = ("deadlines", clock.code)
        report.known((*place, "starts"), clock.starts, events, "event")
        report.known((*place, "start_reasons"), clock.start_reasons, clock.starts, "start event")
        report.known((*place, "stops"), clock.stops, events, "event")
        report.known((*place, "tolling"), clock.tolling, _codes(report.book.tolling), "reason for tolling")
        report.known((*place, "rises_to"), clock.rises_to, report.vocabulary.roles, "role")
        report.known((*place, "warns_of"), [clock.warns_of], _codes(report.book.deadlines), "clock")
        if clock.repeat:
            report.known((*place, "repeat", "done_by"), clock.repeat.done_by, events, "event")
        if clock.extension:
            report.known((*place, "extension", "granted_by"), clock.extension.granted_by, grantors, "role")
        for extra in clock.further_extensions:
            more = (*place, "further_extensions", extra.code, "granted_by")
            report.known(more, extra.granted_by, grantors, "role")
    for tolling in report.book.tolling:
        report.known(("tolling", tolling.code, "approved_by"), tolling.approved_by, grantors, "role")


def check_intake(report: Report) -> None:
    book, known = report.book, report.vocabulary
    report.known(("intake", "anonymity"), _codes(book.intake.anonymity), known.anonymity, "kind of anonymity")
    report.known(("intake", "relationships"), _codes(book.intake.relationships), known.relationships, "relationship")
    if book.intake.filing_limit:
        limit = book.intake.filing_limit
        report.known(("intake", "filing_limit", "starts"), [limit.starts], happenings(report), "event")
        report.known(("intake", "filing_limit", "waived_by"), limit.waived_by, known.roles, "role")


def check_classification(report: Report) -> None:
    book = report.book
    for entry in book.classification:
        place = ("classification", entry.code)
        report.known((*place, "leads_to"), [entry.leads_to], _codes(book.stages), "stage")
        report.known((*place, "by"), entry.by, report.vocabulary.roles, "role")
        report.known((*place, "closure"), [entry.closure], _codes(book.closures), "closure")
        report.known((*place, "clock"), [entry.clock], _codes(book.deadlines), "clock")
        report.known((*place, "concurrence_of"), [entry.concurrence_of], _codes(book.bodies), "body")
        report.known((*place, "refer_to"), [entry.refer_to], _codes(book.jurisdiction.refer_to), "place to refer to")


def check_allegations(report: Report) -> None:
    book = report.book
    for category in book.allegations:
        place = ("allegations", category.code)
        report.known((*place, "parent"), [category.parent], _codes(book.allegations), "kind of allegation")
        report.known((*place, "reportable_to"), category.reportable_to, _codes(book.external_reports), "report")
        report.known(
            (*place, "mandatory_route"),
            [category.mandatory_route],
            _codes(book.classification),
            "classification",
        )


def check_decisions(report: Report) -> None:
    book, roles = report.book, report.vocabulary.roles
    for life in book.lives:
        report.known(("lives", life.code, "by"), life.by, roles, "role")
        report.known(("lives", life.code, "body"), [life.body], _codes(book.bodies), "body")
        report.known(("lives", life.code, "stages"), life.stages, _codes(book.stages), "stage")
    for closure in book.closures:
        report.known(("closures", closure.code, "by"), closure.by, roles, "role")
        report.known(
            ("closures", closure.code, "concurrence_of"),
            [closure.concurrence_of],
            _codes(book.bodies),
            "body",
        )


def check_clock_names(report: Report) -> None:
    """Blocks that name a clock."""
    book, clocks = report.book, _codes(report.book.deadlines)
    rights = book.officer_rights
    for place, name in (
        (("discipline", "answer_clock"), book.discipline.answer_clock),
        (("policy_recommendations", "answer_clock"), book.policy_recommendations.answer_clock),
        (("officer_rights", "notice_clock"), rights.notice_clock),
        (("officer_rights", "interview_notice_clock"), rights.interview_notice_clock),
        (("meetings", "minutes_clock"), book.meetings.minutes_clock),
        (("subpoena", "return_clock"), book.subpoena.return_clock if book.subpoena else None),
        *((("demands", "kinds", kind.code, "clock"), kind.clock) for kind in book.demands.kinds),
        *((("external_reports", entry.code, "clock"), entry.clock) for entry in book.external_reports),
    ):
        report.known(place, [name], clocks, "clock")


def check_holders(report: Report) -> None:
    """Blocks that name a body."""
    book, bodies = report.book, _codes(report.book.bodies)
    for n, power in enumerate(book.powers):
        report.known(("powers", n, "holder"), [power.holder], bodies, "body")
    for appeal in book.review.appeals:
        report.known(("review", "appeals", appeal.code, "body"), [appeal.body], bodies, "body")
    if book.subpoena:
        report.known(("subpoena", "issuer"), [book.subpoena.issuer], bodies, "body")
        report.known(("subpoena", "requester"), [book.subpoena.requester], bodies, "body")


def check_publication(report: Report) -> None:
    book, publication = report.book, report.book.publication
    report.known(("publication", "excluded_findings"), publication.excluded_findings, _codes(book.findings), "finding")
    report.known(("publication", "excluded_closures"), publication.excluded_closures, _codes(book.closures), "closure")
    if book.mediation:
        closure = book.mediation.closure
        excluded = book.mediation.excluded_categories
        report.known(("mediation", "closure"), [closure], _codes(book.closures), "closure")
        report.known(("mediation", "excluded_categories"), excluded, _codes(book.allegations), "kind of allegation")


def check_letter_kinds(report: Report) -> None:
    for kind in report.book.letters:
        report.known(("letters",), [kind.code], report.vocabulary.letters, "letter")
        report.known(("letters", kind.code, "on"), [kind.on], report.vocabulary.events, "event")


CHECKS = (
    check_moves,
    check_clocks,
    check_intake,
    check_classification,
    check_allegations,
    check_decisions,
    check_clock_names,
    check_holders,
    check_publication,
    check_letter_kinds,
)

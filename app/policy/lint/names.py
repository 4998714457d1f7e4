"""Every name a rulebook uses must be one it defines, or one the code knows."""

from __future__ import annotations

from collections.abc import Iterable

from app.policy.lint.report import Report
from app.policy.model.base import Coded

# Who may ask for a decision to be looked at again.
APPELLANTS = frozenset({"filer", "officer", "department", "chief"})
# What the code itself writes down of how a case began: with a complaint, in another system, made up for a test.
RESERVED_KINDS = frozenset({"filing", "import", "generated"})


def _codes(items: Iterable[Coded]) -> set[str]:
    return {item.code for item in items}


def check_moves(report: Report) -> None:
    book, stages = report.book, _codes(report.book.stages)
    for n, move in enumerate(book.moves):
        report.known(("moves", n, "from"), [move.from_], stages, "stage")
        report.known(("moves", n, "to"), [move.to], stages, "stage")
        report.known(("moves", n, "by"), move.by, report.vocabulary.roles, "role")
        report.known(("moves", n, "only_if"), move.only_if, report.vocabulary.guards, "guard")
        report.known(("moves", n, "after"), move.after, _codes(book.milestones), "milestone")
        if move.power is not None and not any(power.power is move.power for power in book.powers):
            mend = "add the power to `powers`, or take it out of the move"
            report.error(("moves", n, "power"), f"nobody has ever held the power {move.power.value}", mend)


def check_clocks(report: Report) -> None:
    events, grantors = report.happenings, report.people
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
    kinds = _codes(book.intake.contact_kinds)
    report.known(("intake", "contact_kinds"), kinds, known.contact_kinds, "kind of contact")
    for service in book.intake.services:
        fitting = kinds | _codes(book.intake.matters)
        report.known(("intake", "services", service.code, "fits"), service.fits, fitting, "thing to fit")
    if book.intake.filing_limit:
        limit = book.intake.filing_limit
        report.known(("intake", "filing_limit", "starts"), [limit.starts], report.happenings, "event")
        report.known(("intake", "filing_limit", "waived_by"), limit.waived_by, known.roles, "role")
        report.known(("intake", "filing_limit", "closure"), [limit.closure], _codes(book.closures), "closure")
    if book.intake.sworn_statement:
        sworn, place = book.intake.sworn_statement, ("intake", "sworn_statement")
        report.known((*place, "milestone"), [sworn.milestone], _codes(book.milestones), "milestone")
        report.known((*place, "informal_stages"), sworn.informal_stages, _codes(book.stages), "stage")
        report.known((*place, "never_formal"), sworn.never_formal, _codes(book.intake.anonymity), "kind of anonymity")


def check_kinds_of_case(report: Report) -> None:
    book = report.book
    for kind in book.case_kinds:
        place = ("case_kinds", kind.code)
        if kind.code in RESERVED_KINDS:
            mend = "give it another code: this one stands for cases that began otherwise"
            report.error(place, f"a kind of case cannot be called {kind.code}", mend)
        report.known((*place, "opened_by"), kind.opened_by, report.roles, "role")
        report.known((*place, "first_stage"), [kind.first_stage], _codes(book.stages), "stage")
        report.known((*place, "body"), [kind.body], _codes(book.bodies), "body")
    for stage in book.stages:
        report.known(("stages", stage.code, "visible_to"), stage.visible_to, _codes(book.bodies), "body")


def check_milestones(report: Report) -> None:
    book = report.book
    for milestone in book.milestones:
        place = ("milestones", milestone.code)
        report.known((*place, "by"), milestone.by, report.roles, "role")
        report.known((*place, "filed_with"), [milestone.filed_with], _codes(book.external_bodies), "external body")
    if book.completion:
        for key in ("complete_on", "final_on"):
            report.known(("completion", key), getattr(book.completion, key), report.happenings, "event")


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
        (("mediation", "clock"), book.mediation.clock if book.mediation else None),
        (("officer_rights", "notice_clock"), rights.notice_clock),
        (("officer_rights", "interview_notice_clock"), rights.interview_notice_clock),
        (("meetings", "minutes_clock"), book.meetings.minutes_clock),
        (("subpoena", "return_clock"), book.subpoena.return_clock if book.subpoena else None),
        *((("demands", "kinds", kind.code, "clock"), kind.clock) for kind in book.demands.kinds),
        *((("external_reports", entry.code, "clock"), entry.clock) for entry in book.external_reports),
        *((("review", "rules", rule.code, "clock"), rule.clock) for rule in book.review.rules),
        *((("discipline", "disputes", each.code, "clock"), each.clock) for each in book.discipline.disputes),
    ):
        report.known(place, [name], clocks, "clock")


def check_holders(report: Report) -> None:
    """Blocks that name a body."""
    book, bodies = report.book, _codes(report.book.bodies)
    for n, power in enumerate(book.powers):
        report.known(("powers", n, "holder"), [power.holder], bodies, "body")
    for body in book.bodies:
        report.known(("bodies", body.code, "part_of"), [body.part_of], bodies - {body.code}, "other body")
    for place, name in (
        (("discipline", "recommender"), book.discipline.recommender),
        (("policy_recommendations", "recommender"), book.policy_recommendations.recommender),
        *((("external_reports", each.code, "sender"), each.sender) for each in book.external_reports),
    ):
        report.known(place, [name], bodies, "body")
    if book.subpoena:
        report.known(("subpoena", "issuer"), [book.subpoena.issuer], bodies, "body")
        report.known(("subpoena", "requester"), [book.subpoena.requester], bodies, "body")
        report.known(("subpoena", "tolling"), [book.subpoena.tolling], _codes(book.tolling), "reason for tolling")


def check_review(report: Report) -> None:
    book = report.book
    kinds, findings = _codes(book.allegations), _codes(book.findings)
    for rule in book.review.rules:
        place = ("review", "rules", rule.code)
        report.known((*place, "categories"), rule.categories, kinds, "kind of allegation")
        report.known((*place, "findings"), rule.findings, findings, "finding")
        report.known((*place, "body"), [rule.body], _codes(book.bodies), "body")
    for outcome in book.review.outcomes:
        report.known(("review", "outcomes", outcome.code, "leads_to"), [outcome.leads_to], _codes(book.stages), "stage")
    for appeal in book.review.appeals:
        place = ("review", "appeals", appeal.code)
        report.known((*place, "body"), [appeal.body], _codes(book.bodies) | _codes(book.external_bodies), "body")
        report.known((*place, "by"), appeal.by, APPELLANTS, "party")
        report.known((*place, "waived_by"), appeal.waived_by, report.vocabulary.roles, "role")
        report.known((*place, "limit_from"), [appeal.limit_from], report.happenings, "event")


def check_disputes(report: Report) -> None:
    book = report.book
    deciders = _codes(book.bodies) | _codes(book.external_bodies)
    for dispute in book.discipline.disputes:
        place = ("discipline", "disputes", dispute.code)
        report.known((*place, "decided_by"), [dispute.decided_by], deciders, "body")
        report.known((*place, "recorded_as"), [dispute.recorded_as], report.happenings, "event")
    for answer in book.discipline.answers:
        place = ("discipline", "answers", answer.code)
        report.known((*place, "opens"), [answer.opens], _codes(book.discipline.disputes), "dispute")


def check_people_outside(report: Report) -> None:
    book = report.book
    inside = report.roles | _codes(book.outsiders)
    for entry in book.second_persons:
        report.known(("second_persons",), [entry.code], report.vocabulary.steps, "step of two people named")
        report.known(("second_persons", entry.code, "by"), entry.by, inside, "role")
    for route in book.special_routes:
        place = ("special_routes", route.code)
        report.known((*place, "handled_by"), route.handled_by, report.people, "role")
        report.known((*place, "hidden_from"), route.hidden_from, report.roles, "role")
        report.known((*place, "refer_to"), [route.refer_to], _codes(book.external_bodies), "external body")


def check_reports(report: Report) -> None:
    book = report.book
    outside, kinds = _codes(book.external_bodies), _codes(book.allegations)
    for entry in book.external_reports:
        place = ("external_reports", entry.code)
        report.known((*place, "to"), [entry.to], outside, "external body")
        report.known((*place, "trigger"), [entry.trigger], report.happenings, "event")
        report.known((*place, "recorded_as"), [entry.recorded_as], report.happenings, "event")
        for category in entry.categories:
            where = (*place, "categories", category.code, "covers")
            report.known(where, category.covers, kinds, "kind of allegation")
        if entry.minor:
            report.known((*place, "minor", "categories"), entry.minor.categories, kinds, "kind of allegation")
            report.known((*place, "minor", "recorded_as"), [entry.minor.recorded_as], report.happenings, "event")


def check_where_reports_are_filed(report: Report) -> None:
    book = report.book
    outside = _codes(book.external_bodies)
    for place, filed_with in (
        *((("external_reports", each.code), each.filed_with) for each in book.external_reports),
        *((("publication", "reports", each.code), each.filed_with) for each in book.publication.reports),
    ):
        report.known((*place, "filed_with", "body"), [filed_with.body] if filed_with else [], outside, "external body")
    for kept in book.retention.classes:
        report.known(("retention", "classes", kept.code, "starts"), [kept.starts], report.happenings, "event")


def check_demands(report: Report) -> None:
    kinds = report.book.demands.kinds
    for kind in kinds:
        further = _codes(kinds) - {kind.code} | ({"subpoena"} if report.book.subpoena else set())
        report.known(("demands", "kinds", kind.code, "escalates_to"), [kind.escalates_to], further, "further step")


def check_publication(report: Report) -> None:
    book, publication = report.book, report.book.publication
    report.known(("publication", "excluded_findings"), publication.excluded_findings, _codes(book.findings), "finding")
    report.known(("publication", "excluded_closures"), publication.excluded_closures, _codes(book.closures), "closure")
    if book.mediation:
        closure = book.mediation.closure
        excluded = book.mediation.excluded_categories
        report.known(("mediation", "closure"), [closure], _codes(book.closures), "closure")
        eligible = book.mediation.eligible_categories
        report.known(("mediation", "excluded_categories"), excluded, _codes(book.allegations), "kind of allegation")
        report.known(("mediation", "eligible_categories"), eligible, _codes(book.allegations), "kind of allegation")


def check_letter_kinds(report: Report) -> None:
    for kind in report.book.letters:
        report.known(("letters",), [kind.code], report.vocabulary.letters, "letter")
        report.known(("letters", kind.code, "on"), [kind.on], report.happenings, "event")


CHECKS = (
    check_moves,
    check_clocks,
    check_intake,
    check_kinds_of_case,
    check_milestones,
    check_classification,
    check_allegations,
    check_decisions,
    check_clock_names,
    check_holders,
    check_review,
    check_disputes,
    check_people_outside,
    check_reports,
    check_where_reports_are_filed,
    check_demands,
    check_publication,
    check_letter_kinds,
)

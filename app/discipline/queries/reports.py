"""The reports to others of a case: which are due, to whom and by which law, and what is on file of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from app.access.permissions import Permission
from app.access.reading import one_or_not_found
from app.access.work import Work
from app.allegations.records import Allegation
from app.cases import queries as cases
from app.cases import rules as case_rules
from app.cases.records import Case, MilestoneRecord
from app.clocks import queries as clocks
from app.clocks.rules import OWNERS
from app.discipline import rules
from app.discipline.records import ReportToOthers
from app.policy.model import Rulebook
from app.policy.model.duties import ExternalReport


@dataclass(frozen=True)
class OnFile:
    """What is on file of one report: day, proof, file and who put it there."""

    row: ReportToOthers
    happened_on: date
    who: str
    file: str
    before: tuple[tuple[ReportToOthers, str], ...] = ()
    """What it took the place of, the latest first, each with why it was wrong."""


@dataclass(frozen=True)
class Due:
    """One report of the rulebook as it stands in a case."""

    report: ExternalReport
    label: str
    recipient: str
    law: str
    whose: str
    follows: str
    fulfilled_by: str
    proof: str
    exceptions: str
    under: list[str]
    concerns: bool | None
    not_minor: str
    clocks: list[Any]
    on_file: OnFile | None
    may_record: bool

    @property
    def circumstances(self) -> list[tuple[str, str]]:
        """What takes away that a matter is minor, to choose from."""
        given = self.report.minor.not_minor_when if self.report.minor else ()
        return [(rules.NOTHING_HOLDS, "None of these"), *((each.code, each.label.to("en")) for each in given)]

    @property
    def may_be_minor(self) -> bool:
        """True where what is alleged so far lets it be kept as a minor matter."""
        return self.report.minor is not None and not self.not_minor


def visible_reports(work: Work) -> Select[ReportToOthers]:
    """What was reported to others in the cases this person may know of."""
    visible = cases.visible_cases(work).with_only_columns(Case.id)
    return select(ReportToOthers).where(ReportToOthers.case_id.in_(visible))


def get_report(work: Work, case_id: UUID, report_id: UUID) -> ReportToOthers:
    """One of them, or 404."""
    query = visible_reports(work).where(ReportToOthers.id == report_id, ReportToOthers.case_id == case_id)
    return one_or_not_found(work, query.with_for_update())


def reports_of(work: Work, case_id: UUID) -> list[ReportToOthers]:
    """What stands on file of one case, the first first."""
    query = visible_reports(work).where(ReportToOthers.case_id == case_id, ReportToOthers.superseded_at.is_(None))
    return list(work.session.scalars(query.order_by(ReportToOthers.recorded_at, ReportToOthers.id)))


def alleged_in(work: Work, case: Case) -> set[str]:
    """The kinds of what stands alleged; before anybody has stated it, the kind that screening named."""
    query = select(Allegation.category).where(Allegation.case_id == case.id, Allegation.withdrawn_at.is_(None))
    return set(work.session.scalars(query)) or ({case.category} if case.category else set())


def begun(work: Work, case: Case, code: str) -> rules.Begun:
    """Whether the clock of a report has begun in this case, and the day that is on file of it."""
    report = rules.external_report(work.policies.named(case.policy_id), code)
    has_begun = any(each.rule == report.clock for each in clocks.clocks_of(work, case.id))
    row = next((each for each in reports_of(work, case.id) if each.report == code), None)
    return rules.Begun(has_begun, _days(work, [row])[row.id] if row else None)


def _days(work: Work, rows: list[ReportToOthers]) -> dict[UUID, date]:
    """The day of each: where a milestone holds it, the one that stands there, which may have been corrected."""
    query = select(MilestoneRecord.id, MilestoneRecord.corrects_id, MilestoneRecord.happened_on)
    query = query.where(MilestoneRecord.case_id.in_({row.case_id for row in rows}))
    kept = {each.id: each.happened_on for each in work.session.execute(query)}
    later = {each.corrects_id: each.id for each in work.session.execute(query) if each.corrects_id}
    found: dict[UUID, date] = {}
    for row in rows:
        key = row.milestone_id
        while key in later:
            key = later[key]
        found[row.id] = kept.get(key, row.happened_on) if key else row.happened_on
    return found


def reports_tab(work: Work, case: Case) -> tuple[str, str, int] | None:
    """The tab of reports to others, with how many are on file; only where the rulebook has any."""
    if not work.policies.named(case.policy_id).external_reports:
        return None
    return ("Reports to others", f"/office/cases/{case.id}/reports", len(reports_of(work, case.id)))


def _corrected(work: Work, case_id: UUID) -> dict[UUID, ReportToOthers]:
    query = visible_reports(work).where(ReportToOthers.case_id == case_id, ReportToOthers.superseded_at.is_not(None))
    return {row.id: row for row in work.session.scalars(query)}


def _before(row: ReportToOthers, corrected: Mapping[UUID, ReportToOthers]) -> Iterator[tuple[ReportToOthers, str]]:
    """What it took the place of, with why that was wrong."""
    while row.corrects_id is not None:
        why, row = row.reason, corrected[row.corrects_id]
        yield row, why


def reports_view(work: Work, case: Case, *, report: str = "", corrects_id: str = "") -> dict[str, Any]:
    """Every report of the case's rulebook, those that are due first; and the one that somebody puts on file."""
    book, alleged, rows = work.policies.named(case.policy_id), alleged_in(work, case), reports_of(work, case.id)
    days, files = _days(work, rows), dict(cases.files_of(work, case.id))
    corrected = _corrected(work, case.id)
    names = cases.names_of(work, {row.recorded_by_id for row in rows})
    on_file = {
        row.report: OnFile(
            row,
            days[row.id],
            names.get(row.recorded_by_id, ""),
            files.get(row.evidence_id or UUID(int=0), ""),
            tuple(_before(row, corrected)),
        )
        for row in rows
    }
    shown = clocks.shown_many(work, clocks.clocks_of(work, case.id))
    found = [_due(work, book, each, alleged, shown, on_file.get(each.code)) for each in book.external_reports]
    return {
        "reports": sorted(found, key=lambda each: (each.on_file is not None, each.concerns is False)),
        "chosen": next((each for each in found if each.report.code == report and each.may_record), None),
        "corrected": next((e for e in on_file.values() if str(e.row.id) == corrects_id), None),
        "alleged": [each.label.to("en") for each in book.allegations if each.code in alleged],
        "files": list(files.items()),
    }


def _due(
    work: Work, book: Rulebook, report: ExternalReport, alleged: set[str], shown: list[Any], on_file: OnFile | None
) -> Due:
    own = [each for each in shown if report.clock is not None and each.clock.rule == report.clock]
    has_begun = bool(own) or report.clock is None
    return Due(
        report=report,
        label=report.label.to("en"),
        recipient=report.recipient.to("en"),
        law=case_rules.law_of(book, report),
        whose=OWNERS.get(report.duty_of, ""),
        follows=_follows(book, report),
        fulfilled_by=rules.fulfilled_by(book, report),
        proof=(report.filed_with.proof or "") if report.filed_with else "",
        exceptions=report.exceptions.to("en") if report.exceptions else "",
        under=sorted({category.label.to("en") for _, category in rules.falls_under(book, report, alleged)}),
        concerns=rules.concerns(book, report, alleged),
        not_minor=rules.why_not_minor(book, report, alleged) if report.minor else "",
        clocks=own,
        on_file=on_file,
        may_record=work.may(Permission.CASE_WORK) and on_file is None and has_begun,
    )


def _follows(book: Rulebook, report: ExternalReport) -> str:
    labels = {each.code: each.label.to("en") for each in book.milestones}
    return labels.get(report.trigger or "", (report.trigger or "").replace("_", " "))

"""What is done about reports to others: they are put on file, and their clocks stop."""

from uuid import UUID, uuid4

from app.access.acts import stops_with
from app.access.work import Work
from app.cases import queries as cases
from app.cases import rules as case_rules
from app.cases.actions import place_cases, put_on_file, tick
from app.cases.commands import RecordMilestone
from app.cases.records import Case
from app.clocks import actions as clocks
from app.discipline import queries, rules
from app.discipline.commands import CorrectReport, RecordReport
from app.discipline.events import ReportCorrected, ReportRecorded
from app.discipline.records import ReportToOthers
from app.kernel.errors import Invalid, Stale
from app.policy.model.powers import Act


@stops_with(Act.CASEWORK)
def record_report(work: Work, case_id: UUID, ask: RecordReport) -> ReportToOthers:
    """Puts on file that a report went out as the law wants it, or that the matter is minor; its clock stops."""
    case = cases.get_case(work, case_id, for_update=True)
    book, begun = work.policies.named(case.policy_id), queries.begun(work, case, ask.report)
    said = rules.Reported(ask.how, ask.holds)
    report = rules.check_report(book, ask.report, said, queries.alleged_in(work, case), begun)
    _check_day_and_file(work, case, ask)
    code = rules.recorded_as(report, ask.how)
    row = work.add(
        ReportToOthers(
            id=uuid4(),
            case_id=case.id,
            report=report.code,
            how=ask.how,
            happened_on=ask.happened_on,
            proof=ask.proof,
            evidence_id=ask.evidence_id,
            milestone_id=_as_milestone(work, case, ask, code),
            recorded_by_id=work.actor.id,
            recorded_at=work.now,
        )
    )
    work.happened(
        ReportRecorded(case_id=case.id, report_id=row.id, report=report.code, how=ask.how, happened_on=ask.happened_on)
    )
    if code is not None and row.milestone_id is None:
        tick(work, case, code, ask.happened_on)
    return row


def _check_day_and_file(work: Work, case: Case, ask: RecordReport | CorrectReport) -> None:
    case_rules.check_day(ask.happened_on, work.today, case.incident_date)
    if ask.evidence_id is not None and ask.evidence_id not in {key for key, _ in cases.files_of(work, case.id)}:
        raise Invalid({"evidence_id": "Choose a file of this case."})


@stops_with(Act.CASEWORK)
def correct_report(work: Work, case_id: UUID, report_id: UUID, ask: CorrectReport) -> ReportToOthers:
    """Puts the right day of a report in the place of a wrong one; what it stopped was stopped on that day."""
    case = cases.get_case(work, case_id, for_update=True)
    wrong = queries.get_report(work, case.id, report_id)
    if wrong.superseded_at is not None:
        raise Stale()
    rules.check_holds_its_day(wrong.milestone_id)
    _check_day_and_file(work, case, ask)
    book = work.policies.named(case.policy_id)
    code = rules.recorded_as(rules.external_report(book, wrong.report), wrong.how)
    row = _correction(work, case, wrong, ask)
    wrong.superseded_at = work.now
    said = {"report": wrong.report, "was_on": wrong.happened_on, "happened_on": ask.happened_on}
    row.last_entry_id = work.happened(ReportCorrected(case_id=case.id, report_id=row.id, corrects_id=wrong.id, **said))
    # What it takes the place of must be out of the way first: only one of them stands.
    work.flush()
    work.add(row)
    if code is not None:
        clocks.correct_start(work, case.id, code, wrong.happened_on, row.happened_on)
        clocks.correct_stop(work, case.id, code, wrong.happened_on, row.happened_on)
        work.flush()
        place_cases(work, {case.id} if case.closed_on is None else set(), work.entries[-1])
    return row


def _correction(work: Work, case: Case, wrong: ReportToOthers, ask: CorrectReport) -> ReportToOthers:
    return ReportToOthers(
        id=uuid4(),
        case_id=case.id,
        report=wrong.report,
        how=wrong.how,
        happened_on=ask.happened_on,
        proof=ask.proof,
        evidence_id=ask.evidence_id,
        recorded_by_id=work.actor.id,
        recorded_at=work.now,
        corrects_id=wrong.id,
        reason=ask.reason,
    )


def _as_milestone(work: Work, case: Case, ask: RecordReport, code: str | None) -> UUID | None:
    """The milestone that the rulebook has for it, put on file: it holds the day, and the clocks hear of it."""
    if code not in {each.code for each in work.policies.named(case.policy_id).milestones}:
        return None
    return put_on_file(
        work,
        case.id,
        RecordMilestone(milestone=code, happened_on=ask.happened_on, proof=ask.proof, evidence_id=ask.evidence_id),
    ).id

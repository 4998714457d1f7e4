"""What happened outside this system is put on file with its day and proof; a wrong day is corrected, never erased."""

from datetime import date
from uuid import UUID, uuid4

from app.access.acts import stops_with
from app.access.keeping import marks_for
from app.access.routes import acting_as
from app.access.work import Work
from app.cases import queries, rules
from app.cases.actions.cases import place_cases, tick
from app.cases.commands import RecordMilestone
from app.cases.events import MilestoneCorrected, MilestoneRecorded
from app.cases.records import Case, MilestoneRecord
from app.clocks import actions as clocks
from app.kernel.errors import Invalid, Stale
from app.policy.model.powers import Act


@stops_with(Act.CASEWORK)
def record_milestone(work: Work, case_id: UUID, ask: RecordMilestone) -> MilestoneRecord:
    """Puts a milestone on file, or a corrected day in the place of a wrong one; the clocks hear of it at once."""
    if ask.corrects_id is None:
        case = queries.get_case(work, case_id)
        rules.check_not_of_a_report(work.policies.named(case.policy_id), ask.milestone)
    return put_on_file(work, case_id, ask)


@stops_with(Act.CASEWORK)
def put_on_file(work: Work, case_id: UUID, ask: RecordMilestone) -> MilestoneRecord:
    """The same for whoever has checked already what else the law asks of it: a report to others is its own check."""
    case = queries.get_case(work, case_id, for_update=True)
    book = work.policies.named(case.policy_id)
    found = rules.check_milestone(book, ask.milestone, acting_as(work, case.id))
    rules.check_day(ask.happened_on, work.today, case.incident_date)
    _check_file(work, case.id, ask.evidence_id)
    wrong = _wrong_one(work, case.id, ask)
    if wrong is None:
        rules.check_subject(found, ask.officer_id, queries.officers_of(work, case.id))
    standing = queries.days_on_file(work, case.id, ask.milestone, ask.officer_id)
    days = [on for key, on in standing if key != ask.corrects_id]
    rules.check_new(book, found, ask.happened_on, days, queries.returns_of(work, case) if days else ())

    row = _row(work, case, ask, makes_formal=rules.makes_formal(book, ask.milestone))
    row.last_entry_id = _happened(work, row, wrong)
    # What it takes the place of must be out of the way first: only one of them stands.
    work.flush()
    work.add(row)
    _tell_clocks(work, case, row, wrong.happened_on if wrong else None)
    return row


def _check_file(work: Work, case_id: UUID, evidence_id: UUID | None) -> None:
    if evidence_id is not None and evidence_id not in {key for key, _ in queries.files_of(work, case_id)}:
        raise Invalid({"evidence_id": "Choose a file of this case."})


def _wrong_one(work: Work, case_id: UUID, ask: RecordMilestone) -> MilestoneRecord | None:
    """What a correction takes the place of; refused where somebody else has corrected it meanwhile."""
    if ask.corrects_id is None:
        return None
    wrong = queries.get_milestone(work, case_id, ask.corrects_id)
    if wrong.superseded_at is not None:
        raise Stale()
    rules.check_correction((wrong.code, wrong.officer_id), (ask.milestone, ask.officer_id), ask.reason)
    return wrong


def _row(work: Work, case: Case, ask: RecordMilestone, *, makes_formal: bool) -> MilestoneRecord:
    return MilestoneRecord(
        id=uuid4(),
        case_id=case.id,
        officer_id=ask.officer_id,
        code=ask.milestone,
        happened_on=ask.happened_on,
        proof=ask.proof,
        evidence_id=ask.evidence_id,
        makes_formal=makes_formal,
        recorded_by_id=work.actor.id,
        recorded_at=work.now,
        corrects_id=ask.corrects_id,
        reason=ask.reason if ask.corrects_id else "",
        compartments=marks_for(work, case.id, None, ask.proof, ask.reason, also=filter(None, [ask.evidence_id])),
    )


def _happened(work: Work, row: MilestoneRecord, wrong: MilestoneRecord | None) -> UUID:
    said = {"case_id": row.case_id, "milestone_id": row.id, "milestone": row.code, "happened_on": row.happened_on}
    if wrong is None:
        return work.happened(MilestoneRecorded(**said, officer_id=row.officer_id))
    wrong.superseded_at = work.now
    return work.happened(
        MilestoneCorrected(**said, officer_id=row.officer_id, corrects_id=wrong.id, was_on=wrong.happened_on)
    )


def _tell_clocks(work: Work, case: Case, row: MilestoneRecord, was_on: date | None) -> None:
    """The clocks start and stop by its code as by any event; a correction moves what counts from the wrong day."""
    on, officer_id = row.happened_on, row.officer_id
    if was_on is not None:
        clocks.correct_start(work, case.id, row.code, was_on, on, officer_id=officer_id)
        clocks.correct_stop(work, case.id, row.code, was_on, on, officer_id=officer_id)
        work.flush()
        place_cases(work, {case.id}, work.entries[-1])
    elif case.closed_on is None:
        tick(work, case, row.code, on, officer_id=officer_id)
    else:
        clocks.reached(work, case.id, case.policy_id, row.code, on, officer_id=officer_id)

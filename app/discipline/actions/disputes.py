"""What is done about disputes: an answer opens one, its decision is put on file, and the clocks hear of both."""

from datetime import date
from uuid import UUID, uuid4

from app.access.acts import never_stopped, stops_with
from app.access.permissions import Permission
from app.access.work import Work
from app.cases import queries as cases
from app.cases import rules as case_rules
from app.cases.actions import put_on_file, tick
from app.cases.commands import RecordMilestone
from app.cases.events import MilestoneCorrected
from app.cases.records import Case
from app.discipline import queries, rules
from app.discipline.commands import DecideDispute
from app.discipline.events import DisputeDecided, DisputeOpened
from app.discipline.records import DisputeRecord, Recommendation
from app.kernel.errors import Invalid
from app.policy.model import Rulebook
from app.policy.model.powers import Act


@never_stopped("an answer that was given takes effect")
def open_dispute(work: Work, case: Case, recommendation: Recommendation, on: date) -> None:
    """Where the answer is of a kind that goes before somebody else, it does so; once."""
    found = rules.opened_by(work.policies.named(case.policy_id), recommendation.answer)
    if found is None or queries.has_dispute(work, recommendation.id):
        return
    row = work.add(
        DisputeRecord(
            id=uuid4(),
            case_id=case.id,
            recommendation_id=recommendation.id,
            dispute=found.code,
            opened_on=on,
            deciders="",
            member_ids=[],
            proof="",
        )
    )
    work.happened(
        DisputeOpened(case_id=case.id, dispute_id=row.id, recommendation_id=row.recommendation_id, dispute=found.code)
    )
    if case.closed_on is None:
        tick(work, case, "dispute_opened", on)


@stops_with(Act.CASEWORK)
def decide_dispute(work: Work, case_id: UUID, dispute_id: UUID, ask: DecideDispute) -> DisputeRecord:
    """Puts on file how a dispute ended: once, by whom the rulebook lets decide, and what shows it."""
    work.need(Permission.DISPUTE_DECIDE)
    # One at a time decides in a case: the second finds what the first has put on file.
    case = cases.get_case(work, case_id, for_update=True)
    book, row = work.policies.named(case.policy_id), queries.get_dispute(work, case.id, dispute_id)
    found = rules.dispute(book, row.dispute)
    rules.check_may_be_decided(book, case.stage, row.decided_on)
    named = tuple(name for line in ask.deciders.splitlines() if (name := line.strip()))
    said = rules.Decision(ask.outcome, named, ask.members, ask.holds)
    outcome = rules.check_decision(book, found, said, queries.bench(work, case, found))
    _check_day_and_file(work, case, row, ask)
    row.outcome, row.decided_on, row.proof, row.evidence_id = outcome.code, ask.happened_on, ask.proof, ask.evidence_id
    row.deciders = "\n".join(named or (name for _, name in queries.named(work, ask.members)))
    row.member_ids = list(ask.members)
    row.recorded_by_id, row.recorded_at = work.actor.id, work.now
    work.happened(
        DisputeDecided(
            case_id=case.id,
            dispute_id=row.id,
            recommendation_id=row.recommendation_id,
            dispute=row.dispute,
            decision=outcome.code,
            stands=outcome.stands,
            happened_on=ask.happened_on,
            member_ids=ask.members,
        )
    )
    work.flush()
    _tell_clocks(work, case, book, row)
    return row


def _check_day_and_file(work: Work, case: Case, row: DisputeRecord, ask: DecideDispute) -> None:
    case_rules.check_day(ask.happened_on, work.today, case.incident_date)
    rules.check_after_opening(ask.happened_on, row.opened_on)
    if ask.evidence_id is not None and ask.evidence_id not in {key for key, _ in cases.files_of(work, case.id)}:
        raise Invalid({"evidence_id": "Choose a file of this case."})


def _tell_clocks(work: Work, case: Case, book: Rulebook, row: DisputeRecord) -> None:
    """With the last decision of its kind, what the rulebook names for it; with the last of all, that as well."""
    rows = queries.disputes_of_case(work, case.id)
    same = rules.all_decided_on([each.decided_on for each in rows if each.dispute == row.dispute])
    if same is not None:
        _record_as(work, case, book, row, same)
    everything = rules.all_decided_on([each.decided_on for each in rows])
    if everything is not None:
        tick(work, case, "dispute_decided", everything)


def _record_as(work: Work, case: Case, book: Rulebook, row: DisputeRecord, on: date) -> None:
    code = rules.dispute(book, row.dispute).recorded_as
    if code in {each.code for each in book.milestones}:
        ask = RecordMilestone(milestone=code, happened_on=on, proof=row.proof, evidence_id=row.evidence_id)
        row.milestone_id = put_on_file(work, case.id, ask).id
    elif code is not None:
        tick(work, case, code, on)


@never_stopped("what follows from a correction that was made")
def follow_corrected_day(work: Work, corrected: MilestoneCorrected) -> None:
    """A decision whose day was corrected on its milestone has the corrected day."""
    row = queries.dispute_of_milestone(work, corrected.corrects_id)
    if row is not None:
        row.milestone_id, row.decided_on = corrected.milestone_id, corrected.happened_on
        row.last_entry_id = work.entries[-1]

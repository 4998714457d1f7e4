"""What is done with cases: opened, assigned, moved along the rulebook's road, worked on."""

from collections.abc import Collection
from datetime import date
from uuid import UUID, uuid4

from app.access import halves, routes
from app.access.acts import asks_itself, never_stopped, stops_with
from app.access.keeping import marks_for
from app.access.work import Work
from app.cases import queries, rules
from app.cases.actions import closing
from app.cases.commands import AddTask, AssignCase, FinishTask, LogContact, MoveCase, WriteNote
from app.cases.events import (
    CaseAssigned,
    CaseClosed,
    CaseMoved,
    CaseOpened,
    CaseOpenedForReading,
    ContactAttempted,
    FilingJoined,
    NoteWritten,
    TaskAdded,
    TaskDone,
)
from app.cases.records import Assignment, Case, ContactAttempt, Note, Task
from app.clocks import actions as clocks
from app.clocks import queries as clock_queries
from app.clocks import rules as clock_rules
from app.clocks.events import ClockPaused, ExtensionGranted, PauseEnded, StartChosen
from app.correspondence.events import LetterWritten
from app.intake import queries as intake
from app.intake.events import FilingScreened
from app.kernel.errors import Refused, Stale
from app.kernel.numbers import number_from
from app.people import actions as people
from app.policy.model.powers import Act
from app.policy.model.process import Move


@never_stopped("part of what was let through")
def open_case(work: Work, screened: FilingScreened) -> Case:
    """A screened filing becomes a case, or joins the one it repeats; follows `FilingScreened` at once."""
    filing = intake.get_filing(work, screened.filing_id)
    if screened.duplicate_of is not None:
        return _join(work, filing.id, screened.duplicate_of)
    case_id = uuid4()
    routes.follow_into_case(work, filing.id, case_id)
    book = intake.book_for(work, filing)
    found = book.classified(screened.classification)
    received_on = filing.received_at.astimezone(work.house.zone).date()
    formal = rules.formality(book, rules.FROM_A_FILING, filing.anonymity, received_on, ())
    case = work.add(
        Case(
            id=case_id,
            number=number_from(book.number_mask, work.today.year),
            policy_id=book.policy_id,
            department_id=screened.department_id,
            stage=rules.first_stage(book, found, formal),
            classification=found.code,
            category=screened.category,
            priority="urgent" if found.priority == 1 else "normal",
            channel=filing.channel,
            language=filing.language,
            anonymity=filing.anonymity,
            received_on=received_on,
            opened_on=work.today,
            incident_date=filing.incident_date,
            incident_precision=filing.incident_precision,
            incident_time=filing.incident_time,
            place=filing.location,
            narrative=filing.narrative,
            origin=rules.FROM_A_FILING,
            closure=found.closure or "",
            queue_on=rules.NO_DATE,
        )
    )
    work.happened(
        CaseOpened(
            case_id=case.id,
            filing_id=filing.id,
            policy_id=case.policy_id,
            classification=found.code,
            department_id=case.department_id,
        )
    )
    work.flush()
    _take_filing(work, filing.id, case.id)
    tick(work, case, "filing_received", received_on)
    for event in ("case_classified", "case_opened"):
        tick(work, case, event, work.today)
    if book.stage(case.stage).final:
        _close(work, case, refers=found.refer_to is not None)
    elif (begun := rules.clock_event(book, case.stage)) is not None:
        # Screened straight to where the work begins: the clocks hear of it as if the case had moved there.
        tick(work, case, begun, work.today)
    return case


def _join(work: Work, filing_id: UUID, case_id: UUID) -> Case:
    case = queries.get_case(work, case_id)
    routes.follow_into_case(work, filing_id, case.id)
    is_first = queries.is_without_filer(work, case.id)
    _take_filing(work, filing_id, case.id)
    if is_first and case.closed_on is None:
        filed_on = intake.get_filing(work, filing_id).received_at.astimezone(work.house.zone).date()
        _place(work, case, clocks.begin_letters(work, case.id, case.policy_id, filed_on))
    return case


def _take_filing(work: Work, filing_id: UUID, case_id: UUID) -> None:
    """The filing and its filer belong to the case from now on."""
    filing = intake.get_filing(work, filing_id)
    filing.case_id = case_id
    people.filer_of_case(work, filing_id, case_id)
    work.happened(FilingJoined(case_id=case_id, filing_id=filing_id))


@never_stopped("the machinery follows what was done")
def tick(work: Work, case: Case, event: str, on: date, *, officer_id: UUID | None = None) -> None:
    """Tells the clocks that the case came to `event`, and puts the case in its new place in the queue."""
    _place(work, case, clocks.reached(work, case.id, case.policy_id, event, on, officer_id=officer_id))


def _place(work: Work, case: Case, due_on: date | None) -> None:
    """The case's own date follows its clocks; the entry that moved the clock is the one that touched the case."""
    if work.entries and (due_on, rules.queue_day(due_on)) != (case.due_on, case.queue_on):
        case.due_on, case.queue_on = due_on, rules.queue_day(due_on)
        case.last_entry_id = work.entries[-1]


@never_stopped("the machinery follows what was done")
def follow_clock(work: Work, moved: ClockPaused | PauseEnded | ExtensionGranted | StartChosen) -> None:
    """A clock's date moved by a pause, by more time or by another start: the case takes its new place at once."""
    if moved.case_id is None:
        return
    running = clock_queries.running_clocks(work, moved.case_id)
    case = queries.case_of_clock(work, moved.case_id)
    _place(work, case, clock_rules.earliest(clock_queries.dated(clock) for clock in running))


@never_stopped("the machinery follows what was done")
def place_cases(work: Work, case_ids: set[UUID], entry_id: UUID) -> None:
    """Many clocks were counted again: every case among these that stands in the wrong place takes its own."""
    wrong = [
        {"id": row.id, "due_on": row.earliest, "queue_on": rules.queue_day(row.earliest), "last_entry_id": entry_id}
        for row in queries.places_of(work, case_ids)
        if (row.due_on, row.queue_on) != (row.earliest, rules.queue_day(row.earliest))
    ]
    work.change_many(Case, wrong)


@never_stopped("the machinery follows what was done")
def letter_went_out(work: Work, written: LetterWritten) -> None:
    """A letter to the filer starts and stops the clocks that the rulebook ties to it."""
    if written.case_id is None:
        return
    case = queries.get_case(work, written.case_id)
    kind = work.policies.named(case.policy_id).letter_kind(written.kind)
    for event in rules.told_by_letter(kind.on):
        due_on = clocks.reached(work, case.id, case.policy_id, event, work.today)
        if case.closed_on is None:
            _place(work, case, due_on)


@never_stopped("history stays and is read")
def read_case(work: Work, case_id: UUID) -> Case:
    """Opens a case file; each opening stands in the journal."""
    case = queries.get_case(work, case_id)
    work.happened(CaseOpenedForReading(case_id=case.id))
    return case


@stops_with(Act.CASEWORK)
def assign_case(work: Work, case_id: UUID, ask: AssignCase) -> Case:
    """Gives the case to somebody to lead."""
    case = _expected(work, case_id, ask.version)
    if ask.account_id not in {account.id for account in queries.investigators(work)}:
        raise Refused("Only an investigator can lead a case.")
    routes.check_may_lead(work, case.id, ask.account_id)
    before = queries.assignment_of(work, case.id)
    if before is not None:
        before.until_at = work.now
    work.add(Assignment(id=uuid4(), case_id=case.id, account_id=ask.account_id, from_at=work.now))
    case.lead_id = ask.account_id
    work.happened(
        CaseAssigned(case_id=case.id, account_id=ask.account_id, before_id=before.account_id if before else None)
    )
    tick(work, case, "case_assigned", work.today)
    return case


@asks_itself(Act.MOVES)
def move_case(work: Work, case_id: UUID, ask: MoveCase, *, agreed: bool = False) -> Case:
    """Moves the case along the road of the rulebook it was opened under; a closing may first wait for a second one."""
    case = _expected(work, case_id, ask.version)
    book = work.policies.named(case.policy_id)
    acts_as = routes.acting_as(work, case.id)
    move = rules.check_move(book, case.stage, ask.to, acts_as, ask.reason)
    rules.check_powers(work.book, move, work.today)
    if not agreed and rules.CLOSURE_GUARD in move.only_if and halves.wants_two(book, halves.CLOSURE):
        closing.ask_to_close(work, case, move, ask, acts_as)
        return case
    _settle_closure(work, case, move, ask, acts_as)
    rules.check_guards(move, lambda guard: work.fact(guard, case.id))
    standing = queries.standing_of(work, case)
    rules.check_ready(queries.lacks(work, case, move, standing))

    before, case.stage = case.stage, ask.to
    case.closed_on = None
    note = _reason_note(work, case, ask.reason) if ask.reason else None
    work.happened(
        CaseMoved(case_id=case.id, from_stage=before, to_stage=ask.to, note_id=note.id if note else None),
    )
    event = rules.clock_event(book, ask.to)
    if rules.takes_effect(book, case.classification, before, ask.to, standing.formal):
        tick(work, case, "case_classified", work.today)
    if rules.goes_back(book, before, ask.to):
        clocks.run_again(work, case.id, case.policy_id, rules.undone_by_going_back(book, ask.to), event)
    if book.stage(ask.to).final:
        _close(work, case, refers=rules.is_referral(book, ask.to))
    elif event is not None:
        tick(work, case, event, work.today)
    return case


def _settle_closure(work: Work, case: Case, move: Move, ask: MoveCase, acts_as: Collection[str]) -> None:
    """A case that ends without a finding says why, on the grounds of the rulebook; any other move forgets it."""
    book = work.policies.named(case.policy_id)
    if rules.CLOSURE_GUARD in move.only_if:
        attempts = len(queries.attempts_of(work, case.id))
        rules.check_closure(book, ask.closure, ask.reason, acts_as, attempts)
        case.closure, case.closure_reason = ask.closure, ask.reason
    elif not rules.is_referral(book, ask.to):
        case.closure, case.closure_reason = "", ""


@never_stopped("part of what was let through")
def keep_reason(work: Work, case: Case, reason: str) -> Note:
    """Why something on the case was decided, for the team to read."""
    note = _reason_note(work, case, reason)
    work.happened(NoteWritten(case_id=case.id, note_id=note.id, reader="team"))
    return note


def _reason_note(work: Work, case: Case, reason: str) -> Note:
    """Why a case moved stands among its notes, for the team."""
    return work.add(
        Note(
            id=uuid4(),
            case_id=case.id,
            reader="team",
            body=reason,
            written_by_id=work.actor.id,
            written_at=work.now,
            compartments=marks_for(work, case.id, None, reason),
        )
    )


def _close(work: Work, case: Case, *, refers: bool) -> None:
    book = work.policies.named(case.policy_id)
    case.closed_on = work.today
    tick(work, case, rules.closed_how(book, case.stage, case.closure, refers=refers), work.today)
    case.due_on, case.queue_on = None, rules.NO_DATE
    work.happened(CaseClosed(case_id=case.id, stage=case.stage, closure=case.closure, result=case.result))


def _expected(work: Work, case_id: UUID, version: int) -> Case:
    """The case, locked; refused where somebody changed it since the page was shown."""
    case = queries.get_case(work, case_id, for_update=True)
    if case.version != version:
        raise Stale()
    return case


@stops_with(Act.CASEWORK)
def write_note(work: Work, case_id: UUID, ask: WriteNote) -> Note:
    """Writes a note; who may read it is settled now and shown beside it."""
    case = queries.get_case(work, case_id)
    note = work.add(
        Note(
            id=uuid4(),
            case_id=case.id,
            reader=ask.reader,
            body=ask.body,
            written_by_id=work.actor.id,
            written_at=work.now,
            compartments=marks_for(work, case.id, ask, ask.body),
        )
    )
    work.happened(NoteWritten(case_id=case.id, note_id=note.id, reader=ask.reader))
    return note


@stops_with(Act.CASEWORK)
def add_task(work: Work, case_id: UUID, ask: AddTask) -> Task:
    """Adds something to do to a case, for whoever leads it."""
    case = queries.get_case(work, case_id)
    task = work.add(
        Task(
            id=uuid4(),
            case_id=case.id,
            title=ask.title,
            due_on=ask.due_on,
            assignee_id=case.lead_id or work.actor.id,
            compartments=marks_for(work, case.id, None, ask.title),
        )
    )
    work.happened(TaskAdded(case_id=case.id, task_id=task.id, due_on=ask.due_on))
    return task


@stops_with(Act.CASEWORK)
def finish_task(work: Work, case_id: UUID, task_id: UUID, ask: FinishTask) -> Task:
    """Notes that a task is done."""
    queries.get_case(work, case_id)
    task = queries.get_task(work, task_id)
    if task.version != ask.version or task.case_id != case_id:
        raise Stale()
    task.done_at = work.now
    work.happened(TaskDone(case_id=case_id, task_id=task.id))
    return task


@stops_with(Act.CASEWORK)
def log_contact(work: Work, case_id: UUID, ask: LogContact) -> ContactAttempt:
    """Notes one attempt to reach somebody; closing a case early may need several."""
    case = queries.get_case(work, case_id)
    attempt = work.add(
        ContactAttempt(
            id=uuid4(),
            case_id=case.id,
            made_at=work.now,
            channel=ask.channel,
            result=ask.result,
            remark=ask.remark,
            made_by_id=work.actor.id,
            compartments=marks_for(work, case.id, None, ask.remark),
        )
    )
    work.happened(ContactAttempted(case_id=case.id, attempt_id=attempt.id, channel=ask.channel, result=ask.result))
    return attempt

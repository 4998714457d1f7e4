"""Cases as a program works on them: the queue, one case, and the verbs of the main job."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from app.access.permissions import Permission
from app.access.work import Work
from app.cases import actions, queries
from app.cases.commands import (
    AddTask,
    AssignCase,
    FinishTask,
    LinkCase,
    LogContact,
    MoveCase,
    OpenOwnCase,
    QueueView,
    RecordMilestone,
    WithdrawLink,
    WithdrawMilestone,
    WriteNote,
)
from app.intake import actions as intake_actions
from app.intake import queries as intake
from app.intake.commands import ScreenFiling
from app.web.problems import documented
from app.web.strict_json import StrictRoute
from app.web.work import may

router = APIRouter(prefix="/api/v1", tags=["cases"], route_class=StrictRoute)

Reader = Annotated[Work, may(Permission.CASE_READ)]
Screener = Annotated[Work, may(Permission.FILING_SCREEN)]
Assigner = Annotated[Work, may(Permission.CASE_ASSIGN)]
Worker = Annotated[Work, may(Permission.CASE_WORK)]
Mover = Annotated[Work, may(Permission.CASE_MOVE)]
NoteWriter = Annotated[Work, may(Permission.NOTE_WRITE)]

READING = documented(401, 403, 404, 422)
LISTING = documented(401, 403, 422)
CHANGING = documented(401, 403, 404, 409, 413, 422)


class Answer(BaseModel):
    """Base of what is answered."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CaseLine(Answer):
    """A case as it stands in the queue; `assignee` is a user name."""

    id: UUID
    number: str
    stage: str
    assignee: str | None
    opened_on: date
    due_on: date | None


class CaseList(Answer):
    """One page of the queue; `next` is the cursor of the page after it."""

    items: list[CaseLine]
    next: str | None


class CaseDetail(CaseLine):
    """One case; `version` goes back with the next change to it."""

    version: int
    policy_id: str
    department_id: str
    classification: str
    category: str
    priority: str
    language: str
    anonymity: str
    received_on: date
    closed_on: date | None
    closure: str
    result: str
    incident_date: date | None
    incident_precision: str
    place: str
    narrative: str


class Investigator(Answer):
    """Somebody who may lead a case."""

    id: UUID
    name: str
    display_name: str


class Investigators(Answer):
    """Everybody who may."""

    items: list[Investigator]


class WaitingFiling(Answer):
    """A filing that nobody has screened yet."""

    id: UUID
    number: str
    received_at: datetime
    language: str
    anonymity: str
    version: int


class WaitingFilings(Answer):
    """The filings that wait longest."""

    items: list[WaitingFiling]


class Screened(Answer):
    """What became of a filing."""

    filing_id: UUID
    outcome: str
    case_id: UUID | None


class MilestoneOnFile(Answer):
    """A milestone with its day and proof; one that counts no more says since when."""

    id: UUID
    code: str
    officer_id: UUID | None
    happened_on: date
    proof: str
    evidence_id: UUID | None
    recorded_at: datetime
    corrects_id: UUID | None
    reason: str
    superseded_at: datetime | None
    withdrawn_by_id: UUID | None
    withdrawal: str


class MilestonesOnFile(Answer):
    """Everything that was ever put on file of a case, the latest happening first."""

    items: list[MilestoneOnFile]


class LinkedCase(Answer):
    """Another case that this one is linked with; `words` say it as the page of this case does."""

    case_id: UUID
    number: str
    relation: str
    words: str
    reason: str
    linked_at: datetime | None
    withdrawn_at: datetime | None
    withdrawal: str


class LinkedCases(Answer):
    """The links between this case and others that you may see."""

    items: list[LinkedCase]


class Kept(Answer):
    """The id of what was written."""

    id: UUID


@router.get("/cases", response_model=CaseList, operation_id="list_cases", responses=LISTING)
def list_cases(work: Reader, view: Annotated[QueueView, Query()]) -> CaseList:
    """The cases you may know of, a page at a time."""
    page = queries.queue_page(work, view)
    return CaseList(items=[_line(case, lead) for case, lead, _ in page.rows], next=page.next)


def _line(case: Any, lead: str | None) -> CaseLine:
    return CaseLine(
        id=case.id,
        number=case.number,
        stage=case.stage,
        assignee=lead,
        opened_on=case.opened_on,
        due_on=case.due_on,
    )


# Before what takes any word in its place: a wrong method is told by the first route that fits.
@router.post(
    "/cases/open", status_code=201, response_model=CaseDetail, operation_id="open_own_case", responses=CHANGING
)
def open_own_case(work: Worker, ask: OpenOwnCase) -> CaseDetail:
    """Opens a case that nobody complained of."""
    return _detail(work, actions.open_own_case(work, ask))


@router.get("/cases/{case_id}", response_model=CaseDetail, operation_id="read_case", responses=READING)
def read_case(work: Reader, case_id: UUID) -> CaseDetail:
    """One case; that you opened it stands in the journal."""
    return _detail(work, actions.read_case(work, case_id))


def _detail(work: Work, case: Any) -> CaseDetail:
    # What was changed is written now, so that the version in the answer is the one the next change must name.
    work.flush()
    line = _line(case, queries.user_name(work, case.lead_id)).model_dump()
    own = {name: getattr(case, name) for name in CaseDetail.model_fields if name not in line}
    return CaseDetail.model_validate(line | own)


@router.get("/screenings", response_model=WaitingFilings, operation_id="list_unscreened", responses=LISTING)
def list_unscreened(work: Screener) -> WaitingFilings:
    """The filings that wait to be screened, the oldest first."""
    waiting = intake.list_unscreened(work)
    return WaitingFilings(items=[WaitingFiling.model_validate(each, from_attributes=True) for each in waiting])


@router.post(
    "/screenings/{filing_id}/screen", response_model=Screened, operation_id="screen_filing", responses=CHANGING
)
def screen_filing(work: Screener, filing_id: UUID, ask: ScreenFiling) -> Screened:
    """Decides what becomes of a filing."""
    filing = intake_actions.screen_filing(work, filing_id, ask)
    return Screened(filing_id=filing.id, outcome=filing.outcome or "", case_id=filing.case_id)


@router.get("/investigators", response_model=Investigators, operation_id="list_investigators", responses=LISTING)
def list_investigators(work: Assigner) -> Investigators:
    """To whom a case can be given."""
    found = queries.investigators(work)
    return Investigators(items=[Investigator.model_validate(each, from_attributes=True) for each in found])


@router.post("/cases/{case_id}/assign", response_model=CaseDetail, operation_id="assign_case", responses=CHANGING)
def assign_case(work: Assigner, case_id: UUID, ask: AssignCase) -> CaseDetail:
    """Gives the case to somebody to lead."""
    return _detail(work, actions.assign_case(work, case_id, ask))


@router.post("/cases/{case_id}/move", response_model=CaseDetail, operation_id="move_case", responses=CHANGING)
def move_case(work: Mover, case_id: UUID, ask: MoveCase) -> CaseDetail:
    """Moves the case along the road of its rulebook."""
    return _detail(work, actions.move_case(work, case_id, ask))


@router.post(
    "/cases/{case_id}/notes/write", status_code=201, response_model=Kept, operation_id="write_note", responses=CHANGING
)
def write_note(work: NoteWriter, case_id: UUID, ask: WriteNote) -> Kept:
    """Writes a note for the team or for yourself."""
    return Kept(id=actions.write_note(work, case_id, ask).id)


@router.post(
    "/cases/{case_id}/tasks/add", status_code=201, response_model=Kept, operation_id="add_task", responses=CHANGING
)
def add_task(work: Worker, case_id: UUID, ask: AddTask) -> Kept:
    """Adds something to do."""
    return Kept(id=actions.add_task(work, case_id, ask).id)


@router.post(
    "/cases/{case_id}/tasks/{task_id}/finish", response_model=Kept, operation_id="finish_task", responses=CHANGING
)
def finish_task(work: Worker, case_id: UUID, task_id: UUID, ask: FinishTask) -> Kept:
    """Notes that a task is done."""
    return Kept(id=actions.finish_task(work, case_id, task_id, ask).id)


@router.post(
    "/cases/{case_id}/contacts/log",
    status_code=201,
    response_model=Kept,
    operation_id="log_contact",
    responses=CHANGING,
)
def log_contact(work: Worker, case_id: UUID, ask: LogContact) -> Kept:
    """Notes one attempt to reach somebody."""
    return Kept(id=actions.log_contact(work, case_id, ask).id)


@router.get("/cases/{case_id}/links", response_model=LinkedCases, operation_id="list_links", responses=READING)
def list_links(work: Reader, case_id: UUID) -> LinkedCases:
    """With which other cases this one is linked; one that you may not see is not there."""
    return _linked(work, actions.read_case(work, case_id))


def _linked(work: Work, case: Any) -> LinkedCases:
    return LinkedCases(
        items=[
            LinkedCase(
                case_id=each.case.id,
                number=each.case.number,
                relation=each.relation,
                words=each.words,
                reason=each.reason,
                linked_at=each.linked_at,
                withdrawn_at=each.withdrawn_at,
                withdrawal=each.withdrawal,
            )
            for each in queries.shown_links(work, case)
        ]
    )


@router.post(
    "/cases/{case_id}/links/link",
    status_code=201,
    response_model=LinkedCases,
    operation_id="link_case",
    responses=CHANGING,
)
def link_case(work: Worker, case_id: UUID, ask: LinkCase) -> LinkedCases:
    """Links the case with another one that you may see; answers with all its links."""
    actions.link_case(work, case_id, ask)
    work.flush()
    return _linked(work, queries.get_case(work, case_id))


@router.post(
    "/cases/{case_id}/links/withdraw",
    response_model=LinkedCases,
    operation_id="withdraw_link",
    responses=CHANGING,
)
def withdraw_link(work: Worker, case_id: UUID, ask: WithdrawLink) -> LinkedCases:
    """Withdraws a link with its reason; it stays, marked. Answers with all links of the case."""
    actions.withdraw_link(work, case_id, ask)
    work.flush()
    return _linked(work, queries.get_case(work, case_id))


@router.get(
    "/cases/{case_id}/milestones",
    response_model=MilestonesOnFile,
    operation_id="list_milestones",
    responses=READING,
)
def list_milestones(work: Reader, case_id: UUID) -> MilestonesOnFile:
    """What happened outside and is on file, with what was corrected."""
    case = actions.read_case(work, case_id)
    found = queries.milestones_of(work, case.id)
    return MilestonesOnFile(items=[MilestoneOnFile.model_validate(each, from_attributes=True) for each in found])


@router.post(
    "/cases/{case_id}/milestones/record",
    status_code=201,
    response_model=MilestoneOnFile,
    operation_id="record_milestone",
    responses=CHANGING,
)
def record_milestone(work: Worker, case_id: UUID, ask: RecordMilestone) -> MilestoneOnFile:
    """Puts a milestone on file, or a corrected day in the place of a wrong one."""
    return MilestoneOnFile.model_validate(actions.record_milestone(work, case_id, ask), from_attributes=True)


@router.post(
    "/cases/{case_id}/milestones/{milestone_id}/withdraw",
    response_model=MilestoneOnFile,
    operation_id="withdraw_milestone",
    responses=CHANGING,
)
def withdraw_milestone(work: Worker, case_id: UUID, milestone_id: UUID, ask: WithdrawMilestone) -> MilestoneOnFile:
    """Withdraws a milestone that never happened: it stays, marked, and the clocks are as if it had not come."""
    row = actions.withdraw_milestone(work, case_id, milestone_id, ask)
    return MilestoneOnFile.model_validate(row, from_attributes=True)

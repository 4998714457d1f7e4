"""Meetings, the seats of a body and who answered the roll."""

from uuid import UUID

from sqlalchemy import Select, or_, select

from app.access.permissions import Permission
from app.access.reading import one_or_not_found
from app.access.records import Account, AccountRole, Wall
from app.access.walls import may_know
from app.access.work import Work
from app.cases.records import Case
from app.commission.records import Attendance, DocketItem, Meeting, Seat
from app.commission.rules import meetings as rules
from app.policy.model.agency import Body

PAST = 30
MOST_CANDIDATES = 100


def bodies_of_mine(work: Work) -> list[str]:
    """The bodies in which this person holds a seat today."""
    return sorted({seat.body for seat in _standing_seats(work) if seat.account_id == work.actor.id})


def visible_meetings(work: Work) -> Select[Meeting]:
    """Meetings of one's own bodies; whoever prepares them sees all."""
    work.need(Permission.DOCKET_READ)
    query = select(Meeting)
    if work.may(Permission.DOCKET_PREPARE):
        return query
    return query.where(Meeting.body.in_(bodies_of_mine(work)))


def get_meeting(work: Work, meeting_id: UUID, *, for_update: bool = False) -> Meeting:
    """One meeting, or 404."""
    query = visible_meetings(work).where(Meeting.id == meeting_id)
    return one_or_not_found(work, query.with_for_update() if for_update else query)


def coming_meetings(work: Work) -> list[Meeting]:
    """Meetings that are not over, the next one first."""
    query = visible_meetings(work).where(Meeting.state != rules.ENDED)
    return list(work.session.scalars(query.order_by(Meeting.held_on, Meeting.starts_at, Meeting.id)))


def past_meetings(work: Work) -> list[Meeting]:
    """Meetings that are over, the latest first."""
    query = visible_meetings(work).where(Meeting.state == rules.ENDED)
    return list(work.session.scalars(query.order_by(Meeting.held_on.desc(), Meeting.id).limit(PAST)))


def body_of(work: Work, code: str) -> Body:
    """A body as today's rulebook has it; one that it names no more, as the last version did that knew it."""
    for book in work.policies.begun(work.house.agency, work.today):
        found = next((body for body in book.bodies if body.code == code), None)
        if found is not None:
            return found
    return work.book.body(code)


def members_of(work: Work, body: str) -> list[Seat]:
    """The seats of a body today, filled or empty, in their order."""
    return [seat for seat in _standing_seats(work) if seat.body == body]


def all_seats(work: Work) -> list[Seat]:
    """Every seat of today."""
    return _standing_seats(work)


def seat_at(work: Work, body: str, position: int) -> Seat | None:
    """The seat at that place, if it is on file."""
    return next((seat for seat in members_of(work, body) if seat.position == position), None)


def present_at(work: Work, meeting_id: UUID) -> set[UUID]:
    """Who is here now."""
    return {row.account_id for row in roll_of(work, meeting_id) if row.left_at is None}


def roll_of(work: Work, meeting_id: UUID) -> list[Attendance]:
    """Who answered the roll, also those who left."""
    return list(work.session.scalars(select(Attendance).where(Attendance.meeting_id == meeting_id)))


def possible_members(work: Work) -> list[Account]:
    """Who may be given a seat."""
    query = select(Account).join(AccountRole, AccountRole.account_id == Account.id)
    query = query.where(AccountRole.role == "commissioner", Account.status == "active").order_by(Account.display_name)
    return list(work.session.scalars(query))


def candidates(work: Work, meeting: Meeting) -> list[Case]:
    """Cases that may be put on this docket, the one with the nearest date first; by number and date alone."""
    work.need(Permission.DOCKET_PREPARE)
    walled = select(Wall.case_id).where(Wall.account_id == work.actor.id, Wall.lifted_at.is_(None))
    standing = select(DocketItem.case_id).join(Meeting, Meeting.id == DocketItem.meeting_id)
    standing = standing.where(
        DocketItem.taken_off_at.is_(None), or_(Meeting.state != rules.ENDED, Meeting.id == meeting.id)
    )
    query = select(Case).where(Case.id.not_in(walled), may_know(work, Case.id), Case.id.not_in(standing))
    query = query.where(Case.stage.in_(_stages(work)))
    query = query.order_by(Case.queue_on, Case.id).limit(MOST_CANDIDATES)
    return [case for case in work.session.scalars(query) if is_ripe(work, case)]


def candidate(work: Work, case_id: UUID) -> Case:
    """One such case, held so that it comes before one meeting at a time, or 404."""
    work.need(Permission.DOCKET_PREPARE)
    walled = select(Wall.case_id).where(Wall.account_id == work.actor.id, Wall.lifted_at.is_(None))
    query = select(Case).where(Case.id == case_id, Case.id.not_in(walled), may_know(work, Case.id))
    return one_or_not_found(work, query.with_for_update(of=Case))


def is_ripe(work: Work, case: Case) -> bool:
    """True where the case stands, by its own rulebook, where a docket takes it up."""
    return case.stage in rules.stages_for_docket(work.policies.named(case.policy_id))


def _stages(work: Work) -> list[str]:
    """The same over every version of the agency's rulebook, to keep the select narrow."""
    books = work.policies.of(work.house.agency)
    return sorted({stage for book in books for stage in rules.stages_for_docket(book)})


def _standing_seats(work: Work) -> list[Seat]:
    query = select(Seat).where(Seat.from_on <= work.today, or_(Seat.until_on.is_(None), Seat.until_on > work.today))
    return list(work.session.scalars(query.order_by(Seat.body, Seat.position, Seat.id)))

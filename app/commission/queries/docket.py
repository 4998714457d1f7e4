"""Which docketed cases a member may know of, and everything that stands round one of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select

from app.access.permissions import Permission
from app.access.reading import one_or_not_found
from app.access.records import Account, Wall
from app.access.walls import may_know
from app.access.work import Work
from app.cases.records import Case
from app.commission.queries.closed import Closing, closings_of, last_of
from app.commission.queries.meetings import bodies_of_mine, body_of, members_of, present_at
from app.commission.records import DocketItem, Meeting, Motion, Packet, Recusal, Vote
from app.commission.rules import meetings, voting
from app.commission.rules.voting import Reckoning, Room, Tally
from app.infra.files import stored_of
from app.infra.storage import StoredFile


@dataclass(frozen=True)
class Subject:
    """Something that a finding can be voted on: the commission knows its id and words, not what it is."""

    id: UUID
    label: str
    words: tuple[tuple[str, str], ...]

    def word(self, code: str) -> str:
        """The office's word for a proposal."""
        return dict(self.words).get(code, code)


@dataclass(frozen=True)
class Ballot:
    """One motion with its roll call: who may vote on it, who has, and what the sums say so far."""

    motion: Motion
    room: Room
    tally: Tally
    votes: Mapping[UUID, str]
    waiting: tuple[UUID, ...]
    quorum: Reckoning


@dataclass(frozen=True)
class Docketed:
    """One case on a docket, as a member sees it."""

    item: DocketItem
    case: Case
    meeting: Meeting
    packet: Packet | None
    motions: list[Motion] = field(default_factory=list)
    recused: frozenset[UUID] = frozenset()
    forecast: Reckoning | None = None
    closings: list[Closing] = field(default_factory=list)

    @property
    def closing(self) -> Closing | None:
        """The closed session that counts."""
        return last_of(self.closings)


def visible_items(work: Work) -> Select[DocketItem]:
    """Docketed cases, less those behind a wall; a member's are those of the bodies in which they hold a seat."""
    work.need(Permission.DOCKET_READ)
    walled = select(Wall.case_id).where(Wall.account_id == work.actor.id, Wall.lifted_at.is_(None))
    query = select(DocketItem).where(DocketItem.taken_off_at.is_(None), DocketItem.case_id.not_in(walled))
    query = query.where(may_know(work, DocketItem.case_id))
    if work.may(Permission.DOCKET_PREPARE):
        return query
    mine = select(Meeting.id).where(Meeting.body.in_(bodies_of_mine(work)))
    return query.where(DocketItem.meeting_id.in_(mine))


def get_item(work: Work, item_id: UUID) -> DocketItem:
    """One case on one docket, or 404."""
    return one_or_not_found(work, visible_items(work).where(DocketItem.id == item_id))


def item_of_case(work: Work, case_id: UUID) -> DocketItem:
    """The latest docket on which a case stands, or 404."""
    query = visible_items(work).join(Meeting, Meeting.id == DocketItem.meeting_id).where(DocketItem.case_id == case_id)
    return one_or_not_found(work, query.order_by(Meeting.held_on.desc(), DocketItem.id).limit(1))


def item_on(work: Work, meeting_id: UUID, case_id: UUID) -> DocketItem | None:
    """The row of a case on one docket, also one that was taken off."""
    query = select(DocketItem).where(DocketItem.meeting_id == meeting_id, DocketItem.case_id == case_id)
    return work.session.scalars(query).one_or_none()


def next_position(work: Work, meeting_id: UUID) -> int:
    """The place after the last one."""
    last = work.session.scalar(select(func.max(DocketItem.position)).where(DocketItem.meeting_id == meeting_id))
    return (last or 0) + 1


def docketed_case(work: Work, item: DocketItem) -> Case:
    """The case itself; the caller has the item."""
    return one_or_not_found(work, select(Case).where(Case.id == item.case_id))


def is_on_a_docket(work: Work, case_id: UUID) -> bool:
    """A fact for guards: the case stands on a docket that is not over."""
    query = select(DocketItem.id).join(Meeting, Meeting.id == DocketItem.meeting_id)
    query = query.where(
        DocketItem.case_id == case_id, DocketItem.taken_off_at.is_(None), Meeting.state != meetings.ENDED
    )
    return work.session.scalar(query.limit(1)) is not None


def is_decided(work: Work, case_id: UUID) -> bool:
    """A fact for guards: on the case's latest docket, a motion carried on everything that was to be voted on.

    What was decided before the case was sent back is decided no longer: there is more to learn first.
    """
    item = _latest_item(work, case_id)
    carried = _carried(work, item.id) if item is not None else []
    if any(motion.kind == meetings.SEND_BACK for motion in carried):
        return False
    subjects = {subject.id for subject in subjects_of(work, case_id)}
    return bool(subjects) and subjects <= {motion.subject_id for motion in carried}


def is_sent_back(work: Work, case_id: UUID) -> bool:
    """A fact for guards: the body carried that the case go back, and it has not gone yet."""
    item = _latest_item(work, case_id)
    if item is None or item.sent_to is None:
        return False
    carried = _carried(work, item.id)
    return any(motion.kind == meetings.SEND_BACK and motion.proposal == item.sent_to for motion in carried)


def _latest_item(work: Work, case_id: UUID) -> DocketItem | None:
    query = select(DocketItem).join(Meeting, Meeting.id == DocketItem.meeting_id)
    query = query.where(DocketItem.case_id == case_id, DocketItem.taken_off_at.is_(None))
    return work.session.scalar(query.order_by(Meeting.held_on.desc(), DocketItem.id).limit(1))


def _carried(work: Work, item_id: UUID) -> list[Motion]:
    return [motion for motion in motions_of_item(work, item_id) if motion.outcome == voting.CARRIED]


def docket_of(work: Work, coming: Iterable[Meeting]) -> dict[UUID, list[Docketed]]:
    """The dockets of several meetings at once, in their order, as this person may see them."""
    by_id = {meeting.id: meeting for meeting in coming}
    items = list(
        work.session.scalars(
            visible_items(work).where(DocketItem.meeting_id.in_(by_id)).order_by(DocketItem.position, DocketItem.id)
        )
    )
    ids = [item.case_id for item in items]
    cases = {case.id: case for case in work.session.scalars(select(Case).where(Case.id.in_(ids)))}
    packets, motions = _packets(work, items), _motions(work, items)
    recused, closings = recusals_of(work, ids), closings_of(work, items)
    found: dict[UUID, list[Docketed]] = {meeting_id: [] for meeting_id in by_id}
    for item in items:
        if item.case_id not in cases:
            continue
        meeting = by_id[item.meeting_id]
        out = frozenset(recused.get(item.case_id, ()))
        room = room_of(work, meeting, out)
        body = body_of(work, meeting.body)
        found[meeting.id].append(
            Docketed(
                item,
                cases[item.case_id],
                meeting,
                packets.get(item.id),
                motions.get(item.id, []),
                out,
                voting.forecast(body, room),
                closings.get(item.id, []),
            )
        )
    return found


def docketed(work: Work, item: DocketItem) -> Docketed:
    """One case on a docket with all that stands round it."""
    meeting = one_or_not_found(work, select(Meeting).where(Meeting.id == item.meeting_id))
    return next(
        iter(one for one in docket_of(work, [meeting])[meeting.id] if one.item.id == item.id),
    )


def recusals_of(work: Work, case_ids: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """Who is recused from which case."""
    found: dict[UUID, set[UUID]] = {}
    for row in work.session.scalars(select(Recusal).where(Recusal.case_id.in_(list(case_ids)))):
        found.setdefault(row.case_id, set()).add(row.account_id)
    return found


def room_of(work: Work, meeting: Meeting, recused: Iterable[UUID], voted: Iterable[UUID] = ()) -> Room:
    """Who counts for one case at this meeting now; whoever has voted was there when they did."""
    body = body_of(work, meeting.body)
    places = members_of(work, meeting.body)
    serving = {seat.account_id for seat in places if seat.account_id is not None}
    here = (present_at(work, meeting.id) | set(voted)) & serving
    out = serving & set(recused)
    return Room(
        seats=voting.seats_of(body.seats, len(places)),
        serving=len(serving),
        recused=len(out),
        present=len(here - out),
        recused_present=len(here & out),
    )


def get_motion(work: Work, item: DocketItem, motion_id: UUID) -> Motion:
    """One motion of this case on this docket, locked until the vote on it is written."""
    query = select(Motion).where(Motion.id == motion_id, Motion.docket_item_id == item.id)
    return one_or_not_found(work, query.with_for_update())


def ballot_of(work: Work, meeting: Meeting, motion: Motion) -> Ballot:
    """The roll call on one motion; a member who is recused has no voice in it, even one given before."""
    out = recusals_of(work, [motion.case_id]).get(motion.case_id, set())
    rows = work.session.scalars(select(Vote).where(Vote.motion_id == motion.id))
    cast = {vote.account_id: vote.choice for vote in rows if vote.account_id not in out}
    members = [seat.account_id for seat in members_of(work, meeting.body) if seat.account_id is not None]
    votes = {member: cast[member] for member in members if member in cast} | cast
    room = room_of(work, meeting, out, votes)
    given = list(votes.values())
    tally = Tally(*(given.count(choice) for choice in voting.CHOICES))
    expected = present_at(work, meeting.id) - out - set(votes)
    waiting = tuple(member for member in members if member in expected)
    return Ballot(motion, room, tally, votes, waiting, voting.quorum(body_of(work, meeting.body).quorum, room))


def motions_of_item(work: Work, item_id: UUID) -> list[Motion]:
    """The motions on one case at one meeting, in the order they were put."""
    query = select(Motion).where(Motion.docket_item_id == item_id).order_by(Motion.moved_at, Motion.id)
    return list(work.session.scalars(query))


def has_motions(work: Work, item_id: UUID) -> bool:
    """True where anything was moved on this case at this meeting."""
    return bool(motions_of_item(work, item_id))


def open_motions_at(work: Work, meeting_id: UUID) -> int:
    """How many motions of a meeting still wait for their end, of the cases this person may see."""
    query = select(func.count(Motion.id)).join(DocketItem, DocketItem.id == Motion.docket_item_id)
    query = query.where(DocketItem.meeting_id == meeting_id, Motion.decided_at.is_(None))
    return work.session.scalar(query) or 0


def subjects_of(work: Work, case_id: UUID) -> list[Subject]:
    """What may be voted on in a case, as later stages name it."""
    gathered = [row for part in work.parts("motion_subjects") for row in part(work, case_id)]
    return [Subject(row[0], row[1], tuple(tuple(word) for word in row[2])) for row in gathered]


def recusal_of(work: Work, case_id: UUID, account_id: UUID) -> Recusal | None:
    """One member's recusal from one case."""
    query = select(Recusal).where(Recusal.case_id == case_id, Recusal.account_id == account_id)
    return work.session.scalars(query).one_or_none()


def get_packet(work: Work, packet_id: UUID) -> Packet:
    """A packet of a docket this person may see, or 404."""
    work.need(Permission.PACKET_READ)
    items = visible_items(work).with_only_columns(DocketItem.id)
    return one_or_not_found(work, select(Packet).where(Packet.id == packet_id, Packet.docket_item_id.in_(items)))


def stored(packet: Packet) -> StoredFile:
    """Where the packet lies."""
    return stored_of(packet)


def packet_of_item(work: Work, item_id: UUID) -> Packet | None:
    """The packet that was frozen last."""
    query = select(Packet).where(Packet.docket_item_id == item_id).order_by(Packet.stored_at.desc()).limit(1)
    return work.session.scalars(query).one_or_none()


def opened_at(work: Work) -> tuple[str, datetime]:
    """Who reads a packet, and when: shown beside it, never in it."""
    return work.actor.display_name, work.now


def names_of_people(work: Work, ids: Iterable[UUID]) -> dict[UUID, str]:
    """How members are named."""
    rows = work.session.execute(select(Account.id, Account.display_name).where(Account.id.in_(list(ids))))
    return {row.id: row.display_name for row in rows}


def _packets(work: Work, items: list[DocketItem]) -> dict[UUID, Packet]:
    query = select(Packet).where(Packet.docket_item_id.in_([item.id for item in items]))
    return {packet.docket_item_id: packet for packet in work.session.scalars(query.order_by(Packet.stored_at))}


def _motions(work: Work, items: list[DocketItem]) -> dict[UUID, list[Motion]]:
    found: dict[UUID, list[Motion]] = {}
    query = select(Motion).where(Motion.docket_item_id.in_([item.id for item in items]))
    for motion in work.session.scalars(query.order_by(Motion.moved_at, Motion.id)):
        found.setdefault(motion.docket_item_id, []).append(motion)
    return found

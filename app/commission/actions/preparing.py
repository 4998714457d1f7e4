"""Before a meeting: seats are filled, a day is set, cases are put on the docket, packets are frozen."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from app.access.acts import never_stopped, stops_with
from app.access.permissions import Permission
from app.access.work import Work
from app.cases.actions import tick
from app.commission import queries
from app.commission.commands import PutOnDocket, ScheduleMeeting, SeatMember
from app.commission.events import (
    CaseDocketed,
    CaseTakenOff,
    MeetingScheduled,
    PacketFrozen,
    PacketOpened,
    PacketRequested,
    SeatFilled,
)
from app.commission.records import DocketItem, Meeting, Packet, Seat
from app.commission.rules import meetings as rules
from app.kernel.errors import Invalid, Refused
from app.policy.model.powers import Act

LARGEST_PACKET = 64 * 1024 * 1024


@stops_with(Act.CASEWORK)
def seat_member(work: Work, ask: SeatMember) -> Seat:
    """Gives a seat to somebody, or leaves it empty; whoever held it before held it until today."""
    body = rules.check_body(work.book, ask.of_body, "of_body")
    rules.check_exists(body, work.today)
    if ask.account_id is not None and ask.account_id not in {one.id for one in queries.possible_members(work)}:
        raise Invalid({"account_id": "Choose one of the list."})
    held = [seat for seat in queries.members_of(work, body.code) if seat.account_id == ask.account_id]
    if ask.account_id is not None and held:
        raise Refused("This person already holds a seat in this body.")
    before = queries.seat_at(work, body.code, ask.position)
    if before is not None:
        before.until_on = work.today
    seat = work.add(
        Seat(id=uuid4(), body=body.code, position=ask.position, account_id=ask.account_id, from_on=work.today)
    )
    work.happened(SeatFilled(seat_id=seat.id, body=seat.body, position=seat.position, account_id=ask.account_id))
    return seat


@stops_with(Act.CASEWORK)
def schedule_meeting(work: Work, ask: ScheduleMeeting) -> Meeting:
    """Sets a day for a body of the rulebook."""
    body = rules.check_body(work.book, ask.body)
    rules.check_exists(body, work.today)
    if ask.held_on < work.today:
        raise Invalid({"held_on": "Choose today or a later day."})
    meeting = work.add(
        Meeting(
            id=uuid4(),
            body=body.code,
            held_on=ask.held_on,
            starts_at=ask.starts_at,
            place=ask.place,
            state=rules.SCHEDULED,
        )
    )
    work.happened(MeetingScheduled(meeting_id=meeting.id, body=body.code, held_on=ask.held_on))
    return meeting


@stops_with(Act.VOTES)
def put_on_docket(work: Work, meeting_id: UUID, ask: PutOnDocket) -> DocketItem:
    """Puts a case that waits for the body on the docket of a meeting; its packet is made next."""
    work.need(Permission.DOCKET_PREPARE)
    meeting = queries.get_meeting(work, meeting_id)
    rules.check_state(meeting.state, rules.SCHEDULED)
    case = queries.candidate(work, ask.case_id)
    if not queries.is_ripe(work, case):
        raise Refused("Only a case that waits for the commission can be put on a docket.")
    if queries.is_on_a_docket(work, case.id):
        raise Refused("The case already stands on a docket.")
    item = queries.item_on(work, meeting.id, case.id)
    if item is None:
        item = work.add(DocketItem(id=uuid4(), meeting_id=meeting.id, case_id=case.id, position=0))
    item.position, item.taken_off_at = queries.next_position(work, meeting.id), None
    work.happened(CaseDocketed(case_id=case.id, docket_item_id=item.id, meeting_id=meeting.id))
    tick(work, case, "docketed", work.today)
    return item


@never_stopped("what cannot be decided can be taken back")
def take_off_docket(work: Work, item_id: UUID) -> DocketItem:
    """Takes a case off again, while nothing was moved on it."""
    work.need(Permission.DOCKET_PREPARE)
    item = queries.get_item(work, item_id)
    rules.check_state(queries.get_meeting(work, item.meeting_id).state, rules.SCHEDULED)
    item.taken_off_at = work.now
    work.happened(CaseTakenOff(case_id=item.case_id, docket_item_id=item.id, meeting_id=item.meeting_id))
    return item


@stops_with(Act.CASEWORK)
def request_packet(work: Work, item_id: UUID) -> DocketItem:
    """Asks for a new packet, because the file has changed; the earlier one is kept."""
    work.need(Permission.DOCKET_PREPARE)
    item = queries.get_item(work, item_id)
    rules.check_state(queries.get_meeting(work, item.meeting_id).state, rules.SCHEDULED)
    work.happened(PacketRequested(case_id=item.case_id, docket_item_id=item.id))
    return item


@never_stopped("the machinery follows what was done")
def freeze_packet(work: Work, item: DocketItem, number: str, paper: bytes, compartments: Sequence[str] = ()) -> Packet:
    """Keeps what the members will read; the same paper twice is kept once."""
    kept = work.storage.put(paper, limit=LARGEST_PACKET)
    before = queries.packet_of_item(work, item.id)
    if before is not None and before.sha256 == kept.sha256:
        work.storage.delete(kept.name)
        return before
    packet = work.add(
        Packet(
            id=uuid4(),
            docket_item_id=item.id,
            case_id=item.case_id,
            file_name=f"packet-{number}.pdf",
            media_type="application/pdf",
            size=kept.size,
            sha256=kept.sha256,
            object_name=kept.name,
            wrapped_key=kept.wrapped_key,
            stored_at=work.now,
            compartments=list(compartments),
        )
    )
    work.happened(
        PacketFrozen(
            case_id=item.case_id,
            packet_id=packet.id,
            docket_item_id=item.id,
            sha256=kept.sha256.hex(),
            size=kept.size,
        )
    )
    return packet


@never_stopped("history stays and is read")
def open_packet(work: Work, packet_id: UUID) -> Packet:
    """Opens a packet; each opening stands in the journal."""
    packet = queries.get_packet(work, packet_id)
    work.happened(PacketOpened(case_id=packet.case_id, packet_id=packet.id))
    return packet

"""A commission of five with a case on its docket."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from app.access.actor import Actor
from app.allegations.records import Allegation
from app.cases.records import Case
from app.commission.records import Attendance, DocketItem, Meeting, Packet, Seat
from app.commission.rules.meetings import IN_SESSION, SCHEDULED
from app.policy.loader import Rulebooks
from tests.make import Make


@dataclass
class Table:
    """The room as a test finds it: members by number, a meeting, a case with one allegation."""

    make: Make
    members: list[Actor]
    meeting: Meeting
    case: Case
    allegation: Allegation
    item: DocketItem

    def seat(self, actor: Actor, position: int) -> None:
        """Gives somebody a seat."""
        body = self.meeting.body
        self.make.row(Seat(id=uuid4(), body=body, position=position, account_id=actor.id, from_on=self.make.today))

    def arrive(self, *actors: Actor) -> None:
        """Notes that they are here."""
        for actor in actors:
            assert actor.id is not None
            self.make.row(
                Attendance(meeting_id=self.meeting.id, account_id=actor.id, arrived_at=self.make.now, left_at=None)
            )

    def begin(self) -> None:
        """The meeting is in session and every member is here."""
        with self.make.owner() as session:
            found = session.get(Meeting, self.meeting.id)
            assert found is not None
            found.state = IN_SESSION
            session.commit()
        self.arrive(*self.members)

    def docket(self, case: Case) -> DocketItem:
        """Another case on the same docket."""
        return self.make.row(
            DocketItem(id=uuid4(), meeting_id=self.meeting.id, case_id=case.id, position=9, sent_reason="")
        )

    def packet(self) -> Packet:
        """A frozen packet of the case."""
        kept = self.make.house.storage.put(b"%PDF-1.7 packet", limit=1000)
        return self.make.row(
            Packet(
                id=uuid4(),
                docket_item_id=self.item.id,
                case_id=self.case.id,
                file_name="packet.pdf",
                media_type="application/pdf",
                size=kept.size,
                sha256=kept.sha256,
                object_name=kept.name,
                wrapped_key=kept.wrapped_key,
                stored_at=self.make.now,
            )
        )


@pytest.fixture
def table(make: Make) -> Table:
    """Five members, a planned meeting, one case on its docket."""
    return seated(make)


def seated(make: Make) -> Table:
    """The same in any database."""
    book = make.book
    body = next(body.code for body in book.bodies if body.seats)
    stage = next(stage.code for stage in book.stages if stage.phase == "decision")
    first = make.actor("commissioner")
    others = [make.sign_in(make.account("commissioner"), "commissioner")[0] for _ in range(4)]
    meeting = make.row(
        Meeting(
            id=uuid4(), body=body, held_on=make.today, starts_at="18:00", place="City Hall", state=SCHEDULED, version=1
        )
    )
    case = make.case(stage=stage, number="2026-DOCKET", classification=book.classification[0].code)
    allegation = make.allegation(case, make.officer())
    item = make.row(DocketItem(id=uuid4(), meeting_id=meeting.id, case_id=case.id, position=1, sent_reason=""))
    table = Table(make, [first, *others], meeting, case, allegation, item)
    for position, member in enumerate(table.members, 1):
        table.seat(member, position)
    return table


def word(make: Make, canonical: str = "sustained") -> str:
    """The rulebook's word for a class of finding."""
    return str(next(finding.code for finding in make.book.findings if finding.canonical == canonical))


GROUND = "personnel"


def grounded(make: Make, **asks: Any) -> None:
    """The law of the house, with what its first ground asks: Massachusetts' unless the test says otherwise."""
    gives = {"officer_notice_hours": 48, "officer_may_waive": True, "open_on_request": True, "rights": ("To speak",)}
    book = make.book
    first, *others = book.meetings.closed_grounds
    grounds = (first.model_copy(update=gives | asks), *others)
    changed = book.model_copy(update={"meetings": book.meetings.model_copy(update={"closed_grounds": grounds})})
    object.__setattr__(make.house, "policies", Rulebooks([changed]))


def without_grounds(make: Make) -> None:
    """A law that closes no meeting."""
    bare = make.book.meetings.model_copy(update={"closed_grounds": ()})
    object.__setattr__(make.house, "policies", Rulebooks([make.book.model_copy(update={"meetings": bare})]))

"""Who is on which side of a case: the criminal one never reads what was compelled, and its readers never join it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, NoReturn
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, Row, Text, column, func, select

from app.access.permissions import Permission
from app.access.reading import one_or_not_found
from app.access.records import Account, CaseSide, CompartmentReading
from app.access.work import Work
from app.kernel.compartments import ON_IT_ALREADY, Kind, Side, never_words
from app.kernel.errors import NotAllowed, NotFound, Refusal, Refused
from app.kernel.events import Event

OWN_SIDE = "Somebody else says that you are on this side no more: what is kept from it would be yours to read."


class SideNamed(Event):
    """Somebody is on one side of a case from now on."""

    tag: ClassVar[str] = "access:side:named"
    sentence: ClassVar[str] = "Noted that somebody is on the {side} side of the case."

    account_id: UUID
    side: str


class SideEnded(Event):
    """Somebody is on that side no more."""

    tag: ClassVar[str] = "access:side:ended"
    sentence: ClassVar[str] = "Noted that somebody is on the {side} side of the case no more."

    account_id: UUID
    side: str


class SideRefused(Event):
    """Somebody has read what this side must never read, and was not put on it."""

    tag: ClassVar[str] = "access:side:refused"
    sentence: ClassVar[str] = "Did not put somebody on the {side} side: as {role} they have read what is kept ({kind})."

    account_id: UUID
    side: str
    kind: str
    role: str


class OpenedInVain(Event):
    """Somebody tried to open what is kept from the side they are on; they were told that there is nothing."""

    tag: ClassVar[str] = "access:compartment:refused"
    sentence: ClassVar[str] = "Tried to open what is kept from the side of the case that they are on."

    item_id: UUID


@dataclass(frozen=True)
class ReadBefore:
    """What somebody has read of what a side must never read: the kind, as what they read it, and when."""

    kind: str
    role: str
    read_at: datetime


def name_side(work: Work, case_id: UUID, account_id: UUID, side: Side, reason: str) -> CaseSide:
    """Puts somebody on a side; whoever has once read what that side must not know can never be put there."""
    work.need(Permission.CASE_ASSIGN)
    work.need_step_up()
    one_or_not_found(work, select(Account).where(Account.id == account_id, Account.status == "active"))
    if any((each.account_id, each.side) == (account_id, side) for each in sides_of(work, case_id)):
        raise Refused(ON_IT_ALREADY)
    read = _read_before(work, account_id, side, case_id)
    if read is not None:
        event = SideRefused(case_id=case_id, account_id=account_id, side=side, kind=read.kind, role=read.role)
        refuse_and_tell(work, event, [read.kind], Refused(_never(work, side, read)))
    named = work.add(
        CaseSide(
            id=uuid4(),
            account_id=account_id,
            case_id=case_id,
            side=str(side),
            reason=reason,
            named_by_id=work.actor.id,
            named_at=work.now,
        )
    )
    work.happened(SideNamed(case_id=case_id, account_id=account_id, side=str(side)))
    return named


def end_side(work: Work, case_id: UUID, side_id: UUID) -> CaseSide:
    """They work for the other side no more; what they may read from now on, they may read."""
    work.need(Permission.CASE_ASSIGN)
    work.need_step_up()
    query = select(CaseSide).where(CaseSide.id == side_id, CaseSide.case_id == case_id, CaseSide.ended_at.is_(None))
    named = one_or_not_found(work, query)
    if named.account_id in work.actor.places:
        raise NotAllowed(OWN_SIDE)
    named.ended_at = work.now
    work.happened(SideEnded(case_id=case_id, account_id=named.account_id, side=named.side))
    return named


def sides_of(work: Work, case_id: UUID) -> Sequence[CaseSide]:
    """Who is on a side of this case now."""
    query = select(CaseSide).where(CaseSide.case_id == case_id, CaseSide.ended_at.is_(None))
    return work.session.scalars(query.order_by(CaseSide.named_at)).all()


def readings_of(work: Work, case_id: UUID) -> Sequence[Row[UUID, str, str, datetime]]:
    """Who has read what is kept in this case, as far as whoever asks is inside it too."""
    known = work.house.access.inside(work.actor.roles)
    query = select(
        CompartmentReading.account_id, CompartmentReading.kind, CompartmentReading.role, CompartmentReading.read_at
    )
    query = query.where(CompartmentReading.case_id == case_id, CompartmentReading.kind.in_(known))
    return work.session.execute(query.order_by(CompartmentReading.read_at)).all()


def tell_if_kept(work: Work, case_id: UUID, item_id: UUID, problem: NotFound) -> NoReturn:
    """The same 404 as ever; where it is there and kept from the asker's side, their trying stands in the journal."""
    kinds = work.session.scalars(select(func.kept_by_side(item_id, case_id, type_=ARRAY(Text)))).one()
    if kinds:
        refuse_and_tell(work, OpenedInVain(case_id=case_id, item_id=item_id), kinds, problem)
    raise problem


def refuse_and_tell(work: Work, event: Event, kept_in: Sequence[str], problem: Refusal) -> NoReturn:
    """Gives up what was begun, journals that it was refused, and refuses."""
    work.restart()
    work.happened(event, kept_in=kept_in)
    work.commit()
    raise problem


def _read_before(work: Work, account_id: UUID, side: Side, case_id: UUID) -> ReadBefore | None:
    rows = func.read_before(account_id, str(side), case_id).table_valued(
        column("kind"), column("role"), column("read_at")
    )
    row = work.session.execute(select(rows.c.kind, rows.c.role, rows.c.read_at)).first()
    return ReadBefore(row.kind, row.role, row.read_at) if row is not None else None


def _never(work: Work, side: Side, read: ReadBefore) -> str:
    if read.kind not in work.house.access.inside(work.actor.roles):
        # That there is something of this kind, and who has read it, is itself kept from whoever is outside.
        return "This person can never be put on this side. Ask counsel why."
    label = work.house.access.compartments[Kind(read.kind)].label
    return never_words(label, read.role, read.read_at.astimezone(work.house.zone).date(), side)

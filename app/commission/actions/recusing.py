"""A member steps back from a case, and from that moment knows it no longer."""

from uuid import UUID, uuid4

from app.access.acts import never_stopped
from app.access.permissions import Permission
from app.access.records import Wall
from app.access.work import Work
from app.commission import queries
from app.commission.commands import DeclareRecusal
from app.commission.events import RecusalDeclared
from app.commission.records import Recusal
from app.commission.rules import meetings as rules
from app.kernel.errors import NotAllowed


@never_stopped("whoever must not know of a case may always step back")
def declare_recusal(work: Work, case_id: UUID, ask: DeclareRecusal) -> Recusal:
    """Raises the wall: the case is gone from the next request on, on every page and in the database itself."""
    work.need(Permission.RECUSAL_DECLARE)
    if work.actor.id is None:
        raise NotAllowed()
    item = queries.item_of_case(work, case_id)
    meeting = queries.get_meeting(work, item.meeting_id)
    ground = rules.check_ground(queries.body_of(work, meeting.body), ask.ground)
    recusal = work.add(
        Recusal(id=uuid4(), case_id=case_id, account_id=work.actor.id, ground=ground, declared_at=work.now)
    )
    entry = work.happened(
        RecusalDeclared(case_id=case_id, recusal_id=recusal.id, account_id=work.actor.id, ground=ground)
    )
    # The wall is written last: once it stands, the database takes nothing more on this case from this person.
    work.flush()
    work.add(
        Wall(
            id=uuid4(),
            account_id=work.actor.id,
            case_id=case_id,
            kind="recusal",
            raised_at=work.now,
            last_entry_id=entry,
        )
    )
    work.flush()
    return recusal

"""In whose place a deputy acts: theirs whose case it is, or theirs whose role alone lets it be done."""

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import text

from app.access.permissions import Permission
from app.infra.db import Door
from app.kernel.events import Event

if TYPE_CHECKING:
    from app.access.work import Work

_LED = text("SELECT led_for_absent(:case)")


def note_lender(work: "Work", permission: Permission) -> None:
    """Whose role lets a deputy do this, where none of their own does."""
    rules, actor = work.house.access, work.actor
    if not actor.lent or permission in rules.of_names(actor.own_roles):
        return
    lenders = (absent.id for absent in actor.stands_for if permission in rules.of_names(absent.roles))
    work.lender = work.lender or next(lenders, None)


def behalf_of(work: "Work", event: Event) -> UUID | None:
    """The person in whose place this happens; nobody where somebody acts as themselves, which is nearly always."""
    if not work.actor.stands_for:
        return None
    if event.case_id is None or work.actor.door is not Door.OFFICE:
        return work.lender
    led: UUID | None = work.session.scalar(_LED, {"case": event.case_id})
    return led or work.lender

"""A machine was here: the day and the part of the API, never from where; its first time is told in the journal."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import or_, update
from sqlalchemy.dialects.postgresql import insert

from app.access.permissions import Permission
from app.access.records import MachineUse
from app.access.work import Work
from app.kernel.events import Event

# What one person alone may give a token: with it nothing is read of what somebody said or did. So says 00_base.sql.
OPENS_NOTHING = frozenset({Permission.FILING_SUBMIT, Permission.HEALTH_READ})


class MachineFirstUsed(Event):
    """A machine's token was used for the first time."""

    tag: ClassVar[str] = "access:machine:used"
    sentence: ClassVar[str] = "Used its token for the first time ({part})."

    machine_id: UUID
    part: str


def part_of(path: str) -> str:
    """Which part of the API an address belongs to: the first word of it."""
    return path.removeprefix("/api/v1").strip("/").split("/")[0]


def note_use(work: Work, part: str) -> None:
    """The day and the part; written only where one of them is another than last time."""
    if work.actor.id is None:
        return
    now = {"used_on": work.today, "used_for": part}
    first = insert(MachineUse).values(account_id=work.actor.id, **now).on_conflict_do_nothing()
    if work.session.scalars(first.returning(MachineUse.account_id)).first() is not None:
        work.happened(MachineFirstUsed(machine_id=work.actor.id, part=part))
        return
    changed = or_(MachineUse.used_for != part, MachineUse.used_on != work.today)
    work.session.execute(update(MachineUse).where(MachineUse.account_id == work.actor.id, changed).values(**now))

"""Whoever has read what is kept has read it for ever: kept once for each person, case and kind."""

from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import select

from app.access.compartments import Kind, opened_in
from app.access.records import CompartmentReading
from app.infra.db import Door
from app.infra.sending import Statement
from app.kernel.events import Event

if TYPE_CHECKING:
    from app.access.work import Work

READERS = (Door.OFFICE, Door.COMMISSION)
_INSERT = (
    "INSERT INTO compartment_readings (account_id, case_id, kind, role, read_at, last_entry_id)"
    " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
)


class CompartmentRead(Event):
    """Somebody read, for the first time in this case, what is kept in a compartment."""

    tag: ClassVar[str] = "access:compartment:read"
    sentence: ClassVar[str] = "Read for the first time what is kept in this case ({kind})."

    kind: str
    role: str


def keep_readings(work: "Work") -> None:
    """At the end of a Work: what its person read of compartments, as far as it was not on file."""
    opened = opened_in(work.session)
    if not opened or work.actor.kind != "account" or work.actor.door not in READERS:
        return
    query = select(CompartmentReading.case_id, CompartmentReading.kind)
    query = query.where(CompartmentReading.account_id == work.actor.id)
    known = {(row.case_id, row.kind) for row in work.session.execute(query)}
    for case_id, kind in sorted(opened - known):
        role = acting_role(work, kind)
        entry = work.happened(CompartmentRead(case_id=case_id, kind=kind, role=role), kept_in=[kind])
        values = (work.actor.id, case_id, kind, role, work.now, entry)
        work.send_later(Statement(_INSERT, values))
    opened.clear()


def acting_role(work: "Work", kind: str) -> str:
    """The role by which somebody is inside."""
    rule = work.house.access.compartments[Kind(kind)]
    return min((rule.inside | rule.if_leading) & work.actor.roles, default="")

"""Reading a source of the rulebook again, and taking notice of a change. Neither changes a rule."""

from uuid import uuid4

from app.access.permissions import Permission, Role
from app.access.work import Work
from app.administration import rules
from app.administration.commands import ReadSourceAgain
from app.administration.events import SourceChangeSeen, SourceReadAgain
from app.administration.queries import sources as queries
from app.administration.records import ChangeSeen, SourceReading
from app.kernel.errors import Refused, Stale


def read_source_again(work: Work, code: str, ask: ReadSourceAgain) -> SourceReading:
    """Records that a source was read, what came of it, and by when the next reading is due."""
    work.need(Permission.SOURCE_READ)
    line = queries.source_line(work, code)
    rules.check_may_read(line.owner or None, {str(role) for role in work.actor.roles}, Role.ADMINISTRATOR)
    last = line.last
    if ask.number != (last.number if last else 0):
        raise Stale()
    is_changed = ask.outcome == rules.CHANGED
    before = last.read_on if last else None
    rules.check_reading(ask.read_on, ask.next_on, work.today, before, is_changed=is_changed, note=ask.note)
    reading = work.add(
        SourceReading(
            id=uuid4(),
            source=code,
            number=ask.number + 1,
            policy_id=work.book.policy_id,
            read_on=ask.read_on,
            outcome=ask.outcome,
            note=ask.note,
            next_on=ask.next_on,
            read_by_id=work.actor.id,
            read_at=work.now,
        )
    )
    work.happened(
        SourceReadAgain(
            reading_id=reading.id,
            source=code,
            policy_id=reading.policy_id,
            outcome=reading.outcome,
            read_on=reading.read_on,
            next_on=reading.next_on,
        )
    )
    work.flush()
    return reading


def see_change(work: Work, code: str, number: int) -> None:
    """Whoever leads cases that a change touches says that they know of it."""
    work.need(Permission.CASE_READ)
    reading = queries.change_numbered(work, code, number)
    if queries.has_seen(work, reading.id):
        raise Refused("You have taken notice of this change already.")
    work.add(ChangeSeen(reading_id=reading.id, account_id=work.actor.id, seen_at=work.now))
    work.happened(SourceChangeSeen(reading_id=reading.id, source=code))
    work.flush()

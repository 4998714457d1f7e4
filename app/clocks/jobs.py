"""What the worker does for clocks: counts them again every night, and writes to whoever has to look after some."""

from uuid import UUID

from app.access.work import Work
from app.clocks import actions, letters, queries

MOST_LINES = 100


def begin_night(work: Work) -> None:
    """Every hour; the first time in a local day it begins."""
    actions.begin_night(work)


def recount_after_rulebook(work: Work) -> None:
    """A rulebook was stored, perhaps one that corrects another."""
    actions.begin_for_rulebook(work)


def recount_clocks(work: Work, recount_id: UUID) -> None:
    """One batch; its entry queues the next."""
    actions.count_batch(work, recount_id)


def send_digests(work: Work, recount_id: UUID) -> None:
    """Once a night, where there is mail at all."""
    if work.house.mail.is_on and queries.get_recount(work, recount_id).kind == queries.NIGHT:
        actions.begin_digests(work)


def mail_digest(work: Work, account_id: UUID) -> None:
    """One person's digest; what was answered meanwhile is not in it. Sent twice it does no harm."""
    reader = next((each for each in queries.readers(work) if each.id == account_id), None)
    due = queries.digest_of(work, reader, most=MOST_LINES) if reader is not None else []
    if reader is not None and due:
        work.house.mail.send(reader.email, *letters.digest(work, due, most=MOST_LINES))
        actions.note_digest(work, account_id, len(due))

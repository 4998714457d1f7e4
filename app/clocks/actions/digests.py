"""Mail to whoever has clocks to look after: case numbers and dates, and nothing else."""

from uuid import UUID

from app.access.acts import never_stopped
from app.access.work import Work
from app.clocks import queries
from app.clocks.events import DigestDue, DigestSent


@never_stopped("the machinery follows what was done")
def begin_digests(work: Work) -> int:
    """One mail for each person with a warning that nobody has answered; each is a job of its own."""
    waiting = queries.unanswered(work)
    due = [each.id for each in queries.readers(work) if waiting.leads & {*each.places} or each.roles & waiting.levels]
    for account_id in due:
        work.happened(DigestDue(account_id=account_id))
    return len(due)


@never_stopped("the machinery follows what was done")
def note_digest(work: Work, account_id: UUID, clocks: int) -> None:
    """It went out."""
    work.happened(DigestSent(account_id=account_id, clocks=clocks))

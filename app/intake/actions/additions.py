"""What somebody tells who filed before and has lost the passphrase; the office says to which complaint it belongs."""

from uuid import UUID, uuid4

from app.access.acts import never_stopped, stops_with
from app.access.work import Work
from app.intake.commands import LinkAddition, TellMore
from app.intake.events import AdditionLinked, AdditionOpened, AdditionReceived
from app.intake.queries import additions as queries
from app.intake.records import Addition
from app.kernel.errors import Invalid, Refused
from app.policy.model.powers import Act

UNKNOWN = "There is no complaint with this number, or it is not yours to handle. Look the number up again."


@stops_with(Act.LETTERS)
def tell_more(work: Work, ask: TellMore) -> None:
    """Keeps it for the office. It opens nothing, and whoever tells it is known to the hour alone."""
    work.blur()
    said = work.put(Addition(id=uuid4(), received_at=work.now, **ask.model_dump()))
    work.happened(AdditionReceived(addition_id=said.id, language=ask.language))


@never_stopped("history stays and is read")
def open_addition(work: Work, addition_id: UUID) -> Addition:
    """Reads one; each reading of what a resident said is journalled."""
    addition = queries.get_addition(work, addition_id)
    work.happened(AdditionOpened(addition_id=addition.id, filing_id=addition.filing_id))
    return addition


@never_stopped("what was told may always be put where it belongs")
def link_addition(work: Work, addition_id: UUID, ask: LinkAddition) -> Addition:
    """Puts it to a complaint, once. The complaint stays as it was, and nobody who told this comes nearer to it."""
    addition = queries.get_addition(work, addition_id, for_update=True)
    if addition.linked_at is not None:
        raise Refused("This addition belongs to a complaint already.")
    filing = queries.filing_by_number(work, ask.number)
    if filing is None:
        raise Invalid({"number": UNKNOWN})
    addition.filing_id, addition.linked_by_id, addition.linked_at = filing.id, work.actor.id, work.now
    work.happened(AdditionLinked(case_id=filing.case_id, addition_id=addition.id, filing_id=filing.id))
    return addition

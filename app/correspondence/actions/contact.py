"""How a filer is told that something waits: what they chose, and what went out."""

from uuid import UUID, uuid4

from app.access.acts import never_stopped, stops_with
from app.access.work import Work
from app.correspondence import queries
from app.correspondence.actions.messages import LEAST
from app.correspondence.commands import ChooseContact
from app.correspondence.events import ContactChosen, NoticeMailed, NoticeTexted
from app.correspondence.records import ContactWish
from app.policy.model.powers import Act


@stops_with(Act.LETTERS)
def choose_contact(work: Work, filing_id: UUID, case_id: UUID | None, ask: ChooseContact) -> ContactWish:
    """The filer says how they want to be told from now on; what they chose before stays on file."""
    before = queries.latest_wish(work, filing_id)
    wish = work.add(
        ContactWish(
            id=uuid4(),
            filing_id=filing_id,
            way=ask.way,
            rules=list(ask.rules),
            times=ask.times,
            safe=ask.safe,
            # Of an anonymous filer the hour alone is known; what they chose last still comes after what it replaces.
            chosen_at=max(work.now, before.chosen_at + LEAST) if before else work.now,
        )
    )
    work.happened(ContactChosen(case_id=case_id, filing_id=filing_id, way=ask.way))
    return wish


@never_stopped("the machinery follows what was done")
def note_mailed(work: Work, filing_id: UUID, case_id: UUID | None) -> None:
    """A mail went out."""
    work.happened(NoticeMailed(case_id=case_id, filing_id=filing_id))


@never_stopped("the machinery follows what was done")
def note_texted(work: Work, filing_id: UUID, case_id: UUID | None) -> None:
    """A text message went out."""
    work.happened(NoticeTexted(case_id=case_id, filing_id=filing_id))

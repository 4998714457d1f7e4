"""What a filer does with their own complaint."""

from dataclasses import asdict
from datetime import timedelta
from uuid import UUID, uuid4

from app.access.acts import stops_with
from app.access.reading import found
from app.access.work import Work
from app.intake import queries
from app.intake.actions.files import Sent, attach
from app.intake.actions.parts import kept_for
from app.intake.actions.turns import check_pace_of
from app.intake.actions.words import WORDS
from app.intake.commands import (
    AddToFiling,
    NameFiler,
)
from app.intake.events import (
    FilerNamed,
    FilingAddedTo,
)
from app.intake.records import Amendment, Filing, FilingFile
from app.intake.rules import filing as rules
from app.intake.rules.passphrase import lookup
from app.people import queries as people
from app.people.actions import keep_filer, keep_identity
from app.people.rules import Who
from app.policy.model.powers import Act

# What is known to the hour only still comes after what it followed.
LEAST = timedelta(microseconds=1)


def own_by_passphrase(work: Work, text: str) -> queries.OwnFiling:
    """From here on this Work is that of the holder of this passphrase; 404 where it opens nothing."""
    work.identify(lookup(work.keys.derive("lookup"), text, WORDS))
    return found(own(work))


def own(work: Work) -> queries.OwnFiling | None:
    """The complaint of whoever this Work was opened for, if there is one; who has no name was here within the hour."""
    filing = queries.own_filing(work) if work.actor.lookup else None
    if filing is not None and filing.anonymity == rules.AnonymityKind.ANONYMOUS:
        work.blur()
    return filing


@stops_with(Act.LETTERS)
def add_to_filing(work: Work, filing_id: UUID, ask: AddToFiling, *, case_id: UUID | None = None) -> Amendment:
    """The filer adds words; the filing itself stays as it was."""
    check_pace_of(work, filing_id)
    before = queries.amendments_of(work, filing_id)
    added_at = max([work.now, *(each.added_at + LEAST for each in before)])
    amendment = work.add(Amendment(id=uuid4(), filing_id=filing_id, body=ask.body, added_at=added_at))
    work.happened(FilingAddedTo(case_id=case_id, filing_id=filing_id, kind="words"))
    return amendment


@stops_with(Act.LETTERS)
def add_file_to_filing(work: Work, filing_id: UUID, file: Sent, *, case_id: UUID | None = None) -> FilingFile:
    """The filer adds a photo or document, once however often the page is sent."""
    before = queries.file_kept_as(work, filing_id, file.stored.name)
    if before is not None:
        return before
    added = attach(work, filing_id, file)
    work.happened(FilingAddedTo(case_id=case_id, filing_id=filing_id, kind="file"))
    return added


@stops_with(Act.LETTERS)
def name_filer(work: Work, ask: NameFiler) -> None:
    """Who filed without a name gives one: it goes into the vault, and the complaint stays as it was said."""
    # Pressed twice at once, the second waits and then finds the name there.
    filing = found(queries.own_filing(work, for_update=True))
    who = Who(ask.name, ask.email, ask.phone)
    book = work.policies.named(filing.policy_id)
    rules.check_named_later(book, filing.anonymity, ask.anonymity, asdict(who).values())
    named = FilerNamed(case_id=filing.case_id, filing_id=filing.id, anonymity=ask.anonymity)
    person_id = people.own_person_id(work, filing.id)
    kept_in = kept_for(book, filing.relationship_, is_kept=queries.is_own_name_kept(work))
    if person_id is None:
        keep_filer(work, filing.id, who, kept_in=kept_in)
    else:
        keep_identity(work, person_id, who, kept_in=kept_in)
    entry_id = work.happened(named)
    work.change_many(Filing, [{"id": filing.id, "anonymity": ask.anonymity, "last_entry_id": entry_id}])

"""What comes with a complaint: who files, whom it names, and what is kept apart from it."""

from uuid import UUID

from app.access.compartments import Kind
from app.access.work import Work
from app.intake.commands import DemographicsPart, SubmitFiling
from app.intake.records import FilingDemographics, FilingOfficer, FilingWitness
from app.intake.rules.filing import is_protected
from app.people.actions import keep_filer, keep_named
from app.people.rules import Who
from app.policy.model import Rulebook

NOTHING_SAID = DemographicsPart()


def keep_who_files(work: Work, ask: SubmitFiling, filing_id: UUID) -> bool:
    """Seals who files; of somebody whom the rulebook protects, for one role alone, before anybody could read it."""
    filer = ask.filer
    held = f"Held at: {filer.custody_place}" if filer.custody_place else ""
    who = Who(filer.name, filer.email, filer.phone, "\n".join(each for each in (filer.safe_contact, held) if each))
    if who == Who():
        return False
    keep_filer(work, filing_id, who, kept_in=kept_for(work.book, filer.relationship))
    return True


def kept_for(book: Rulebook, relationship: str, *, is_kept: bool = False) -> list[str]:
    """For whom alone a name is sealed, where the rulebook protects who files so, or the office said it of the case."""
    return [Kind.WHISTLEBLOWER] if is_kept or is_protected(book, relationship) else []


def keep_officers(work: Work, ask: SubmitFiling, filing_id: UUID) -> None:
    for position, officer in enumerate(ask.officers, 1):
        work.put(FilingOfficer(filing_id=filing_id, position=position, **officer.model_dump()))


def keep_people(work: Work, ask: SubmitFiling, filing_id: UUID) -> None:
    """Whom it happened to and who saw it: what they saw is read with the complaint, who they are is sealed."""
    affected = Who(name=ask.affected.name, phone=ask.affected.phone)
    if not affected.is_empty:
        keep_named(work, filing_id, "affected", "A1", affected)
    for position, witness in enumerate(ask.witnesses, 1):
        who = Who(witness.name, witness.email, witness.phone)
        person = None if who.is_empty else keep_named(work, filing_id, "witness", f"W{position}", who)
        row = FilingWitness(filing_id=filing_id, position=position, saw=witness.saw)
        row.person_id = person.id if person else None
        work.put(row)


def keep_apart(work: Work, ask: SubmitFiling, filing_id: UUID) -> None:
    """What somebody said of themselves for figures: nobody who looks into the complaint can read it."""
    if ask.demographics != NOTHING_SAID:
        given = ask.demographics.model_dump() | {"race": list(ask.demographics.race)}
        work.put(FilingDemographics(filing_id=filing_id, **given))

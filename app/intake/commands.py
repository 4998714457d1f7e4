"""What may be asked of intake."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.intake.rules.alike import LinkKind
from app.intake.rules.filing import AnonymityKind
from app.intake.rules.scribing import Handed, ReadBack
from app.kernel.commands import Command
from app.kernel.dates import ImpreciseDate
from app.kernel.text import SafeLine, SafeText
from app.people.rules import OpeningReason

Line = Annotated[SafeLine, Field(max_length=200)]
Code = Annotated[SafeLine, Field(max_length=80)]
Codes = Annotated[tuple[Code, ...], Field(max_length=20)]


class Relationship(StrEnum):
    """What the filer is to what happened."""

    SELF = "self"
    PARENT = "parent"
    WITNESS = "witness"
    REPRESENTATIVE = "representative"
    LAWYER = "lawyer"
    CUSTODY = "custody"
    OFFICER = "officer"
    OTHER = "other"


class YesNo(StrEnum):
    """A plain answer; nothing where none was given."""

    NOT_SAID = ""
    YES = "yes"
    NO = "no"


class FilerPart(Command):
    """Who files, as far as they say."""

    relationship: Relationship
    name: Line = ""
    email: Annotated[SafeLine, Field(max_length=254)] = ""
    phone: Annotated[SafeLine, Field(max_length=40)] = ""
    contact_preference: Code = ""
    # What whoever reaches them must never do, in the rulebook's words; the rest is kept sealed with the name.
    contact_rules: Codes = ()
    contact_times: Line = ""
    safe_contact: Annotated[SafeLine, Field(max_length=500)] = ""
    custody_place: Line = ""
    accommodation: Annotated[tuple[Code, ...], Field(max_length=20)] = ()


class IncidentPart(Command):
    """What happened, when and where, in the filer's own words."""

    date: ImpreciseDate
    time: Annotated[SafeLine, Field(max_length=60)] = ""
    location: Annotated[SafeLine, Field(max_length=500)]
    narrative: Annotated[SafeText, Field(min_length=1, max_length=50_000)]
    department: Code = ""
    # Which kinds of thing happened, in the rulebook's words.
    matters: Codes = ()
    injuries: Annotated[SafeText, Field(max_length=4000)] = ""
    medical_care: Annotated[SafeText, Field(max_length=4000)] = ""


class AffectedPart(Command):
    """The person it happened to, where that is not who files; name and telephone are sealed."""

    name: Line = ""
    phone: Annotated[SafeLine, Field(max_length=40)] = ""
    knows: YesNo = YesNo.NOT_SAID
    # Whether the person is under 18.
    age: YesNo = YesNo.NOT_SAID


class WitnessPart(Command):
    """Somebody who saw it; name and contact are sealed."""

    name: Line = ""
    email: Annotated[SafeLine, Field(max_length=254)] = ""
    phone: Annotated[SafeLine, Field(max_length=40)] = ""
    saw: Annotated[SafeText, Field(max_length=4000)] = ""


class DemographicsPart(Command):
    """What somebody says of themselves for figures alone: kept apart, and no part of what the receipt proves."""

    race: Codes = ()
    gender: Code = ""
    age: Code = ""
    disability: Code = ""
    sexual_orientation: Code = ""
    housing: Code = ""


class OfficerPart(Command):
    """An officer as the filer knows them."""

    name: Line = ""
    badge: Annotated[SafeLine, Field(max_length=40)] = ""
    # The number or plate of a police car.
    car: Annotated[SafeLine, Field(max_length=40)] = ""
    description: Annotated[SafeLine, Field(max_length=2000)] = ""


class SubmitFiling(Command):
    """A complaint, whole."""

    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,8})?$")]
    anonymity: AnonymityKind
    filer: FilerPart
    incident: IncidentPart
    officers: Annotated[tuple[OfficerPart, ...], Field(max_length=20)] = ()
    # A complaint, thanks or a worry, by the rulebook's name; left out, a complaint.
    kind: Code = ""
    affected: AffectedPart = AffectedPart()
    witnesses: Annotated[tuple[WitnessPart, ...], Field(max_length=20)] = ()
    demographics: DemographicsPart = DemographicsPart()
    # Whether they might want to talk it over, by the rulebook's name for the answer.
    mediation: Code = ""
    # Only where the law demands an oath to file.
    sworn: bool = False
    heard_of_us: Code = ""
    # Whom it is against, where that is somebody past whom it may not go: the rulebook's name for the way.
    against: Code = ""
    # Answers to questions that only this city's rulebook asks.
    more: dict[Code, Annotated[SafeText, Field(max_length=4000)]] = Field(default_factory=dict, max_length=40)


class TakeDown(Command):
    """How a complaint reached the office that somebody there wrote down, and what was done so that it is right."""

    channel: Annotated[Code, Field(min_length=1)]
    arrived_on: date
    # Why that is earlier than the day it was written down.
    arrived_why: Line = ""
    # The language that was spoken, the one that is written here, and whether these are the filer's words.
    spoken: Code = ""
    written: Code = ""
    interpreter: Line = ""
    is_summary: bool = False
    read_back: ReadBack
    read_back_why: Line = ""
    handed: Handed


class Track(Command):
    """The passphrase of a filing, as words or as digits."""

    passphrase: Annotated[SafeLine, Field(min_length=1, max_length=256)]


class ScreenFiling(Command):
    """Intake's decision on a filing."""

    version: int
    classification: Annotated[SafeLine, Field(max_length=80)]
    department_id: Annotated[SafeLine, Field(max_length=80)]
    category: Annotated[SafeLine, Field(max_length=80)] = ""
    reason: Annotated[SafeText, Field(max_length=4000)] = ""
    duplicate_of: UUID | None = None


class SendAnotherWay(Command):
    """Whom the complaint is against, by the rulebook's name for its way, and whose account is theirs."""

    route: Annotated[SafeLine, Field(min_length=1, max_length=80)]
    person_id: UUID | None = None


class FilingsView(Command):
    """Where the page of unscreened filings begins."""

    cursor: Annotated[SafeLine, Field(max_length=200)] = ""
    # What was just done, as every page says it.
    done: Annotated[SafeLine, Field(max_length=20)] = ""


class OpenIdentity(Command):
    """Why an identity is opened, and what shows it, such as the number of a letter."""

    # Somebody whom the filing names; left out, the filer.
    person_id: UUID | None = None
    reason: OpeningReason
    refers_to: Annotated[SafeLine, Field(max_length=200)] = ""


class NameFiler(Command):
    """Who filed without a name says who they are, and whether the department may learn it."""

    anonymity: AnonymityKind
    name: Line = ""
    email: Annotated[SafeLine, Field(max_length=254)] = ""
    phone: Annotated[SafeLine, Field(max_length=40)] = ""


class AddTranslation(Command):
    """What the filer said, in another language, and who says so."""

    of_id: UUID
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,8})?$")]
    body: Annotated[SafeText, Field(min_length=1, max_length=50_000)]
    translator: Annotated[SafeLine, Field(min_length=1, max_length=200)]
    translated_on: date


class AddToFiling(Command):
    """Something the filer adds later."""

    body: Annotated[SafeText, Field(min_length=1, max_length=30_000)]


class LinkFilings(Command):
    """What two filings that look alike are to each other."""

    other_id: UUID
    kind: LinkKind


class MarkCampaign(Command):
    """Which filings are one campaign, and what the office calls it."""

    title: Annotated[SafeLine, Field(min_length=1, max_length=200)]
    filing_ids: Annotated[list[UUID], Field(min_length=1, max_length=500)]


class GiveNewWords(Command):
    """Which of the rulebook's questions a filer who lost the passphrase answered rightly."""

    asked: Annotated[tuple[Code, ...], Field(max_length=20)] = ()


class SecondNewWords(Command):
    """Somebody who did not give the first half says that they saw or called the filer themselves."""

    talked: Literal["yes"]


class TakeNewWords(Command):
    """Both halves of the code, each from another person of the office."""

    code: Annotated[SafeLine, Field(min_length=1, max_length=40)]
    second: Annotated[SafeLine, Field(min_length=1, max_length=40)]


class TellMore(Command):
    """An addition by somebody who has lost the passphrase: which complaint they mean, and what they add."""

    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,8})?$")]
    about: Annotated[SafeText, Field(min_length=1, max_length=2000)]
    body: Annotated[SafeText, Field(min_length=1, max_length=30_000)]


class LinkAddition(Command):
    """To which complaint an addition belongs, by its confirmation number."""

    number: Annotated[SafeLine, Field(min_length=1, max_length=80)]

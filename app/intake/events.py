"""What happened to filings."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


class FilingReceived(Event):
    """A complaint was filed; the commitment proves later that it was not altered."""

    tag: ClassVar[str] = "intake:filing:received"
    sentence: ClassVar[str] = "Received a complaint ({anonymity}, by {channel}, in {language})."

    filing_id: UUID
    number: str
    commitment: str
    anonymity: str
    channel: str
    language: str
    has_identity: bool = False


class FilingTakenDown(Event):
    """Somebody of the office wrote down what a filer said; who did is the actor of the entry."""

    tag: ClassVar[str] = "intake:filing:taken_down"
    sentence: ClassVar[str] = "Took the complaint down ({channel}, arrived {arrived_on}; read back: {read_back})."

    filing_id: UUID
    channel: str
    arrived_on: date
    is_summary: bool
    spoken: str
    read_back: str
    handed: str


class FilingAddedTo(Event):
    """The filer added something."""

    tag: ClassVar[str] = "intake:filing:added_to"
    sentence: ClassVar[str] = "The filer added to the complaint ({kind})."

    filing_id: UUID
    kind: str


class FilingTranslated(Event):
    """A translation was put beside what the filer said."""

    tag: ClassVar[str] = "intake:filing:translated"
    sentence: ClassVar[str] = "Put a translation ({language}) beside what the filer said."

    filing_id: UUID
    of_id: UUID
    language: str


class FilerNamed(Event):
    """Who had filed without a name gave one later; it went into the vault."""

    tag: ClassVar[str] = "intake:filer:named"
    sentence: ClassVar[str] = "The filer, who had given no name, gave one ({anonymity})."

    filing_id: UUID
    anonymity: str


class FilingOpened(Event):
    """Somebody of the office read a filing."""

    tag: ClassVar[str] = "intake:filing:opened"
    sentence: ClassVar[str] = "Opened the filing."

    filing_id: UUID


class FilingFileOpened(Event):
    """Somebody of the office opened a file that came with a filing."""

    tag: ClassVar[str] = "intake:file:opened"
    sentence: ClassVar[str] = "Opened a file of the filing."

    filing_id: UUID
    file_id: UUID


class FilerFileOpened(Event):
    """The filer opened a file of their complaint, or one that the office sent."""

    tag: ClassVar[str] = "intake:file:opened_by_filer"
    sentence: ClassVar[str] = "The filer opened a file."

    filing_id: UUID
    file_id: UUID


class FilingScreened(Event):
    """Intake decided what becomes of a filing."""

    tag: ClassVar[str] = "intake:filing:screened"
    sentence: ClassVar[str] = "Screened the filing as {classification}."

    filing_id: UUID
    classification: str
    department_id: str
    category: str = ""
    duplicate_of: UUID | None = None


class FilingsLinked(Event):
    """Somebody compared two filings that look alike and said what they are to each other."""

    tag: ClassVar[str] = "intake:filings:linked"
    sentence: ClassVar[str] = "Compared the filing with one that looks like it: {kind}."

    filing_id: UUID
    link_id: UUID
    kind: str


class CampaignMarked(Event):
    """Filings were taken for one campaign; each of them is screened and answered all the same."""

    tag: ClassVar[str] = "intake:campaign:marked"
    sentence: ClassVar[str] = "Marked {count} filings as one campaign."

    campaign_id: UUID
    count: int


class FilingLeftCampaign(Event):
    """A filing was taken out of a campaign again."""

    tag: ClassVar[str] = "intake:campaign:left"
    sentence: ClassVar[str] = "Took the filing out of a campaign."

    campaign_id: UUID
    filing_id: UUID


class FilerChecked(Event):
    """A filer who lost the passphrase was asked the rulebook's questions, and answered them all."""

    tag: ClassVar[str] = "intake:words:checked"
    sentence: ClassVar[str] = "Knew the filer by the rulebook's questions ({asked})."

    filing_id: UUID
    asked: str


class WordsEnded(Event):
    """The old passphrase ended, and the first half of a code was given that opens a new one once."""

    tag: ClassVar[str] = "intake:words:ended"
    sentence: ClassVar[str] = "Ended the filer's passphrase and gave the first half of a code for a new one."

    filing_id: UUID
    new_words_id: UUID


class WordsSeconded(Event):
    """Somebody else saw or called the filer too, and gave the second half of the code."""

    tag: ClassVar[str] = "intake:words:seconded"
    sentence: ClassVar[str] = "Saw or called the filer too, and gave the second half of the code for new words."

    filing_id: UUID
    new_words_id: UUID


class WordsTaken(Event):
    """Whoever had the code took the new passphrase."""

    tag: ClassVar[str] = "intake:words:taken"
    sentence: ClassVar[str] = "The new passphrase was taken with both halves of the code."

    filing_id: UUID


class AdditionReceived(Event):
    """Somebody who filed before and lost the passphrase told more."""

    tag: ClassVar[str] = "intake:addition:received"
    sentence: ClassVar[str] = "Received an addition without a passphrase (in {language})."

    addition_id: UUID
    language: str


class AdditionOpened(Event):
    """Somebody of the office read an addition."""

    tag: ClassVar[str] = "intake:addition:opened"
    sentence: ClassVar[str] = "Opened an addition that came without a passphrase."

    addition_id: UUID
    filing_id: UUID | None = None


class AdditionLinked(Event):
    """Somebody of the office said to which complaint an addition belongs."""

    tag: ClassVar[str] = "intake:addition:linked"
    sentence: ClassVar[str] = "Put an addition that came without a passphrase to this complaint."

    addition_id: UUID
    filing_id: UUID

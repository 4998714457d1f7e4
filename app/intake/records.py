"""Filings exactly as they were made, and what was added to them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Index, Integer, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.access.compartments import KeptWhole
from app.infra.db import Record, Table, reference
from app.infra.files import FileColumns


class Filing(KeptWhole, Record):
    """What a resident said, as said, in their language. Only the screening and the case are ever added to it."""

    __tablename__ = "filings"
    __table_args__ = (
        Index("ix_filings_unscreened", "received_at", "id", postgresql_where=text("screened_at IS NULL")),
        Index("ix_filings_case", "case_id"),
        Index("ix_filings_incident", "incident_date", "location"),
        Index("ix_filings_kept", "id", postgresql_where=text("compartments <> '{}'")),
        Index("ix_filings_received", "received_at", postgresql_using="brin"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(Text, unique=True)
    lookup: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    repeat_key: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    policy_id: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    anonymity: Mapped[str] = mapped_column(Text)
    relationship_: Mapped[str] = mapped_column("relationship", Text)
    incident_date: Mapped[date | None] = mapped_column(Date)
    incident_precision: Mapped[str] = mapped_column(Text)
    incident_time: Mapped[str] = mapped_column(Text, default="")
    location: Mapped[str] = mapped_column(Text)
    narrative: Mapped[str] = mapped_column(Text)
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    canonical: Mapped[bytes] = mapped_column(LargeBinary)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    receipt: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime]
    screened_at: Mapped[datetime | None]
    screened_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    outcome: Mapped[str | None] = mapped_column(Text)
    case_id: Mapped[UUID | None] = mapped_column(reference("cases.id"))
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class FilingOfficer(Record):
    """An officer as the filer knows them: a name, a badge, or a description."""

    __tablename__ = "filing_officers"
    __table_args__ = (Index("ix_filing_officers_badge", "badge"),)

    filing_id: Mapped[UUID] = mapped_column(reference("filings.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(Text, default="")
    badge: Mapped[str] = mapped_column(Text, default="")
    car: Mapped[str] = mapped_column(Text, default="")
    description: Mapped[str] = mapped_column(Text, default="")


class FilingWitness(Record):
    """Somebody who saw it, as the filer tells it; who that is stands in the vault alone."""

    __tablename__ = "filing_witnesses"

    filing_id: Mapped[UUID] = mapped_column(reference("filings.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    person_id: Mapped[UUID | None] = mapped_column(reference("persons.id"))
    saw: Mapped[str] = mapped_column(Text, default="")


class FilingDemographics(Record):
    """What a filer chose to say of themselves, for figures alone: written once, and read by nobody of the office."""

    __tablename__ = "filing_demographics"

    filing_id: Mapped[UUID] = mapped_column(reference("filings.id"), primary_key=True)
    race: Mapped[list[str]] = mapped_column(ARRAY(Text), default=[])
    gender: Mapped[str] = mapped_column(Text, default="")
    age: Mapped[str] = mapped_column(Text, default="")
    disability: Mapped[str] = mapped_column(Text, default="")
    sexual_orientation: Mapped[str] = mapped_column(Text, default="")
    housing: Mapped[str] = mapped_column(Text, default="")


class FilingFile(FileColumns, Record):
    """A photo or document that came with a filing or was added later."""

    __tablename__ = "filing_files"
    committed = ("filing_id", "file_name", "size", "sha256", "stored_at")
    __table_args__ = (Index("ix_filing_files_filing", "filing_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    filing_id: Mapped[UUID] = mapped_column(reference("filings.id"))
    # With which message it came, from either side; none: with the complaint itself.
    message_id: Mapped[UUID | None] = mapped_column(reference("messages.id"))


class Amendment(Record):
    """Something the filer added; the filing itself stays as it was."""

    __tablename__ = "amendments"
    committed = ("filing_id", "body", "added_at")
    __table_args__ = (Index("ix_amendments_filing", "filing_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    filing_id: Mapped[UUID] = mapped_column(reference("filings.id"))
    body: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime]


class Translation(Record):
    """Words of the filer in another language, beside what was said: who translated them, and when."""

    __tablename__ = "translations"
    __table_args__ = (Index("ix_translations_filing", "filing_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    filing_id: Mapped[UUID] = mapped_column(reference("filings.id"))
    # The filing itself, something that was added to it, or a message of the filer.
    of_id: Mapped[UUID]
    language: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    translator: Mapped[str] = mapped_column(Text)
    translated_on: Mapped[date] = mapped_column(Date)
    added_by_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    added_at: Mapped[datetime]


class SavedDraft(Table):
    """A complaint that is being written, sealed under its own passphrase: no record, for nothing has happened yet."""

    __tablename__ = "drafts"
    __table_args__ = (Index("ix_drafts_ends_on", "ends_on"),)

    lookup: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    # Nothing, once it ended: only that there was one is still known.
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    saved_hour: Mapped[datetime]
    ends_on: Mapped[date] = mapped_column(Date)


class NewWords(Record):
    """A filer who lost the passphrase was known by the rulebook's questions, and given a code for new words.

    One person gives the first half of the code and another one the second: neither can take the words alone.
    """

    __tablename__ = "new_words"
    __table_args__ = (
        Index("ix_new_words_filing", "filing_id"),
        CheckConstraint("seconded_by_id <> given_by_id", name="two_people"),
        CheckConstraint("(second_hash IS NULL) = (seconded_by_id IS NULL)", name="second_half"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    filing_id: Mapped[UUID] = mapped_column(reference("filings.id"))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    asked: Mapped[list[str]] = mapped_column(ARRAY(Text))
    given_by_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    given_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    second_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    seconded_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    seconded_at: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]


class Addition(Record):
    """Something told by somebody who filed before and has lost the passphrase; the office puts it to its complaint."""

    __tablename__ = "additions"
    committed = ("language", "about", "body", "received_at")
    __table_args__ = (
        Index("ix_additions_filing", "filing_id"),
        Index("ix_additions_waiting", "received_at", postgresql_where=text("linked_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(Text)
    about: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime]
    filing_id: Mapped[UUID | None] = mapped_column(reference("filings.id"))
    linked_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    linked_at: Mapped[datetime | None]


class Scribing(Record):
    """How a complaint was taken down in the office: from what, whose words these are, whether it was read back."""

    __tablename__ = "scribings"
    committed = ("filing_id", "channel", "arrived_on", "arrived_why", "entered_at", "read_back", "read_back_why")
    __table_args__ = (
        CheckConstraint("read_back IN ('agreed', 'not_possible')", name="read_back"),
        CheckConstraint("read_back = 'agreed' OR read_back_why <> ''", name="read_back_why"),
    )

    filing_id: Mapped[UUID] = mapped_column(reference("filings.id"), primary_key=True)
    scribe_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    channel: Mapped[str] = mapped_column(Text)
    # The day on which it reached the office, from which the clocks count, and why that is not the day of its entry.
    arrived_on: Mapped[date] = mapped_column(Date)
    arrived_why: Mapped[str] = mapped_column(Text, default="")
    entered_at: Mapped[datetime]
    # What the filer spoke or wrote, through whom, and in which language their words are written down here.
    spoken: Mapped[str] = mapped_column(Text)
    interpreter: Mapped[str] = mapped_column(Text, default="")
    written: Mapped[str] = mapped_column(Text)
    is_summary: Mapped[bool]
    read_back: Mapped[str] = mapped_column(Text)
    read_back_why: Mapped[str] = mapped_column(Text, default="")
    handed: Mapped[str] = mapped_column(Text)


class FilingSketch(Table):
    """A few keyed numbers of what a filing says, by which others that look alike are found; no record, a by-product."""

    __tablename__ = "filing_sketches"
    __table_args__ = (Index("ix_filing_sketches_sketch", "sketch", postgresql_using="gin"),)

    filing_id: Mapped[UUID] = mapped_column(reference("filings.id"), primary_key=True)
    sketch: Mapped[list[int]] = mapped_column(ARRAY(Integer))


class Likeness(Table):
    """How much two filings say the same, the later one first."""

    __tablename__ = "filing_likenesses"
    __table_args__ = (Index("ix_filing_likenesses_other", "other_id"),)

    filing_id: Mapped[UUID] = mapped_column(reference("filings.id"), primary_key=True)
    other_id: Mapped[UUID] = mapped_column(reference("filings.id"), primary_key=True)
    percent: Mapped[int] = mapped_column(Integer)


class FilingLink(Record):
    """What a person found about two filings that look alike; the smaller id stands first."""

    __tablename__ = "filing_links"
    __table_args__ = (UniqueConstraint("filing_id", "other_id"), Index("ix_filing_links_other", "other_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    filing_id: Mapped[UUID] = mapped_column(reference("filings.id"))
    other_id: Mapped[UUID] = mapped_column(reference("filings.id"))
    kind: Mapped[str] = mapped_column(Text)
    linked_by_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    linked_at: Mapped[datetime]


class Campaign(Record):
    """Filings that a person took for one campaign; each of them is screened and answered all the same."""

    __tablename__ = "campaigns"
    committed = ("title",)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    marked_by_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    marked_at: Mapped[datetime]


class CampaignFiling(Record):
    """A filing in a campaign, until somebody takes it out again."""

    __tablename__ = "campaign_filings"
    __table_args__ = (Index("ix_campaign_filings_filing", "filing_id"),)

    campaign_id: Mapped[UUID] = mapped_column(reference("campaigns.id"), primary_key=True)
    filing_id: Mapped[UUID] = mapped_column(reference("filings.id"), primary_key=True)
    left_at: Mapped[datetime | None]

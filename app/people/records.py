"""Complainants apart from their identities, officers with their postings, and voluntary demographics."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, Index, Integer, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.access.compartments import KeptWhole
from app.infra.db import Record, reference


class Person(Record):
    """Somebody with a part in a case; who that is stands in the vault alone."""

    __tablename__ = "persons"
    __table_args__ = (Index("ix_persons_case", "case_id"), Index("ix_persons_filing", "filing_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID | None] = mapped_column(reference("cases.id"))
    filing_id: Mapped[UUID | None] = mapped_column(reference("filings.id"))
    role: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text)


class Identity(KeptWhole, Record):
    """A person's name and contact, sealed with a key of their own; without the key it is noise."""

    __tablename__ = "identities"
    __table_args__ = (
        Index("ix_identities_email", "email_index"),
        Index("ix_identities_phone", "phone_index"),
        Index("ix_identities_name", "name_index"),
        Index("ix_identities_kept", "person_id", postgresql_where=text("compartments <> '{}'")),
        Index("ix_identities_to_index", "person_id", postgresql_where=text("index_version < 2")),
    )

    person_id: Mapped[UUID] = mapped_column(reference("persons.id"), primary_key=True)
    key_id: Mapped[str] = mapped_column(Text)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    email_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    name_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    # 1 was made with one key for all three columns, 2 with a key for each.
    index_version: Mapped[int] = mapped_column(Integer, default=2, server_default="1")


class IdentityKey(Record):
    """The key of one person, wrapped; in a table of its own, so that a backup can be kept without it.

    Emptying `wrapped_key` makes the identity unreadable, in every backup that does not hold this table.
    """

    __tablename__ = "identity_keys"

    person_id: Mapped[UUID] = mapped_column(reference("persons.id"), primary_key=True)
    key_id: Mapped[str] = mapped_column(Text)
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    shredded_at: Mapped[datetime | None]


class VaultUse(Record):
    """One use of the vault by a person: who opened or looked up, why, and whether that was out of the ordinary."""

    __tablename__ = "vault_uses"
    __table_args__ = (
        Index("ix_vault_uses_account", "account_id", "kind", "used_at"),
        Index("ix_vault_uses_person", "person_id", "used_at"),
        Index("ix_vault_uses_filing", "filing_id"),
        Index("ix_vault_uses_case", "case_id"),
        Index("ix_vault_uses_latest", "used_at", "id"),
        Index("ix_vault_uses_unusual", "used_at", "id", postgresql_where=text("unusual <> '' AND looked_at IS NULL")),
        CheckConstraint("kind IN ('opened', 'looked_up')", name="kind"),
        CheckConstraint("looked_by_id <> account_id", name="two_people"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    account_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    role: Mapped[str] = mapped_column(Text)
    # Of a look-up all three are empty: it is about nobody until somebody is found.
    person_id: Mapped[UUID | None] = mapped_column(reference("persons.id"))
    filing_id: Mapped[UUID | None] = mapped_column(reference("filings.id"))
    case_id: Mapped[UUID | None] = mapped_column(reference("cases.id"))
    reason: Mapped[str] = mapped_column(Text)
    refers_to: Mapped[str] = mapped_column(Text, default="")
    hits: Mapped[int | None] = mapped_column(Integer)
    used_at: Mapped[datetime]
    unusual: Mapped[str] = mapped_column(Text, default="")
    looked_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    looked_at: Mapped[datetime | None]


class Hold(Record):
    """A reason why an identity must be kept: of one person or of everybody in a case. Two people lift it."""

    __tablename__ = "holds"
    __table_args__ = (
        Index("ix_holds_person", "person_id", postgresql_where=text("lifted_at IS NULL")),
        Index("ix_holds_case", "case_id", postgresql_where=text("lifted_at IS NULL")),
        CheckConstraint("num_nonnulls(person_id, case_id) = 1", name="of_one_thing"),
        CheckConstraint("lifted_by_id <> lift_asked_by_id", name="two_people"),
        CheckConstraint(
            "lifted_at IS NULL OR (lifted_by_id IS NOT NULL AND lift_asked_by_id IS NOT NULL)", name="lifted"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID | None] = mapped_column(reference("persons.id"))
    case_id: Mapped[UUID | None] = mapped_column(reference("cases.id"))
    issuer: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    set_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    set_at: Mapped[datetime]
    lift_asked_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    lifted_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    lifted_at: Mapped[datetime | None]


class Erasure(Record):
    """The certificate that an identity was made unreadable: by whom, why, and when the last copy of its key dies."""

    __tablename__ = "erasures"
    __table_args__ = (CheckConstraint("asked_by_id <> agreed_by_id", name="two_people"),)

    person_id: Mapped[UUID] = mapped_column(reference("persons.id"), primary_key=True)
    filing_id: Mapped[UUID | None] = mapped_column(reference("filings.id"))
    case_id: Mapped[UUID | None] = mapped_column(reference("cases.id"))
    half_id: Mapped[UUID] = mapped_column(reference("second_halves.id"))
    reason: Mapped[str] = mapped_column(Text)
    refers_to: Mapped[str] = mapped_column(Text, default="")
    asked_by_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    agreed_by_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    erased_at: Mapped[datetime]
    backups_end_on: Mapped[date] = mapped_column(Date)


class Demographic(Record):
    """What a complainant chose to say of themselves; apart from the narrative and from the name."""

    __tablename__ = "demographics"
    __table_args__ = (Index("ix_demographics_case", "case_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    # Empty only for an imported complainant whose complaint itself is not in the source.
    case_id: Mapped[UUID | None] = mapped_column(reference("cases.id"))
    position: Mapped[int] = mapped_column(Integer)
    race: Mapped[str] = mapped_column(Text, default="")
    sex: Mapped[str] = mapped_column(Text, default="")
    age: Mapped[int | None] = mapped_column(Integer)
    source_values: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class Officer(Record):
    """The subject of a complaint: an officer, a civilian employee, a clinician or a responder; perhaps unknown."""

    __tablename__ = "officers"
    __table_args__ = (
        Index("ix_officers_name", "department_id", "sort_name", "id"),
        Index("ix_officers_badge", "department_id", "badge"),
        Index(
            "ix_officers_source",
            "source",
            "source_key",
            unique=True,
            postgresql_where=text("source IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    department_id: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text, default="officer")
    is_unknown: Mapped[bool] = mapped_column(Boolean, default=False)
    description: Mapped[str] = mapped_column(Text, default="")
    last_name: Mapped[str] = mapped_column(Text, default="")
    first_name: Mapped[str] = mapped_column(Text, default="")
    sort_name: Mapped[str] = mapped_column(Text, default="")
    badge: Mapped[str] = mapped_column(Text, default="")
    rank: Mapped[str] = mapped_column(Text, default="")
    unit: Mapped[str] = mapped_column(Text, default="")
    race: Mapped[str] = mapped_column(Text, default="")
    sex: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(Text, default="")
    known_as_id: Mapped[UUID | None] = mapped_column(reference("officers.id"))
    source: Mapped[str | None] = mapped_column(Text)
    source_key: Mapped[str | None] = mapped_column(Text)
    source_values: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class Posting(Record):
    """Where an officer served, under which badge and rank, from when until when."""

    __tablename__ = "postings"
    __table_args__ = (Index("ix_postings_officer", "officer_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    officer_id: Mapped[UUID] = mapped_column(reference("officers.id"))
    badge: Mapped[str] = mapped_column(Text, default="")
    rank: Mapped[str] = mapped_column(Text, default="")
    unit: Mapped[str] = mapped_column(Text, default="")
    from_on: Mapped[date | None] = mapped_column(Date)
    until_on: Mapped[date | None] = mapped_column(Date)

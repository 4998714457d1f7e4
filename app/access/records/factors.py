"""What somebody shows to prove who they are, and what is lent to whoever lost it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Record, reference


class Passkey(Record):
    """A key that lives in somebody's device or security key; we keep its public half."""

    __tablename__ = "passkeys"
    __table_args__ = (Index("ix_passkeys_account", "account_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class CodeSecret(Record):
    """What an app on somebody's telephone makes six digits of; it counts once a first code was right."""

    __tablename__ = "code_secrets"
    __table_args__ = (
        Index(
            "ix_code_secrets_one",
            "account_id",
            unique=True,
            postgresql_where=text("confirmed_at IS NOT NULL AND removed_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    # The last half-minute of which a code was taken: none of it or before is taken again.
    last_step: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class RecoveryCode(Record):
    """One of ten codes on paper, each good once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (Index("ix_recovery_codes_account", "account_id"),)

    code_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]


class WayBack(Record):
    """A second factor for one evening: one person asked for it, another saw who it is for and granted it."""

    __tablename__ = "ways_back"
    __table_args__ = (
        Index("ix_ways_back_one", "account_id", unique=True, postgresql_where=text("state IN ('asked', 'granted')")),
        CheckConstraint("state IN ('asked', 'granted', 'refused', 'used', 'over')", name="state"),
        CheckConstraint(
            "asked_by_id <> account_id AND granted_by_id <> account_id AND asked_by_id <> granted_by_id",
            name="three_people",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    asked_by_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    asked_at: Mapped[datetime]
    granted_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    granted_at: Mapped[datetime | None]
    code_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(Text, default="asked")


class ProviderSubject(Record):
    """Whom the provider of single sign-on means by this subject; its issuer and subject alone say so."""

    __tablename__ = "provider_subjects"
    __table_args__ = (
        UniqueConstraint("issuer", "subject", name="uq_provider_subjects_issuer"),
        Index("ix_provider_subjects_account", "account_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    issuer: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    linked_at: Mapped[datetime]

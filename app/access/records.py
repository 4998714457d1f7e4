"""Accounts, their roles and sessions, one-time links, and the walls round cases."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Index, Integer, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Record, Table, reference


class Account(Record):
    """A person who signs in."""

    __tablename__ = "accounts"
    __table_args__ = (CheckConstraint("status IN ('invited', 'active', 'disabled')", name="status"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    display_name: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text, default="")
    email: Mapped[str | None] = mapped_column(Text)
    department_id: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str | None] = mapped_column(Text)
    is_demonstration: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime]


class AccountRole(Record):
    """One role that a person holds."""

    __tablename__ = "account_roles"

    account_id: Mapped[UUID] = mapped_column(reference("accounts.id"), primary_key=True)
    role: Mapped[str] = mapped_column(Text, primary_key=True)


class SignedIn(Table):
    """One session of one person; the secret itself is kept nowhere, only its SHA-256."""

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_account", "account_id"),)

    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    kind: Mapped[str] = mapped_column(Text, default="browser")
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class OneTimeLink(Record):
    """A link that lets a new or reset person choose a password once."""

    __tablename__ = "one_time_links"

    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    purpose: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInDelay(Table):
    """How often signing in failed for a name from an unknown device; it delays, and never locks for ever."""

    __tablename__ = "sign_in_delays"

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    wait_until: Mapped[datetime]


class Wall(Record):
    """One case that one person may not know of; a recusal is one kind."""

    __tablename__ = "walls"
    __table_args__ = (
        Index(
            "ix_walls_standing",
            "account_id",
            "case_id",
            unique=True,
            postgresql_where=text("lifted_at IS NULL"),
        ),
        Index("ix_walls_case", "case_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    case_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    raised_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]

"""Who signs in: people, their roles, and what a role is allowed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Record, Table, reference


class Account(Record):
    """A person who signs in, or a machine that has a token."""

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("status IN ('invited', 'active', 'disabled')", name="status"),
        CheckConstraint("kind IN ('person', 'machine') AND (kind = 'person' OR password_hash IS NULL)", name="kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    display_name: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text, default="")
    email: Mapped[str | None] = mapped_column(Text)
    department_id: Mapped[str | None] = mapped_column(Text)
    # Of somebody from outside the office: by which name the rulebook calls them.
    outsider: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    # Read by `app.access.signing_in.password_of` alone: behind the office's door nobody may select it.
    password_hash: Mapped[str | None] = mapped_column(Text, deferred=True)
    is_demonstration: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime]
    # Since when it opens nothing until an administrator lets it: only where the profile says so.
    locked_at: Mapped[datetime | None]
    kind: Mapped[str] = mapped_column(Text, default="person", server_default="person")


class AccountRole(Record):
    """One role that a person holds."""

    __tablename__ = "account_roles"

    account_id: Mapped[UUID] = mapped_column(reference("accounts.id"), primary_key=True)
    role: Mapped[str] = mapped_column(Text, primary_key=True)


class RolePermission(Table):
    """What a role is allowed, as policies/access.yaml said at the last start: row security asks here."""

    __tablename__ = "role_permissions"

    role: Mapped[str] = mapped_column(Text, primary_key=True)
    permission: Mapped[str] = mapped_column(Text, primary_key=True)

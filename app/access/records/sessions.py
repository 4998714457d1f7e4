"""From the sign-in page to an open session: one-time links, second steps asked for, delays."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Index, Integer, LargeBinary, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Record, Table, reference


class Vouching(Table):
    """The one key with which the program vouches for somebody to the database; no door may read it."""

    __tablename__ = "vouching"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    key: Mapped[bytes] = mapped_column(LargeBinary)


class SignedIn(Table):
    """One session of one person; the secret itself is kept nowhere, only its SHA-256."""

    __tablename__ = "sessions"
    __table_args__ = (
        Index("ix_sessions_account", "account_id"),
        Index("ix_sessions_provider", "provider_sid", postgresql_where=text("provider_sid IS NOT NULL")),
    )

    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    kind: Mapped[str] = mapped_column(Text, default="browser")
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    # When its person last proved to be themselves; what weighs most asks for that again.
    proved_at: Mapped[datetime | None]
    # By which second factor it was opened, or `none`.
    factor: Mapped[str] = mapped_column(Text, default="none", server_default="none")
    # The kind of browser and system, in a few words of our own.
    device: Mapped[str] = mapped_column(Text, default="", server_default="")
    # What the provider of single sign-on calls it, so that it can end this one and no other.
    provider_sid: Mapped[str | None] = mapped_column(Text)


class SignInChallenge(Table):
    """What a second step, or a passkey, answers: kept for minutes, good once."""

    __tablename__ = "sign_in_challenges"

    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    purpose: Mapped[str] = mapped_column(Text)
    account_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    challenge: Mapped[bytes] = mapped_column(LargeBinary)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    expires_at: Mapped[datetime]
    # Of a second step that follows single sign-on: what the provider calls the session that it opens.
    provider_sid: Mapped[str | None] = mapped_column(Text)


class SignInDelay(Table):
    """How often signing in failed for a name from an unknown device; it delays, and never locks for ever."""

    __tablename__ = "sign_in_delays"

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    wait_until: Mapped[datetime]


class OneTimeLink(Record):
    """A link by which somebody chooses a password, once; one that a person made, only after a second one agreed.

    Of the purpose `groups` it opens nothing: it asks whether somebody may have the roles that groups give them.
    """

    __tablename__ = "one_time_links"
    __table_args__ = (CheckConstraint("agreed_by_id <> made_by_id AND agreed_by_id <> account_id", name="two_people"),)

    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    purpose: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    # Nobody, where the machinery made it at the command line.
    made_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    waits: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    agreed_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    agreed_at: Mapped[datetime | None]
    # Of the code that the second person hands over: whoever made the link cannot open it before the one it is for.
    second_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    # Of a question about groups: which roles.
    roles: Mapped[list[str] | None] = mapped_column(ARRAY(Text))

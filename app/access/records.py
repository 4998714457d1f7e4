"""Accounts, their roles and sessions, one-time links, walls round cases, and steps that wait for a second person."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
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


class Vouching(Table):
    """The one key with which the program vouches for somebody to the database; no door may read it."""

    __tablename__ = "vouching"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    key: Mapped[bytes] = mapped_column(LargeBinary)


class KeptApart(Table):
    """A mark of each case and filing that is kept as a whole: a number, by which policies know where to ask further."""

    __tablename__ = "kept_apart"

    mark: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


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
    # When its person last proved to be themselves; what weighs most asks for that again.
    proved_at: Mapped[datetime | None]
    # By which second factor it was opened, or `none`.
    factor: Mapped[str] = mapped_column(Text, default="none", server_default="none")
    # The kind of browser and system, in a few words of our own.
    device: Mapped[str] = mapped_column(Text, default="", server_default="")


class Machine(Record):
    """Another system that may do a little by itself: why, who answers for it, and until when."""

    __tablename__ = "machines"
    __table_args__ = (
        Index("ix_machines_owner", "owner_id", postgresql_where=text("ended_at IS NULL")),
        CheckConstraint("ended_why IN ('revoked', 'expired', 'owner')", name="ended_why"),
        CheckConstraint("expires_at <= made_at + interval '367 days'", name="a_year"),
    )

    account_id: Mapped[UUID] = mapped_column(reference("accounts.id"), primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    made_by_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    purpose: Mapped[str] = mapped_column(Text)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    # The first letters of its token, by which a token that was found somewhere is known again.
    hint: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    warned_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None] = mapped_column(Text)


class MachineUse(Table):
    """On which day a machine was last here, and for which part of the API; no record of anybody's doing."""

    __tablename__ = "machine_uses"

    account_id: Mapped[UUID] = mapped_column(reference("accounts.id"), primary_key=True)
    used_on: Mapped[date] = mapped_column(Date)
    used_for: Mapped[str] = mapped_column(Text)


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


class SignInChallenge(Table):
    """What a second step, or a passkey, answers: kept for minutes, good once."""

    __tablename__ = "sign_in_challenges"

    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    purpose: Mapped[str] = mapped_column(Text)
    account_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    challenge: Mapped[bytes] = mapped_column(LargeBinary)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    expires_at: Mapped[datetime]


class OneTimeLink(Record):
    """A link by which somebody chooses a password, once; to read cases, only after a second person agreed."""

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


class SignInDelay(Table):
    """How often signing in failed for a name from an unknown device; it delays, and never locks for ever."""

    __tablename__ = "sign_in_delays"

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    wait_until: Mapped[datetime]


class Wall(Record):
    """One case, or filing, that one person may not know of; a recusal is one kind."""

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


class CompartmentReading(Record):
    """That somebody has read what is kept in a case, the first time: it can never be undone."""

    __tablename__ = "compartment_readings"
    __table_args__ = (Index("ix_compartment_readings_case", "case_id"),)

    account_id: Mapped[UUID] = mapped_column(reference("accounts.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    # As what they read it.
    role: Mapped[str] = mapped_column(Text)
    read_at: Mapped[datetime]


class CaseSide(Record):
    """On which side of a case somebody is who works for others in it too: the criminal side, or the defence."""

    __tablename__ = "case_sides"
    __table_args__ = (
        Index(
            "ix_case_sides_standing",
            "account_id",
            "case_id",
            "side",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_case_sides_case", "case_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"))
    side: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    named_by_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    named_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SpecialRoute(Record):
    """A filing or case that goes another way: whose it is, and from whom it is kept, as the rulebook said."""

    __tablename__ = "special_routes"
    __table_args__ = (
        Index("ix_special_routes_case", "case_id", unique=True, postgresql_where=text("lifted_at IS NULL")),
        Index("ix_special_routes_filing", "filing_id", unique=True, postgresql_where=text("lifted_at IS NULL")),
        CheckConstraint("case_id IS NOT NULL OR filing_id IS NOT NULL", name="of_something"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID | None]
    filing_id: Mapped[UUID | None]
    route: Mapped[str] = mapped_column(Text)
    policy_id: Mapped[str] = mapped_column(Text)
    handled_by: Mapped[list[str]] = mapped_column(ARRAY(Text))
    hidden_from: Mapped[list[str]] = mapped_column(ARRAY(Text))
    # Nobody where the person who filed said it themselves.
    set_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    set_at: Mapped[datetime]
    referred_on: Mapped[date | None] = mapped_column(Date)
    referred_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    lifted_at: Mapped[datetime | None]


class SecondHalf(Record):
    """The second half of a step of two: who did the first, who may do it, and who did; never the same person."""

    __tablename__ = "second_halves"
    __table_args__ = (
        Index("ix_second_halves_open", "step", "subject_id", postgresql_where=text("state = 'asked'")),
        Index("ix_second_halves_case", "case_id"),
        CheckConstraint("first_by_id <> second_by_id", name="two_people"),
        CheckConstraint("state IN ('asked', 'granted', 'refused', 'used')", name="state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(Text)
    case_id: Mapped[UUID | None]
    filing_id: Mapped[UUID | None]
    # What it is about: a pause, an extension, an allegation, a person, a release; of a closure, the case.
    subject_id: Mapped[UUID]
    by: Mapped[list[str]] = mapped_column(ARRAY(Text))
    what: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    first_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    first_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(Text, default="asked")
    second_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    second_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(Text, default="")


class TranslationApproval(Record):
    """Somebody has read a machine's translation of one text and stands for it."""

    __tablename__ = "translation_approvals"
    __table_args__ = (
        # One approval of a text stands at a time.
        Index("ix_translation_approvals_text", "text_hash", unique=True, postgresql_where=text("withdrawn_at IS NULL")),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="withdrawn_by_somebody"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(Text)
    # Over the language, the English and the translation: a change of any of them is another text.
    text_hash: Mapped[str] = mapped_column(Text)
    approved_by_id: Mapped[UUID] = mapped_column(reference("accounts.id"))
    approved_at: Mapped[datetime]
    withdrawn_by_id: Mapped[UUID | None] = mapped_column(reference("accounts.id"))
    withdrawn_at: Mapped[datetime | None]

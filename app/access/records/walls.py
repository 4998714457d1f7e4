"""What keeps a person from a case or filing: walls, sides, readings, special routes, marks of what is kept whole."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Record, Table, reference


class KeptApart(Table):
    """A mark of each case and filing that is kept as a whole: a number, by which policies know where to ask further."""

    __tablename__ = "kept_apart"

    mark: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


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

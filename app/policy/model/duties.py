"""What the agency owes the outside: reports, publication, letters, and how long it keeps what."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from app.kernel.deadlines import Unit
from app.kernel.text import LocalText
from app.policy.model.base import Block, Cited, Code, Count, Flag, Keyed, Line, Lines, Named, Names, Positive, Span
from app.policy.model.outside import FiledWith, Fulfilment, MinorMatters, ReportCategory
from app.policy.model.process import Owner

Month = Annotated[Positive, Field(ge=1, le=12)]
DayOfMonth = Annotated[Positive, Field(ge=1, le=31)]


class ExternalReport(Named, Cited):
    """A report that the law makes the agency or the department send to somebody else."""

    recipient: LocalText
    to: Code | None = None
    """A code of `external_bodies`."""
    duty_of: Owner = Owner.AGENCY
    """Whose duty it is: where the department reports, this office hands over and keeps proof."""
    fulfilled_by: Fulfilment = Fulfilment.SENDING
    filed_with: FiledWith | None = None
    recorded_as: Code | None = None
    """The event or milestone that its fulfilment is to the clocks."""
    categories: Keyed[ReportCategory] = ()
    minor: MinorMatters | None = None
    sender: Code | None = None
    trigger: Code | None = None
    clock: Code | None = None
    exceptions: LocalText | None = None
    columns: dict[str, Line] = Field(default_factory=dict)
    """Their column to our field."""


class Every(StrEnum):
    """How often a report comes out."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


class ReportDue(Block):
    """A day of the year."""

    month: Month
    day: DayOfMonth

    def in_year(self, year: int) -> date:
        return date(year, self.month, self.day)


class Report(Named, Cited):
    """A public report."""

    every: Every
    due: tuple[ReportDue, ...] = ()
    due_after: Span | None = None
    """So long after the period ends."""
    fulfilled_by: Fulfilment = Fulfilment.PUBLISHING
    filed_with: FiledWith | None = None
    sections: Names = ()
    introduction: LocalText | None = None


class Table(Named):
    """A table of open data."""

    definition: LocalText
    columns: Lines = ()


class DatePrecision(StrEnum):
    """How exactly a published date is given."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Publication(Cited):
    """What the public sees."""

    small_cell_threshold: Positive
    suppress_complement: Flag = True
    officers_are_named: Flag = False
    year_starts: ReportDue | None = None
    """The first day of the agency's year, where it is not January 1."""
    date_precision: DatePrecision = DatePrecision.MONTH
    place_level: LocalText | None = None
    tables: Keyed[Table] = ()
    reports: Keyed[Report] = ()
    definitions: Keyed[Named] = ()
    """What a number means, printed beside it."""
    excluded_findings: Names = ()
    excluded_closures: Names = ()
    recommendations_are_public: Flag = True
    summaries_need: Positive = 2
    """How many people approve a redacted summary."""


class Disposal(StrEnum):
    """What becomes of a record when its time is over."""

    DESTROY = "destroy"
    ARCHIVE = "archive"
    KEEP = "keep"


class RetentionClass(Named, Cited):
    """One kind of record and how long it is kept."""

    covers: Names = ()
    amount: Count | None = None
    unit: Unit | None = None
    starts: Code | None = None
    then: Disposal
    second_approver: Flag = True


class Retention(Cited):
    """How long records are kept."""

    classes: Keyed[RetentionClass] = ()
    hold_kinds: Keyed[Named] = ()


class LetterTo(StrEnum):
    """Who gets a letter."""

    FILER = "filer"
    OFFICER = "officer"
    DEPARTMENT = "department"
    BODY = "body"


class LetterKind(Named, Cited):
    """A letter the agency sends; its text is in `letters/<code>.<language>.txt`."""

    to: LetterTo
    on: Code | None = None
    """The event after which it goes out."""
    channels: Lines = ()

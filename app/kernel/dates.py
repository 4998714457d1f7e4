"""A date that says how precisely it is known: a day, a month, a year, or not at all; a moment known to the hour."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import total_ordering
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

# The common tables have French months for this language.
_HAITIAN = "janvye fevriye mas avril me jen jiyè out septanm oktòb novanm desanm"
OWN_MONTHS: Mapping[str, Sequence[str]] = {"ht": _HAITIAN.split()}
_ISO = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?", re.ASCII)


class Precision(StrEnum):
    """How much of the date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


@total_ordering
@dataclass(frozen=True, slots=True)
class ImpreciseDate:
    """Kept in two columns: the first day it can be, and its precision."""

    first_day: date | None
    precision: Precision

    def __post_init__(self) -> None:
        if (self.first_day is None) != (self.precision is Precision.UNKNOWN):
            raise ValueError("A date is unknown exactly when it has no day.")
        object.__setattr__(self, "first_day", _first_day(self.first_day, self.precision))

    @classmethod
    def parse(cls, value: ImpreciseDate | date | str | None) -> ImpreciseDate:
        """Reads an ISO day, month or year; nothing means unknown."""
        if isinstance(value, ImpreciseDate):
            return value
        if value is None:
            return UNKNOWN
        if isinstance(value, date):
            return cls(date(value.year, value.month, value.day), Precision.DAY)
        return _read(value)

    @property
    def last_day(self) -> date | None:
        if self.first_day is None:
            return None
        year, month = self.first_day.year, self.first_day.month
        if self.precision is Precision.YEAR:
            return date(year, 12, 31)
        if self.precision is Precision.MONTH:
            return date(year, month, monthrange(year, month)[1])
        return self.first_day

    @property
    def is_known(self) -> bool:
        return self.first_day is not None

    def may_be(self, day: date) -> bool:
        """Whether this day is one of those it can be."""
        if self.first_day is None or self.last_day is None:
            return True
        return self.first_day <= day <= self.last_day

    def is_surely_before(self, other: ImpreciseDate | date) -> bool:
        """Whether every day it can be lies before every day the other can be."""
        theirs = ImpreciseDate.parse(other).first_day
        return self.last_day is not None and theirs is not None and self.last_day < theirs

    def is_surely_after(self, other: ImpreciseDate | date) -> bool:
        return ImpreciseDate.parse(other).is_surely_before(self)

    def __str__(self) -> str:
        """The ISO text it was read from; empty when unknown."""
        if self.first_day is None:
            return ""
        length = {Precision.YEAR: 4, Precision.MONTH: 7}.get(self.precision, 10)
        return self.first_day.isoformat()[:length]

    def __lt__(self, other: object) -> bool:
        """An order for lists: by first day, the more precise first, unknown last."""
        if not isinstance(other, ImpreciseDate):
            return NotImplemented
        return self._order() < other._order()

    def _order(self) -> tuple[date, date]:
        return (self.first_day or date.max, self.last_day or date.max)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls._validate,
            serialization=core_schema.plain_serializer_function_ser_schema(
                _iso_or_null,
                return_schema=core_schema.nullable_schema(core_schema.str_schema()),
            ),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        pattern = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
        text = {"type": "string", "pattern": pattern, "examples": ["2026-03-05", "2026-03", "2026"]}
        return {"anyOf": [text, {"type": "null"}], "description": "A day, month or year; null if not known."}

    @classmethod
    def _validate(cls, value: Any) -> ImpreciseDate:
        if value is not None and not isinstance(value, (ImpreciseDate, date, str)):
            raise PydanticCustomError("imprecise_date", "Give the date as a day, a month or a year.")
        try:
            return cls.parse(value)
        except ValueError as refusal:
            raise PydanticCustomError("imprecise_date", "{reason}", {"reason": str(refusal)}) from refusal


def _iso_or_null(value: ImpreciseDate) -> str | None:
    return str(value) or None


def _first_day(day: date | None, precision: Precision) -> date | None:
    if day is None or precision is Precision.DAY:
        return day
    return day.replace(day=1) if precision is Precision.MONTH else date(day.year, 1, 1)


def _read(text: str) -> ImpreciseDate:
    match = _ISO.fullmatch(text.strip())
    if match is None:
        raise ValueError("Write the date as 2026-03-05, 2026-03 or 2026.")
    year, month, day = match["year"], match["month"], match["day"]
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    try:
        return ImpreciseDate(date(int(year), int(month or 1), int(day or 1)), precision)
    except ValueError as refusal:
        raise ValueError(f"There is no date {text.strip()}.") from refusal


UNKNOWN = ImpreciseDate(None, Precision.UNKNOWN)


def hour_of(moment: datetime, zone: ZoneInfo) -> datetime:
    """When the hour of a moment began on the clocks of a zone: so it stays on the same local day."""
    local = moment.astimezone(zone)
    return moment - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)

"""What every block of a rulebook is made of: frozen, strict, cited, and named by codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StrictBool,
    StrictInt,
    StringConstraints,
)
from pydantic.json_schema import JsonSchemaValue, SkipJsonSchema
from pydantic_core import core_schema

from app.kernel.deadlines import Unit
from app.kernel.text import LocalText

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Flag = StrictBool
Count = Annotated[StrictInt, Field(ge=0)]
Percent = Annotated[StrictInt, Field(ge=0, le=100)]
Positive = Annotated[StrictInt, Field(gt=0)]


def _iso_day(value: Any) -> Any:
    """Pydantic alone would take 20251128 for seconds since 1970."""
    if isinstance(value, date) or (isinstance(value, str) and _ISO_DAY.fullmatch(value)):
        return value
    raise ValueError("this is not a day; write it as 2026-03-05")


Day = Annotated[date, BeforeValidator(_iso_day)]


class Block(BaseModel):
    """A part of a rulebook: it never changes, and a key it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


@dataclass(frozen=True)
class _OneOrMany:
    """A list; one word alone is a list of one."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(_one_or_many, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        array = handler(schema)
        return {"anyOf": [array, array["items"]]}


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Names = Annotated[tuple[Code, ...], _OneOrMany()]
Lines = Annotated[tuple[Line, ...], _OneOrMany()]


class Evidence(StrEnum):
    """How a legal fact is known."""

    READ = "read"  # in a public source, which is named
    DERIVED = "derived"  # worked out from what was read, and shown as that
    GENERAL = "general"  # general knowledge of the field: a lead, not a fact
    UNKNOWN = "unknown"  # looked for and not found


class Basis(StrEnum):
    """The kind of law a rule or a power rests on: it says who may change it."""

    CHARTER = "charter"
    ORDINANCE = "ordinance"
    EXECUTIVE_ORDER = "executive_order"
    STATE_LAW = "state_law"
    FEDERAL_LAW = "federal_law"
    REGULATION = "regulation"
    COURT_DECREE = "court_decree"
    COURT_RULING = "court_ruling"
    CONTRACT = "contract"  # with a union
    AGREEMENT = "agreement"  # between two public bodies
    POLICY = "policy"
    STANDARD = "standard"  # of an accrediting body
    PRACTICE = "practice"  # seen in what is done, not written as a rule


class Cited(Block):
    """A legal fact: where it is written, and how we know."""

    authority: Line | None = None
    """The section of law, such as "Charter 604(g)"."""
    basis: Basis | None = None
    """The kind of law; left out, that of the source holds."""
    source: Code | None = None
    """A code of `meta.sources`; left out, `meta.source` holds."""
    article: Code | None = None
    """An article of that source."""
    evidence: Evidence | None = None
    """Left out, `meta.evidence` holds."""
    unknown: Names = ()
    """Keys of this entry that were looked for and not found."""
    general: Names = ()
    """Keys of this entry that are general knowledge where the rest was read."""
    note: Line | None = None
    """What a reader of this rulebook must know; never shown to the public."""


class Coded(Block):
    """Something with a code, which is the key it stands under."""

    code: SkipJsonSchema[Code]


class Named(Coded):
    """Something with a code and the office's word for it."""

    label: LocalText


ItemT = TypeVar("ItemT", bound=Coded)


@dataclass(frozen=True)
class _ByCode:
    """Written as a mapping from code to entry, kept as a tuple in the order of writing."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(_entries, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        entry = {"anyOf": [handler(schema)["items"], {"type": ["string", "null"]}]}
        return {"type": "object", "additionalProperties": entry, "propertyNames": {"pattern": "^[a-z]"}}


Keyed = Annotated[tuple[ItemT, ...], _ByCode()]


def _entries(value: Any) -> Any:
    if value is None:
        return []
    if not isinstance(value, Mapping):
        return value
    return [_entry(code, content) for code, content in value.items()]


def _entry(code: Any, content: Any) -> Any:
    if content is None:
        return {"code": code}
    if isinstance(content, str) or _is_text(content):
        return {"code": code, "label": content}
    if not isinstance(content, Mapping):
        return content
    if "code" in content:
        raise ValueError(f"{code} is already the code: take out the key code")
    return {"code": code, **content}


def _is_text(content: Any) -> bool:
    return isinstance(content, Mapping) and "en" in content and all(isinstance(v, str) for v in content.values())


class Span(Block):
    """So much time."""

    amount: Count
    unit: Unit

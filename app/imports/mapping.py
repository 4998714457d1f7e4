"""A mapping: what the files of one source hold, what one of their rows is, and which records it makes."""

from __future__ import annotations

import hashlib
import re
import string
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError

from app.kernel.errors import Refused
from app.policy.documents import Document, read_document, say
from app.policy.model.base import Block, Code, Coded, Flag, Keyed, Line, Lines, Positive
from app.policy.model.decisions import Canonical, LifeCode
from app.policy.problems import Problem, RulebookError

BUILT_IN = "sources"
NOT_SUSTAINED = "not_sustained"
"""Decided and not sustained; the source does not say whether it did not happen, was allowed, or was not proven."""
UNCLASSIFIED = "unclassified"
"""A word of the source for which there is no class that can be compared."""
CLASSES = frozenset({*(kind.value for kind in Canonical), NOT_SUSTAINED, UNCLASSIFIED})
LARGEST_MAPPING = 1_000_000


WordList = Annotated[tuple[str, ...], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)]
Columns = Lines


def _known_class(name: str) -> str:
    if name not in CLASSES:
        raise ValueError(f"{name} is not a class of finding; there are {', '.join(sorted(CLASSES))}")
    return name


def _is_pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text} is not a pattern: {error}") from error
    return text


ClassName = Annotated[str, AfterValidator(_known_class)]


class Column(Block):
    """One column of a file: what stands in it, so that anything else is noticed."""

    type: Literal["text", "long", "date", "number", "code"] = "text"
    pattern: Annotated[Line, AfterValidator(_is_pattern)] | None = None
    format: Line | None = None
    """How a date is written, as for strptime; ISO when left out."""
    words: WordList = ()
    """The words a code may be; another one is kept and warned of."""
    blanks: WordList = ()
    """What this column says instead of nothing, such as NA."""
    least: int | None = None
    most: int | None = None
    required: Flag = False
    """A row without it, or with something else in it, is rejected."""
    counts: Flag = True
    """Whether it tells one row from another; not so for a number that every export gives anew."""


class Words(Block):
    """A column whose spellings are brought together: trimmed, letter case aside, then by this table."""

    column: Line
    words: Mapping[str, str] = Field(default_factory=dict)


class Received(Block):
    """The day a complaint was received, and what that day really is."""

    column: Line
    as_: Literal["day", "year", "occurred"] = Field(default="day", alias="as")
    """The day; a number that begins with the year; or the day of the incident, where the source has no other."""


class Maker(Block):
    """What every kind of record has."""

    key: Columns = ()
    """The columns that tell one record from another; none: every row is a record of its own."""
    keeps: Columns = ()
    """The columns kept beside the record in the source's own words."""


class OfficerMaker(Maker):
    """An officer; a row with a blank key has none."""

    unique: Flag = False
    """Whether a second row with the same key is a mistake rather than another mention."""
    last_name: Line | None = None
    first_name: Line | None = None
    rank: Line | None = None
    unit: Line | None = None
    badge: Line | None = None
    status: Line | None = None
    race: Line | None = None
    sex: Line | None = None
    description: Line | None = None


class CaseMaker(Maker):
    """A case; the first row that names it says what is known of it."""

    unique: Flag = False
    received: Received
    number: Line | None = None
    incident_date: Line | None = None
    incident_time: Line | None = None
    category: Line | None = None
    district: Line | None = None
    place: Line | None = None
    narrative: Line | None = None


class OtherNumberMaker(Block):
    """Another body's number of the case."""

    body: Line
    number: Line


class FindingMaker(Block):
    """What was found, in the words of the source, and the class by which it can be compared."""

    life: LifeCode
    column: Line
    classes: Mapping[str, ClassName]
    none: WordList = ()
    """Words that are no finding, such as Pending."""


class Linked(Maker):
    """A record that belongs to a case, and how it is found."""

    case: Columns
    without_case: Literal["reject", "warn", "keep"] = "reject"


class AllegationMaker(Linked):
    """An allegation against one officer, or one nobody could name."""

    without_case: Literal["reject"] = "reject"
    officer: Columns = ()
    category: Line
    subcategory: Line | None = None
    finding: FindingMaker | None = None


class Only(Block):
    """Only rows with one of these words make the record."""

    column: Line
    words: WordList


class RecommendationMaker(Linked):
    """Discipline recommended or imposed."""

    case: Columns = ()
    number: Line | None = None
    of_allegation: Flag = False
    """Whether it belongs to the allegation of the same row."""
    measure: Line | None = None
    imposed: Line | None = None
    answered_on: Columns = ()
    """The first of these that holds a date."""
    only: Only | None = None


class DemographicMaker(Linked):
    """What is known of a complainant who is not named."""

    race: Words | None = None
    sex: Words | None = None
    age: Line | None = None


class Makes(Block):
    """The records that one row makes."""

    officer: OfficerMaker | None = None
    case: CaseMaker | None = None
    other_number: OtherNumberMaker | None = None
    allegation: AllegationMaker | None = None
    recommendation: RecommendationMaker | None = None
    demographic: DemographicMaker | None = None

    def all(self) -> Iterator[tuple[str, Block]]:
        """Each maker that is there, with its name."""
        for name in type(self).model_fields:
            if (maker := getattr(self, name)) is not None:
                yield name, maker


def _empty_column(value: Any) -> Any:
    return {} if value is None else value


class FileMapping(Coded):
    """One file of the source."""

    file: Line
    """Its name, perhaps with a *; it may be packed as .gz."""
    optional: Flag = False
    encoding: Literal["utf-8", "latin-1", "windows-1252"] = "utf-8"
    mends_windows_quotes: Flag = False
    """Whether U+0080 to U+009F are Windows-1252 characters that were read as Latin-1."""
    largest_field: Positive = 100_000
    columns: dict[str, Annotated[Column, BeforeValidator(_empty_column)]]
    makes: Makes


class PassedOver(Block):
    """A file that is known and not imported, and why."""

    file: Line
    why: Line


class SourceMapping(Block):
    """All files of one source, in the order in which they are read."""

    source: Code
    title: Line
    number_prefix: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{1,9}$")]
    note: Line | None = None
    passed_over: tuple[PassedOver, ...] = ()
    files: Keyed[FileMapping]


class ReadMapping(Block):
    """A mapping with the digest of its text, which stands in the journal."""

    mapping: SourceMapping
    digest: str


def load_mapping(name: str, policies: Path) -> ReadMapping:
    """A built-in mapping by its name, or one of the reader's own by its path."""
    path = policies / BUILT_IN / f"{name}.yaml"
    if "/" in name or name.endswith((".yaml", ".yml")) or not path.is_file():
        path = Path(name)
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in (policies / BUILT_IN).glob("*.yaml")))
        raise Refused(f"There is no source {name}. Give one of {known}, or the path of a mapping file.")
    if path.stat().st_size > LARGEST_MAPPING:
        raise Refused(f"{path} is too large for a mapping.")
    content = path.read_bytes()
    return ReadMapping(mapping=read_mapping(path.name, content), digest=hashlib.sha256(content).hexdigest())


def read_mapping(file: str, content: bytes) -> SourceMapping:
    """Strictly, each mistake with its file and line."""
    try:
        document = read_document(file, content)
        mapping = _validated(document)
    except RulebookError as error:
        raise Refused(f"{error}.") from error
    strange = [_problem(document, place, reason) for place, reason in _strange_columns(mapping)]
    if strange:
        raise Refused(f"{strange[0]}.")
    return mapping


def _validated(document: Document) -> SourceMapping:
    try:
        return SourceMapping.model_validate(document.data)
    except ValidationError as error:
        problems = [_problem(document, detail["loc"], _reason(detail)) for detail in error.errors()]
        raise RulebookError(sorted(problems)) from error


def _problem(document: Document, place: tuple[str | int, ...], reason: str) -> Problem:
    nearest = document.nearest(place)
    return Problem(document.file, document.line_of(nearest), say(nearest), reason)


def _reason(detail: Any) -> str:
    if detail["type"] == "extra_forbidden":
        return f'there is no key "{detail["loc"][-1]}" here'
    if detail["type"] == "missing":
        return f'"{detail["loc"][-1]}" is missing'
    return str(detail["msg"]).removeprefix("Value error, ")


def columns_in(spec: str, columns: Mapping[str, Column]) -> list[str]:
    """The columns that a value is made of: its name, or each name in braces."""
    if "{" not in spec or spec in columns:
        return [spec]
    return [name for _, name, _, _ in string.Formatter().parse(spec) if name is not None]


_NOT_COLUMNS = {"life", "without_case", "as_", "body", "classes", "words", "none", "unique", "of_allegation"}


def used_columns(maker: Block, columns: Mapping[str, Column]) -> Iterator[str]:
    """Every column that a maker names, wherever in it."""
    for name in type(maker).model_fields:
        value = getattr(maker, name)
        if name in _NOT_COLUMNS or value is None:
            continue
        if isinstance(value, Block):
            yield from used_columns(value, columns)
        else:
            for spec in (value,) if isinstance(value, str) else value:
                yield from columns_in(spec, columns)


def _strange_columns(mapping: SourceMapping) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for file in mapping.files:
        place = ("files", file.code, "makes")
        for kind, maker in file.makes.all():
            for column in used_columns(maker, file.columns):
                if column not in file.columns:
                    yield (*place, kind), f'the file {file.code} has no column "{column}"'
        yield from _loose_ends(file, place)


def _loose_ends(file: FileMapping, place: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    makes = file.makes
    if not list(makes.all()):
        yield place, "a row makes nothing"
    for kind, maker in (("officer", makes.officer), ("case", makes.case)):
        if maker is not None and not maker.key:
            yield (*place, kind), '"key" is missing: the columns that name it'
    if makes.other_number is not None and makes.case is None:
        yield (*place, "other_number"), "it needs the case of the same row"
    if makes.recommendation and makes.recommendation.of_allegation and makes.allegation is None:
        yield (*place, "recommendation"), "the row makes no allegation to which it could belong"

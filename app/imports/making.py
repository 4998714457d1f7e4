"""Turns the rows of one file into records, as its mapping says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from app.allegations.records import Allegation, Finding
from app.cases.records import NO_DATE, Case, OtherNumber
from app.discipline.records import Recommendation
from app.imports import mapping as maps
from app.imports.batch import Batch
from app.imports.rows import Ids, Item
from app.imports.values import CACHED, is_error, is_plausible, parse_day, parse_number
from app.infra.db import hidden_key
from app.kernel.dates import Precision
from app.people.records import Demographic, Officer
from app.people.rules import sort_name

OFFICER, CASE, ALLEGATION = "officer", "case", "allegation"
RECOMMENDATION, DEMOGRAPHIC = "recommendation", "demographic"
OFFICER_WORDS = ("last_name", "first_name", "rank", "unit", "badge", "status", "race", "sex", "description")
CASE_WORDS = ("category", "district", "place", "narrative", "incident_time")
SHORT = 8


@dataclass(frozen=True)
class Setting:
    """What every record of this import has."""

    source: str
    prefix: str
    policy_id: str
    department_id: str
    stage: str


@dataclass
class Known:
    """What is there already, of all that one batch speaks of; and what this batch has added."""

    cases: dict[UUID, date] = field(default_factory=dict)
    officers: set[UUID] = field(default_factory=set)
    records: set[UUID] = field(default_factory=set)
    positions: dict[tuple[str, UUID], int] = field(default_factory=dict)
    numbers: set[tuple[UUID, str, str]] = field(default_factory=set)

    def next_position(self, kind: str, case_id: UUID) -> int:
        """The next place in a case's list."""
        self.positions[kind, case_id] = self.positions.get((kind, case_id), 0) + 1
        return self.positions[kind, case_id]


@dataclass
class Named:
    """The ids of everything that one row speaks of."""

    item: Item
    officer: UUID | None = None
    accused: UUID | None = None
    case: UUID | None = None
    allegation: UUID | None = None
    recommendation: UUID | None = None
    demographic: UUID | None = None


class Maker:
    """Makes the records of one file's rows."""

    def __init__(self, file: maps.FileMapping, setting: Setting, ids: Ids) -> None:
        self._file = file
        self._makes = file.makes
        self._setting = setting
        self._ids = ids
        self._used = {kind: set(maps.used_columns(maker, file.columns)) for kind, maker in file.makes.all()}
        self._day = lru_cache(CACHED)(parse_day)

    def name(self, item: Item) -> Named:
        """Which records the row is about; the same words always give the same."""
        named = Named(item)
        makes, values = self._makes, item.values
        if makes.officer is not None:
            named.officer = self._id(OFFICER, makes.officer.key, values)
        linked = makes.allegation or makes.recommendation or makes.demographic
        columns = makes.case.key if makes.case is not None else linked.case if linked is not None else ()
        named.case = self._id(CASE, columns, values)
        if makes.allegation is not None:
            named.allegation = self._own_id(ALLEGATION, makes.allegation, item)
            named.accused = self._id(OFFICER, makes.allegation.officer, values)
        self._name_others(named)
        return named

    def _name_others(self, named: Named) -> None:
        recommendation, demographic = self._makes.recommendation, self._makes.demographic
        if recommendation is not None and _is_wanted(recommendation.only, named.item.values):
            named.recommendation = self._own_id(RECOMMENDATION, recommendation, named.item)
        if demographic is not None:
            named.demographic = self._own_id(DEMOGRAPHIC, demographic, named.item)

    def why_not(self, named: Named, known: Known) -> str:
        """Why nothing can be made of the row; empty where it can."""
        makes = self._makes
        if makes.officer is not None and makes.officer.unique and named.officer in known.officers:
            return f"{', '.join(makes.officer.key)}: an officer of this number is here already, with other values"
        if makes.case is not None:
            return self._why_no_case(named, known, makes.case)
        linked = makes.allegation or makes.demographic or makes.recommendation
        if linked is not None and linked.case and linked.without_case == "reject" and named.case not in known.cases:
            return f"{', '.join(linked.case)}: there is no such case here; import it first"
        return self._why_no_officer(named, known)

    def _why_no_case(self, named: Named, known: Known, maker: maps.CaseMaker) -> str:
        if named.case is None:
            return f"{', '.join(maker.key)}: nothing stands there"
        if named.case not in known.cases and self._received(named.item, maker) is None:
            return f"{maker.received.column}: no day of receipt can be read from it"
        if maker.unique and named.case in known.cases:
            return f"{', '.join(maker.key)}: a case of this number is here already, with other values"
        return self._why_no_officer(named, known)

    def _why_no_officer(self, named: Named, known: Known) -> str:
        if named.accused is None or named.accused in known.officers or named.accused == named.officer:
            return ""
        columns = self._makes.allegation.officer if self._makes.allegation else ()
        return f"{', '.join(columns)}: there is no such officer here; import the officers first"

    def make(self, named: Named, known: Known, batch: Batch) -> UUID | None:
        """Every record of the row that is not there yet; the id of the main one."""
        self._make_officer(named, known, batch)
        self._make_case(named, known, batch)
        self._make_allegation(named, known, batch)
        self._make_recommendation(named, known, batch)
        self._make_demographic(named, known, batch)
        return named.allegation or named.recommendation or named.demographic or named.case or named.officer

    def _make_officer(self, named: Named, known: Known, batch: Batch) -> None:
        maker, item = self._makes.officer, named.item
        if maker is None or named.officer is None or named.officer in known.officers:
            return
        known.officers.add(named.officer)
        words = {name: self._text(getattr(maker, name), item) for name in OFFICER_WORDS}
        batch.add(
            Officer,
            id=named.officer,
            department_id=self._setting.department_id,
            sort_name=sort_name(words["last_name"], words["first_name"]),
            source=self._setting.source,
            source_key=self._key(maker.key, item),
            source_values=self._kept(OFFICER, maker, item),
            **words,
        )

    def _make_case(self, named: Named, known: Known, batch: Batch) -> None:
        maker, item = self._makes.case, named.item
        if maker is None or named.case is None:
            return
        if named.case not in known.cases:
            known.cases[named.case] = self._new_case(named.case, maker, item, batch)
        self._make_other_number(named.case, item, known, batch)

    def _make_other_number(self, case_id: UUID, item: Item, known: Known, batch: Batch) -> None:
        other = self._makes.other_number
        number = self._text(other.number, item) if other is not None else ""
        if other is not None and number and (case_id, other.body, number) not in known.numbers:
            known.numbers.add((case_id, other.body, number))
            batch.add(OtherNumber, case_id=case_id, body=other.body, number=number)

    def _new_case(self, case_id: UUID, maker: maps.CaseMaker, item: Item, batch: Batch) -> date:
        received = self._received(item, maker)
        assert received is not None, "why_not has looked"  # noqa: S101 - for the type checker
        incident = self._date(maker.incident_date, item)
        key = self._key(maker.key, item)
        batch.add(
            Case,
            id=case_id,
            number=f"{self._setting.prefix}-{self._text(maker.number, item) or key}",
            policy_id=self._setting.policy_id,
            department_id=self._setting.department_id,
            stage=self._setting.stage,
            received_on=received,
            opened_on=received,
            queue_on=NO_DATE,
            incident_date=incident,
            incident_precision=Precision.DAY if incident else Precision.UNKNOWN,
            origin="import",
            source=self._setting.source,
            source_key=key,
            source_values={**self._kept(CASE, maker, item), "received": maker.received.as_},
            **{name: self._text(getattr(maker, name), item) for name in CASE_WORDS},
        )
        return received

    def _make_allegation(self, named: Named, known: Known, batch: Batch) -> None:
        maker, item = self._makes.allegation, named.item
        if maker is None or named.allegation is None or named.allegation in known.records:
            return
        assert named.case is not None, "why_not has looked"  # noqa: S101 - for the type checker
        known.records.add(named.allegation)
        batch.add(
            Allegation,
            id=named.allegation,
            case_id=named.case,
            position=known.next_position(ALLEGATION, named.case),
            officer_id=named.accused,
            category=self._text(maker.category, item),
            subcategory=self._text(maker.subcategory, item),
            stated_on=known.cases[named.case],
            source=self._setting.source,
            source_key=self._key(maker.key, item),
            source_values=self._kept(ALLEGATION, maker, item),
        )
        self._make_finding(named, maker.finding, batch)

    def _make_finding(self, named: Named, maker: maps.FindingMaker | None, batch: Batch) -> None:
        word = self._text(maker.column, named.item) if maker is not None else ""
        if maker is None or not word or word in maker.none or is_error(word):
            return
        if word not in maker.classes:
            named.item.warn(maker.column, "a finding the mapping has no class for")
        batch.add(
            Finding,
            id=hidden_key(),
            allegation_id=named.allegation,
            case_id=named.case,
            life=maker.life.value,
            disposition=word,
            finding_class=maker.classes.get(word, maps.UNCLASSIFIED),
            source_value=named.item.raw[maker.column],
        )

    def _make_recommendation(self, named: Named, known: Known, batch: Batch) -> None:
        maker, item = self._makes.recommendation, named.item
        if maker is None or named.recommendation is None or named.recommendation in known.records:
            return
        known.records.add(named.recommendation)
        days = [self._date(column, item) for column in maker.answered_on]
        number = self._text(maker.number, item) or named.recommendation.hex[:SHORT].upper()
        batch.add(
            Recommendation,
            id=named.recommendation,
            case_id=named.case if named.case in known.cases else None,
            allegation_id=named.allegation if maker.of_allegation else None,
            department_id=self._setting.department_id,
            number=f"{self._setting.prefix}-P-{number}",
            measure=self._text(maker.measure, item),
            imposed=self._text(maker.imposed, item),
            answered_on=next((day for day in days if day is not None), None),
            source=self._setting.source,
            source_key=self._key(maker.key, item),
            source_values=self._kept(RECOMMENDATION, maker, item),
        )

    def _make_demographic(self, named: Named, known: Known, batch: Batch) -> None:
        maker, item = self._makes.demographic, named.item
        if maker is None or named.demographic is None or named.demographic in known.records:
            return
        known.records.add(named.demographic)
        case_id = named.case if named.case in known.cases else None
        if case_id is None and maker.without_case == "warn":
            item.warn(maker.case[0], "the complaint itself is not here")
        batch.add(
            Demographic,
            id=named.demographic,
            case_id=case_id,
            position=known.next_position(DEMOGRAPHIC, case_id) if case_id else 1,
            race=_spelt(maker.race, item.values),
            sex=_spelt(maker.sex, item.values),
            age=self._number(maker.age, item),
            source_values=self._kept(DEMOGRAPHIC, maker, item),
        )

    def _id(self, kind: str, columns: Sequence[str], values: Mapping[str, str]) -> UUID | None:
        parts = [values[column].strip() for column in columns]
        return self._ids.of(kind, parts) if any(parts) else None

    def _own_id(self, kind: str, maker: maps.Maker, item: Item) -> UUID:
        parts = [item.values[column].strip() for column in maker.key] or [self._file.code, item.key]
        return self._ids.of(kind, parts)

    def _key(self, columns: Sequence[str], item: Item) -> str:
        """The source's own key where it is short enough to be looked up by, else the row's."""
        key = " ".join(item.values[column].strip() for column in columns)
        return key if key and len(columns) <= 2 else item.key

    def _text(self, spec: str | None, item: Item) -> str:
        if spec is None:
            return ""
        if spec in item.values:
            return item.values[spec].strip()
        return " ".join(spec.format_map(item.values).split()).strip(" ,")

    def _date(self, column: str | None, item: Item) -> date | None:
        if column is None or not item.values[column]:
            return None
        return self._day(item.values[column].strip(), self._file.columns[column].format)

    def _number(self, column: str | None, item: Item) -> int | None:
        number = parse_number(item.values[column].strip()) if column is not None else None
        return number if column and number is not None and is_plausible(number, self._file.columns[column]) else None

    def _received(self, item: Item, maker: maps.CaseMaker) -> date | None:
        if maker.received.as_ != "year":
            return self._date(maker.received.column, item)
        year = parse_number(item.values[maker.received.column].strip()[:4])
        return date(year, 1, 1) if year is not None and 1900 <= year <= NO_DATE.year else None

    def _kept(self, kind: str, maker: maps.Maker, item: Item) -> dict[str, Any]:
        """The columns to keep in the source's own words, and every odd one that this record was made from."""
        kept = {column: item.raw[column] for column in maker.keeps}
        if item.odd:
            kept |= {column: item.raw[column] for column in item.odd & self._used[kind]}
        return kept


def _is_wanted(only: maps.Only | None, values: Mapping[str, str]) -> bool:
    return only is None or values[only.column].strip() in only.words


def _spelt(words: maps.Words | None, values: Mapping[str, str]) -> str:
    if words is None:
        return ""
    text = values[words.column].strip()
    return words.words.get(text.casefold(), text)

"""The importer that all mappings share: it streams, counts, rejects by line and reason, and imports nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import text

from app.access.actor import Actor
from app.access.work import House, Work, open_work
from app.allegations.records import Allegation
from app.discipline.records import Recommendation
from app.imports import making
from app.imports.batch import Batch, Shelf
from app.imports.events import FileRead, SourceImported
from app.imports.files import Found, Plan, plan
from app.imports.making import Known, Maker, Named, Setting
from app.imports.mapping import ReadMapping
from app.imports.reading import Row, opened
from app.imports.records import ImportedRow
from app.imports.rejects import RowList
from app.imports.rows import Ids, Item, RowCheck
from app.infra.db import hidden_key
from app.kernel.errors import Refused
from app.people.records import Demographic, Officer
from app.policy.model import Rulebook
from app.policy.model.process import Phase

BATCH = 5_000
LOCK = text("SELECT pg_try_advisory_xact_lock(hashtext('candor import'))")
# Every row refers to others, and each reference is checked by a plan that is made for a table of the size it is
# believed to have. So nobody else may measure the tables while they grow (the lock keeps automatic analysis away, which
# sees no row of this transaction), we measure them ourselves, and plans made before are forgotten.
HOLD_STILL = (
    text("LOCK TABLE officers, cases, allegations IN SHARE UPDATE EXCLUSIVE MODE"),
    text("SET LOCAL enable_seqscan = off"),
    text("DISCARD PLANS"),
)
MEASURE = text("SELECT measure_imported()")
CHECK_AT_ONCE = text("SET CONSTRAINTS ALL IMMEDIATE")
CHECK_AT_THE_END = text("SET CONSTRAINTS ALL DEFERRED")


class Watch(Protocol):
    """Is told how far the import is, in bytes of the files."""

    def __call__(self, file: str, done: int) -> None: ...


@dataclass
class Counts:
    """What became of the rows."""

    read: int = 0
    imported: int = 0
    unchanged: int = 0
    rejected: int = 0
    warned: int = 0

    def add(self, other: Counts) -> None:
        """Together with another file's."""
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True)
class Report:
    """What an import did."""

    counts: Counts
    rejects_file: Path
    warnings_file: Path
    files: dict[str, Counts]
    passed_over: tuple[str, ...]
    notes: tuple[str, ...]
    is_dry_run: bool


@dataclass
class Lists:
    """Where rejected and odd rows are written down."""

    rejected: RowList
    warned: RowList

    @classmethod
    @contextmanager
    def at(cls, folder: Path, name: str) -> Iterator[Lists]:
        """Kept when all went well, else gone."""
        lists = cls(RowList(folder / f"{name}-rejected.csv"), RowList(folder / f"{name}-warned.csv"))
        try:
            yield lists
        except BaseException:
            lists.rejected.drop()
            lists.warned.drop()
            raise
        lists.rejected.keep()
        lists.warned.keep()


def run_import(
    house: House, source: ReadMapping, path: Path, lists_folder: Path, watch: Watch, *, dry_run: bool = False
) -> Report:
    """All files of the source in one transaction: whatever stops it, nothing is half done."""
    if house.is_demonstration:
        raise Refused(
            "This installation holds demonstration data, and real cases are never mixed with it: give another "
            "--data folder, and no --demo."
        )
    planned = plan(source.mapping, path)
    with open_work(house, Actor.system("import")) as work:
        name = f"{source.mapping.source}-{work.now:%Y%m%dT%H%M%S%f}"
    with Lists.at(lists_folder, name) as lists, open_work(house, Actor.system("import")) as work:
        if not work.session.scalar(LOCK):
            raise Refused("Another import is running on this database: wait until it is done.")
        done = _Import(work, source, lists, watch).run(planned)
        if dry_run:
            work.restart()
    total = Counts()
    for counts in done.values():
        total.add(counts)
    return Report(
        counts=total,
        rejects_file=lists.rejected.path,
        warnings_file=lists.warned.path,
        files=done,
        passed_over=planned.passed_over,
        notes=(*planned.notes, *(f"{file} has a header and no rows" for file, n in done.items() if not n.read)),
        is_dry_run=dry_run,
    )


@dataclass
class _Import:
    """One run over all files."""

    work: Work
    source: ReadMapping
    lists: Lists
    watch: Watch
    entry_id: UUID = field(default_factory=hidden_key)

    def run(self, planned: Plan) -> dict[str, Counts]:
        """Each file in the mapping's order, then the one event that every row names."""
        for statement in (*HOLD_STILL, CHECK_AT_ONCE):
            self.work.session.execute(statement)
        mapping = self.source.mapping
        setting = _setting(self.work.book, mapping.source, mapping.number_prefix)
        ids = Ids(self.work.keys.derive("import"), mapping.source)
        read = [_FileImport(self, found, setting, ids).run() for found in planned.files]
        self.work.session.execute(CHECK_AT_THE_END)
        imported = sum(file.imported for file in read)
        if imported:
            rejected = sum(file.rejected for file in read)
            self.work.happened(
                SourceImported(
                    source=mapping.source,
                    mapping=self.source.digest,
                    imported=imported,
                    rejected=rejected,
                    files=tuple(read),
                ),
                entry_id=self.entry_id,
            )
        names = [found.path.name for found in planned.files]
        return {
            name: Counts(**{n: getattr(file, n) for n in vars(Counts())})
            for name, file in zip(names, read, strict=True)
        }


class _FileImport:
    """One run over one file."""

    def __init__(self, whole: _Import, found: Found, setting: Setting, ids: Ids) -> None:
        self._whole = whole
        self._path = found.path
        self._mapping = found.mapping
        self._maker = Maker(found.mapping, setting, ids)
        self._ids = ids
        self._setting = setting
        self._shelf = Shelf(whole.work)
        self._counts = Counts()

    def run(self) -> FileRead:
        """Batch by batch; what came before is only counted."""
        with opened(self._path, self._mapping.encoding) as file:
            check = RowCheck(self._mapping, file.header, self._ids, self._whole.work.today)
            rows, number = file.rows(), 0
            while batch := list(islice(rows, BATCH)):
                self._take(batch, check)
                self._whole.watch(self._path.name, file.raw.position)
                number += 1
                if _is_power_of_two(number):
                    self._whole.work.session.execute(MEASURE)
            self._whole.work.session.execute(MEASURE)
            check.stop_if_shifted(self._path.name)
            self._whole.watch(self._path.name, file.raw.position)
            return FileRead(file=self._mapping.code, sha256=file.raw.sha256, **vars(self._counts))

    def _take(self, rows: list[Row], check: RowCheck) -> None:
        self._counts.read += len(rows)
        items = [item for row in rows if (item := self._checked(row, check)) is not None]
        check.stop_if_shifted(self._path.name)
        before = self._shelf.rows(self._setting.source, self._mapping.code, {item.digest for item in items})
        fresh = [item for item in items if (item.digest, item.repeat) not in before]
        self._counts.unchanged += len(items) - len(fresh)
        self._make(fresh)

    def _checked(self, row: Row, check: RowCheck) -> Item | None:
        checked = row.fault or check.item(row)
        if isinstance(checked, str):
            self._reject(row.number, checked, row.text)
            return None
        return checked

    def _make(self, items: list[Item]) -> None:
        named = [self._maker.name(item) for item in items]
        known = self._known(named)
        batch = Batch(self._whole.work, self._whole.entry_id)
        for one in named:
            self._make_one(one, known, batch)
        batch.write()

    def _make_one(self, named: Named, known: Known, batch: Batch) -> None:
        item = named.item
        problem = self._maker.why_not(named, known)
        if problem:
            self._reject(item.number, problem, item.text)
            return
        record_id = self._maker.make(named, known, batch)
        batch.add(
            ImportedRow,
            source=self._setting.source,
            file=self._mapping.code,
            digest=item.digest,
            repeat=item.repeat,
            record_id=record_id,
        )
        self._counts.imported += 1
        if item.warnings:
            self._counts.warned += 1
            self._whole.lists.warned.add(self._path.name, item.number, "; ".join(item.warnings), item.text)

    def _reject(self, line: int, reason: str, row: str) -> None:
        self._counts.rejected += 1
        self._whole.lists.rejected.add(self._path.name, line, reason, row)

    def _known(self, named: list[Named]) -> Known:
        """One look at the database for the whole batch, so that memory does not grow with the file."""
        shelf = self._shelf
        cases = shelf.cases({one.case for one in named if one.case})
        makes = self._mapping.makes
        return Known(
            cases=cases,
            officers=shelf.of(Officer, {one for row in named for one in (row.officer, row.accused) if one}),
            records=set[UUID]().union(
                *(shelf.of(kind, ids) for kind, ids in _record_ids(named).items()),
            ),
            positions=self._positions(cases),
            numbers=shelf.other_numbers(cases) if makes.other_number else set(),
        )

    def _positions(self, cases: dict[UUID, Any]) -> dict[tuple[str, UUID], int]:
        makes = self._mapping.makes
        found: dict[tuple[str, UUID], int] = {}
        if makes.allegation is not None:
            found |= self._shelf.positions(Allegation, making.ALLEGATION, cases)
        if makes.demographic is not None:
            found |= self._shelf.positions(Demographic, making.DEMOGRAPHIC, cases)
        return found


def _is_power_of_two(number: int) -> bool:
    return number & (number - 1) == 0


def _record_ids(named: list[Named]) -> dict[Any, set[UUID]]:
    return {
        Allegation: {row.allegation for row in named if row.allegation},
        Recommendation: {row.recommendation for row in named if row.recommendation},
        Demographic: {row.demographic for row in named if row.demographic},
    }


def _setting(book: Rulebook, source: str, prefix: str) -> Setting:
    """An imported case is finished elsewhere: it stands at the first final stage of a closed case."""
    closed = [stage for stage in book.final_stages if stage.phase is Phase.CLOSED] or list(book.final_stages)
    return Setting(source, prefix, book.policy_id, book.departments[0].code, closed[0].code)

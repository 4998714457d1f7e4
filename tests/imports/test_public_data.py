"""Every figure that was published of the public sources comes out of the imported tables."""

from pathlib import Path

import pytest

from app.access.work import House
from app.audit.records import JournalEntry
from app.cases.records import Case
from app.config import PROJECT
from app.imports.importer import Report, run_import
from app.imports.mapping import load_mapping
from app.imports.proof import differences
from app.imports.records import ImportedRow
from app.infra.db import hidden_key
from tests.imports.conftest import ignore
from tests.make import Make

pytestmark = pytest.mark.data


def bring_in(house: House, source: str, path: Path, lists: Path) -> Report:
    return run_import(house, load_mapping(source, PROJECT / "policies"), path, lists, ignore)


@pytest.mark.parametrize(
    ("source", "rows", "figures"),
    [("indianapolis_impd", 3_465 + 131, 21), ("philadelphia_cap", 3_991 + 10_155 + 3_976, 24)],
)
def test_every_published_figure_comes_out_of_the_imported_tables(
    source: str, rows: int, figures: int, house: House, make: Make, public_data: Path, tmp_path: Path
) -> None:
    report = bring_in(house, source, public_data / source, tmp_path)
    assert (report.counts.read, report.counts.imported, report.counts.rejected) == (rows, rows, 0)
    with make.owner() as session:
        assert differences(session, source, public_data) == (figures, {})

    again = bring_in(house, source, public_data / source, tmp_path)
    assert (again.counts.read, again.counts.imported, again.counts.unchanged) == (rows, 0, rows)


def test_both_figures_of_two_sources_stand_when_they_share_one_installation(
    house: House, make: Make, public_data: Path, tmp_path: Path
) -> None:
    sources = ("philadelphia_cap", "philadelphia_cap_narratives", "indianapolis_impd")
    folders = ("philadelphia_cap", "philadelphia_cap", "indianapolis_impd")
    for source, folder in zip(sources, folders, strict=True):
        bring_in(house, source, public_data / folder, tmp_path)
    with make.owner() as session:
        assert differences(session, "philadelphia_cap", public_data)[1] == {}
        assert differences(session, "indianapolis_impd", public_data)[1] == {}
    assert len(make.all(Case, source="philadelphia_cap_narratives")) == 1_706
    entries = {entry.id for entry in make.all(JournalEntry, tag="imports:source:imported")}
    assert len(entries) == 3
    assert {case.last_entry_id for case in make.all(Case)} == entries


def test_a_slice_of_a_source_may_come_first_and_the_whole_of_it_later(
    house: House, make: Make, public_data: Path, tmp_path: Path
) -> None:
    import gzip

    whole = gzip.decompress((public_data / "indianapolis_impd" / "complaints_2019-12.csv.gz").read_bytes())
    part = tmp_path / "complaints_part.csv"
    part.write_bytes(b"".join(whole.splitlines(keepends=True)[:1_001]))
    first = bring_in(house, "indianapolis_impd", part, tmp_path / "lists")
    assert first.counts.imported == 1_000
    later = bring_in(house, "indianapolis_impd", public_data / "indianapolis_impd", tmp_path / "lists")
    assert (later.counts.unchanged, later.counts.imported) == (1_000, 2_465 + 131)
    with make.owner() as session:
        assert differences(session, "indianapolis_impd", public_data)[1] == {}
    assert hidden_key() not in {row.record_id for row in make.all(ImportedRow)}

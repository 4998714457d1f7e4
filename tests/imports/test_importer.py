"""What an import writes: records beside the source's own words, one event, and nothing a second time."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.access.work import House
from app.allegations.records import Allegation, Finding
from app.audit.records import JournalEntry
from app.cases.records import NO_DATE, Case
from app.imports.importer import Report, run_import
from app.imports.mapping import ReadMapping, read_mapping
from app.imports.records import ImportedRow
from app.kernel.canonical import canonical_json
from app.kernel.errors import Refused
from app.people.records import Demographic, Officer
from tests.imports.conftest import HEADER, MAPPING, Source, ignore
from tests.make import Make

BringIn = Callable[..., Report]
TABLES: tuple[Any, ...] = (Officer, Case, Allegation, Finding, Demographic, ImportedRow)


def test_a_row_becomes_its_records_beside_the_words_of_the_source(bring_in: BringIn, make: Make) -> None:
    report = bring_in()
    counts = report.counts
    assert (counts.read, counts.imported, counts.unchanged, counts.rejected, counts.warned) == (5, 5, 0, 0, 0)
    case = next(case for case in make.all(Case) if case.source_key == "21-001")
    assert (case.number, case.origin, case.source, case.stage) == ("HRB-21-001", "import", "harbor", "closed")
    assert (case.received_on.isoformat(), case.incident_date.isoformat()) == ("2021-03-05", "2021-03-01")
    assert (case.policy_id, case.queue_on, case.due_on) == (make.book.policy_id, NO_DATE, None)
    assert case.source_values == {"received": "day"}
    allegations = sorted(make.all(Allegation, case_id=case.id), key=lambda one: one.position)
    assert [one.source_values for one in allegations] == [
        {"kind": "Force", "result": "Proven"},
        {"kind": "Force", "result": "Open"},
    ]
    findings = {finding.allegation_id: finding for finding in make.all(Finding)}
    assert [(findings[a.id].life, findings[a.id].disposition, findings[a.id].finding_class) for a in allegations] == [
        ("board", "Proven", "sustained"),
        ("board", "Open", "insufficient"),
    ]


def test_nobody_who_is_unknown_is_made_an_officer_and_waiting_is_no_finding(bring_in: BringIn, make: Make) -> None:
    bring_in()
    unknown = next(one for one in make.all(Allegation) if one.officer_id is None)
    assert make.all(Finding, allegation_id=unknown.id) == []
    assert len(make.all(Officer)) == 2


def test_one_event_says_it_and_every_row_names_that_event(bring_in: BringIn, make: Make) -> None:
    bring_in()
    entry = make.all(JournalEntry, tag="imports:source:imported")
    assert len(entry) == 1
    assert {row.last_entry_id for table in TABLES for row in make.all(table)} == {entry[0].id}
    body = bytes(entry[0].body)
    assert canonical_json({"file": "officers", "imported": 2})[1:-1].split(b",")[0] in body
    assert b'"imported":5' in body
    assert b"Sample" not in body
    assert b"story" not in body


def test_the_ids_cannot_be_guessed_from_the_numbers_of_the_source(bring_in: BringIn, make: Make) -> None:
    bring_in()
    assert all(case.id.version == 4 for case in make.all(Case))


def test_a_second_run_writes_nothing_at_all(bring_in: BringIn, make: Make) -> None:
    bring_in()
    before = {table: len(make.all(table)) for table in TABLES}
    again = bring_in().counts
    assert (again.read, again.imported, again.unchanged, again.rejected) == (5, 0, 5, 0)
    assert {table: len(make.all(table)) for table in TABLES} == before
    assert make.tags().count("imports:source:imported") == 1


def test_a_dry_run_counts_and_writes_nothing(bring_in: BringIn, make: Make) -> None:
    report = bring_in(dry_run=True)
    assert (report.counts.imported, report.is_dry_run) == (5, True)
    assert all(make.all(table) == [] for table in TABLES)
    assert bring_in().counts.imported == 5


def test_an_officer_who_is_here_already_with_other_values_is_not_overwritten(
    bring_in: BringIn, source: Source, make: Make
) -> None:
    bring_in()
    source.put("officers.csv", "badge,last,first\n101,Changed,One\n102,Sample,Two\n")
    report = bring_in()
    assert (report.counts.rejected, report.counts.unchanged) == (1, 4)
    assert "an officer of this number is here already, with other values" in report.rejects_file.read_text()
    assert {officer.last_name for officer in make.all(Officer)} == {"Sample"}


def test_a_file_alone_is_known_by_its_name_or_its_columns(
    bring_in: BringIn, source: Source, make: Make, tmp_path: Path
) -> None:
    (source.folder / "officers.csv").rename(tmp_path / "people.csv")
    assert bring_in(tmp_path / "people.csv").counts.imported == 2
    assert bring_in(source.folder / "complaints.csv").counts.imported == 3
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(Refused, match=r"other\.csv is none of the files of harbor"):
        bring_in(tmp_path / "other.csv")


def test_what_lies_there_and_is_not_imported_is_named_with_the_reason(bring_in: BringIn, source: Source) -> None:
    source.put("README.txt", "x")
    source.put("extra.csv", "x")
    assert bring_in().passed_over == ("README.txt: words about the files", "extra.csv: not of this source")


def test_demonstration_data_and_real_cases_are_never_mixed(
    house: House, source: Source, mapping: ReadMapping, make: Make, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match="holds demonstration data"):
        run_import(replace(house, is_demonstration=True), mapping, source.folder, tmp_path / "lists", ignore)
    assert make.all(Case) == []


def test_two_cases_of_one_number_are_refused_and_nothing_is_written(
    bring_in: BringIn, source: Source, make: Make
) -> None:
    text = MAPPING.replace("received: {column: received}", 'received: {column: received}, number: "{district}"')
    source.complaints(
        "21-001,2021-03-05,,North,101,Force,Proven,34,A.\n21-002,2021-03-05,,North,101,Force,Proven,34,B.\n"
    )
    with pytest.raises(Refused, match="Two of the cases would have the same number"):
        bring_in(mapping=ReadMapping(mapping=read_mapping("harbor.yaml", text.encode()), digest="00"))
    assert make.all(Case) == []


def test_words_in_any_script_come_in_as_they_are(bring_in: BringIn, source: Source, make: Make) -> None:
    story = "Señora \u202eabc\u202c 👮🏽 日本 <b>x</b> \\ {braces} \x07 ''"
    source.put("complaints.csv", HEADER + f"21-001,2024-02-29,,North,101,Force,Proven,34,{story}\n")
    bring_in()
    assert make.all(Case)[0].narrative == story
    assert make.all(Case)[0].received_on.isoformat() == "2024-02-29"

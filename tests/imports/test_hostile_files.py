"""Whatever is in a file: a clear answer, and nothing half done."""

import csv
import gzip
import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.allegations.records import Allegation, Finding
from app.cases.records import Case
from app.imports.importer import Report
from app.imports.records import ImportedRow
from app.kernel.errors import Refused
from app.people.records import Demographic, Officer
from tests.imports.conftest import HEADER, OFFICERS, ROWS, Source
from tests.make import Make

BringIn = Callable[..., Report]
TABLES: tuple[Any, ...] = (Officer, Case, Allegation, Finding, Demographic, ImportedRow)


def listed(path: Path) -> list[tuple[str, int, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["file"], int(row["line"]), row["reason"]) for row in csv.DictReader(file)]


def refused(bring_in: BringIn, make: Make, path: Path | None = None) -> str:
    """The one line it was refused with; nothing was written, not even a list."""
    with pytest.raises(Refused) as refusal:
        bring_in(path)
    assert all(make.all(table) == [] for table in TABLES)
    assert "imports:source:imported" not in make.tags()
    return refusal.value.words


def test_a_missing_column_is_refused_by_its_name(bring_in: BringIn, source: Source, make: Make, tmp_path: Path) -> None:
    source.put("complaints.csv", (HEADER + ROWS).replace("result", "outcome"))
    assert refused(bring_in, make).startswith('complaints.csv lacks the column "result". It has: id, received')
    assert not (tmp_path / "lists").exists()


def test_shifted_columns_are_refused_although_the_header_is_right(
    bring_in: BringIn, source: Source, make: Make, tmp_path: Path
) -> None:
    rows = "".join(f"21-{n:03},North,2021-03-05,x,101,Force,Proven,34,A story.\n" for n in range(40))
    source.complaints(rows)
    words = refused(bring_in, make)
    assert 'complaints.csv: the column "received" holds something else than it should in 40 of 40 rows' in words
    assert list((tmp_path / "lists").iterdir()) == []


def test_columns_in_another_order_are_no_matter(bring_in: BringIn, source: Source, make: Make) -> None:
    source.put("officers.csv", "first,badge,last\nOne,101,Sample\nTwo,102,Sample\n")
    assert bring_in().counts.rejected == 0
    assert {officer.sort_name for officer in make.all(Officer)} == {"sample one", "sample two"}


def test_a_column_that_stands_there_twice_is_refused(bring_in: BringIn, source: Source, make: Make) -> None:
    source.put("officers.csv", "badge,last,last\n101,Sample,One\n")
    assert refused(bring_in, make) == 'officers.csv has the column "last" twice.'


def test_a_column_the_mapping_does_not_know_is_not_read_and_is_named(bring_in: BringIn, source: Source) -> None:
    source.put("officers.csv", "badge,last,first,home\n101,Sample,One,Elsewhere\n102,Sample,Two,Elsewhere\n")
    assert bring_in().notes == ("officers.csv: not read, because the mapping does not know it: home",)


def test_a_wrong_encoding_is_refused_with_its_line(bring_in: BringIn, source: Source, make: Make) -> None:
    source.put("complaints.csv", HEADER.encode() + ROWS.replace("Nobody", "Señor").encode("latin-1"))
    assert refused(bring_in, make).startswith("complaints.csv, line 5: this is not UTF-8 (byte 0xF1).")


def test_utf_16_is_refused(bring_in: BringIn, source: Source, make: Make) -> None:
    source.put("officers.csv", OFFICERS.encode("utf-16"))
    assert refused(bring_in, make) == "officers.csv is UTF-16: save it as UTF-8."


def test_a_byte_order_mark_is_no_part_of_the_first_column(bring_in: BringIn, source: Source) -> None:
    source.put("officers.csv", b"\xef\xbb\xbf" + OFFICERS.encode())
    assert bring_in().counts.imported == 5


def test_windows_quotation_marks_are_mended_and_the_source_is_kept(
    bring_in: BringIn, source: Source, make: Make
) -> None:
    source.complaints("21-001,2021-03-05,,North,101,Force,Proven,34,She said \x93no\x94\x85\n")
    report = bring_in()
    case = make.all(Case)[0]
    assert case.narrative == "She said “no”…"
    assert case.source_values["story"] == "She said \x93no\x94\x85"
    assert report.counts.warned == 1
    assert listed(report.warnings_file) == [("complaints.csv", 2, "story: Windows quotation marks mended")]


def test_odd_values_are_kept_as_they_are_and_warned_of(bring_in: BringIn, source: Source, make: Make) -> None:
    source.complaints(
        "21-001,2021-03-05,2099-01-01,North,101,Force,#VALUE!,-1,A.\n"
        "21-002,2021-03-05,soon,North,101,Manners,Settled,34,B.\n"
        "21-003,2021-03-05,2021-03-01,North,101,Force,Open,34,C.\n"
    )
    report = bring_in()
    assert (report.counts.imported, report.counts.rejected, report.counts.warned) == (5, 0, 2)
    assert [reason for _, _, reason in listed(report.warnings_file)] == [
        "happened: a date that cannot be; age: a number that cannot be; result: a spreadsheet error",
        "happened: not a date; kind: an unknown code; result: a finding the mapping has no class for",
    ]
    assert {case.source_values.get("happened") for case in make.all(Case)} == {"2099-01-01", "soon", None}
    kept = {allegation.source_values["result"]: allegation.category for allegation in make.all(Allegation)}
    assert kept == {"#VALUE!": "Force", "Settled": "Manners", "Open": "Force"}
    assert {(f.disposition, f.finding_class) for f in make.all(Finding)} == {
        ("Settled", "unclassified"),
        ("Open", "insufficient"),
    }
    ages = {(row.source_values["age"], row.age) for row in make.all(Demographic)}
    assert ages == {("-1", None), ("34", 34)}


def test_equal_rows_are_each_kept_and_none_of_them_comes_in_twice(
    bring_in: BringIn, source: Source, make: Make
) -> None:
    row = "21-001,2021-03-05,,North,101,Force,Proven,34,A story.\n"
    source.complaints(row * 3)
    assert bring_in().counts.imported == 5
    again = bring_in().counts
    assert (again.imported, again.unchanged) == (0, 5)
    source.complaints(row * 4)
    assert bring_in().counts.imported == 1
    assert len(make.all(Case)) == 1
    assert sorted(allegation.position for allegation in make.all(Allegation)) == [1, 2, 3, 4]


def test_rows_that_cannot_be_used_are_listed_by_line_and_reason(bring_in: BringIn, source: Source, make: Make) -> None:
    source.complaints(
        "21-001,2021-03-05,,North,101,Force,Proven,34,A.\n"
        "21-002,2021-03-05,,North,101,Force,Proven\n"
        "21-003,2021-03-05,,North,101,Force,Proven,34,B.,more\n"
        ",2021-03-05,,North,101,Force,Proven,34,C.\n"
        "21-004,,,North,101,Force,Proven,34,D.\n"
        "21-005,2021-03-05,,North,999,Force,Proven,34,E.\n"
        "21-006,2021-03-05,,North,101,Force,Proven,34,F\0.\n"
        "\n"
        "21-007,2021-03-05,,North,101,Force,Proven,34,G.\n"
    )
    report = bring_in()
    assert (report.counts.read, report.counts.imported, report.counts.rejected) == (10, 4, 6)
    assert sorted(listed(report.rejects_file)) == [
        ("complaints.csv", 3, "7 fields where the header has 9"),
        ("complaints.csv", 4, "10 fields where the header has 9"),
        ("complaints.csv", 5, "id: nothing stands there"),
        ("complaints.csv", 6, "received: nothing stands there"),
        ("complaints.csv", 7, "badge: there is no such officer here; import the officers first"),
        ("complaints.csv", 8, "a NUL byte, which no text has"),
    ]
    assert {case.source_key for case in make.all(Case)} == {"21-001", "21-007"}


def test_a_quotation_mark_that_is_never_closed_costs_only_its_own_row(
    bring_in: BringIn, source: Source, make: Make
) -> None:
    source.complaints(
        '21-001,2021-03-05,,North,101,Force,Proven,34,"A story\n'
        "21-002,2021-03-05,,North,101,Force,Proven,34,B.\n"
        '21-003,2021-03-05,,North,101,Force,Proven,34,"C, closed"\n'
        '21-004,2021-03-05,,North,101,Force,Proven,34,"D\n'
    )
    report = bring_in()
    assert [line for _, line, _ in listed(report.rejects_file)] == [2, 5]
    assert "quotation mark" in listed(report.rejects_file)[0][2]
    assert {case.source_key for case in make.all(Case)} == {"21-002", "21-003"}


def test_a_flood_of_quotation_marks_that_are_never_closed_is_refused(
    bring_in: BringIn, source: Source, make: Make
) -> None:
    source.complaints("".join(f'21-{n:03},2021-03-05,,North,101,Force,Proven,34,"A\n' for n in range(1_200)))
    assert "more than 1,000 quotation marks that are never closed" in refused(bring_in, make)


def test_a_very_long_field_or_line_is_rejected_and_the_next_row_is_read(
    bring_in: BringIn, source: Source, make: Make
) -> None:
    row = "{id},2021-03-05,,{district},101,Force,Proven,34,{story}\n"
    source.complaints(
        row.format(id="21-001", district="N" * 1_001, story="A.")
        + row.format(id="21-002", district="North", story="B" * 100_001)
        + row.format(id="21-003", district="North", story="C" * 1_500_000)
        + row.format(id="21-004", district="North", story="D" * 100_000)
    )
    report = bring_in()
    assert {reason for _, _, reason in listed(report.rejects_file)} == {
        "district: 1,001 characters, at most 1,000",
        "story: 100,001 characters, at most 100,000",
        "more than 1,000,000 bytes",
    }
    assert [case.source_key for case in make.all(Case)] == ["21-004"]


def test_an_empty_file_is_refused_and_a_header_alone_is_no_row(bring_in: BringIn, source: Source, make: Make) -> None:
    source.put("complaints.csv", "")
    assert refused(bring_in, make) == "complaints.csv is empty."
    source.complaints("")
    source.put("officers.csv", "badge,last,first\n")
    report = bring_in()
    assert report.counts.read == 0
    assert "complaints.csv has a header and no rows" in report.notes


def test_a_folder_without_the_files_says_which_are_missing(
    bring_in: BringIn, source: Source, make: Make, tmp_path: Path
) -> None:
    (source.folder / "officers.csv").unlink()
    assert "does not hold officers.csv, which harbor needs" in refused(bring_in, make)
    (tmp_path / "nothing").mkdir()
    assert "does not hold officers.csv, complaints.csv" in refused(bring_in, make, tmp_path / "nothing")


def test_a_path_that_does_not_exist_is_refused(bring_in: BringIn, make: Make, tmp_path: Path) -> None:
    assert refused(bring_in, make, tmp_path / "nowhere") == f"There is no {tmp_path / 'nowhere'}."


def test_two_files_that_could_be_the_same_are_refused(bring_in: BringIn, source: Source, make: Make) -> None:
    source.put("officers.csv.gz", gzip.compress(OFFICERS.encode()))
    assert refused(bring_in, make).startswith("More than one file could be officers.csv")


def test_a_pipe_is_not_waited_for(bring_in: BringIn, make: Make, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "complaints.csv")
    assert refused(bring_in, make, tmp_path / "complaints.csv").endswith("complaints.csv is not a file.")


def test_a_packed_file_is_read_as_it_is(bring_in: BringIn, source: Source) -> None:
    (source.folder / "complaints.csv").unlink()
    source.put("complaints.csv.gz", gzip.compress((HEADER + ROWS).encode()))
    assert bring_in().counts.imported == 5


def test_a_file_packed_to_fill_a_disk_is_refused(bring_in: BringIn, source: Source, make: Make) -> None:
    bomb = io.BytesIO()
    with gzip.GzipFile(fileobj=bomb, mode="wb") as packed:
        packed.write(HEADER.encode())
        for _ in range(80):
            packed.write(b"x" * ((1 << 20) - 1) + b"\n")
    (source.folder / "complaints.csv").unlink()
    source.put("complaints.csv.gz", bomb.getvalue())
    assert "unpacks to more than 200 times its size" in refused(bring_in, make)


def test_a_flood_of_empty_lines_is_refused(bring_in: BringIn, source: Source, make: Make) -> None:
    source.complaints("\n" * 100_001)
    assert "complaints.csv has more than 100,000 empty lines" in refused(bring_in, make)


def test_a_packed_file_that_was_cut_off_is_refused(bring_in: BringIn, source: Source, make: Make) -> None:
    rows = "".join(f"21-{n:03},2021-03-05,,North,101,Force,Proven,34,A{n * n}.\n" for n in range(900))
    (source.folder / "complaints.csv").unlink()
    source.put("complaints.csv.gz", gzip.compress((HEADER + rows).encode())[:-400])
    assert refused(bring_in, make) == "complaints.csv.gz is damaged: it cannot be unpacked to its end."


def test_a_zip_is_never_unpacked(bring_in: BringIn, source: Source, make: Make) -> None:
    with zipfile.ZipFile(source.folder / "made.zip", "w") as made:
        made.writestr("complaints.csv", HEADER + ROWS)
    (source.folder / "made.zip").replace(source.folder / "complaints.csv")
    assert "complaints.csv is a zip archive: unpack it first" in refused(bring_in, make)


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\x7fELF\x02\x01\x01\0\0", b"\0" * 5_000])
def test_a_file_that_is_no_text_is_refused(content: bytes, bring_in: BringIn, source: Source, make: Make) -> None:
    source.put("officers.csv", content)
    assert refused(bring_in, make).startswith("officers.csv")


def test_a_mistake_in_the_last_file_leaves_nothing_of_the_first(bring_in: BringIn, source: Source, make: Make) -> None:
    source.put("complaints.csv", HEADER.encode() + ROWS.encode() * 3 + b"\xff\xfe broken\n")
    assert "line 14" in refused(bring_in, make)


def test_a_row_that_a_spreadsheet_would_calculate_is_shown_and_not_calculated(
    bring_in: BringIn, source: Source
) -> None:
    source.complaints("=cmd|' /C calc'!A1,x\n")
    text = bring_in().rejects_file.read_text("utf-8")
    assert "'=cmd|" in text

"""An invented source for tests, and the folder of the public ones."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.access.work import House
from app.config import Settings
from app.imports.importer import Report, run_import
from app.imports.mapping import ReadMapping, read_mapping

MAPPING = """
source: harbor
title: Harbor, an invented city
number_prefix: HRB
passed_over: [{file: "*.txt", why: words about the files}]
files:
  officers:
    file: officers.csv
    columns:
      badge: {pattern: "[0-9]{3}", required: true}
      last:
      first:
    makes:
      officer: {key: badge, unique: true, last_name: last, first_name: first, badge: badge}
  complaints:
    file: complaints.csv
    mends_windows_quotes: true
    columns:
      id: {pattern: "[0-9]{2}-[0-9]{3}", required: true}
      received: {type: date, required: true}
      happened: {type: date}
      district:
      badge: {pattern: "[0-9]{3}"}
      kind: {type: code, words: [Force, Courtesy]}
      result:
      age: {type: number, least: 5, most: 110}
      story: {type: long}
    makes:
      case: {key: id, received: {column: received}, incident_date: happened, district: district, narrative: story}
      allegation:
        case: id
        officer: badge
        category: kind
        keeps: [kind, result]
        finding: {life: board, column: result, classes: {Proven: sustained, Open: insufficient}, none: Waiting}
      demographic: {case: id, age: age, keeps: age}
"""
OFFICERS = "badge,last,first\n101,Sample,One\n102,Sample,Two\n"
HEADER = "id,received,happened,district,badge,kind,result,age,story\n"
ROWS = (
    "21-001,2021-03-05,2021-03-01,North,101,Force,Proven,34,A story.\n"
    '21-001,2021-03-05,2021-03-01,North,102,Force,Open,34,"A story, with a comma\nand a second line."\n'
    "21-002,2021-04-01,,South,,Courtesy,Waiting,,Nobody knows who.\n"
)


class Source:
    """A folder with the two files of the invented source."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.put("officers.csv", OFFICERS)
        self.put("complaints.csv", HEADER + ROWS)

    def put(self, name: str, content: str | bytes) -> Path:
        """Writes one file as it stands."""
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def complaints(self, rows: str) -> None:
        """The complaints, with their header."""
        self.put("complaints.csv", HEADER + rows)


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return Source(tmp_path / "harbor")


@pytest.fixture
def mapping() -> ReadMapping:
    return ReadMapping(mapping=read_mapping("harbor.yaml", MAPPING.encode()), digest="00")


@pytest.fixture
def bring_in(house: House, source: Source, mapping: ReadMapping, tmp_path: Path) -> Callable[..., Report]:
    """Imports the invented source, or another path of it."""

    def run(path: Path | None = None, **given: Any) -> Report:
        return run_import(
            house, given.pop("mapping", mapping), path or source.folder, tmp_path / "lists", ignore, **given
        )

    return run


def ignore(file: str, done: int) -> None:
    """Nobody watches the progress."""


@pytest.fixture(scope="session")
def public_data() -> Path:
    """The public data sets; without them these tests are left out, but never in CI."""
    folder = Settings.read().test_data
    if not folder.is_dir():
        words = f"the public data sets are not in {folder}: set CANDOR_TEST_DATA"
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    return folder

"""The command as a person runs it: on an empty folder, again, dry, refused, and killed in the middle."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from app.config import PROJECT
from tests.imports.conftest import HEADER, MAPPING, Source

COMMAND = [sys.executable, "-m", "app.cli", "import"]


def environment(data: Path) -> dict[str, str]:
    return {**os.environ, "CANDOR_DATA_DIR": str(data)}


def run(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words], cwd=PROJECT, env=environment(data), capture_output=True, text=True, timeout=240, check=False
    )


def answer(data: Path, *words: str) -> Any:
    done = run(data, *words, "--json")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    return json.loads(done.stdout)


@pytest.fixture
def own_mapping(tmp_path: Path) -> str:
    path = tmp_path / "harbor.yaml"
    path.write_text(MAPPING)
    return str(path)


def test_an_empty_folder_gets_an_installation_and_the_rows_and_a_second_run_nothing(
    source: Source, own_mapping: str, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    dry = answer(data, own_mapping, str(source.folder), "--dry-run")
    assert (dry["read"], dry["imported"], dry["dry_run"]) == (5, 5, True)
    source.put("complaints.csv", HEADER + "21-001,2021-03-05,,North,101,Force,Proven,34\n")
    first = answer(data, own_mapping, str(source.folder))
    assert [first[key] for key in ("read", "imported", "unchanged", "rejected", "warned")] == [3, 2, 0, 1, 0]
    rejects = Path(first["rejects_file"])
    assert rejects.read_text().splitlines()[1].startswith("complaints.csv,2,8 fields where the header has 9,")
    assert rejects.stat().st_mode & 0o777 == 0o600
    second = answer(data, own_mapping, str(source.folder))
    assert [second[key] for key in ("read", "imported", "unchanged", "rejected")] == [3, 0, 2, 1]


def test_what_cannot_be_imported_is_one_line_and_makes_no_installation(
    source: Source, own_mapping: str, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    for words in ([own_mapping, str(tmp_path / "nowhere")], ["atlantis", str(source.folder)]):
        done = run(data, *words)
        assert done.returncode == 1
        assert done.stderr.startswith("candor: There is no ")
        assert done.stderr.count("\n") == 1
    assert not data.exists()


@pytest.mark.fault
def test_an_import_killed_in_the_middle_leaves_nothing_and_the_next_one_brings_in_all(
    source: Source, own_mapping: str, tmp_path: Path
) -> None:
    data, rows = tmp_path / "data", 8_000
    assert answer(data, own_mapping, str(source.folder / "officers.csv"))["imported"] == 2
    with (source.folder / "complaints.csv").open("w") as file:
        file.write(HEADER)
        for n in range(rows):
            file.write(f"{n // 1000:02}-{n % 1000:03},2021-03-05,,North,101,Force,Proven,34,Story {n}.\n")
    complaints = str(source.folder / "complaints.csv")
    command = [*COMMAND, own_mapping, complaints, "--json"]
    with subprocess.Popen(
        command, cwd=PROJECT, env=environment(data), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as killed:
        until = time.monotonic() + 120
        while not list((data / "imports").glob("*.part")) and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.5)
        assert killed.poll() is None
        killed.send_signal(signal.SIGKILL)
    whole = answer(data, own_mapping, complaints)
    assert (whole["imported"], whole["unchanged"], whole["rejected"]) == (rows, 0, 0)

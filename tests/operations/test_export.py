"""What an export holds, who can read it, and that nothing in it opens anything."""

import json
import stat
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary

from app import records
from app.access.actor import Actor
from app.access.work import open_work
from app.administration.actions.accounts import add_demonstration_accounts
from app.infra.db import Door
from app.intake.actions import Sent, submit_filing
from app.kernel.errors import Refused
from app.operations.export import NO_SECRET, SECRET_COLUMNS, SECRET_TABLES, describe, export
from tests.installation import Installed, quiet
from tests.operations.test_backup import ASK

WORDS = ("hash", "secret", "key", "token", "salt", "password", "lookup", "sealed", "otp", "recovery", "digest", "seed")


def columns_that_look_secret() -> set[str]:
    return {
        f"{table.name}.{column.name}"
        for table in records.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary) or any(word in column.name for word in WORDS)
        if table.name not in SECRET_TABLES
    }


def test_every_column_that_looks_like_a_secret_is_left_out_or_said_to_be_none() -> None:
    assert columns_that_look_secret() == set(SECRET_COLUMNS) | set(NO_SECRET)
    assert not set(SECRET_COLUMNS) & set(NO_SECRET)


def test_what_is_said_to_be_secret_is_there() -> None:
    assert {table.name for table in records.metadata.sorted_tables} > SECRET_TABLES


def test_the_description_names_what_is_written_and_no_secret() -> None:
    described = {f"{table.split('.')[-1]}.{column}" for table, columns in describe().items() for column in columns}
    assert described.isdisjoint(SECRET_COLUMNS)
    assert {name.split(".")[0] for name in described}.isdisjoint(SECRET_TABLES)
    assert {"accounts.name", "filings.narrative", "filings.salt", "cases.number"} <= described


def test_an_export_opens_nothing_and_only_its_owner_reads_it(installed: Installed, tmp_path: Path) -> None:
    house = installed.house
    stored = house.storage.put(b"a photo, as bytes", limit=1000)
    with open_work(house, installed.anyone()) as work:
        submit_filing(work, ASK, repeat_key="k", files=[Sent("photo.jpg", "image/jpeg", stored)])
    with open_work(house, Actor.system("demonstration", Door.OFFICE)) as work:
        add_demonstration_accounts(work, "four-words-in-a-row")
    place = tmp_path / "out" / "of" / "here"
    export(house, place, quiet)

    written = {path.stem: path.read_text() for path in (place / "tables").iterdir()}
    assert "investigator" in written["accounts"]
    assert "argon2" not in "".join(written.values())
    assert json.loads(written["filings"])["narrative"] == ASK.incident.narrative
    exact = json.loads((place / "schema.json").read_text())
    for name, text in written.items():
        for line in text.splitlines():
            assert list(json.loads(line)) == list(exact.get(name) or exact[f"release.{name}"])
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (place, *place.rglob("*"))}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}


def test_an_empty_folder_that_stands_already_is_closed_to_others(installed: Installed, tmp_path: Path) -> None:
    place = tmp_path / "open-to-all"
    place.mkdir(mode=0o755)
    export(installed.house, place, quiet)
    assert stat.S_IMODE(place.stat().st_mode) == 0o700


def test_a_folder_with_something_in_it_is_refused(installed: Installed, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(Refused, match="not an empty folder"):
        export(installed.house, tmp_path, quiet)
    with pytest.raises(Refused, match="not an empty folder"):
        export(installed.house, tmp_path / "mine", quiet)

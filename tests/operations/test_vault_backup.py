"""The long backup and the short one: an old database and today's keys give back everybody but who was erased."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.records import Account, SecondHalf
from app.access.work import House, open_work
from app.config import Settings
from app.infra.db import Door, hidden_key
from app.infra.keyfiles import MASTER_FILE
from app.infra.schema import bare
from app.intake.actions import submit_filing
from app.intake.commands import SubmitFiling
from app.kernel.errors import Refused
from app.operations.backup import backup, restore
from app.operations.database import owner_url, running_database
from app.operations.vault_backup import VaultBackup, overdue, prune
from app.people import actions, queries
from app.people.records import Person
from tests.installation import Installed, quiet

TODAY = date(2026, 3, 16)


def filed(installed: Installed, name: str) -> None:
    ask = SubmitFiling.model_validate(
        {
            "language": "en",
            "anonymity": "named",
            "filer": {"relationship": "self", "name": name, "email": f"{name}@example.org"},
            "incident": {"date": "2026-03", "location": "Elm Street", "narrative": "Words."},
        }
    )
    with open_work(installed.house, installed.anyone()) as work:
        submit_filing(work, ask, repeat_key=name)


def names_in(house: House) -> set[str]:
    """Every name that opens, and an empty one for each that does not."""
    with open_work(house, Actor.system("test")) as work:
        return {queries.read_identity(work, person.id).name for person in work.session.query(Person)}


def erase(installed: Installed, name: str) -> None:
    """As two people do it: what they said is put there, the job does the rest."""
    with open_work(installed.house, Actor.system("test")) as work:
        people = {queries.read_identity(work, person.id).name: person for person in work.session.query(Person)}
    person, now = people[name], datetime.now(UTC)  # noqa: TID251 - as a clock on the wall
    engine = create_engine(installed.url)
    with Session(engine) as owner:
        two = [
            Account(id=uuid4(), name=each, display_name=each, title="", status="active", created_at=now)
            for each in ("one", "other")
        ]
        half = SecondHalf(
            id=hidden_key(),
            step="destruction",
            subject_id=person.id,
            filing_id=person.filing_id,
            by=[],
            what={"code": "asked", "refers_to": "a letter", "policy_id": ""},
            first_by_id=two[0].id,
            first_at=now,
            second_by_id=two[1].id,
            second_at=now,
            state="granted",
        )
        for row in (*two, half):
            row.last_entry_id = UUID(int=0)
            owner.add(row)
        half_id = half.id
        owner.commit()
    engine.dispose()
    with open_work(installed.house, Actor.system("erase_identity")) as work:
        actions.erase_agreed(work, half_id)


def test_an_old_backup_with_todays_keys_gives_back_all_but_who_was_erased(installed: Installed, tmp_path: Path) -> None:
    filed(installed, "Ada")
    filed(installed, "Bo")
    backup(installed.house, tmp_path / "old", installed.settings.secrets_dir, quiet)
    erase(installed, "Ada")
    filed(installed, "Cy")
    assert names_in(installed.house) == {"", "Bo", "Cy"}
    backup(installed.house, tmp_path / "new", installed.settings.secrets_dir, quiet)

    elsewhere = Settings.read(data_dir=tmp_path / "elsewhere")
    elsewhere.data_dir.mkdir()
    from app import stages
    from app.operations.house import open_house

    with running_database(elsewhere, quiet) as ready:
        kept = restore(ready, owner_url(ready), tmp_path / "old", quiet, tmp_path / "new.keys")
        house = open_house(ready, owner_url(ready), stages.WIRING)
        assert kept.names == 2
        assert names_in(house) == {"", "Bo"}
        with psycopg.connect(house.databases.dsn(Door.BACKUP)) as connection:
            left = connection.execute("SELECT count(*) FROM identities WHERE email_index IS NOT NULL").fetchone()
            filings = connection.execute("SELECT count(*) FROM filings").fetchone()
        house.databases.dispose()
    assert left == (1,)
    assert filings == (2,)


def test_the_long_backup_holds_no_key_of_a_person_in_any_form(installed: Installed, tmp_path: Path) -> None:
    filed(installed, "Ada")
    backup(installed.house, tmp_path / "b", installed.settings.secrets_dir, quiet)
    vault = VaultBackup.read(tmp_path / "b.keys")
    (row,) = vault.person_keys
    wrapped = json.loads(row)["wrapped_key"]
    elsewhere = Settings.read(data_dir=tmp_path / "elsewhere")
    elsewhere.data_dir.mkdir()
    VaultBackup(vault.secrets, [], vault.written_at, vault.dies_on).write(tmp_path / "empty.keys")
    with running_database(elsewhere, quiet) as ready:
        kept = restore(ready, owner_url(ready), tmp_path / "b", quiet, tmp_path / "empty.keys")
        with psycopg.connect(bare(owner_url(ready))) as owner:
            tables = owner.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
            for (table,) in tables.fetchall():
                rows = owner.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", (f"%{wrapped[2:]}%",))
                assert rows.fetchone() == (0,), table
    assert kept.names == 0
    assert b"person_keys" not in (tmp_path / "b").read_bytes()


def test_keys_of_another_installation_open_nothing_and_change_nothing(installed: Installed, tmp_path: Path) -> None:
    backup(installed.house, tmp_path / "b", installed.settings.secrets_dir, quiet)
    vault = VaultBackup.read(tmp_path / "b.keys")
    strange = dict(vault.secrets) | {MASTER_FILE: "bW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW0="}
    VaultBackup(strange, [], "2026-03-16T00:00:00+00:00", "2026-04-20").write(tmp_path / "c.keys")
    elsewhere = Settings.read(data_dir=tmp_path / "elsewhere")
    elsewhere.data_dir.mkdir()
    with running_database(elsewhere, quiet) as ready, pytest.raises(Refused, match="nothing was changed"):
        restore(ready, owner_url(ready), tmp_path / "b", quiet, tmp_path / "c.keys")
    assert not elsewhere.secrets_dir.exists()


def vault_file(folder: Path, name: str, age: int) -> Path:
    at = datetime(2026, 3, 16, 3, tzinfo=UTC) - timedelta(days=age)
    ends = (at + timedelta(days=35)).date().isoformat()
    VaultBackup({MASTER_FILE: "AA=="}, [], at.isoformat(), ends).write(folder / f"{name}.keys")
    return folder / f"{name}.keys"


def test_what_has_reached_its_last_day_goes_and_other_files_stay(tmp_path: Path) -> None:
    old, ends_today, fresh = vault_file(tmp_path, "a", 36), vault_file(tmp_path, "b", 35), vault_file(tmp_path, "c", 0)
    (tmp_path / "notes.keys").write_text("mine")
    (tmp_path / "json.keys").write_text('{"format": 2, "secrets": {}, "person_keys": []}')
    assert overdue(tmp_path, TODAY) == ["a.keys"]
    assert prune(tmp_path, TODAY, None) == ["a.keys"]
    assert not old.exists()
    assert {path.name for path in tmp_path.iterdir()} == {ends_today.name, fresh.name, "notes.keys", "json.keys"}
    assert prune(tmp_path / "nowhere", TODAY, None) == []


def test_the_only_keys_stay_until_they_hold_somebody_who_was_erased(tmp_path: Path) -> None:
    only = vault_file(tmp_path, "a", 60)
    before, after = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    assert prune(tmp_path, TODAY, None) == prune(tmp_path, TODAY, before) == []
    assert prune(tmp_path, TODAY, after) == [only.name]


def test_a_backup_deletes_the_old_keys_beside_it_and_says_when_its_own_die(
    installed: Installed, tmp_path: Path
) -> None:
    VaultBackup({MASTER_FILE: "AA=="}, [], "2020-01-01T00:00:00+00:00", "2020-02-05").write(tmp_path / "old.keys")
    kept = backup(installed.house, tmp_path / "b", installed.settings.secrets_dir, quiet)
    assert (kept.keys_deleted, (tmp_path / "old.keys").exists()) == (1, False)
    written = datetime.fromisoformat(VaultBackup.read(tmp_path / "b.keys").written_at).date()
    assert date.fromisoformat(kept.keys_die_on) == written + timedelta(days=installed.house.vault_days)

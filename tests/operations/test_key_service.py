"""The key service as a process of its own: the house never has the identity key, and lives on while it is gone."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app import stages
from app.access.actor import Actor
from app.access.work import open_work
from app.cli.installation import prepare
from app.config import PROJECT, Settings
from app.infra.keyfiles import IDENTITY_FILE, read_keys
from app.infra.keyholder import KeysAway
from app.infra.keys import Keys
from app.operations import doctor
from app.operations.backup import backup
from app.operations.bench.rotation import file_one
from app.operations.database import owner_url, running_database
from app.operations.house import open_house
from app.people import queries
from app.people.records import Person
from tests.installation import quiet


@contextmanager
def serving(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    words = ["keys", "serve", "--keys", str(folder / "keeper"), "--socket", str(folder / "k.sock")]
    command = [sys.executable, "-m", "app.cli", *words]
    process = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 30
    while not (folder / "k.sock").exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)
        assert process.stderr is not None
        process.stderr.close()


def test_a_house_behind_the_service_files_and_opens_and_never_has_the_key(tmp_path: Path) -> None:
    settings = Settings.read(data_dir=tmp_path / "data", key_service=tmp_path / "k.sock")
    with running_database(settings, quiet) as ready:
        with serving(tmp_path):
            prepare(ready, demo=False, progress=quiet)
            house = open_house(ready, owner_url(ready), stages.WIRING)
            file_one(house)
            with open_work(house, Actor.system("test")) as work:
                (person,) = work.session.query(Person)
                assert queries.read_identity(work, person.id).name == "Somebody"
            assert _of_keys(ready) == (True, "the key service answers")
        file_one(house)
        with pytest.raises(KeysAway), open_work(house, Actor.system("test")) as work:
            queries.read_identity(work, person.id)
        assert _of_keys(ready)[0] is False
        backup(house, tmp_path / "b", ready.secrets_dir, quiet)
        with serving(tmp_path), open_work(house, Actor.system("test")) as work:
            assert {queries.read_identity(work, each.id).name for each in work.session.query(Person)} == {"Somebody"}
        house.databases.dispose()
    secret = read_keys(tmp_path / "keeper" / IDENTITY_FILE)[0]
    assert sorted(json.loads((tmp_path / "b.keys").read_text())["secrets"]) == ["master.key"]
    for path in (ready.secrets_dir).iterdir():
        assert secret not in path.read_bytes()
    opened = [json.loads(line) for line in (tmp_path / "keeper" / "opened.log").read_text().splitlines()]
    assert [each["person"] for each in opened if each["do"] == "unwrap"].count(str(person.id)) == 2
    assert (tmp_path / "keeper" / "opened.log").stat().st_mode & 0o077 == 0


def _of_keys(settings: Settings) -> tuple[bool, str]:
    found = next(each for each in doctor.of_keys(settings) if each.name == "keys")
    return found.ok, found.words


def test_it_ends_when_it_is_told_to_and_leaves_no_socket(tmp_path: Path) -> None:
    with serving(tmp_path) as process:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert not (tmp_path / "k.sock").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["serve", "--socket", "s", "--allow", "nobody-of-this-name"], "knows no user"),
        (["drop", "0000000000000000"], "is no old key"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(tmp_path: Path, words: list[str], said: str) -> None:
    (tmp_path / "keeper").mkdir()
    (tmp_path / "keeper" / IDENTITY_FILE).write_bytes(b"i" * 32)
    (tmp_path / "keeper" / IDENTITY_FILE).chmod(0o600)
    given = [str(tmp_path / word) if word == "s" else word for word in words]
    command = [sys.executable, "-m", "app.cli", "keys", *given, "--keys", str(tmp_path / "keeper")]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert said in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_key_is_added_and_the_old_one_dropped_on_the_services_side(tmp_path: Path) -> None:
    keys = tmp_path / "keeper"
    keys.mkdir()
    (keys / IDENTITY_FILE).write_bytes(b"i" * 32)
    (keys / IDENTITY_FILE).chmod(0o600)
    run = [sys.executable, "-m", "app.cli", "keys"]
    subprocess.run([*run, "add", "--keys", str(keys)], cwd=PROJECT, check=True, capture_output=True)
    fresh, old = read_keys(keys / IDENTITY_FILE)
    assert old == b"i" * 32
    subprocess.run(
        [*run, "drop", "ee7a4d1609174f53", "--keys", str(keys)], cwd=PROJECT, check=True, capture_output=True
    )
    assert read_keys(keys / IDENTITY_FILE) == (fresh,)


def test_the_second_envelope_is_made_where_the_key_is(tmp_path: Path) -> None:
    keys = tmp_path / "keeper"
    keys.mkdir()
    (keys / IDENTITY_FILE).write_bytes(b"i" * 32)
    (keys / IDENTITY_FILE).chmod(0o600)
    words = ["keys", "sheet", "--keys", str(keys), "--recovery-file", str(tmp_path / "sheet.txt")]
    subprocess.run([sys.executable, "-m", "app.cli", *words], cwd=PROJECT, check=True, capture_output=True)
    sheet = (tmp_path / "sheet.txt").read_text()
    assert "ENVELOPE 2" in sheet
    assert "ENVELOPE 1" not in sheet
    assert list(Keys(b"m" * 32, [b"i" * 32]).recovery_sheet().identity) == sheet.strip().splitlines()[1:]
    assert Keys(b"m" * 32).recovery_sheet().identity == ()

"""A new identity key while people file and open: killed in the middle it goes on, and the old key goes last."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from app.access.actor import Actor
from app.access.work import House, open_work
from app.config import PROJECT
from app.infra.keyfiles import IDENTITY_FILE, MASTER_FILE, read_keys
from app.infra.keyholder import FileHolder, KeysAway
from app.infra.keys import Keys, add_identity_key
from app.infra.keyservice import KeyServer, keeper_at
from app.infra.schema import bare
from app.kernel.errors import Refused
from app.operations import rotation
from app.operations.bench import rotation as bench
from app.operations.rotation import rotate
from app.people import queries
from tests.installation import Installed, quiet

MANY = 1_700


def key_ids(installed: Installed) -> dict[str, int]:
    with psycopg.connect(bare(installed.url)) as owner:
        rows = owner.execute("SELECT key_id, count(*) FROM identity_keys GROUP BY 1").fetchall()
    return dict(rows)


def test_killed_in_the_middle_it_goes_on_while_people_file_and_open(installed: Installed) -> None:
    people = bench.fill(installed.house, installed.url, MANY)
    old = installed.house.keys.holder.key_id
    with bench.people_at_work(installed.house, people) as meanwhile:
        _killed_after_two_batches(installed)
        halfway = key_ids(installed)
        assert 0 < halfway[old] < MANY
        done = rotate(installed.house, quiet, grace=0.5)
    assert meanwhile.failures == []
    assert meanwhile.filed
    assert meanwhile.opened
    assert done.dropped == (old,)
    assert key_ids(installed) == {done.key_id: MANY + len(meanwhile.filed)}
    assert bench.all_open(installed.house, installed.url) == MANY + len(meanwhile.filed)
    assert len(read_keys(installed.settings.secrets_dir / IDENTITY_FILE)) == 1
    with psycopg.connect(bare(installed.url)) as owner:
        tags: dict[str, int] = dict(owner.execute("SELECT tag, count(*) FROM journal_entries GROUP BY 1").fetchall())
    assert tags["people:keys:rewrapped"] >= 4
    assert tags["people:key:dropped"] == 1


def _killed_after_two_batches(installed: Installed) -> None:
    code = """
import os, signal, sys
from app import stages
from app.config import Settings
from app.operations.house import open_house
from app.operations.rotation import rotate
def killed(words, seen=[]):
    seen.append("wrapped anew" in words)
    if sum(seen) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
settings = Settings.read(data_dir=sys.argv[1], database_url=sys.argv[2])
rotate(open_house(settings, sys.argv[2], stages.WIRING), killed)
"""
    words = [sys.executable, "-c", code, str(installed.settings.data_dir), installed.url]
    ended = subprocess.run(words, env={**os.environ, "PYTHONPATH": str(PROJECT)}, check=False, capture_output=True)
    assert ended.returncode == -9, ended.stderr.decode()[-2000:]


def test_an_erasure_in_between_is_not_undone(installed: Installed) -> None:
    people = bench.fill(installed.house, installed.url, 3)
    with psycopg.connect(bare(installed.url)) as owner:
        owner.execute("ALTER TABLE identity_keys DISABLE TRIGGER by_two")
        owner.execute("UPDATE identity_keys SET wrapped_key = NULL WHERE person_id = %s", (people[0],))
        owner.execute("ALTER TABLE identity_keys ENABLE TRIGGER by_two")
    old = installed.house.keys.holder.key_id
    done = rotate(installed.house, quiet, grace=0)
    assert (done.rewrapped, done.dropped) == (2, (old,))
    with open_work(installed.house, Actor.system("test")) as work:
        assert queries.read_identity(work, people[0]).is_empty
        assert queries.read_identity(work, people[1]).name == "Somebody"


def test_the_old_key_stays_while_something_names_it(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    people = bench.fill(installed.house, installed.url, 2)
    holder = installed.house.keys.holder
    assert isinstance(holder, FileHolder)
    before = holder.key_id
    old_key = read_keys(installed.settings.secrets_dir / IDENTITY_FILE)[0]

    def late(folder: Path, grace: float, progress: object) -> None:
        """Somebody who had sealed with the old key writes it only now, after the last pass."""
        monkeypatch.setattr(rotation, "_rewrap_all", lambda *_: 0)
        with psycopg.connect(bare(installed.url)) as owner:
            wrapped = FileHolder(keys=(old_key,)).wrap(b"k" * 32, people[0])
            owner.execute(
                "UPDATE identity_keys SET key_id = %s, wrapped_key = %s WHERE person_id = %s",
                (wrapped.key_id, wrapped.sealed, people[0]),
            )

    with monkeypatch.context() as patched:
        patched.setattr(rotation, "_wait_for_late_ones", late)
        with pytest.raises(Refused, match="run this again"):
            rotate(installed.house, quiet)
        patched.undo()
    assert holder.key_ids[1:] == [before]
    monkeypatch.undo()
    assert rotate(installed.house, quiet, grace=0).dropped == (before,)


@contextmanager
def serving(folder: Path) -> Iterator[Path]:
    keeper = keeper_at(folder / "keeper", 100_000, lambda _: None)
    with KeyServer(folder / "k.sock", keeper, frozenset({os.getuid()})) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield folder / "k.sock"
        server.shutdown()
        thread.join()
    (folder / "k.sock").unlink(missing_ok=True)


def behind(house: House, installed: Installed, socket: Path) -> House:
    master = installed.settings.secrets_dir / MASTER_FILE
    return replace(house, keys=Keys.load(master, service=socket))


def test_behind_a_service_the_keys_turn_without_coming_out(installed: Installed, tmp_path: Path) -> None:
    (installed.settings.secrets_dir / "identity.pub").unlink()
    with serving(tmp_path) as socket:
        house = behind(installed.house, installed, socket)
        people = bench.fill(house, installed.url, 5)
        before = house.keys.holder.key_id
        add_identity_key(tmp_path / "keeper")
        done = rotate(house, quiet)
        assert (done.rewrapped, done.dropped, done.to_drop) == (5, (), (before,))
        assert set(key_ids(installed)) == {done.key_id} != {before}
        bench.open_one(house, people[0])
    bench.file_one(house)
    with pytest.raises(KeysAway), open_work(house, Actor.system("test")) as work:
        queries.read_identity(work, people[0])
    with serving(tmp_path) as socket:
        assert bench.all_open(house, installed.url) == 6
    assert json.loads((installed.settings.secrets_dir / "identity.pub").read_text())["key_id"] == done.key_id


def test_without_its_key_file_nothing_is_rotated(installed: Installed, tmp_path: Path) -> None:
    (installed.settings.secrets_dir / IDENTITY_FILE).rename(tmp_path / "away")
    with pytest.raises(Refused, match="not here"):
        rotate(installed.house, quiet)

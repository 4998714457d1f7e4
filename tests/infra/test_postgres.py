"""The embedded server: started, shared, taken over after a crash, and gone when nobody uses it."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.config import PROJECT
from app.infra.postgres import Server, ensure_running
from app.infra.postgres.processes import living_in, wait_until
from app.infra.postgres.settings import shared_memory
from app.kernel.errors import Refused

pytestmark = pytest.mark.xdist_group("embedded-postgres")
USE_AND_WAIT = """
import sys
from pathlib import Path
from app.infra.postgres import ensure_running
server = ensure_running(Path(sys.argv[1]))
print("using", flush=True)
sys.stdin.read()
server.stop()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A data folder whose path has a space in it."""
    data = tmp_path / "the data"
    yield data
    assert wait_until(lambda: not is_running(data), 12.0), "a test left its server running"


def is_running(data: Path) -> bool:
    return (data / "database").exists() and bool(living_in(data / "database"))


def bare(server: Server) -> str:
    return server.url.replace("postgresql+psycopg", "postgresql")


def ask(server: Server, question: str) -> object:
    with psycopg.connect(bare(server)) as connection:
        row = connection.execute(question.encode()).fetchone()
        return row[0] if row else None


def another_user(data: Path) -> "subprocess.Popen[str]":
    environment = dict(os.environ) | {"PYTHONPATH": str(PROJECT)}
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", USE_AND_WAIT, str(data)],
        text=True,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "using\n"
    return process


def kill(process: "subprocess.Popen[str]") -> None:
    with process:
        process.kill()


def test_it_starts_below_a_path_with_a_space_and_stops_with_its_only_user(folder: Path) -> None:
    with ensure_running(folder) as server:
        assert server.started_here
        assert ask(server, "SELECT current_user::text") == "candor_owner"
        assert is_running(folder)
    assert not is_running(folder)


def test_what_was_written_yesterday_is_found_today(folder: Path) -> None:
    with ensure_running(folder) as server, psycopg.connect(bare(server)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    with ensure_running(folder) as server:
        assert ask(server, "SELECT n FROM kept") == 7


def test_the_settings_are_those_we_decided(folder: Path) -> None:
    with ensure_running(folder, settings={"work_mem": "5MB"}) as server:
        for name, value in {
            "data_checksums": "on",
            "fsync": "on",
            "synchronous_commit": "on",
            "listen_addresses": "",
            "idle_in_transaction_session_timeout": "1min",
            "log_statement": "none",
            "log_min_messages": "log",
            "log_min_error_statement": "panic",
            "work_mem": "5MB",
            "password_encryption": "scram-sha-256",
        }.items():
            assert ask(server, f"SHOW {name}") == value, name
        assert (
            ask(
                server,
                "SELECT datlocprovider::text || ' ' || datlocale FROM pg_database WHERE datname = 'candor'",
            )
            == "b C.UTF-8"
        )
        assert ask(server, "SELECT NOT rolsuper AND rolcreaterole FROM pg_roles WHERE rolname = current_user") is True


def test_nobody_gets_in_without_the_password(folder: Path) -> None:
    with ensure_running(folder) as server:
        address = bare(server)
        before, _, after = address.partition("@")
        for wrong in (f"{before}x@{after}", address.replace("candor_owner", "postgres")):
            with pytest.raises(psycopg.OperationalError, match="authentication failed"):
                psycopg.connect(wrong)


def test_a_person_s_words_do_not_reach_the_server_s_log(folder: Path) -> None:
    with ensure_running(folder) as server, pytest.raises(psycopg.Error):
        ask(server, "SELECT 'the neighbour''s name'::integer")
    written = "".join(log.read_text() for log in (folder / "database" / "log").iterdir())
    assert "neighbour" not in written


def test_only_the_owner_may_look_into_the_data_folder(folder: Path) -> None:
    before = stat.S_IMODE(folder.parent.stat().st_mode)
    with ensure_running(folder):
        for path in (folder, folder / "database", folder / "database.password"):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
        assert stat.S_IMODE(folder.parent.stat().st_mode) == before


def test_a_second_user_finds_it_running_and_the_last_one_stops_it(folder: Path) -> None:
    first = ensure_running(folder)
    second = ensure_running(folder)
    assert not second.started_here
    first.stop()
    assert ask(second, "SELECT 1") == 1
    second.stop()
    assert not is_running(folder)


def test_it_outlives_the_command_that_started_it_while_another_uses_it(folder: Path) -> None:
    starter = another_user(folder)
    with ensure_running(folder) as server:
        assert not server.started_here
        kill(starter)
        assert ask(server, "SELECT 1") == 1


@pytest.mark.fault
def test_nothing_is_left_of_it_ten_seconds_after_its_only_user_was_killed(folder: Path) -> None:
    kill(another_user(folder))
    assert wait_until(lambda: not is_running(folder), 10.0)


@pytest.mark.fault
@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.1, 0.12, 0.15, 0.2, 0.3])
def test_whoever_comes_while_it_is_ending_gets_a_server(folder: Path, seconds: float) -> None:
    kill(another_user(folder))
    time.sleep(seconds)
    with ensure_running(folder) as server:
        assert ask(server, "SELECT 1") == 1


@pytest.mark.fault
def test_whoever_comes_while_a_signal_ends_it_gets_a_server(folder: Path) -> None:
    with ensure_running(folder):
        os.kill(json.loads((folder / "database.json").read_text())["keeper"], signal.SIGTERM)
        assert wait_until(lambda: not (folder / "database.json").exists(), 5.0)
        with ensure_running(folder) as server:
            assert ask(server, "SELECT 1") == 1


@pytest.mark.fault
def test_it_takes_over_where_everything_was_killed_at_once(folder: Path) -> None:
    user = another_user(folder)
    postmaster = int((folder / "database" / "postmaster.pid").read_text().splitlines()[0])
    keeper = int(Path(f"/proc/{postmaster}/stat").read_text().rpartition(")")[2].split()[1])
    for pid in (keeper, postmaster):
        os.kill(pid, signal.SIGKILL)
    kill(user)
    assert wait_until(lambda: not Path(f"/proc/{keeper}").exists(), 5.0)
    with ensure_running(folder) as server:
        assert server.started_here
        assert ask(server, "SELECT 1") == 1


@pytest.mark.fault
def test_a_stale_note_that_names_a_stranger_is_no_obstacle(folder: Path) -> None:
    with ensure_running(folder):
        note = (folder / "database" / "postmaster.pid").read_text()
    lines = note.splitlines()
    lines[0] = str(os.getpid())
    (folder / "database" / "postmaster.pid").write_text("\n".join(lines) + "\n")
    with ensure_running(folder) as server:
        assert ask(server, "SELECT 1") == 1


@pytest.mark.fault
def test_a_dead_server_comes_back_at_the_same_address(folder: Path) -> None:
    with ensure_running(folder) as server:
        os.kill(int((folder / "database" / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
        assert wait_until(lambda: answers(server), 10.0)


def answers(server: Server) -> bool:
    try:
        return ask(server, "SELECT 1") == 1
    except psycopg.OperationalError:
        return False


def test_a_folder_that_is_not_ours_is_left_alone(folder: Path) -> None:
    (folder / "database").mkdir(parents=True)
    (folder / "database" / "letter.txt").write_text("mine")
    with pytest.raises(Refused, match="not a database of ours"):
        ensure_running(folder)
    assert (folder / "database" / "letter.txt").read_text() == "mine"


@pytest.mark.parametrize(("mode", "kind"), [(0o1777, "posix"), (0o755, "mmap"), (0o700, "mmap")])
def test_shared_memory_is_taken_where_everybody_may_write_and_not_only_root(
    mode: int, kind: str, tmp_path: Path
) -> None:
    place = tmp_path / "shm"
    assert shared_memory(place) == "mmap"
    place.mkdir()
    place.chmod(mode)
    assert shared_memory(place) == kind

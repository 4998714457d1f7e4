"""Bringing the schema up beside what still runs."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from app.infra.db import Databases
from app.infra.postgres import ensure_running
from app.infra.postgres.processes import wait_until
from app.infra.schema import bare, bring_up
from tests.conftest import KEYS

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


@pytest.mark.fault
def test_a_start_gives_way_to_what_still_runs_and_begins_again(tmp_path: Path) -> None:
    with ensure_running(tmp_path, settings={"fsync": "off"}) as server:
        databases = Databases(server.url, KEYS.password)
        bring_up(server.url, databases)
        with (
            ThreadPoolExecutor(1) as pool,
            psycopg.connect(bare(server.url)) as running,
            psycopg.connect(bare(server.url), autocommit=True) as looking,
        ):
            running.execute("LOCK TABLE votes IN ROW EXCLUSIVE MODE")
            start = pool.submit(bring_up, server.url, databases)
            assert wait_until(lambda: looking.execute(WAITING).fetchone() == (1,), 20.0, every=0.005)
            # The start has this one by now: each has what the other needs, and the start, which waits longer, yields.
            running.execute("LOCK TABLE journal_entries IN ROW EXCLUSIVE MODE")
            running.commit()
            start.result(30)

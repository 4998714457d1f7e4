"""Which jobs a door may set going: those that follow its own entries in `app/stages.py`, and with their ids alone."""

import json
import os
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app import stages
from app.access.work import Later
from app.audit.records import JournalEntry
from app.commission import events as of_commission
from app.config import PROJECT
from app.discipline.events import AnswerGiven
from app.evidence.events import DemandAnswered
from app.infra.db import Door
from app.kernel.events import Event
from tests.conftest import WorkAs
from tests.make import Make

LIST = PROJECT / "migrations" / "access" / "15_jobs.sql"
WRITE = "CANDOR_WRITE_POLICIES"
# What the machinery does by itself, at night or at the start: no door that people use sets it going.
BY_ITSELF = {"send_digests", "mail_digest", "recount_after_rulebook"}
HEAD = """\
-- Which job may follow which entry, at each door. Made by `tests/access/test_jobs.py` from the reactions in
-- `app/stages.py` and compared with them by every test run: {write}=1 writes it anew.

CREATE OR REPLACE FUNCTION jobs_after_entries() RETURNS TABLE (door text, tag text, task text, fields text[])
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    VALUES {rows} $$;
"""
ENTRY = (
    "INSERT INTO journal_entries (id, at, tag, case_id, actor_kind, actor_id, body)"
    " VALUES (:id, now(), :tag, NULL, 'account', :me, :body)"
)
DEFER = "SELECT defer_job(:task, CAST(:args AS jsonb), :id)"


def doors_of(event: type[Event]) -> list[Door]:
    """Behind which doors it happens."""
    doors = [Door.OFFICE]
    if event.__module__ == of_commission.__name__:
        doors.append(Door.COMMISSION)
    return [Door.DEPARTMENT] if event in (DemandAnswered, AnswerGiven) else doors


def allowed() -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Door, tag, task and the names of its arguments."""
    return sorted(
        (str(door), event.tag, reaction.task, tuple(sorted(reaction.fields)))
        for event, reactions in stages.REACTIONS.items()
        for reaction in reactions
        if isinstance(reaction, Later) and reaction.task not in BY_ITSELF
        for door in doors_of(event)
    )


def as_sql() -> str:
    lines = []
    for door, tag, task, fields in allowed():
        lines.append(f"('{door}', '{tag}', '{task}', '{{{','.join(fields)}}}'::text[])")
    return HEAD.format(write=WRITE, rows=",\n           ".join(lines))


def test_the_list_of_the_database_is_that_of_the_wiring() -> None:
    if os.environ.get(WRITE):
        LIST.write_text(as_sql(), "utf-8")
    assert LIST.read_text("utf-8") == as_sql(), f"app/stages.py changed: write the list with {WRITE}=1"


def test_every_job_on_the_list_is_one_that_the_worker_knows() -> None:
    assert {task for _, _, task, _ in allowed()} <= set(stages.JOBS)


def tried(work_as: WorkAs, role: str, tag: str, task: str, args: dict[str, object], facts: dict[str, object]) -> None:
    entry = uuid4()
    with work_as(role) as work:
        body = json.dumps({"facts": facts}).encode()
        work.session.execute(text(ENTRY), {"id": entry, "tag": tag, "me": work.actor.id, "body": body})
        work.session.execute(text(DEFER), {"task": task, "args": json.dumps(args), "id": entry})


ID = str(UUID(int=7))


@pytest.mark.parametrize(
    ("role", "tag", "task", "args"),
    [
        ("director", "publication:asked", "no_such_job", {"build_id": ID}),
        ("commissioner", "commission:motion:carried", "publish_release", {"build_id": ID}),
        ("liaison", "evidence:demand:answered", "adopt_finding", {"motion_id": ID}),
        ("investigator", "cases:case:opened", "publish_release", {"build_id": ID}),
        ("director", "commission:case:docketed", "build_packet", {"docket_item_id": str(UUID(int=8))}),
        ("director", "commission:case:docketed", "build_packet", {"docket_item_id": "Ines Marlow"}),
        ("director", "commission:case:docketed", "build_packet", {"docket_item_id": ID, "case_id": ID}),
        ("director", "commission:case:docketed", "build_packet", {"case_id": ID}),
    ],
)
def test_no_door_sets_going_what_does_not_follow(
    role: str, tag: str, task: str, args: dict[str, object], work_as: WorkAs, make: Make
) -> None:
    with pytest.raises(ProgrammingError, match="job"):
        tried(work_as, role, tag, task, args, {"docket_item_id": ID, "build_id": ID, "motion_id": ID})
    assert make.all(JournalEntry) == []


@pytest.mark.parametrize(
    ("role", "door"), [("director", "office"), ("secretary", "commission"), ("liaison", "department")]
)
def test_what_follows_is_set_going(role: str, door: str, work_as: WorkAs) -> None:
    found = [one for one in allowed() if one[0] == door]
    assert found
    for _, tag, task, fields in found:
        given: dict[str, object] = {name: str(uuid4()) for name in fields}
        tried(work_as, role, tag, task, given, given)

"""The sweep removes what nobody can name any more, and never what a row names or may name yet."""

import ast
import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import procrastinate
import pytest
from procrastinate.testing import InMemoryConnector
from sqlalchemy import Connection, Text, text
from sqlalchemy.orm import Session

from app import records, stages
from app.access.actor import Actor
from app.access.work import House, open_work
from app.audit.records import JournalEntry
from app.commission.records import DocketItem, Meeting, Packet
from app.commission.rules.meetings import SCHEDULED
from app.config import PROJECT
from app.evidence.records import EvidenceItem
from app.infra.db import Door, Table
from app.infra.files import FileColumns
from app.infra.storage import Missing, Storage, StoredFile
from app.intake.actions import Sent, submit_filing
from app.intake.records import FilingFile
from app.intake.rules.draft import LIFE
from app.operations import sweep
from app.operations.backup import backup
from app.operations.stored import NAMING, unnamed_of
from app.operations.sweep import AFTER, sweep_files
from app.publication.records import ReleaseBuild
from app.worker import register_periodic
from tests.conftest import NOW, WorkAs
from tests.installation import Installed, quiet
from tests.make import Make
from tests.operations.test_backup import ASK

SWEEPER = Actor.system("sweep_files")
# Every place in the code that puts something into the storage, and the table whose rows name it afterwards.
STORES = {
    "app/intake/actions/files.py": "filing_files",
    "app/evidence/actions.py": "evidence_items",
    "app/commission/actions/preparing.py": "packets",
    "app/publication/actions/asking.py": "release_builds",
    "app/operations/backup.py": "a backup's own folder, and what a restore puts back",
    "app/infra/storage.py": "the check, which removes its file again",
    "app/infra/arriving.py": "an upload that came whole; what its page is added to names it, else it is swept",
}


def aged(house: House, folder: Path, stored: StoredFile, days: float) -> StoredFile:
    moment = (NOW - timedelta(days=days)).timestamp()
    os.utime(folder / "files" / stored.name[:2] / stored.name, (moment, moment))
    return stored


@pytest.fixture
def old_file(house: House, tmp_path: Path) -> Any:
    """`old_file()`: something stored so long ago that nobody names it any more."""
    return lambda days=9.0: aged(house, tmp_path, house.storage.put(b"noise", limit=100), days)


def columns_of(stored: StoredFile) -> dict[str, Any]:
    return {
        "file_name": "a.png",
        "media_type": "image/png",
        "size": stored.size,
        "sha256": stored.sha256,
        "object_name": stored.name,
        "wrapped_key": stored.wrapped_key,
        "stored_at": NOW,
    }


def named_by(make: Make, table: str, stored: StoredFile) -> None:
    case = make.case()
    if table == "filing_files":
        make.row(FilingFile(id=uuid4(), filing_id=make.filing().id, **columns_of(stored)))
    elif table == "evidence_items":
        make.row(EvidenceItem(id=uuid4(), case_id=case.id, label="", received_from="", **columns_of(stored)))
    elif table == "packets":
        meeting = make.row(
            Meeting(id=uuid4(), body="b", held_on=NOW.date(), starts_at="18:00", place="Hall", state=SCHEDULED)
        )
        item = make.row(DocketItem(id=uuid4(), meeting_id=meeting.id, case_id=case.id, position=1, sent_reason=""))
        make.row(Packet(id=uuid4(), docket_item_id=item.id, case_id=case.id, **columns_of(stored)))
    else:
        make.row(
            ReleaseBuild(
                id=uuid4(),
                through_on=NOW.date(),
                asked_at=NOW,
                state="built",
                object_name=stored.name,
                wrapped_key=stored.wrapped_key,
                size=stored.size,
                sha256=stored.sha256,
            )
        )


def left(house: House) -> set[str]:
    return set(house.storage.names())


def test_a_file_that_no_row_names_goes_once_no_draft_can_name_it(house: House, work_as: WorkAs, old_file: Any) -> None:
    assert AFTER > LIFE
    gone, young = old_file(), old_file(days=7.5)
    with work_as(SWEEPER) as work:
        sweep_files(work)
    assert left(house) == {young.name}
    with pytest.raises(Missing):
        house.storage.verify(gone)


@pytest.mark.parametrize("table", NAMING)
def test_what_a_row_names_stays_for_ever(house: House, make: Make, work_as: WorkAs, old_file: Any, table: str) -> None:
    named, _ = old_file(days=4000), old_file(days=4000)
    named_by(make, table, named)
    with work_as(SWEEPER) as work:
        sweep_files(work)
    assert left(house) == {named.name}


def test_the_journal_says_how_many_and_names_none(make: Make, work_as: WorkAs, old_file: Any) -> None:
    stored = [old_file() for _ in range(3)]
    with work_as(SWEEPER) as work:
        sweep_files(work)
    (entry,) = make.all(JournalEntry)
    assert entry.tag == "operations:storage:swept"
    assert json.loads(entry.body)["facts"] == {"files": 3, "unfinished": 0}
    assert not any(one.name.encode() in entry.body for one in stored)


def test_where_there_is_nothing_to_sweep_nothing_is_journalled(make: Make, work_as: WorkAs, old_file: Any) -> None:
    old_file(days=1)
    with work_as(SWEEPER) as work:
        sweep_files(work)
    assert make.all(JournalEntry) == []


def test_thousands_are_asked_for_a_few_at_a_time(
    house: House, work_as: WorkAs, old_file: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def counted(session: Session, names: list[str]) -> list[str]:
        asked.append(len(names))
        return unnamed_of(session, names)

    monkeypatch.setattr(sweep, "AT_ONCE", 4)
    monkeypatch.setattr(sweep, "unnamed_of", counted)
    for _ in range(11):
        old_file()
    with work_as(SWEEPER) as work:
        sweep_files(work)
    assert left(house) == set()
    assert max(asked) == 4


def test_what_another_installation_keeps_in_the_same_place_is_left_alone(
    house: House, work_as: WorkAs, tmp_path: Path
) -> None:
    theirs = aged(house, tmp_path, Storage.at(tmp_path / "files", b"o" * 32).put(b"theirs", limit=100), 400)
    with work_as(SWEEPER) as work:
        sweep_files(work)
    assert left(house) == {theirs.name}


def test_a_sweep_that_is_cut_off_is_finished_by_the_next(
    house: House, make: Make, work_as: WorkAs, old_file: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        old_file()
    real, removed = Storage.delete, list[str]()

    def cut_off(storage: Storage, name: str) -> None:
        if removed:
            raise OSError("the disk went away")
        removed.append(name)
        real(storage, name)

    monkeypatch.setattr(Storage, "delete", cut_off)
    with pytest.raises(OSError, match="went away"), work_as(SWEEPER) as work:
        sweep_files(work)
    assert len(left(house)) == 2
    monkeypatch.setattr(Storage, "delete", real)
    with work_as(SWEEPER) as work:
        sweep_files(work)
    assert left(house) == set()
    assert [json.loads(entry.body)["facts"]["files"] for entry in make.all(JournalEntry)] == [3, 2]


def test_a_filing_that_is_being_sent_meanwhile_keeps_its_file(installed: Installed, tmp_path: Path) -> None:
    house = installed.house
    draft = house.storage.put(b"a photo, as bytes", limit=1000)
    file = next(Path(installed.settings.data_dir / "files").rglob(draft.name))
    with open_work(house, installed.anyone()) as work:
        # As old as a draft's file can be when the form still takes it; the row is written and not committed.
        moment = (work.now - LIFE + timedelta(seconds=1)).timestamp()
        os.utime(file, (moment, moment))
        submit_filing(work, ASK, repeat_key="k", files=[Sent("photo.jpg", "image/jpeg", draft)])
        work.flush()
        with open_work(house, SWEEPER) as sweeper:
            sweep_files(sweeper)
    house.storage.verify(draft)
    os.utime(file, (0, 0))
    with open_work(house, SWEEPER) as sweeper:
        sweep_files(sweeper)
    house.storage.verify(draft)


def test_a_backup_goes_on_where_a_file_was_swept_since_it_was_listed(
    installed: Installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, swept = (installed.house.storage.put(b"noise", limit=100).name for _ in range(2))
    installed.house.storage.delete(swept)
    monkeypatch.setattr(Storage, "names", lambda _: iter([swept, kept]))
    assert backup(installed.house, tmp_path / "b", installed.settings.secrets_dir, quiet).files == 1


def test_the_worker_does_it_by_the_clock_under_its_own_role(house: House) -> None:
    seen: list[tuple[Door, str]] = []
    queue = procrastinate.App(connector=InMemoryConnector())
    register_periodic(queue, house, {"sweep_files": ("17 */6 * * *", lambda work: seen.append(_who(work)))})
    assert stages.PERIODIC["sweep_files"][1] is sweep_files
    (task,) = queue.periodic_registry.periodic_tasks.values()
    assert (task.task.name, task.cron) == ("sweep_files", "17 */6 * * *")
    task.task(timestamp=1)
    assert seen == [(Door.WORKER, "sweep_files")]


def _who(work: Any) -> tuple[Door, str]:
    return work.actor.door, work.actor.name


class TestWhatNamesAFile:
    """Found by the catalogue, so that a new table or a new way to store cannot be forgotten."""

    def test_every_table_that_holds_a_files_name_or_key_is_listed(self) -> None:
        mapped = {
            mapper.local_table.name  # type: ignore[attr-defined]
            for mapper in Table.registry.mappers
            if issubclass(mapper.class_, FileColumns)
        }
        named = {
            table.name
            for table in records.metadata.sorted_tables
            for column in table.columns
            if "object" in column.name or (column.name == "wrapped_key" and table.name != "identity_keys")
        }
        assert mapped | named == set(NAMING)

    def test_every_listed_table_says_where_the_file_is_and_how_it_opens(self) -> None:
        for name in NAMING:
            columns = records.metadata.tables[name].c
            assert {"object_name", "size", "sha256", "wrapped_key"} <= set(columns.keys())
            assert isinstance(columns.object_name.type, Text)

    def test_nothing_else_in_the_code_stores_a_file(self) -> None:
        found = {str(path.relative_to(PROJECT)) for path in (PROJECT / "app").rglob("*.py") if _stores(path)}
        assert found == set(STORES)

    @pytest.mark.parametrize("name", NAMING)
    def test_the_worker_sees_every_row(self, house: House, owner: Connection, name: str) -> None:
        role = house.databases.role(Door.WORKER)
        facts = {"role": role, "name": name}
        assert owner.scalar(text("SELECT has_column_privilege(:role, :name, 'object_name', 'SELECT')"), facts)
        if not owner.scalar(text("SELECT relrowsecurity FROM pg_class WHERE oid = CAST(:name AS regclass)"), facts):
            return
        policies = owner.execute(
            text(
                "SELECT polpermissive, polcmd, pg_get_expr(polqual, polrelid) AS shown FROM pg_policy"
                " WHERE polrelid = CAST(:name AS regclass)"
                " AND (0 = ANY (polroles) OR CAST(:role AS regrole)::oid = ANY (polroles))"
            ),
            facts,
        ).all()
        assert [row for row in policies if not row.polpermissive] == []
        assert any(row.polcmd in ("*", "r") and row.shown == "true" for row in policies)


def _stores(path: Path) -> bool:
    """True where a storage is written to: `….storage.put(…)`, `.writer(…)`, `.put_raw(…)`, or its own methods."""
    calls = (node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
    return any(isinstance(call, ast.Attribute) and _is_store(call) for call in calls)


def _is_store(call: ast.Attribute) -> bool:
    if call.attr in ("writer", "put_raw", "opened"):
        return ast.unparse(call.value) not in ("csv", "self._storage")
    return call.attr == "put" and ("storage" in ast.unparse(call.value) or ast.unparse(call.value) == "self")

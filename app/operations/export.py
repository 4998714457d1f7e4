"""The whole installation in open formats: a JSON-lines file for each table, every stored file, the schema."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from app.access.actor import Actor
from app.access.work import House, open_work
from app.infra.db import Door, Table
from app.infra.files import FileColumns
from app.infra.sealing import aad, open_sealed, unwrap_key
from app.infra.storage import StoredFile
from app.kernel.errors import Refused
from app.kernel.events import Event

BATCH = 2000
SECRET = {"public.sessions", "public.one_time_links", "public.sign_in_delays", "public.identity_keys"}
Progress = Callable[[str], None]


class InstallationExported(Event):
    """Everything left the house, names included."""

    tag = "operations:installation:exported"
    sentence = "Exported the whole installation: {tables} tables, {files} files."

    tables: int
    files: int


def export(house: House, folder: Path, progress: Progress) -> dict[str, int]:
    """Writes tables/, files/, identities.jsonl and schema.json below an empty folder."""
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"{folder.name} is not empty: give another folder.")
    (folder / "tables").mkdir(parents=True, mode=0o700)
    (folder / "files").mkdir(mode=0o700)
    with psycopg.connect(house.databases.dsn(Door.BACKUP)) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        tables = _tables(connection, folder, progress)
        identities = _identities(house, connection, folder)
        files = _files(house, connection, folder)
    (folder / "schema.json").write_text(json.dumps(describe(), indent=1, ensure_ascii=False))
    with open_work(house, Actor.system("export")) as work:
        work.happened(InstallationExported(tables=len(tables), files=files))
    return {"tables": len(tables), "rows": sum(tables.values()), "identities": identities, "files": files}


def describe() -> dict[str, dict[str, str]]:
    """Every table's columns with their types, so that another system can read the files."""
    return {
        str(table): {column.name: str(column.type) for column in table.columns}
        for table in Table.metadata.sorted_tables
    }


def _tables(connection: psycopg.Connection, folder: Path, progress: Progress) -> dict[str, int]:
    written: dict[str, int] = {}
    for table in Table.metadata.sorted_tables:
        name = f"{table.schema or 'public'}.{table.name}"
        if name in SECRET:
            continue
        progress(f"Writing {name}")
        written[name] = _one_table(
            connection, table.schema or "public", table.name, folder / "tables" / f"{table.name}.jsonl"
        )
    return written


def _one_table(connection: psycopg.Connection, schema: str, name: str, path: Path) -> int:
    count = 0
    query = sql.SQL("SELECT row_to_json(t)::text FROM {} t").format(sql.Identifier(schema, name))
    with path.open("w", encoding="utf-8") as file, connection.cursor(name=f"export_{name}") as rows:
        rows.itersize = BATCH
        for (row,) in rows.execute(query):
            file.write(row + "\n")
            count += 1
    return count


def _identities(house: House, connection: psycopg.Connection, folder: Path) -> int:
    """Names and contacts, opened; in a file of their own that only its owner may read."""
    path = folder / "identities.jsonl"
    path.touch(mode=0o600)
    count = 0
    query = (
        "SELECT i.person_id, i.key_id, i.sealed, k.key_id, k.wrapped_key FROM identities i "
        "JOIN identity_keys k USING (person_id) WHERE k.wrapped_key IS NOT NULL"
    )
    with path.open("w", encoding="utf-8") as file:
        for person_id, key_id, sealed, wrapped_by, wrapped in connection.execute(query):
            key = unwrap_key(house.keys.identity_key_named(wrapped_by), wrapped, person_id, wrapped_by)
            who = json.loads(open_sealed(key, sealed, aad("identities", "sealed", person_id, key_id)))
            file.write(json.dumps({"person_id": str(person_id), **who}, ensure_ascii=False) + "\n")
            count += 1
    return count


def _files(house: House, connection: psycopg.Connection, folder: Path) -> int:
    """Every stored file under its digest; the tables say which row each belongs to."""
    count = 0
    for mapper in Table.registry.mappers:
        if not issubclass(mapper.class_, FileColumns):
            continue
        name = str(mapper.local_table.name)  # type: ignore[attr-defined]
        rows = connection.execute(
            sql.SQL("SELECT object_name, size, sha256, wrapped_key FROM {}").format(sql.Identifier(name))
        ).fetchall()
        for row in rows:
            _one_file(house, folder / "files", row)
            count += 1
    return count


def _one_file(house: House, folder: Path, row: tuple[Any, ...]) -> None:
    stored = StoredFile(row[0], row[1], row[2], row[3])
    with (folder / stored.sha256.hex()).open("wb") as file:
        for piece in house.storage.open(stored):
            file.write(piece)

"""The whole installation in open formats: a JSON-lines file for each table, every stored file, the schema."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql
from sqlalchemy import Column
from sqlalchemy import Table as Described

from app.access.actor import Actor
from app.access.work import House, open_work
from app.infra.db import Door, Table
from app.infra.keyholder import Wrapped
from app.infra.sealing import aad, open_sealed
from app.infra.storage import StoredFile
from app.kernel.errors import Refused
from app.kernel.events import Event
from app.operations.stored import naming_tables

BATCH = 2000
# What opens something, and so never leaves: whole tables, and columns with what each would open. Elsewhere none of it
# is of use, for it hangs on this installation's keys; a backup is what carries an installation to another machine.
SECRET_TABLES = frozenset(
    {"sessions", "one_time_links", "sign_in_delays", "sign_in_challenges", "passkeys", "code_secrets", "identity_keys"}
    | {"recovery_codes", "ways_back", "vouching", "drafts"}
)
SECRET_COLUMNS: Mapping[str, str] = {
    "accounts.password_hash": "guessed at on any machine, it gives the password",
    "filings.lookup": "who shows it to the database is the filer",
    "filings.repeat_key": "stands for the key under which a filing was sent, which gives its passphrase",
    "new_words.code_hash": "guessed at on any machine, it gives the code for new words",
    "new_words.second_hash": "guessed at on any machine, it gives the other half of that code",
    "filing_files.wrapped_key": "opens the sealed file, also in an old copy of the storage",
    "evidence_items.wrapped_key": "opens the sealed file, also in an old copy of the storage",
    "packets.wrapped_key": "opens the sealed file, also in an old copy of the storage",
    "release_builds.wrapped_key": "opens the sealed file, also in an old copy of the storage",
    "identities.sealed": "written opened, in identities.jsonl",
    "hidden_facts.sealed": "where a file was made and with what; the file itself says it",
    "identities.email_index": "finds the same address again, when the name was erased",
    "identities.phone_index": "finds the same number again, when the name was erased",
    "identities.name_index": "finds the same name again, when the name was erased",
}
# What looks like a secret by its name or kind and is none; a test finds any column that stands in neither list.
NO_SECRET: Mapping[str, str] = {
    "allegations.source_key": "the row's number in the source it came from",
    "cases.source_key": "the row's number in the source it came from",
    "officers.source_key": "the row's number in the source it came from",
    "recommendations.source_key": "the row's number in the source it came from",
    "imported_rows.digest": "tells a source row that was imported before",
    "identities.key_id": "the name of a key",
    "filings.canonical": "the exact bytes that a receipt proves",
    "filings.salt": "without it no receipt could be checked against the words, which stand beside it",
    "translation_approvals.text_hash": "tells which words a person has approved",
    "filing_files.sha256": "the name of the file in files/",
    "evidence_items.sha256": "the name of the file in files/",
    "packets.sha256": "the name of the file in files/",
    "release_builds.sha256": "the digest of a build",
    "journal_entries.body": "the journal: ids and codes, no words and no names",
    "journal_entries.salt": "without it no row could be checked against its entry; destroyed with what it is of",
    "journal_leaves.leaf": "the journal's tree",
    "journal_tiles.hashes": "the journal's tree",
    "checkpoints.root": "the journal's tree, published",
    "rulebooks.digest": "rulebooks are public",
    "rulebooks.archive": "rulebooks are public",
    "release_tables.csv": "public",
    "release_files.sha256": "public",
    "release_files.body": "public",
}
Progress = Callable[[str], None]


class InstallationExported(Event):
    """Everything left the house, names included."""

    tag = "operations:installation:exported"
    sentence = "Exported the whole installation: {tables} tables, {files} files."

    tables: int
    files: int


def export(house: House, folder: Path, progress: Progress) -> dict[str, int]:
    """Writes tables/, files/, identities.jsonl and schema.json below an empty folder that only its owner enters."""
    _make_private(folder)
    with psycopg.connect(house.databases.dsn(Door.BACKUP)) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        tables = _tables(connection, folder, progress)
        identities = _identities(house, connection, folder)
        files = _files(house, connection, folder)
    with _private(folder / "schema.json") as file:
        file.write(json.dumps(describe(), indent=1, ensure_ascii=False).encode())
    with open_work(house, Actor.system("export")) as work:
        work.happened(InstallationExported(tables=len(tables), files=files))
    return {"tables": len(tables), "rows": sum(tables.values()), "identities": identities, "files": files}


def _make_private(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder.name} is not an empty folder: give another one.")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        folder.chmod(0o700)
    except PermissionError:
        raise Refused(f"{folder.name} belongs to somebody else on this machine: give a folder of your own.") from None
    for below in ("tables", "files"):
        (folder / below).mkdir(mode=0o700)


def _private(path: Path) -> IO[bytes]:
    """A new file that only its owner reads, wherever it is carried."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def describe() -> dict[str, dict[str, str]]:
    """Every table that is written and its columns with their types, so that another system can read the files."""
    return {str(table): {column.name: str(column.type) for column in _columns(table)} for table in _written_tables()}


def _written_tables() -> list[Described]:
    return [table for table in Table.metadata.sorted_tables if table.name not in SECRET_TABLES]


def _columns(table: Described) -> list[Column[Any]]:
    return [column for column in table.columns if f"{table.name}.{column.name}" not in SECRET_COLUMNS]


def _tables(connection: psycopg.Connection, folder: Path, progress: Progress) -> dict[str, int]:
    written: dict[str, int] = {}
    for table in _written_tables():
        progress(f"Writing {table.schema or 'public'}.{table.name}")
        written[str(table)] = _one_table(connection, table, folder / "tables" / f"{table.name}.jsonl")
    return written


def _one_table(connection: psycopg.Connection, table: Described, path: Path) -> int:
    count = 0
    query = sql.SQL("SELECT row_to_json(t)::text FROM (SELECT {} FROM {}) t").format(
        sql.SQL(", ").join(sql.Identifier(column.name) for column in _columns(table)),
        sql.Identifier(table.schema or "public", table.name),
    )
    with _private(path) as file, connection.cursor(name=f"export_{table.name}") as rows:
        rows.itersize = BATCH
        for (row,) in rows.execute(query):
            file.write(row.encode() + b"\n")
            count += 1
    return count


def _identities(house: House, connection: psycopg.Connection, folder: Path) -> int:
    """Names and contacts, opened; in a file of their own."""
    count = 0
    query = (
        "SELECT i.person_id, i.key_id, i.sealed, k.key_id, k.wrapped_key FROM identities i "
        "JOIN identity_keys k USING (person_id) WHERE k.wrapped_key IS NOT NULL"
    )
    with _private(folder / "identities.jsonl") as file, connection.cursor(name="export_opened") as rows:
        rows.itersize = BATCH
        for person_id, key_id, sealed, wrapped_by, wrapped in rows.execute(query):
            key = house.keys.holder.unwrap(Wrapped(wrapped_by, wrapped), person_id)
            who = json.loads(open_sealed(key, sealed, aad("identities", "sealed", person_id, key_id)))
            file.write(json.dumps({"person_id": str(person_id), **who}, ensure_ascii=False).encode() + b"\n")
            count += 1
    return count


def _files(house: House, connection: psycopg.Connection, folder: Path) -> int:
    """Every stored file under its digest; the tables say which row each belongs to."""
    count = 0
    for table in naming_tables():
        query = sql.SQL("SELECT object_name, size, sha256, wrapped_key FROM {} WHERE wrapped_key IS NOT NULL").format(
            sql.Identifier(table.name)
        )
        with connection.cursor(name=f"export_files_of_{table.name}") as rows:
            rows.itersize = BATCH
            for row in rows.execute(query):
                _one_file(house, folder / "files", row)
                count += 1
    return count


def _one_file(house: House, folder: Path, row: tuple[Any, ...]) -> None:
    stored = StoredFile(row[0], row[1], row[2], row[3])
    with _private(folder / stored.sha256.hex()) as file:
        for piece in house.storage.open(stored):
            file.write(piece)

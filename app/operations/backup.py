"""Backup and restore: database and files in one sealed FILE that may be kept for years, every key in FILE.keys, which
may not: whoever was erased comes back from neither an old FILE nor a fresh FILE.keys.
"""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql

from app.access.work import House
from app.audit.checkpoints import Signer
from app.audit.sealer import start_epoch
from app.config import Settings
from app.infra.db import Databases, Door
from app.infra.keys import Keys
from app.infra.postgres.binaries import program
from app.infra.schema import apply_access, bare, make_roles
from app.infra.storage import Damaged, Missing, Storage, StoredFile
from app.kernel.errors import Refused
from app.operations.house import databases_of
from app.operations.vault_backup import SUFFIX, VaultBackup, prune

# Before the sealed part stands one line: how it opens with the installation's own secret.
MAGIC = b"candor backup 2\n"
LONGEST_LINE = 1 << 16
DUMP, MANIFEST, FILES = "database.dump", "manifest.json", "files/"
APART = "identity_keys"
UNLIMITED = 1 << 50
PIECE = 1 << 20
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Kept:
    """What a backup holds."""

    tables: int
    rows: int
    files: int
    bytes: int
    names: int = 0
    keys_die_on: str = ""
    keys_deleted: int = 0


def backup(house: House, file: Path, secrets_dir: Path, progress: Progress) -> Kept:
    """Writes FILE and FILE.keys; neither is there before both are whole. What is too old beside them goes."""
    keys_file = file.with_name(file.name + SUFFIX)
    if file.exists() or keys_file.exists():
        raise Refused(f"{file.name} is there already: give another name.")
    if not file.absolute().parent.is_dir():
        raise Refused(f"The folder {file.absolute().parent} is not there: make it, or name a file in another one.")
    with tempfile.TemporaryDirectory(dir=file.absolute().parent, prefix=".candor-backup-") as folder:
        place = Storage.at(Path(folder) / "sealed", house.keys.derive("backup"))
        with psycopg.connect(house.databases.dsn(Door.BACKUP)) as connection:
            snapshot, counts = _snapshot(connection)
            progress("Writing the database and the files")
            with place.writer(limit=UNLIMITED) as writer:
                files = _write_archive(house, writer, snapshot, counts)
                stored = writer.finish()
            person_keys = connection.execute("SELECT row_to_json(k)::text FROM identity_keys k").fetchall()
            now = _now(connection)
        progress("Reading it back")
        place.verify(stored)
        _head(Path(folder) / "whole", stored, place)
        vault = VaultBackup.of(secrets_dir, [row[0] for row in person_keys], now, house.vault_days)
        vault.write(keys_file)
        _move(Path(folder) / "whole", file)
    gone = prune(file.absolute().parent, now.date(), None)
    size = file.stat().st_size
    return Kept(len(counts), sum(counts.values()), files, size, len(vault.person_keys), vault.dies_on, len(gone))


def _now(connection: psycopg.Connection) -> datetime:
    row = connection.execute("SELECT now()").fetchone()
    assert row is not None  # noqa: S101 - it always answers
    found: datetime = row[0]
    return found


def _head(path: Path, stored: StoredFile, place: Storage) -> None:
    """The sealed part with the line before it that says how it opens."""
    line = {
        name: b64encode(value).decode() if isinstance(value, bytes) else value for name, value in asdict(stored).items()
    }
    with path.open("xb") as whole:
        os.fchmod(whole.fileno(), 0o600)
        whole.write(MAGIC + json.dumps(line).encode() + b"\n")
        for piece in place.raw(stored.name):
            whole.write(piece)
        whole.flush()
        os.fsync(whole.fileno())


def _snapshot(connection: psycopg.Connection) -> tuple[str, dict[str, int]]:
    """One moment for all: what is dumped, what is counted, and the persons' keys."""
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    row = connection.execute("SELECT pg_export_snapshot()").fetchone()
    return str(row[0]) if row else "", count_rows(connection)


def count_rows(connection: psycopg.Connection) -> dict[str, int]:
    """How many rows each table holds, by name."""
    names = connection.execute(
        "SELECT table_schema, table_name FROM information_schema.tables "
        "WHERE table_schema IN ('public', 'release') AND table_type = 'BASE TABLE' ORDER BY 1, 2"
    ).fetchall()
    counts: dict[str, int] = {}
    for schema, name in names:
        found = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, name))).fetchone()
        counts[f"{schema}.{name}"] = int(found[0]) if found else 0
    return counts


def _write_archive(house: House, writer: Any, snapshot: str, counts: dict[str, int]) -> int:
    with tarfile.open(fileobj=writer, mode="w|") as archive, tempfile.TemporaryFile() as dump:
        _dump(house.databases, snapshot, dump)
        _add_stream(archive, DUMP, dump)
        files = 0
        for name in sorted(house.storage.names()):
            with tempfile.TemporaryFile() as sealed:
                try:
                    for piece in house.storage.raw(name):
                        sealed.write(piece)
                except Missing:
                    continue  # swept since it was listed: no row named it
                _add_stream(archive, FILES + name, sealed)
            files += 1
        manifest = {"format": 2, "agency": house.agency, "rows": counts, "files": files}
        _add_stream(archive, MANIFEST, io.BytesIO(json.dumps(manifest, sort_keys=True).encode()))
    return files


def _dump(databases: Databases, snapshot: str, into: IO[bytes]) -> None:
    """`pg_dump` by the backup's role, which sees every row and changes none; the persons' keys stay out."""
    command = [
        str(program("pg_dump")),
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        "--enable-row-security",
        f"--snapshot={snapshot}",
        f"--exclude-table-data=public.{APART}",
    ]
    _run(command, databases, Door.BACKUP, stdout=into)


def _add_stream(archive: tarfile.TarFile, name: str, stream: IO[bytes]) -> None:
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    member = tarfile.TarInfo(name)
    member.size = size
    archive.addfile(member, stream)


def _move(source: Path, target: Path) -> None:
    source.replace(target)
    descriptor = os.open(target.absolute().parent, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def restore(settings: Settings, owner_url: str, file: Path, progress: Progress, keys_file: Path | None = None) -> Kept:
    """Fills an empty installation from FILE and FILE.keys, or newer keys, and proves that all of it came back."""
    if not file.is_file():
        raise Refused(f"{file.name} is not there: a restore needs the backup and its keys.")
    vault = VaultBackup.read(keys_file or file.with_name(file.name + SUFFIX))
    _refuse_standing(settings, owner_url)
    with tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=".candor-restore-") as folder:
        progress("Opening the backup")
        unpacked = Path(folder)
        manifest = _unpack(file, vault, unpacked)
        keys = _restore_keys(settings, vault)
        databases = databases_of(settings, owner_url, keys)
        progress("Filling the database")
        names = _fill(databases, owner_url, unpacked / DUMP, vault.person_keys)
        progress("Putting the files back")
        storage = Storage.at(settings.files_location, keys.derive("storage"))
        for path in sorted((unpacked / FILES).glob("*")):
            storage.put_raw(path.name, _pieces(path))
        with psycopg.connect(bare(owner_url)) as connection:
            counts = count_rows(connection)
        _compare(manifest["rows"], counts)
        _continue_journal(databases, manifest["agency"], keys)
    return Kept(len(counts), sum(counts.values()), manifest["files"], file.stat().st_size, names)


def _refuse_standing(settings: Settings, owner_url: str) -> None:
    with psycopg.connect(bare(owner_url)) as connection:
        row = connection.execute("SELECT to_regclass('public.installation')").fetchone()
    if (row and row[0]) or any(settings.secrets_dir.glob("*.key")):
        raise Refused("There is an installation here already: restore into an empty --data folder.")


def _unpack(file: Path, vault: VaultBackup, folder: Path) -> dict[str, Any]:
    """Every piece is proved as it is read: an altered or cut backup is refused before anything is written."""
    what, key, start = _opening(file, vault)
    stored = StoredFile(what["name"], what["size"], b64decode(what["sha256"]), b64decode(what["wrapped_key"]))
    place = Storage.at(folder / "sealed", key)
    place.put_raw(stored.name, _pieces(file, start))
    digest = hashlib.sha256()
    try:
        with (folder / "archive.tar").open("wb") as plain:
            for piece in place.open(stored):
                digest.update(piece)
                plain.write(piece)
    except Damaged:
        raise Refused("The backup is damaged or these are not its keys; nothing was changed.") from None
    if digest.digest() != stored.sha256:
        raise Refused("The backup is not what was written; nothing was changed.")
    with tarfile.open(folder / "archive.tar") as archive:
        for member in archive:
            _take_out(archive, member, folder)
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    return manifest


def _opening(file: Path, vault: VaultBackup) -> tuple[Mapping[str, Any], bytes, int]:
    """By what it opens, and where the sealed part begins; backups of the first format had a key of their own."""
    with file.open("rb") as read:
        if read.readline(len(MAGIC)) != MAGIC:
            if vault.opens is None:
                raise Refused(f"{file.name} is damaged or no backup; nothing was changed.")
            return vault.opens, b64decode(vault.key), 0
        line = read.readline(LONGEST_LINE)
    try:
        what = json.loads(line)
        found = {name: what[name] for name in ("name", "size", "sha256", "wrapped_key")}
    except (ValueError, KeyError, TypeError):
        raise Refused(f"{file.name} is damaged; nothing was changed.") from None
    return found, Keys(vault.master).derive("backup"), len(MAGIC) + len(line)


def _take_out(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """By hand: the first Python we run on has no filter that keeps names inside the folder."""
    place = folder / member.name
    source = archive.extractfile(member)
    if source is None or ".." in place.parts or not place.is_relative_to(folder):
        raise Refused("The backup is not what was written; nothing was changed.")
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with place.open("xb") as file:
        shutil.copyfileobj(source, file)


def _restore_keys(settings: Settings, vault: VaultBackup) -> Keys:
    settings.secrets_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, value in vault.secrets.items():
        descriptor = os.open(settings.secrets_dir / Path(name).name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(b64decode(value))
    return Keys.load(settings.secrets_dir, service=settings.key_service)


def _fill(databases: Databases, owner_url: str, dump: Path, person_keys: Sequence[str]) -> int:
    with psycopg.connect(bare(owner_url), autocommit=True) as connection:
        make_roles(connection, databases)
    command = [
        str(program("pg_restore")),
        "--no-owner",
        "--no-privileges",
        "--exit-on-error",
        "--single-transaction",
        f"--dbname={databases.name}",
        str(dump),
    ]
    _run(command, databases, None)
    with psycopg.connect(bare(owner_url)) as connection:
        names = sum(connection.execute(_GIVE_KEY, {"row": row}).rowcount for row in person_keys)
        # Who was erased after the database was backed up is found by no look-up any more, either.
        connection.execute(
            "UPDATE identities SET email_index = NULL, phone_index = NULL, name_index = NULL WHERE person_id NOT IN "
            "(SELECT person_id FROM identity_keys WHERE wrapped_key IS NOT NULL)"
        )
        connection.commit()
        apply_access(connection, databases)
    return names


# The keys may be newer than the database: those of people whom it does not know yet are left out.
_GIVE_KEY = """INSERT INTO identity_keys SELECT k.* FROM json_populate_record(NULL::identity_keys, %(row)s) k
WHERE EXISTS (SELECT FROM persons p WHERE p.id = k.person_id)"""


def _run(command: list[str], databases: Databases, door: Door | None, stdout: IO[bytes] | None = None) -> None:
    """A program of Postgres; its password goes by the environment, where other users do not see it."""
    url = databases.owner if door is None else databases.url(door)
    query = {name: str(value) for name, value in url.query.items()}
    environment = {
        "PGUSER": str(url.username),
        "PGPASSWORD": str(url.password),
        "PGDATABASE": str(url.database),
        "PGHOST": query.get("host") or str(url.host),
        "PGPORT": query.get("port") or str(url.port or 5432),
    }
    ended = subprocess.run(  # noqa: S603 - our own program, arguments of our own making
        command, env={**os.environ, **environment}, stdout=stdout, stderr=subprocess.PIPE, check=False
    )
    if ended.returncode:
        last = ended.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no reason given"]
        raise Refused(f"The database's own program refused: {last[0]}")


def _pieces(path: Path, start: int = 0) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        while piece := file.read(PIECE):
            yield piece


def _compare(expected: dict[str, int], found: dict[str, int]) -> None:
    # The keys of persons come from the other file, and may be fewer: that is how somebody stays erased.
    wrong = sorted(name for name in expected if found.get(name) != expected[name] and name != f"public.{APART}")
    if wrong:
        raise Refused(f"Not every row came back: {', '.join(wrong)}. Do not use this restore.")


def _continue_journal(databases: Databases, agency: str, keys: Keys) -> None:
    """Transaction numbers begin again in another cluster: the journal notes how far the old ones reach."""
    signer = Signer(f"candor/{agency}", keys.checkpoint_key)
    with psycopg.connect(databases.dsn(Door.SEALER), autocommit=True) as connection:
        now = connection.execute("SELECT now()").fetchone()
        if now is not None:
            start_epoch(connection, signer, now[0])

"""`backup`, `restore`, `export` and `upgrade`: the city owns its installation and can take it anywhere."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from app import stages
from app.cli.installation import opened_house, prepare
from app.cli.terminal import print_json, progress, settings_from
from app.config import ENVIRONMENT, Settings
from app.infra.schema import migrate_needed
from app.operations.backup import backup, restore
from app.operations.database import owner_url, running_database
from app.operations.export import export
from app.operations.house import open_house

Data = Annotated[Path | None, typer.Option(help="The folder of everything this installation keeps.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command("backup")(write_backup)
    app.command("restore")(read_backup)
    app.command("export")(write_export)
    app.command("upgrade")(upgrade)


def write_backup(file: Path, data: Data = None, as_json: Json = False) -> None:
    """Write database and files to FILE, which may be kept for years, and every key to FILE.keys, which may not."""
    settings = settings_from(data)
    with opened_house(settings, progress) as house:
        kept = backup(house, file, settings.secrets_dir, progress)
    words = (
        f"{file.name}: {kept.rows} rows of {kept.tables} tables, {kept.files} files. Keep {file.name}.keys elsewhere, "
        f"and no copy of it after {kept.keys_die_on}: so names that are erased stay erased."
    )
    _answer(asdict(kept), words, as_json=as_json)


def read_backup(
    file: Path,
    keys: Annotated[
        Path | None, typer.Option(help="Other keys than FILE.keys: the newest of this installation.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Fill an empty installation from FILE and FILE.keys, and prove that all of it came back."""
    settings = settings_from(data)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with running_database(settings, progress) as ready:
        kept = restore(ready, owner_url(ready), file, progress, keys)
    if not (settings.data_dir / ENVIRONMENT).exists():
        progress(f"Settings are in no backup: bring {ENVIRONMENT} of the old folder into {settings.data_dir}.")
    words = f"Restored {kept.rows} rows of {kept.tables} tables, {kept.files} files and the keys of {kept.names} names."
    _answer(asdict(kept), words, as_json=as_json)


def write_export(folder: Path, data: Data = None, as_json: Json = False) -> None:
    """Write everything in open formats, names included, passwords and keys not; the export stands in the journal."""
    with opened_house(settings_from(data), progress) as house:
        written = export(house, folder, progress)
    words = f"{written['rows']} rows, {written['identities']} identities, {written['files']} files in {folder.name}."
    _answer(written, words, as_json=as_json)


def upgrade(data: Data = None, as_json: Json = False) -> None:
    """Back up, then bring the database to this release."""
    settings = settings_from(data)
    with running_database(settings, progress) as ready:
        saved = _saved(ready)
        prepare(ready, demo=False, progress=progress)
    _answer({"backup": saved}, f"Up to date. Backup: {saved or 'not needed'}.", as_json=as_json)


def _saved(settings: Settings) -> str:
    """A backup beside the data before anything is changed; none where there is nothing to change."""
    if not migrate_needed(owner_url(settings)):
        return ""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")  # noqa: TID251 - a file's name, no legal time
    folder = settings.data_dir / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / f"before-upgrade-{stamp}.candor"
    house = open_house(settings, owner_url(settings), stages.WIRING)
    backup(house, file, settings.secrets_dir, progress)
    house.databases.dispose()
    return file.name


def _answer(facts: dict[str, Any], words: str, *, as_json: bool) -> None:
    if as_json:
        print_json(facts)
    else:
        print(words)

"""`import`: real cases of a public source become cases of this installation."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from app.cli.terminal import print_json, progress, settings_from

if TYPE_CHECKING:
    from app.imports.importer import Report, Watch

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command("import")(import_source)


def import_source(
    source: Annotated[str, typer.Argument(help="A built-in source, or the path of a mapping file.")],
    path: Annotated[Path, typer.Argument(help="A file, or the folder that holds the source's files.")],
    agency: Annotated[str | None, typer.Option(help="Which agency's installation; its rulebook applies.")] = None,
    data: Annotated[Path | None, typer.Option(help="The folder of everything this installation keeps.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and check everything, write nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Import the files of one source; what was imported before is not imported again."""
    from app.cli.installation import opened_house
    from app.imports.files import plan
    from app.imports.importer import run_import
    from app.imports.mapping import load_mapping

    settings = settings_from(data, agency)
    mapping = load_mapping(source, settings.policies_dir)
    planned = plan(mapping.mapping, path)  # before an installation is made for what cannot be imported
    total = sum(found.path.stat().st_size for found in planned.files)
    with opened_house(settings, progress) as house, _bar(total) as watch:
        report = run_import(house, mapping, path, settings.data_dir / "imports", watch, dry_run=dry_run)
    if as_json:
        print_json(_as_json(report))
    else:
        _show(report)


@contextmanager
def _bar(total: int) -> Iterator["Watch"]:
    """How far it is, by the bytes of the files; only where somebody can see it."""
    columns = (TextColumn("  {task.description:<28}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    console = Console(file=sys.stderr)
    with Progress(*columns, TimeElapsedColumn(), console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("Importing", total=total)
        reached: dict[str, int] = {}

        def watch(file: str, done: int) -> None:
            reached[file] = done
            bar.update(task, description=file, completed=sum(reached.values()))

        yield watch


def _as_json(report: "Report") -> dict[str, Any]:
    return {
        **asdict(report.counts),
        "rejects_file": str(report.rejects_file),
        "warnings_file": str(report.warnings_file),
        "files": {name: asdict(counts) for name, counts in report.files.items()},
        "passed_over": list(report.passed_over),
        "notes": list(report.notes),
        "dry_run": report.is_dry_run,
    }


def _show(report: "Report") -> None:
    counts = report.counts
    if report.is_dry_run:
        print("A dry run: nothing was written.")
    print(
        f"{counts.read:,} rows read: {counts.imported:,} imported, {counts.unchanged:,} unchanged, "
        f"{counts.rejected:,} rejected; {counts.warned:,} of the imported with a warning."
    )
    for name, one in report.files.items():
        print(f"  {name}: {one.read:,} read, {one.imported:,} imported, {one.rejected:,} rejected")
    for words in (*report.notes, *(f"passed over: {words}" for words in report.passed_over)):
        print(f"  {words}")
    print(f"Rejected rows, with line and reason: {report.rejects_file}")
    print(f"Rows with a warning: {report.warnings_file}")

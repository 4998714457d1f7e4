"""`generate`: an empty installation filled with plausible cases, for load tests."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from app import stages
from app.cli.terminal import print_json, progress, settings_from
from app.imports import generate as generator
from app.operations import demonstration
from app.operations.database import owner_url, running_database
from app.operations.house import open_house
from app.operations.install import prepare_installation


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command()(generate)


def generate(
    cases: Annotated[int, typer.Option(help="How many cases.", min=1, max=5_000_000)],
    seed: Annotated[int, typer.Option(help="The same seed on the same day gives the same cases.")] = 1,
    data: Annotated[Path | None, typer.Option(help="The folder of everything this installation keeps.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Fill an empty installation with invented cases, for load tests; it can never hold real ones afterwards."""
    with running_database(settings_from(data), progress) as ready:
        prepare_installation(ready, owner_url(ready), stages.WIRING, demo=True, progress=progress)
        house = open_house(ready, owner_url(ready), stages.WIRING)
        try:
            generator.check_empty(house)
            if not house.is_demonstration:
                demonstration.add_accounts(house, ready)
            with Progress(console=Console(stderr=True)) as bar:
                task = bar.add_task("Cases", total=cases)
                made = generator.generate(house, cases, seed, lambda count: bar.update(task, advance=count))
        finally:
            house.databases.dispose()
        progress("Counting what was written, for the planner")
        generator.tidy(owner_url(ready))
    if as_json:
        print_json(asdict(made))
    else:
        print(f"{made.cases} cases, {made.open} of them open; {sum(made.rows.values())} rows. Every one is invented.")

"""`up`: the one command that starts everything."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.installation import prepare
from app.cli.terminal import progress, settings_from
from app.infra.assets import build_assets
from app.kernel.errors import Refused
from app.operations import serve


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command()(up)
    app.command()(assets)


def up(
    port: Annotated[int, typer.Option(help="Where to listen.", min=1, max=65535)] = 8000,
    data: Annotated[Path | None, typer.Option(help="The folder of everything this installation keeps.")] = None,
    agency: Annotated[str | None, typer.Option(help="Which agency's rulebooks apply.")] = None,
    no_demo: Annotated[bool, typer.Option("--no-demo", help="Begin empty, without demonstration cases.")] = False,
    listen: Annotated[str, typer.Option(help="The address to listen on; for containers.")] = "127.0.0.1",
) -> None:
    """Serve: database, migrations, demonstration data, web and worker, until Ctrl-C."""
    settings = settings_from(data, agency)
    if settings.agency and not (settings.policies_dir / settings.agency).is_dir():
        raise Refused(f"There is no rulebook for {settings.agency}: ./candor rulebook list shows all there are.")
    if "base_url" not in settings.model_fields_set:
        settings = settings.model_copy(update={"base_url": f"http://127.0.0.1:{port}"})
    serve.up(settings, serve.Place(listen, port), prepare, demo=not no_demo, progress=progress)


def assets() -> None:
    """Build the style sheet and scripts, as `up` does where they are missing; for making an image."""
    build_assets(progress)

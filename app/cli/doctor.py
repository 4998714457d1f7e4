"""`doctor`: what is missing or misconfigured, and how to mend it."""

import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli.installation import opened_house
from app.cli.terminal import print_json, progress, settings_from
from app.config import Settings
from app.kernel.errors import Refusal, Refused
from app.operations.doctor import Finding, look


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command()(doctor)


def doctor(
    data: Annotated[Path | None, typer.Option(help="The folder of everything this installation keeps.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say what is missing or misconfigured, and how to mend it."""
    settings = settings_from(data)
    findings = _look(settings)
    wrong = [finding for finding in findings if not finding.ok]
    if as_json:
        print_json({"ok": not wrong, "findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            print(f"{'ok  ' if finding.ok else 'MEND'}  {finding.name}: {finding.words}")
            if finding.mend:
                print(f"      {finding.mend}")
    if wrong:
        raise Refused(f"{len(wrong)} to mend: {', '.join(finding.name for finding in wrong)}.")


def _look(settings: Settings) -> list[Finding]:
    now = datetime.fromtimestamp(time.time(), UTC)
    try:
        with opened_house(settings, progress) as house:
            return look(settings, house, "", now)
    except Refusal as problem:
        return look(settings, None, str(problem).splitlines()[0], now)

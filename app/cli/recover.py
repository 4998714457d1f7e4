"""`recover`: the two key files made anew from the words in the sealed envelopes."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from app.cli.terminal import progress, settings_from
from app.infra.keys import KeyFileError, Keys
from app.kernel.errors import Refused

ENVELOPES = ("Envelope 1 of 2, the master key", "Envelope 2 of 2, the identity key")


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command()(recover)


def recover(
    recovery_file: Annotated[
        Path | None, typer.Option(help="A file that ./candor setup --recovery-file wrote; else you are asked.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="The folder of everything this installation keeps.")] = None,
) -> None:
    """Make lost keys anew from the two envelopes; never overwrites a key."""
    folder = settings_from(data).secrets_dir
    if any(folder.glob("*.key")):
        raise Refused(f"There are keys in {folder} already, and a key is never overwritten: move them away first.")
    master, identity = _from_file(recovery_file) if recovery_file else (_asked(ENVELOPES[0]), _asked(ENVELOPES[1]))
    try:
        Keys.recover(folder, master, identity)
    except KeyFileError as problem:
        raise Refused(f"{problem} Nothing was written.") from problem
    print(f"Both keys are in {folder} again.")


def _from_file(file: Path) -> tuple[str, str]:
    """Two sheets, each a heading and four lines, with an empty line between them."""
    sheets = [sheet.partition("\n")[2] for sheet in file.read_text("utf-8").strip().split("\n\n")]
    if len(sheets) != len(ENVELOPES):
        raise Refused(f"{file} is not what ./candor setup --recovery-file wrote: it holds two sheets of words.")
    return sheets[0], sheets[1]


def _asked(envelope: str) -> str:
    if not sys.stdin.isatty():
        raise Refused("Nobody is there to type the words: name a file with --recovery-file.")
    progress(f"{envelope}: four lines of six words.")
    return "\n".join(str(typer.prompt(f"Line {number}", err=True)) for number in range(1, 5))

"""`languages`: what each language lacks, and how hard the English is."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from app.cli.terminal import progress
from app.config import PROJECT
from app.kernel.errors import Refused
from app.operations import languages, reading
from app.policy.loader import demonstration_in, folders, read_rulebook
from app.policy.model import Rulebook

FEW = 5


def register(app: typer.Typer) -> None:
    """Add the command of this family."""
    app.command(name="languages")(show)


def show(
    language: Annotated[str, typer.Argument(help="Every gap of this language, such as ht")] = "",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For a program")] = False,
    strict: Annotated[bool, typer.Option(help="Refuse gaps in Spanish and hard pages")] = False,
) -> None:
    """What residents would read in English, language by language, and the pages that are too hard to read."""
    book = demonstration()
    found = {code: languages.gaps(book, code) for code in languages.offered(book) if language in ("", code)}
    if as_json:
        print(json.dumps({code: [asdict(gap) for gap in gaps] for code, gaps in found.items()}, ensure_ascii=False))
        return
    for code, gaps in found.items():
        _tell(code, gaps, everything=bool(language) or code == languages.COMPLETE)
    hard = [each for each in reading.readings(book) if each.is_too_hard]
    for each in hard:
        progress(f"too hard to read: {each.where}, grade {each.grade:.1f} (at most {reading.HARDEST:.0f})")
    if strict and (hard or found.get(languages.COMPLETE)):
        raise Refused("Say it in Spanish too (templates/*/locale/es.po, words/es.yaml), and in easier words.")


def _tell(code: str, gaps: list[languages.Gap], *, everything: bool) -> None:
    progress(f"{code}: {len(gaps) or 'nothing'} missing")
    for gap in gaps if everything else gaps[:FEW]:
        progress(f"    {gap.where}: {gap.english}")


def demonstration() -> Rulebook:
    """The newest rulebook of the demonstration, in which every language is offered."""
    policies = PROJECT / "policies"
    agency = demonstration_in(policies)
    return read_rulebook([folder for folder in folders(policies) if folder.parent.name == agency][-1])

"""`rulebook`: list, check, show and explain what the cities have written down."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic.json_schema import models_json_schema

from app.cli.explain import explainer
from app.cli.rulebook_new import new_rulebook
from app.cli.rulebook_plain import differ, shower
from app.cli.sources import expired_in, lister
from app.cli.terminal import print_json, settings_from
from app.kernel.errors import NotFound, Refused
from app.operations.scenarios.happenings import Scenario
from app.operations.scenarios.runner import Told, access_rights, shelf_of, tell_folder, without_scenarios
from app.policy.loader import NoRulebook, Rulebooks, examine, folders, read_rulebook
from app.policy.model import Rulebook, RulebookText
from app.policy.model.intake import Form
from app.policy.problems import Problem, RulebookError, Severity
from app.policy.promises import Undone, not_done
from app.policy.vocabulary import Vocabulary

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    family = typer.Typer(no_args_is_help=True, help="The rulebooks: what each city has written down.")
    family.command("new")(new_rulebook)
    family.command("list")(list_rulebooks)
    family.command("check")(check_rulebooks)
    family.command("show")(shower(_load))
    family.command("diff")(differ(_load))
    family.command("schema")(print_schema)
    family.command("explain")(explainer(lambda book_id, on: _find_or_first(_load(), book_id, on)))
    family.command("sources")(lister(_load))
    app.add_typer(family, name="rulebook")


def list_rulebooks(as_json: Json = False) -> None:
    """List every rulebook and the day it takes effect."""
    books = _load()
    rows = [_row(book) for agency in books.agencies() for book in books.of(agency)]
    if as_json:
        print_json({"rulebooks": rows})
        return
    for row in rows:
        languages = ", ".join(row["languages"])
        print(f"{row['id']}  from {row['effective_from']}  {row['status']}  {languages}  {row['name']}")


def check_rulebooks(
    files: Annotated[list[Path] | None, typer.Argument(help="Folders or files; all when left out.")] = None,
    as_json: Json = False,
) -> None:
    """Read rulebooks and say what is wrong, where, and how to mend it."""
    chosen = [_folder_of(file) for file in files] if files else folders(settings_from().policies_dir)
    known, read = _vocabulary(), cache(read_rulebook)
    problems = [problem for folder in dict.fromkeys(chosen) for problem in examine(folder, known, read)]
    sound = [folder for folder in dict.fromkeys(chosen) if _is_sound(folder, problems)]
    told = _tell_scenarios(sound, read)
    problems += [problem for each in told for problem in each.problems]
    problems += [problem for folder in sound for problem in without_scenarios(folder)]
    problems += [problem for folder in sound for problem in expired_in(folder, read(folder))]
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    later = {os.path.relpath(folder): not_done(read(folder)) for folder in sound}
    if as_json:
        counts = {"checked": len(chosen), "scenarios": len(told), "steps": sum(each.steps for each in told)}
        print_json(
            {**counts, "ok": not errors, "problems": [_problem(p) for p in problems], "not_done_yet": _later(later)}
        )
    else:
        _print_later(later)
        _print_problems(problems, len(chosen), len(told))
    if errors:
        more = f" and {len(errors) - 1} more" if len(errors) > 1 else ""
        raise Refused(f"{errors[0]}{more}. Mend it and check again.")


def print_schema() -> None:
    """Print the JSON Schema of rulebook.yaml; form.yaml is its definition `Form`, a scenario `Scenario`."""
    _, schema = models_json_schema([(each, "validation") for each in (RulebookText, Form, Scenario)])
    definitions = schema["$defs"]
    print_json(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "rulebook.yaml",
            **{key: value for key, value in definitions["RulebookText"].items() if key != "title"},
            "$defs": definitions,
        }
    )


def _is_sound(folder: Path, problems: list[Problem]) -> bool:
    """A story of a broken rulebook would only say again what is broken."""
    shown = os.path.relpath(folder)
    return not any(p.severity is Severity.ERROR and p.file.startswith(f"{shown}/") for p in problems)


def _tell_scenarios(chosen: list[Path], read: Callable[[Path], Rulebook]) -> list[Told]:
    """The stories beside these rulebooks, with every version of the same agency on the shelf."""
    access = access_rights(settings_from().policies_dir)
    return [told for folder in chosen for told in tell_folder(folder, shelf_of(folder, read), access)]


def _vocabulary() -> Vocabulary:
    """What the stages answer, as every start asks it."""
    from app import stages

    return stages.WIRING.vocabulary


def _load() -> Rulebooks:
    try:
        return Rulebooks.load(settings_from().policies_dir)
    except RulebookError as error:
        raise Refused(str(error)) from error


def _find(books: Rulebooks, book_id: str, on: date) -> Rulebook:
    try:
        return books.named(book_id) if "@" in book_id else books.in_force(book_id, on)
    except NoRulebook as error:
        raise NotFound(f"{error} There are: {', '.join(books.agencies())}.") from error


def _find_or_first(books: Rulebooks, book_id: str, on: date) -> Rulebook:
    """A clock may have started before the first rulebook was written; that one then explains it."""
    versions = books.of(book_id)
    return _find(books, book_id, max(on, versions[0].effective_from) if versions else on)


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text} is not a day such as 2026-03-05.", param_hint=option) from error


def _folder_of(file: Path) -> Path:
    folder = file if file.is_dir() else file.parent
    if folder.name in ("letters", "words", "scenarios"):
        folder = folder.parent
    if not file.exists():
        raise Refused(f"There is no {file}.")
    return folder


def _row(book: Rulebook) -> dict[str, Any]:
    return {
        "id": book.id,
        "policy_id": book.policy_id,
        "effective_from": book.effective_from.isoformat(),
        "status": book.status.value,
        "name": str(book.name),
        "model": book.model.value,
        "languages": list(book.language_codes),
        "departments": [department.code for department in book.departments],
        "digest": book.digest,
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {**asdict(problem), "text": str(problem)}


def _later(later: Mapping[str, Sequence[Undone]]) -> dict[str, list[dict[str, Any]]]:
    return {folder: [asdict(each) for each in found] for folder, found in later.items()}


def _print_later(later: Mapping[str, Sequence[Undone]]) -> None:
    """Once for each rulebook, before what must be mended: a city must not rely on what only stands there."""
    for folder, found in later.items():
        if found:
            print(f"no stage does this yet: {folder}/rulebook.yaml")
            for each in found:
                print(f"    {each}")


def _print_problems(problems: list[Problem], checked: int, told: int) -> None:
    for problem in problems:
        print(f"{problem.severity.value}: {problem}")
    if not any(problem.severity is Severity.ERROR for problem in problems):
        stories = f" {told} scenario{'s go' if told != 1 else ' goes'} as told." if told else ""
        print(f"{checked} rulebook{'s are' if checked != 1 else ' is'} in order.{stories}")

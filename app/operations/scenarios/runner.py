"""Reads the scenarios beside a rulebook, tells each, and says with file and line where the story goes otherwise."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from app.kernel.compartments import Compartment, Kind
from app.operations.scenarios.happenings import Scenario, Step
from app.operations.scenarios.kept import Access
from app.operations.scenarios.looking import differences
from app.operations.scenarios.story import Shelf, Story, Untold
from app.operations.scenarios.telling import tell
from app.policy import documents
from app.policy.documents import Document, read_document, say
from app.policy.loader import NoRulebook, Rulebooks, read_rulebook
from app.policy.model import Rulebook, UnknownName
from app.policy.problems import Problem, RulebookError, Severity
from app.policy.wording import reason_for

FOLDER = "scenarios"


@dataclass(frozen=True)
class Told:
    """How one scenario went."""

    file: str
    title: str
    steps: int
    problems: tuple[Problem, ...]


def shelf_of(folder: Path, read: Callable[[Path], Rulebook] = read_rulebook) -> Shelf:
    """The rulebook of a folder among the other versions of its agency that can be read."""
    own = read(folder)
    others = [each for each in sorted(folder.parent.iterdir()) if each.is_dir() and each.name != folder.name]
    return Shelf(own, Rulebooks((own, *(book for each in others if (book := _version(each, read)) is not None))))


def _version(folder: Path, read: Callable[[Path], Rulebook]) -> Rulebook | None:
    """Another version; a folder that is none, or broken, is spoken of when it is checked itself."""
    try:
        date.fromisoformat(folder.name)
        return read(folder)
    except ValueError:
        return None


def access_rights(policies: Path) -> Access:
    """What `access.yaml` lets each role do at all, and who is inside each compartment."""
    said = read_document("access.yaml", (policies / "access.yaml").read_bytes()).data
    return Access(
        {role: frozenset(rule["may"]) for role, rule in said["roles"].items()},
        {Kind(kind): Compartment.model_validate(rule) for kind, rule in said["compartments"].items()},
    )


def tell_folder(folder: Path, shelf: Shelf, access: Access) -> list[Told]:
    """Every scenario in a rulebook's folder, in the order of their names."""
    return [tell_file(path, shelf, access) for path in sorted((folder / FOLDER).glob("*.yaml"))]


def without_scenarios(folder: Path) -> list[Problem]:
    """A rulebook that nothing proves is no error, and is said."""
    if any((folder / FOLDER).glob("*.yaml")):
        return []
    mend = "write a small story of a case, as docs/rulebook.md shows"
    reason = "no scenario lies beside this rulebook"
    return [Problem(f"{os.path.relpath(folder)}/{FOLDER}", 1, "", reason, mend, Severity.WARNING)]


def read_file(path: Path) -> Scenario:
    """One scenario as its author wrote it."""
    return _read(read_document(os.path.relpath(path), path.read_bytes()))


def tell_file(path: Path, shelf: Shelf, access: Access) -> Told:
    """One scenario."""
    return tell_text(os.path.relpath(path), path.read_bytes(), shelf, access)


def tell_text(file: str, content: bytes, shelf: Shelf, access: Access) -> Told:
    """One scenario from its text; what cannot be read is said as in a rulebook."""
    try:
        document = read_document(file, content)
        scenario = _read(document)
    except RulebookError as error:
        return Told(file, "", 0, error.problems)
    problems = tuple(_told(document, scenario, shelf, access))
    return Told(file, scenario.title, len(scenario.steps), problems)


def _read(document: Document) -> Scenario:
    if not isinstance(document.data, Mapping):
        raise RulebookError([Problem(document.file, 1, "", "a scenario holds title, about and steps")])
    try:
        return Scenario.model_validate(document.data)
    except ValidationError as error:
        problems = []
        for detail in error.errors():
            nearest = document.nearest(detail["loc"])
            problems.append(Problem(document.file, document.line_of(nearest), _place(nearest), reason_for(detail)))
        raise RulebookError(sorted(problems)) from error


def _told(document: Document, scenario: Scenario, shelf: Shelf, access: Access) -> Iterator[Problem]:
    story = Story(shelf, scenario.steps[0].on, access)
    used_own = False
    for number, step in enumerate(scenario.steps):
        try:
            refusal = tell(story, step)
            used_own = used_own or story.in_force is shelf.own
            yield from _against(document, number, step, story, refusal, access)
        except (Untold, UnknownName, NoRulebook, ValueError) as error:
            yield _problem(document, number, (), str(error))
            return
        if refusal and step.refused is None:
            # What follows would only repeat that this did not happen.
            return
    if not used_own:
        yield Problem(
            document.file,
            1,
            "",
            "the rulebook beside which this scenario lies is in force on none of its days",
            "move the story to its days, or the file to the rulebook of those days",
        )


def _against(
    document: Document, number: int, step: Step, story: Story, refusal: str, access: Access
) -> Iterator[Problem]:
    name = step.what[0] if step.what else "on"
    if step.refused is not None and step.refused not in refusal:
        came = f'it was refused with "{refusal}"' if refusal else "it was not refused"
        yield _problem(document, number, ("refused",), f'expected the refusal "{step.refused}", and {came}')
    elif step.refused is None and refusal:
        yield _problem(document, number, (name,), f"refused: {refusal}")
        return
    for found in differences(story, step.expect, access):
        reason = f"expected {found.expected}, and it is {found.came}"
        yield _problem(document, number, ("expect", *found.place), reason, found.why)


def _problem(document: Document, number: int, place: documents.Path, reason: str, why: str = "") -> Problem:
    whole = ("steps", number, *place)
    return Problem(document.file, document.line_of(whole), _place(whole), reason, why)


def _place(place: documents.Path) -> str:
    """As people count: the first step is step 1."""
    if place[:1] != ("steps",) or len(place) < 2:
        return say(place)
    inside = say(place[3:] if place[2:3] == ("expect",) else place[2:])
    return f"step {int(place[1]) + 1}" + (f", {inside}" if inside else "")

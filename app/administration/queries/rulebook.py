"""A rulebook in plain language, its versions, and what changed between two of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from app.access.permissions import Permission
from app.access.work import Work
from app.kernel.errors import NotFound, Refused
from app.policy.loader import Volume
from app.policy.model import Rulebook
from app.policy.plain import Change, Kind, Said, differences, open_questions, sections, sources, undone
from app.policy.plain.words import spoken
from app.policy.problems import RulebookError


@dataclass(frozen=True)
class Version:
    """One version of this agency's rulebook, named so that an address can carry it."""

    key: str
    policy_id: str
    effective_from: date
    state: str
    is_in_force: bool
    volume: Volume


@dataclass(frozen=True)
class Law:
    """What a sentence rests on, in words."""

    section: str
    basis: str
    source: int | None
    """The number of the source in the list at the end."""
    mark: str
    is_known: bool


@dataclass(frozen=True)
class Changed:
    """One change, with the law of both versions where they differ."""

    text: str
    kind: str
    was: str
    now: str


@dataclass(frozen=True)
class ChangedBlock:
    """What changed in one block: the rules first, then what is only cited otherwise."""

    title: str
    rules: Sequence[Changed]
    cited: Sequence[Changed]


def rulebook_view(work: Work, key: str = "") -> dict[str, Any]:
    """Everything the page shows of one version; of the one in force, where none is asked for."""
    work.need(Permission.RULEBOOK_READ)
    version = _find(versions(work), key)
    book = _read(version)
    numbers = {source.code: source.number for source in sources(book)}
    return {
        "book": book,
        "version": version,
        "questions": open_questions(book),
        "undone": undone(book),
        "sections": sections(book),
        "sources": sources(book),
        "law": lambda said: _law(said, numbers),
        "facts": _facts(book, version),
    }


def changes_view(work: Work, old: str, new: str) -> dict[str, Any]:
    """All versions, and what changed between two: from the one before to the one in force, where none is asked for."""
    work.need(Permission.RULEBOOK_READ)
    known = versions(work)
    second = _find(known, new)
    first = _find(known, old) if old else _before(known, second)
    changes = differences(_read(first), _read(second)) if first != second else ()
    return {"versions": known, "old": first, "new": second, "blocks": _blocks(changes), "count": len(changes)}


def versions(work: Work) -> tuple[Version, ...]:
    """Those in the folder, the newest first, then those that only the database keeps, since cases have them."""
    agency, in_force = work.house.agency, work.book.policy_id
    folder = work.policies.versions(agency)
    known = {volume.policy_id for volume in folder}
    kept = (each for each in work.policies.stored if each.agency == agency and each.policy_id not in known)
    stored = {volume.policy_id: volume for volume in kept}
    return (
        *(_version(volume, _state(work, volume), in_force) for volume in reversed(folder)),
        *(_version(volume, "Kept with the cases that have it", in_force) for volume in stored.values()),
    )


def _version(volume: Volume, state: str, in_force: str) -> Version:
    is_in_force = volume.policy_id == in_force
    name = volume.policy_id.split("@", 1)[1].replace("#", "-")
    return Version(name, volume.policy_id, volume.effective_from, state, is_in_force, volume)


def _state(work: Work, volume: Volume) -> str:
    if volume.policy_id == work.book.policy_id:
        return "In force now"
    if volume.effective_from > work.today:
        return "To come"
    return "Earlier" if volume.effective_from < work.book.effective_from else "Not in force"


def _find(known: Sequence[Version], key: str) -> Version:
    found = (each for each in known if (each.key == key if key else each.is_in_force))
    version = next(found, None)
    if version is None:
        raise NotFound("There is no such version of this rulebook.")
    return version


def _before(known: Sequence[Version], version: Version) -> Version:
    """The version that came before; where there is none, the same one."""
    earlier = [each for each in known if each.effective_from < version.effective_from]
    return max(earlier, key=lambda each: each.effective_from, default=version)


def _read(version: Version) -> Rulebook:
    try:
        return version.volume.book
    except RulebookError as error:
        raise Refused(f"This version cannot be read: {error}") from error


def _law(said: Said, numbers: dict[str, int]) -> Law:
    is_known = said.mark.value != "unknown"
    return Law(said.law, said.basis, numbers.get(said.source), spoken(said.mark), is_known)


def _facts(book: Rulebook, version: Version) -> list[tuple[str, object]]:
    return [
        ("Version", version.policy_id),
        ("State", f"{version.state}; the rulebook is {spoken(book.status)}"),
        ("Model", spoken(book.model).capitalize()),
        ("Languages", ", ".join(str(language.label) for language in book.languages)),
    ]


def _blocks(changes: Iterable[Change]) -> list[ChangedBlock]:
    grouped = ((title, list(group)) for title, group in groupby(changes, key=lambda change: change.block))
    return [
        ChangedBlock(
            title,
            [_changed(each) for each in group if each.kind is not Kind.CITED],
            [_changed(each) for each in group if each.kind is Kind.CITED],
        )
        for title, group in grouped
    ]


def _changed(change: Change) -> Changed:
    was, now = (said.law if said else "" for said in (change.was, change.now))
    return Changed(change.text, change.kind.value, was, now)

"""Rulebooks that tests change by some words: each is read once in a process, however many tests live under it."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from app.policy import loader
from app.policy.model import Rulebook


def from_files(agency: str, effective_from: date, files: Mapping[str, bytes]) -> Rulebook:
    """What the loader reads from these bytes; nobody can change a rulebook, so tests may share one."""
    return _read(agency, effective_from, tuple(sorted(files.items())))


@cache
def _read(agency: str, effective_from: date, files: tuple[tuple[str, bytes], ...]) -> Rulebook:
    return loader.from_files(agency, effective_from, dict(files))


@cache
def read_rulebook(folder: Path) -> Rulebook:
    """One of the project's own folders, which no test writes to."""
    return loader.read_rulebook(folder)

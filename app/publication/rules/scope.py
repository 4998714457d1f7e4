"""What a release counts: up to which day, under whose lives and closures, and which windows of years."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

WINDOW = re.compile(r"(\d{4})-(\d{4})", re.ASCII)
# The office's own decision first; what the department found and what came of an appeal are lives of their own.
LIVES = ("board", "supervisor", "investigator", "department", "appeal")


@dataclass(frozen=True)
class Scope:
    """All that the counting needs to know; `paths` names the columns of imported sources."""

    through: date
    windows: tuple[tuple[int, int], ...]
    lives: tuple[str, ...]
    final_stages: tuple[str, ...]
    excluded_closures: tuple[str, ...]
    excluded_findings: tuple[str, ...]
    paths: Mapping[str, Mapping[str, str]]
    source: str = ""
    own_kinds: tuple[str, ...] = ()
    """Kinds of case that the office opens itself: no complaint, as long as nobody files one that joins."""


def parse_window(text: str) -> tuple[int, int]:
    """`2007-2017`, both years included; ValueError in plain words."""
    match = WINDOW.fullmatch(text)
    if match is None or int(match[1]) > int(match[2]):
        raise ValueError("A window is two years, the earlier first, such as 2007-2017.")
    return int(match[1]), int(match[2])

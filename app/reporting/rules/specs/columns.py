"""Which tables a dashboard and a report have, section by section; what the release lacks is left out."""

from dataclasses import dataclass
from typing import Literal

Part = Literal["number", "of", "share"]


@dataclass(frozen=True)
class Column:
    """One column of figures: a measure, and what of it is printed."""

    header: str
    measure: str
    part: Part = "number"
    by: str = ""


@dataclass(frozen=True)
class Spec:
    """One table, perhaps with a chart of its first column."""

    id: str
    section: str
    title: str
    by: str
    columns: tuple[Column, ...]
    chart: Literal["", "columns", "bars"] = ""
    sort: Literal["group", "size", "number", "given"] = "size"
    note: str = ""
    whole: bool = False
    on_page: bool = True
    most: int = 100


SECTIONS = (
    ("intake", "What came in"),
    ("allegations", "What was alleged"),
    ("findings", "What was found"),
    ("officers", "Officers"),
    ("answers", "Discipline and the department's answers"),
    ("timeliness", "Deadlines kept and missed"),
    ("demands", "What departments were asked for"),
    ("complainants", "Who complained"),
)
# The rulebook's names of sections that are part of one of ours.
ALSO = {
    "timeliness": ("timeliness", "demands"),
    "recommendations": ("answers",),
    "discipline": ("answers",),
}


def _counts(header: str, measure: str) -> tuple[Column, ...]:
    return (Column(header, measure), Column("Share", measure, "share"))


COMPLAINTS = _counts("Complaints", "complaints")
ALLEGATIONS = _counts("Allegations", "allegations")
KNOWN = _counts("Allegations", "officer_allegations")
SUSTAINED = (
    Column("Allegations", "allegations"),
    Column("Sustained", "sustained_of_all"),
    Column("Share of all", "sustained_of_all", "share"),
    Column("Fully investigated", "sustained_of_investigated", "of"),
    Column("Share of these", "sustained_of_investigated", "share"),
)
ALL_YEARS = "All years of the release together."

# One line each at the top: the number, what it is a part of, and the share.
KEY = (
    ("complaints", True),
    ("allegations", True),
    ("officer_allegations", True),
    ("sustained_of_all", True),
    ("sustained_of_investigated", True),
    ("complaints_sustained", True),
    ("complaints_sustained_officer", False),
    ("officers", False),
    ("officer_complaints", False),
    ("officers_ten_or_more", False),
    ("most_complaints", False),
    ("penalties", False),
    ("complainants", False),
    ("clocks", False),
    ("demands", False),
)

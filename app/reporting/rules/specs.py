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

SPECS = (
    Spec(
        "complaints-by-year",
        "intake",
        "Complaints and allegations by year",
        "year",
        (
            Column("Complaints", "complaints"),
            Column("Allegations", "allegations"),
            Column("Sustained", "sustained_of_all"),
            Column("Share of all", "sustained_of_all", "share"),
            Column("Share of fully investigated", "sustained_of_investigated", "share"),
        ),
        "columns",
        "group",
        whole=True,
    ),
    Spec(
        "complaints-by-month",
        "intake",
        "Complaints by month",
        "month",
        (Column("Complaints", "complaints"),),
        "columns",
        "group",
    ),
    Spec("complaints-by-category", "intake", "Complaints by category", "category", COMPLAINTS, "bars"),
    Spec(
        "complaints-by-classification", "intake", "Complaints by classification", "classification", COMPLAINTS, "bars"
    ),
    Spec("complaints-by-department", "intake", "Complaints by department", "department", COMPLAINTS),
    Spec("complaints-by-district", "intake", "Complaints by district", "district", COMPLAINTS, on_page=False),
    Spec("complaints-by-outcome", "intake", "How complaints stand or ended", "outcome", COMPLAINTS),
    Spec(
        "complaints-by-channel",
        "intake",
        "How complaints reached us",
        "channel",
        COMPLAINTS,
        note=ALL_YEARS,
        whole=True,
    ),
    Spec(
        "complaints-by-language",
        "intake",
        "Language of the complaint",
        "language",
        COMPLAINTS,
        note=ALL_YEARS,
        whole=True,
    ),
    Spec(
        "complaints-by-anonymity",
        "intake",
        "Named, confidential or anonymous",
        "anonymity",
        COMPLAINTS,
        note=ALL_YEARS,
        whole=True,
    ),
    Spec(
        "complaints-by-officers",
        "intake",
        "Complaints by number of officers",
        "officers",
        COMPLAINTS,
        "",
        "number",
        note=ALL_YEARS,
        whole=True,
        on_page=False,
    ),
    Spec(
        "complaints-by-complainants",
        "intake",
        "Complaints by number of complainants",
        "complainants",
        COMPLAINTS,
        "",
        "number",
        note=ALL_YEARS,
        whole=True,
        on_page=False,
    ),
    Spec(
        "allegations-by-category",
        "allegations",
        "Allegations by category, and how many were sustained",
        "category",
        SUSTAINED,
        "bars",
    ),
    Spec(
        "known-by-category",
        "allegations",
        "Allegations against identified officers by category",
        "category",
        (
            *KNOWN,
            Column("Sustained", "sustained_of_officer_allegations"),
            Column("Share sustained", "sustained_of_officer_allegations", "share"),
        ),
        on_page=False,
    ),
    Spec(
        "allegations-by-subcategory",
        "allegations",
        "Allegations by kind",
        "subcategory",
        ALLEGATIONS,
        note=ALL_YEARS,
        whole=True,
        on_page=False,
    ),
    Spec(
        "allegations-by-disposition",
        "findings",
        "Allegations by finding, as written",
        "disposition",
        ALLEGATIONS,
        "bars",
    ),
    Spec(
        "known-by-disposition",
        "findings",
        "Allegations against identified officers by finding, as written",
        "disposition",
        KNOWN,
        on_page=False,
    ),
    Spec("allegations-by-class", "findings", "Allegations by class of finding", "class", ALLEGATIONS),
    Spec(
        "allegations-by-department-finding",
        "findings",
        "What the department found, as written",
        "department_finding",
        ALLEGATIONS,
        note=ALL_YEARS,
        whole=True,
        on_page=False,
    ),
    Spec(
        "officers-by-complaints",
        "officers",
        "Officers by number of complaints",
        "complaints",
        _counts("Officers", "officers_by_complaints"),
        "columns",
        "number",
        note=ALL_YEARS,
        whole=True,
    ),
    Spec(
        "officer-deciles",
        "officers",
        "Complaints held by each tenth of the officers",
        "decile",
        _counts("Complaints", "officer_deciles"),
        "columns",
        "number",
        note=ALL_YEARS,
        whole=True,
    ),
    Spec(
        "officers-by-race",
        "officers",
        "Allegations by race of the officer",
        "officer_race",
        KNOWN,
        note=ALL_YEARS,
        whole=True,
    ),
    Spec(
        "officers-by-sex",
        "officers",
        "Allegations by sex of the officer",
        "officer_sex",
        KNOWN,
        note=ALL_YEARS,
        whole=True,
    ),
    Spec(
        "discipline-by-allegation",
        "answers",
        "Discipline by allegation, as written",
        "penalty",
        KNOWN,
        note=ALL_YEARS,
        whole=True,
    ),
    Spec("answers", "answers", "What the department answered", "answer", _counts("Recommendations", "penalties")),
    Spec(
        "recommended",
        "answers",
        "Discipline recommended, as written",
        "recommended",
        _counts("Recommendations", "penalties"),
        "bars",
    ),
    Spec(
        "imposed",
        "answers",
        "Discipline imposed, as written",
        "imposed",
        _counts("Recommendations", "penalties"),
        most=40,
        on_page=False,
    ),
    Spec(
        "prosecuted",
        "answers",
        "Prosecuted by the oversight body itself",
        "prosecuted",
        _counts("Recommendations", "penalties"),
        note=ALL_YEARS,
        whole=True,
        on_page=False,
    ),
    Spec("clocks-by-outcome", "timeliness", "Deadlines", "kept", _counts("Deadlines", "clocks")),
    Spec(
        "clocks-by-kind",
        "timeliness",
        "Deadlines by kind",
        "clock,kept",
        _counts("Deadlines", "clocks"),
        "",
        "group",
        note=ALL_YEARS,
        whole=True,
    ),
    Spec(
        "lapses-by-cause",
        "timeliness",
        "Why deadlines were missed",
        "cause",
        _counts("Deadlines missed", "lapses"),
    ),
    Spec("demands-by-state", "demands", "Demands by state", "state", _counts("Demands", "demands")),
    Spec(
        "demands-by-kind",
        "demands",
        "Demands by kind",
        "kind",
        _counts("Demands", "demands"),
        note=ALL_YEARS,
        whole=True,
    ),
    Spec(
        "demands-by-waiting",
        "demands",
        "Days until the answer, or waited so far",
        "state,waiting",
        _counts("Demands", "demands"),
        "",
        "group",
        note=ALL_YEARS,
        whole=True,
    ),
    Spec(
        "complainants-by-race",
        "complainants",
        "Complainants by race",
        "complainant_race",
        _counts("Complainants", "complainants"),
        note=ALL_YEARS,
        whole=True,
    ),
    Spec(
        "complainants-by-sex",
        "complainants",
        "Complainants by sex",
        "complainant_sex",
        _counts("Complainants", "complainants"),
        note=ALL_YEARS,
        whole=True,
    ),
    Spec(
        "complainants-per-10000",
        "complainants",
        "Complainants for each 10,000 residents, by race",
        "complainant_race",
        (
            Column("Complainants", "complainants_per_10000"),
            Column("Residents", "complainants_per_10000", "of"),
            Column("For each 10,000", "complainants_per_10000", "share"),
        ),
        note=ALL_YEARS,
        whole=True,
    ),
    Spec(
        "complaints-per-10000",
        "complainants",
        "Complaints for each 10,000 residents, by district",
        "district",
        (
            Column("Complaints", "complaints_per_10000"),
            Column("Residents", "complaints_per_10000", "of"),
            Column("For each 10,000", "complaints_per_10000", "share"),
        ),
        note=ALL_YEARS,
        whole=True,
        on_page=False,
    ),
    Spec(
        "sustained-by-complainant-race",
        "complainants",
        "Allegations and how many were sustained, by race of the complainants",
        "complainant_race",
        (
            Column("Allegations", "sustained_by_complainant_race", "of"),
            Column("Sustained", "sustained_by_complainant_race"),
            Column("Share", "sustained_by_complainant_race", "share"),
        ),
        note=ALL_YEARS,
        whole=True,
    ),
)

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

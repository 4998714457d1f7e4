"""Selects of allegations and findings, the facts that guards ask, and what other pages and papers say of them."""

from app.allegations.queries.gathered import (
    case_tab,
    cases_of_officers,
    closing_lines,
    filer_status,
    motion_subjects,
    my_work,
    officer_part,
    officers_of_case,
    packet_sections,
)
from app.allegations.queries.lives import (
    every_allegation_has_a_finding,
    lives_of,
    review_subjects,
    supervisor_approved,
)
from app.allegations.queries.shown import allegations_view
from app.allegations.queries.visible import (
    allegations_against,
    get_allegation,
    is_first_of_officer,
    list_allegations,
    list_findings,
    motion_of,
    next_position,
    officers_in_case,
    person_of_case,
    standing_finding,
    visible_allegations,
    visible_findings,
)

__all__ = [
    "allegations_against",
    "allegations_view",
    "case_tab",
    "cases_of_officers",
    "closing_lines",
    "every_allegation_has_a_finding",
    "filer_status",
    "get_allegation",
    "is_first_of_officer",
    "list_allegations",
    "list_findings",
    "lives_of",
    "motion_of",
    "motion_subjects",
    "my_work",
    "next_position",
    "officer_part",
    "officers_in_case",
    "officers_of_case",
    "packet_sections",
    "person_of_case",
    "review_subjects",
    "standing_finding",
    "supervisor_approved",
    "visible_allegations",
    "visible_findings",
]

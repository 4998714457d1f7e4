"""Selects of demands, files and who held them: for the office by case, for the department by address."""

from app.evidence.queries.case import case_tab, evidence_view
from app.evidence.queries.demands import (
    DemandShown,
    demand_shown,
    get_demand,
    list_demands,
    my_work,
    no_open_demand,
    visible_demands,
)
from app.evidence.queries.department import (
    AddressedShown,
    addressed_demand,
    addressed_shown,
    department_view,
    visible_to_department,
)
from app.evidence.queries.files import (
    FileShown,
    clock_files,
    custody_of,
    file_shown,
    files_to_scan,
    filing_files_shown,
    get_filing_file,
    get_item,
    is_from_department,
    kept_matter,
    list_items,
    scans_of,
    visible_items,
)
from app.evidence.queries.papers import demand_facts, filer_status, packet_sections

__all__ = [
    "AddressedShown",
    "DemandShown",
    "FileShown",
    "addressed_demand",
    "addressed_shown",
    "case_tab",
    "clock_files",
    "custody_of",
    "demand_facts",
    "demand_shown",
    "department_view",
    "evidence_view",
    "file_shown",
    "filer_status",
    "files_to_scan",
    "filing_files_shown",
    "get_demand",
    "get_filing_file",
    "get_item",
    "is_from_department",
    "kept_matter",
    "list_demands",
    "list_items",
    "my_work",
    "no_open_demand",
    "packet_sections",
    "scans_of",
    "visible_demands",
    "visible_items",
    "visible_to_department",
]

"""All that the page of evidence shows of one case, and its tab."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.access.keeping import keeping_view, seen_by
from app.access.permissions import Permission
from app.access.work import Work
from app.cases import queries as cases
from app.cases.records import Case
from app.evidence.queries.demands import demand_shown, list_demands
from app.evidence.queries.files import (
    custody_of,
    file_shown,
    filing_files_shown,
    is_from_department,
    list_items,
    scans_of,
)
from app.evidence.records import CustodyEvent, Demand, EvidenceItem
from app.policy.model.powers import Act


def evidence_view(work: Work, case: Case) -> dict[str, Any]:
    """All that the page of evidence shows of one case."""
    book = work.policies.named(case.policy_id)
    demands = list_demands(work, case.id) if work.may(Permission.DEMAND_READ) else []
    items, custody = list_items(work, case.id), custody_of(work, case.id)
    names = cases.names_of(work, _people_in(demands, items, custody))
    home, closed = f"/office/cases/{case.id}/evidence", work.stop_of(Act.DEPARTMENT_FILES)
    shut = {each.id for each in items if closed and is_from_department(each)}
    hrefs = {each.id: "" if each.id in shut else f"{home}/{each.id}/download" for each in items}
    held = [file_shown(each, hrefs[each.id], custody.get(each.id, []), names) for each in items]
    files = [*held, *filing_files_shown(work, case.id, home)]
    return {
        "demands": [demand_shown(work, book, each, names) for each in demands],
        "files": files,
        "scans": scans_of(work, [each.file.object_name for each in files]),
        # Why what the department gave stays shut, and why what it did not give is owed no more; nothing otherwise.
        "closed_files": closed if shut else None,
        "nothing_owed": work.stop_of(Act.DEMANDS) if any(d.answered_on is None for d in demands) else None,
        "kinds": [(kind.code, kind.label.to("en")) for kind in book.demands.kinds],
        "departments": [(each.code, each.label.to("en")) for each in book.departments],
        "kept_by": {each.id: seen_by(work, each.compartments) for each in items},
        **keeping_view(work, case.id),
        "may": {
            "add": work.may(Permission.FILE_ADD),
            "open": work.may(Permission.FILE_OPEN),
            "demand": work.may(Permission.DEMAND_SEND) and not book.stage(case.stage).final,
            "contradict": work.may(Permission.DEMAND_SEND),
        },
    }


def _people_in(
    demands: Iterable[Demand], items: Iterable[EvidenceItem], custody: dict[UUID, list[CustodyEvent]]
) -> set[UUID]:
    seen = [each.sent_by_id for each in demands] + [each.added_by_id for each in items]
    seen += [event.by_id for events in custody.values() for event in events]
    return {key for key in seen if key is not None}


def case_tab(work: Work, case: Case) -> tuple[str, str, int]:
    """The tab of evidence on the case page, with how many files and demands there are."""
    files = select(func.count()).select_from(EvidenceItem).where(EvidenceItem.case_id == case.id)
    demands = select(func.count()).select_from(Demand).where(Demand.case_id == case.id)
    both = work.session.execute(select(files.scalar_subquery(), demands.scalar_subquery())).one()
    return ("Evidence", f"/office/cases/{case.id}/evidence", both[0] + both[1])

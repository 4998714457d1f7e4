"""What letters, packets and the filer’s page say of demands and files."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.access.reading import one_or_not_found
from app.access.work import Work
from app.cases.records import Case
from app.commission.rules.packet import Section, Table
from app.evidence import rules
from app.evidence.records import Demand, EvidenceItem
from app.intake import queries as intake
from app.intake.rules.status import Asked
from app.kernel.dates import ImpreciseDate, Precision


def demand_facts(work: Work, case: Case, demand: Demand) -> dict[str, str]:
    """What the letter of a demand may say; never who complained, nor in what words."""
    book = work.policies.named(case.policy_id)
    contact = book.meta.contact
    when = ImpreciseDate(case.incident_date, Precision(case.incident_precision))
    kind = rules.kind_of(book, demand.kind)
    return {
        "today": _day(work.today),
        "office_name": book.name.to("en"),
        "office_address": contact.address.to("en") if contact.address else "",
        "office_phone": contact.phone or "",
        "office_email": contact.email or "",
        "office_web": contact.web or "",
        "signed_by": ", ".join(part for part in (work.actor.display_name, work.actor.title) if part),
        "filing_number": "",
        "tracking_link": "",
        "status_link": "",
        "case_number": case.number,
        "department_name": book.department(demand.department_id).label.to("en"),
        "demand_number": demand.number,
        "items": demand.wording,
        "due_on": _day(demand.due_on),
        "authority": book.clock(kind.clock).authority or book.demands.authority or "the law",
        "incident_date": _day(when.first_day) if when.precision is Precision.DAY else (str(when) or "a day not known"),
    }


def _day(day: Any) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def packet_sections(work: Work, case_id: UUID) -> list[Section]:
    """What the members read of this stage: what was asked of the department, and the files with their digests."""
    case = one_or_not_found(work, select(Case).where(Case.id == case_id))
    book = work.policies.named(case.policy_id)
    asked = work.session.scalars(select(Demand).where(Demand.case_id == case_id).order_by(Demand.sent_on, Demand.id))
    demands = tuple(
        (
            each.number,
            rules.kind_label(book, each.kind),
            each.due_on.isoformat(),
            rules.answer_label(book, each.kind, each.answer) if each.answer else "No answer yet",
        )
        for each in asked
    )
    held = work.session.scalars(
        select(EvidenceItem).where(EvidenceItem.case_id == case_id).order_by(EvidenceItem.stored_at, EvidenceItem.id)
    )
    files = tuple((each.label, each.received_from, each.sha256.hex()) for each in held)
    tables = (
        Table("Asked of the department", ("Number", "What", "Due", "Answer"), demands),
        Table("Files", ("What", "From", "SHA-256"), files),
    )
    return [Section("Evidence", tables=tuple(table for table in tables if table.rows))]


def filer_status(work: Work, case_id: UUID, language: str = "") -> list[Asked]:
    """For the filer's page: what the department was asked for and whether it came; never in which words."""
    policy_id = work.session.scalar(select(Case.policy_id).where(Case.id == case_id))
    if policy_id is None:
        return []
    own = intake.own_filing(work)
    spoken = language or (own.language if own else "en")
    labels = {kind.code: kind.label.to(spoken) for kind in work.policies.named(policy_id).demands.kinds}
    query = select(Demand.kind, Demand.sent_on, Demand.due_on, Demand.answered_on).where(Demand.case_id == case_id)
    return [
        Asked(labels.get(row.kind, row.kind), row.sent_on, row.due_on, row.answered_on)
        for row in work.session.execute(query.order_by(Demand.sent_on, Demand.id))
    ]

"""Selects of demands, files and who held them: for the office by case, for the department by address."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, exists, func, select
from sqlalchemy.orm import load_only

from app.access.keeping import Matter, keeping_view, seen_by
from app.access.permissions import Permission
from app.access.reading import found, one_or_not_found
from app.access.walls import may_know
from app.access.work import Work
from app.cases import queries as cases
from app.cases.queries import Waiting, WaitingList
from app.cases.records import Case
from app.commission.rules.packet import Section, Table
from app.evidence import rules
from app.evidence.records import CustodyEvent, Demand, EvidenceItem, FileScan
from app.infra.storage import StoredFile
from app.intake import queries as intake
from app.intake.records import Filing, FilingFile
from app.intake.rules.status import Asked
from app.kernel.dates import ImpreciseDate, Precision
from app.policy.model import Rulebook
from app.policy.model.powers import Act

FEW = 12
ANSWERED_SHOWN = 50
# What the department's own database role may read of a demand; asking for more is refused by the database.
ADDRESSED = (
    Demand.id,
    Demand.case_id,
    Demand.department_id,
    Demand.number,
    Demand.kind,
    Demand.wording,
    Demand.sent_on,
    Demand.due_on,
    Demand.answer,
    Demand.answer_wording,
    Demand.answered_on,
    Demand.answered_by_id,
    Demand.version,
    Demand.last_entry_id,
)


# --- the office ---


def visible_demands(work: Work) -> Select[Demand]:
    """The demands of the cases this person may know of."""
    work.need(Permission.DEMAND_READ)
    return select(Demand).where(Demand.case_id.in_(cases.visible_cases(work).with_only_columns(Case.id)))


def visible_items(work: Work) -> Select[EvidenceItem]:
    """The files of the cases this person may know of."""
    return select(EvidenceItem).where(EvidenceItem.case_id.in_(cases.visible_cases(work).with_only_columns(Case.id)))


def get_demand(work: Work, demand_id: UUID, *, for_update: bool = False) -> Demand:
    """One demand, or 404."""
    query = visible_demands(work).where(Demand.id == demand_id)
    return one_or_not_found(work, query.with_for_update() if for_update else query)


def get_item(work: Work, item_id: UUID) -> EvidenceItem:
    """One file, or 404."""
    return one_or_not_found(work, visible_items(work).where(EvidenceItem.id == item_id))


def get_filing_file(work: Work, case_id: UUID, file_id: UUID) -> FilingFile:
    """A file that came with a filing of this case, or 404."""
    filings = {filing.id for filing in cases.filings_of(work, case_id)}
    query = select(FilingFile).where(FilingFile.id == file_id, FilingFile.filing_id.in_(filings))
    return one_or_not_found(work, query)


def list_demands(work: Work, case_id: UUID) -> list[Demand]:
    """The demands of one case, open ones first, the nearest date first."""
    query = visible_demands(work).where(Demand.case_id == case_id)
    return list(work.session.scalars(query.order_by(Demand.answered_on.desc().nulls_first(), Demand.due_on, Demand.id)))


def list_items(work: Work, case_id: UUID) -> list[EvidenceItem]:
    """The files of one case, the latest first."""
    query = visible_items(work).where(EvidenceItem.case_id == case_id)
    return list(work.session.scalars(query.order_by(EvidenceItem.stored_at.desc(), EvidenceItem.id)))


def is_from_department(file: EvidenceItem | FilingFile) -> bool:
    """True for what the department handed over: it came with the answer to a demand."""
    return isinstance(file, EvidenceItem) and file.demand_id is not None


def clock_files(work: Work, case_id: UUID) -> list[tuple[UUID, str]]:
    """For a pause of a clock: the files that may show why."""
    return [(item.id, item.label) for item in list_items(work, case_id)] if work.may(Permission.FILE_OPEN) else []


def kept_matter(work: Work, case_id: UUID) -> list[Matter]:
    """The files of a case that are kept, with the names by which a text may name them."""
    columns = (EvidenceItem.id, EvidenceItem.label, EvidenceItem.compartments, EvidenceItem.file_name)
    query = select(*columns).where(EvidenceItem.case_id == case_id, EvidenceItem.compartments != [])
    rows = work.session.execute(query.order_by(EvidenceItem.stored_at)).all()
    return [Matter(row.id, row.label, row.compartments, (row.label, row.file_name)) for row in rows]


def custody_of(work: Work, case_id: UUID) -> dict[UUID, list[CustodyEvent]]:
    """Who held each file of one case, in order."""
    query = select(CustodyEvent).where(CustodyEvent.case_id == case_id).order_by(CustodyEvent.at, CustodyEvent.id)
    held: dict[UUID, list[CustodyEvent]] = {}
    for event in work.session.scalars(query):
        held.setdefault(event.item_id, []).append(event)
    return held


def stored(file: EvidenceItem | FilingFile) -> StoredFile:
    """Where a file lies."""
    return StoredFile(file.object_name, file.size, file.sha256, file.wrapped_key)


def files_to_scan(work: Work, most: int) -> list[StoredFile]:
    """Stored files of which the malware scanner has not said anything yet."""
    found = []
    for table in (FilingFile, EvidenceItem):
        columns = (table.object_name, table.size, table.sha256, table.wrapped_key)
        unknown = ~exists().where(FileScan.stored_name == table.object_name)
        query = select(*columns).where(unknown, table.wrapped_key.is_not(None)).order_by(table.stored_at).limit(most)
        found += [StoredFile(*row) for row in work.session.execute(query)]
    return found[:most]


def scans_of(work: Work, names: Sequence[str]) -> dict[str, FileScan]:
    """What the malware scanner said of these files."""
    query = select(FileScan).where(FileScan.stored_name.in_(names))
    return {scan.stored_name: scan for scan in work.session.scalars(query)}


@dataclass(frozen=True)
class DemandShown:
    """A demand as its case shows it."""

    demand: Demand
    kind: str
    to: str
    answer: str
    age: int
    days_left: int
    sent_by: str


@dataclass(frozen=True)
class FileShown:
    """A file as its case shows it: with its digest and everybody who held it."""

    file: EvidenceItem | FilingFile
    href: str
    label: str
    source: str
    added_by: str
    digest: str
    custody: tuple[tuple[str, str, Any], ...]


HELD = {"received": "Received", "opened": "Copy opened"}


def evidence_view(work: Work, case: Case) -> dict[str, Any]:
    """All that the page of evidence shows of one case."""
    book = work.policies.named(case.policy_id)
    demands = list_demands(work, case.id) if work.may(Permission.DEMAND_READ) else []
    items, custody = list_items(work, case.id), custody_of(work, case.id)
    names = cases.names_of(work, _people_in(demands, items, custody))
    home, closed = f"/office/cases/{case.id}/evidence", work.stop_of(Act.DEPARTMENT_FILES)
    shut = {each.id for each in items if closed and is_from_department(each)}
    hrefs = {each.id: "" if each.id in shut else f"{home}/{each.id}/download" for each in items}
    held = [_file_shown(each, hrefs[each.id], custody.get(each.id, []), names) for each in items]
    files = [*held, *_filing_files(work, case.id, home)]
    return {
        "demands": [_demand_shown(work, book, each, names) for each in demands],
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


def _demand_shown(work: Work, book: Rulebook, demand: Demand, names: dict[UUID, str]) -> DemandShown:
    return DemandShown(
        demand=demand,
        kind=rules.kind_label(book, demand.kind),
        to=book.department(demand.department_id).label.to("en") if len(book.departments) > 1 else "",
        answer=rules.answer_label(book, demand.kind, demand.answer) if demand.answer else "",
        age=rules.age(demand.sent_on, demand.answered_on, work.today),
        days_left=(demand.due_on - work.today).days,
        sent_by=names.get(demand.sent_by_id, "") if demand.sent_by_id else "",
    )


def _file_shown(item: EvidenceItem, href: str, custody: list[CustodyEvent], names: dict[UUID, str]) -> FileShown:
    held = tuple((HELD.get(e.kind, e.kind), names.get(e.by_id, "") if e.by_id else "", e.at) for e in custody)
    added_by = names.get(item.added_by_id, "") if item.added_by_id else ""
    return FileShown(item, href, item.label, item.received_from, added_by, item.sha256.hex(), held)


def _filing_files(work: Work, case_id: UUID, home: str) -> list[FileShown]:
    """What came with the complaint itself."""
    found_in: list[tuple[Filing, FilingFile]] = [
        (filing, file) for filing in cases.filings_of(work, case_id) for file in intake.files_of(work, filing.id)
    ]
    return [
        FileShown(file, f"{home}/filing-files/{file.id}/download", label, "the filer", "", file.sha256.hex(), ())
        for label, file in ((f"Came with filing {filing.number}", file) for filing, file in found_in)
    ]


def case_tab(work: Work, case: Case) -> tuple[str, str, int]:
    """The tab of evidence on the case page, with how many files and demands there are."""
    files = select(func.count()).select_from(EvidenceItem).where(EvidenceItem.case_id == case.id)
    demands = select(func.count()).select_from(Demand).where(Demand.case_id == case.id)
    both = work.session.execute(select(files.scalar_subquery(), demands.scalar_subquery())).one()
    return ("Evidence", f"/office/cases/{case.id}/evidence", both[0] + both[1])


def my_work(work: Work) -> WaitingList | None:
    """Demands on this person's cases that the department has not answered in time."""
    may_read = work.may(Permission.DEMAND_READ) and work.may(Permission.CASE_READ)
    if not may_read or work.stop_of(Act.DEMANDS) is not None:
        return None
    query = cases.visible_cases(work).join(Demand, Demand.case_id == Case.id).with_only_columns(Demand, Case)
    query = query.where(Demand.answered_on.is_(None), Demand.due_on < work.today, Case.closed_on.is_(None))
    if not work.may(Permission.CASE_ASSIGN):
        query = query.where(Case.lead_id.in_(work.actor.places))
    rows = [
        Waiting(
            f"{demand.number}, {case.number}",
            f"/office/cases/{case.id}/evidence",
            rules.kind_label(work.policies.named(case.policy_id), demand.kind),
            demand.due_on,
        )
        for demand, case in work.session.execute(query.order_by(Demand.due_on, Demand.id).limit(FEW))
    ]
    return WaitingList("Demands the department owes", rows) if rows else None


def no_open_demand(work: Work, case_id: UUID) -> bool:
    """A fact for guards. Where nothing can be asked any more, no answer can be owed: such a demand holds up nothing."""
    if work.stop_of(Act.DEMANDS) is not None:
        return True
    query = select(Demand.id).where(Demand.case_id == case_id, Demand.answered_on.is_(None))
    return work.session.scalar(query.limit(1)) is None


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


# --- the department ---


def visible_to_department(work: Work) -> Select[Demand]:
    """What is addressed to the department of whoever asks; row security says the same."""
    work.need(Permission.DEMAND_ANSWER)
    query = select(Demand).where(Demand.department_id == (work.actor.department_id or ""))
    query = query.where(may_know(work, Demand.case_id))
    return query.options(load_only(*ADDRESSED, raiseload=True))


def addressed_demand(work: Work, demand_id: UUID, *, for_update: bool = False) -> Demand:
    """One demand on this department, or 404."""
    query = visible_to_department(work).where(Demand.id == demand_id)
    return one_or_not_found(work, query.with_for_update() if for_update else query)


@dataclass(frozen=True)
class AddressedShown:
    """A demand as the department reads it: nothing of it says who complained, or what they said."""

    demand: Demand
    case_number: str
    policy_id: str
    kind: str
    answer: str
    answers: tuple[tuple[str, str], ...]
    authority: str
    days_left: int


def department_view(work: Work) -> dict[str, list[AddressedShown]]:
    """The open demands, overdue ones first, and those answered last."""
    query = visible_to_department(work)
    waiting = list(work.session.scalars(query.where(Demand.answered_on.is_(None)).order_by(Demand.due_on, Demand.id)))
    answered = query.where(Demand.answered_on.is_not(None)).order_by(Demand.answered_on.desc(), Demand.id)
    done = list(work.session.scalars(answered.limit(ANSWERED_SHOWN)))
    numbers = _cases_of(work, [*waiting, *done])
    return {
        "waiting": [_addressed(work, each, numbers[each.case_id]) for each in waiting],
        "done": [_addressed(work, each, numbers[each.case_id]) for each in done],
    }


def addressed_shown(work: Work, demand: Demand) -> AddressedShown:
    """One demand as the department reads it."""
    return _addressed(work, demand, found(_cases_of(work, [demand]).get(demand.case_id)))


def _cases_of(work: Work, demands: list[Demand]) -> dict[UUID, Row[UUID, str, str]]:
    """Number and rulebook of the cases: all that the department's role may read of them."""
    query = select(Case.id, Case.number, Case.policy_id).where(Case.id.in_({each.case_id for each in demands}))
    return {row.id: row for row in work.session.execute(query)}


def _addressed(work: Work, demand: Demand, case: Any) -> AddressedShown:
    book = work.policies.named(case.policy_id)
    kind = next((each for each in book.demands.kinds if each.code == demand.kind), None)
    return AddressedShown(
        demand=demand,
        case_number=case.number,
        policy_id=case.policy_id,
        kind=rules.kind_label(book, demand.kind),
        answer=rules.answer_label(book, demand.kind, demand.answer) if demand.answer else "",
        answers=tuple((each.code, each.label.to("en")) for each in kind.answers) if kind else (),
        authority=(book.clock(kind.clock).authority or "") if kind else "",
        days_left=(demand.due_on - work.today).days,
    )


# --- other papers and pages ---


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

"""What is done with evidence: files added and opened, demands sent, answered, contradicted."""

from collections.abc import Sequence
from typing import BinaryIO
from uuid import UUID, uuid4

from app.access.acts import asks_itself, never_stopped, stops_with
from app.access.keeping import check_goes_out, marks_for
from app.access.permissions import Permission
from app.access.sides import tell_if_kept
from app.access.work import Work
from app.cases import actions as case_actions
from app.cases import queries as cases
from app.correspondence.records import Letter
from app.evidence import queries, rules
from app.evidence.commands import AddFile, AnswerDemand, ContradictDemand, SendDemand
from app.evidence.events import (
    DemandAnswered,
    DemandContradicted,
    DemandSent,
    EvidenceAdded,
    EvidenceOpened,
    FileScanned,
    FilingFileOpened,
    HiddenFactsRead,
)
from app.evidence.records import CustodyEvent, Demand, EvidenceItem, FileScan, HiddenFactsKept
from app.infra import hidden
from app.infra.db import hidden_key
from app.infra.scanning import Scan
from app.infra.sniff import sniff
from app.infra.storage import Damaged, StoredFile, TooLarge
from app.intake.actions import Sent
from app.intake.records import FilingFile
from app.intake.rules.filing import file_name
from app.kernel.errors import Invalid, NotFound, Refused, Stale
from app.kernel.numbers import number_from
from app.policy.model.powers import Act

HEAD = 4096


def keep_file(work: Work, name: str, source: BinaryIO, *, limit: int) -> Sent:
    """Stores a file sealed before any row names it; what it is, its content says. Evidence may be of any kind."""
    media_type = sniff(source.read(HEAD))
    source.seek(0)
    try:
        stored = work.storage.put(source, limit=limit)
    except TooLarge:
        raise Invalid({"file": "This file is too large to send here."}) from None
    if stored.size == 0:
        raise Invalid({"file": "This file is empty."})
    return Sent(file_name(name), media_type, stored)


@stops_with(Act.CASEWORK)
def add_file(work: Work, case_id: UUID, ask: AddFile, file: Sent) -> EvidenceItem:
    """A file comes into the case; the original is sealed and never altered."""
    case = cases.get_case(work, case_id)
    kept = marks_for(work, case.id, ask, ask.label)
    return _add_item(work, case.id, file, label=ask.label, received_from=ask.received_from, compartments=kept)


def _add_item(
    work: Work,
    case_id: UUID,
    file: Sent,
    *,
    label: str,
    received_from: str,
    demand_id: UUID | None = None,
    compartments: Sequence[str] = (),
) -> EvidenceItem:
    item = work.add(
        EvidenceItem(
            id=uuid4(),
            case_id=case_id,
            demand_id=demand_id,
            label=label,
            received_from=received_from,
            added_by_id=work.actor.id,
            file_name=file.name,
            media_type=file.media_type,
            size=file.stored.size,
            sha256=file.stored.sha256,
            object_name=file.stored.name,
            wrapped_key=file.stored.wrapped_key,
            stored_at=work.now,
            compartments=list(compartments),
        )
    )
    _hold(work, item, "received")
    work.happened(
        EvidenceAdded(
            case_id=case_id, item_id=item.id, sha256=item.sha256.hex(), size=item.size, demand_id=item.demand_id
        )
    )
    return item


def _hold(work: Work, item: EvidenceItem, kind: str) -> None:
    work.add(
        CustodyEvent(
            id=hidden_key(),
            item_id=item.id,
            case_id=item.case_id,
            kind=kind,
            by_id=work.actor.id,
            at=work.now,
            compartments=item.compartments,
        )
    )


@asks_itself(Act.DEPARTMENT_FILES)
def open_file(work: Work, case_id: UUID, item_id: UUID) -> EvidenceItem:
    """Takes a copy of a file out; journal and custody keep who and when."""
    item = find_file(work, case_id, item_id)
    _hold(work, item, "opened")
    work.happened(EvidenceOpened(case_id=item.case_id, item_id=item.id))
    return item


@asks_itself(Act.DEPARTMENT_FILES)
def find_file(work: Work, case_id: UUID, item_id: UUID) -> EvidenceItem:
    """A file of the case that this person may open; nothing of it is opened yet."""
    try:
        item = queries.get_item(work, item_id)
    except NotFound as problem:
        tell_if_kept(work, case_id, item_id, problem)
    if item.case_id != case_id:
        raise Refused("This file belongs to another case.")
    if queries.is_from_department(item):
        work.check_act(Act.DEPARTMENT_FILES)
    return item


@never_stopped("history stays and is read")
def open_filing_file(work: Work, case_id: UUID, file_id: UUID) -> FilingFile:
    """Opens a file that came with the complaint."""
    case = cases.get_case(work, case_id)
    file = queries.get_filing_file(work, case.id, file_id)
    work.happened(FilingFileOpened(case_id=case.id, file_id=file.id))
    return file


@never_stopped("the machinery follows what was done")
def note_scan(work: Work, stored_name: str, scan: Scan) -> None:
    """Keeps what the malware scanner said of a stored file."""
    row = FileScan(id=uuid4(), stored_name=stored_name, verdict=scan.verdict, found=scan.found, scanned_at=work.now)
    work.add(row)
    work.happened(FileScanned(scan_id=row.id, verdict=scan.verdict))


@never_stopped("the machinery follows what was done")
def read_hidden_facts(work: Work, stored: StoredFile, media_type: str) -> None:
    """Keeps what a file says of place, time and device, sealed under the file's own key."""
    facts = hidden.hidden_facts_of(work.storage, stored, media_type)
    try:
        sealed = hidden.sealed(work.storage, stored, facts)
    except Damaged:
        # Its key does not open: whoever has it opened will be told, and nothing can be kept beside it.
        sealed = b""
    row = HiddenFactsKept(id=uuid4(), stored_name=stored.name, sealed=sealed, read_at=work.now)
    work.add(row)
    work.happened(HiddenFactsRead(facts_id=row.id))


@stops_with(Act.DEMANDS)
def send_demand(work: Work, case_id: UUID, ask: SendDemand) -> Demand:
    """Asks the department for something, by the day that the rulebook gives it; the letter is kept as sent."""
    case = cases.get_case(work, case_id)
    book = work.policies.named(case.policy_id)
    if book.stage(case.stage).final:
        raise Refused("This case is closed.")
    check_goes_out(work, case.id, ask.wording)
    kind = rules.kind_of(book, ask.kind)
    demand = work.add(
        Demand(
            id=uuid4(),
            case_id=case.id,
            department_id=rules.goes_to(book, ask.department_id, case.department_id),
            number=number_from(rules.NUMBER_MASK, work.today.year),
            kind=kind.code,
            wording=ask.wording,
            sent_on=work.today,
            due_on=rules.due_on(book, kind, work.today),
            sent_by_id=work.actor.id,
        )
    )
    letter = book.letter("demand").fill(queries.demand_facts(work, case, demand))
    work.add(
        Letter(
            id=uuid4(),
            case_id=case.id,
            filing_id=None,
            kind="demand",
            language="en",
            addressee=demand.department_id,
            subject=letter.subject,
            body=letter.body,
            written_at=work.now,
            written_by_id=work.actor.id,
        )
    )
    work.happened(
        DemandSent(
            case_id=case.id,
            demand_id=demand.id,
            kind=demand.kind,
            department_id=demand.department_id,
            due_on=demand.due_on,
        )
    )
    case_actions.tick(work, case, "demand_sent", work.today)
    return demand


@stops_with(Act.DEMANDS)
def answer_demand(work: Work, demand_id: UUID, ask: AnswerDemand, file: Sent | None = None) -> Demand:
    """The department answers, once, in the rulebook's words and its own; a file comes into the case with it."""
    work.need(Permission.DEMAND_ANSWER)
    demand = queries.addressed_demand(work, demand_id, for_update=True)
    rules.check_unanswered(demand.answered_on)
    if demand.version != ask.version:
        raise Stale()
    kind = rules.kind_of(work.policies.named(queries.addressed_shown(work, demand).policy_id), demand.kind)
    rules.check_answer(kind, ask.answer, ask.words, with_file=file is not None)

    demand.answer, demand.answer_wording = ask.answer, ask.words
    demand.answered_on, demand.answered_by_id = work.today, work.actor.id
    work.happened(
        DemandAnswered(case_id=demand.case_id, demand_id=demand.id, answer=ask.answer, with_file=file is not None)
    )
    if file is not None:
        label = f"Answer to {demand.number}"
        _add_item(work, demand.case_id, file, label=label, received_from="the department", demand_id=demand.id)
    return demand


@stops_with(Act.CASEWORK)
def contradict_demand(work: Work, case_id: UUID, demand_id: UUID, ask: ContradictDemand) -> Demand:
    """The answer has turned out not to be true: "no video exists", and then there was one."""
    demand = queries.get_demand(work, demand_id, for_update=True)
    if demand.version != ask.version or demand.case_id != case_id:
        raise Stale()
    rules.check_contradictable(demand.answer, demand.contradicted_on)
    demand.contradicted_on = work.today
    work.happened(DemandContradicted(case_id=case_id, demand_id=demand.id, answer=demand.answer or ""))
    return demand


@never_stopped("the machinery follows what was done")
def tell_clocks_of_answer(work: Work, demand_id: UUID) -> None:
    """What the department's answer means to the clocks of the case; the department's own door cannot touch them."""
    demand = queries.get_demand(work, demand_id)
    case = cases.get_case(work, demand.case_id)
    if case.closed_on is None and demand.answered_on is not None:
        case_actions.tick(work, case, "demand_answered", demand.answered_on)

"""One case: its frame with the clocks, its notes, tasks and attempts to reach people, and what happened in it."""

import json
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select

from app.access.keeping import Matter, keeping_view, labels_of, seen_by
from app.access.permissions import Permission
from app.access.reading import one_or_not_found
from app.access.records import Account
from app.access.routes import acting_as
from app.access.work import Work
from app.audit.records import JournalEntry
from app.cases import rules
from app.cases.events import CaseOpenedForReading, CasesLinked, LinkWithdrawn
from app.cases.queries import milestones
from app.cases.queries.halves import closing_asked
from app.cases.queries.opening import clocks_to_nobody, own_label
from app.cases.queries.visible import get_case, investigators, names_of
from app.cases.records import Assignment, Case, ContactAttempt, Note, Task
from app.clocks import queries as clocks
from app.clocks.events import ClockStoodStill
from app.correspondence.records import Message
from app.intake import queries as intake
from app.intake.queries import route_view
from app.intake.records import Filing
from app.intake.rules.status import Standing
from app.kernel.dates import ImpreciseDate, Precision
from app.kernel.events import sentence_of
from app.policy.model.powers import Act

STREAM = 30
# What happens so often that it would hide the rest: shown where it is asked for.
EVERY_DAY = (CaseOpenedForReading.tag, ClockStoodStill.tag)


def notes_of(work: Work, case_id: UUID) -> list[Note]:
    """The notes this person may read: the team's, and their own private ones; row security says the same."""
    own = and_(Note.reader == "mine", Note.written_by_id == work.actor.id)
    query = select(Note).where(Note.case_id == case_id, or_(Note.reader != "mine", own))
    return list(work.session.scalars(query.order_by(Note.written_at.desc())))


def kept_matter(work: Work, case_id: UUID) -> list[Matter]:
    """The notes of a case that are kept; a text names one by its id alone."""
    query = select(Note.id, Note.written_at, Note.compartments).where(Note.case_id == case_id, Note.compartments != [])
    return [
        Matter(row.id, f"Note of {row.written_at.astimezone(work.house.zone):%Y-%m-%d %H:%M}", tuple(row.compartments))
        for row in work.session.execute(query.order_by(Note.written_at))
    ]


def messages_of(work: Work, filing_ids: list[UUID]) -> list[Message]:
    """What the filer and the office wrote to each other, the latest first."""
    if not filing_ids:
        return []
    query = select(Message).where(Message.filing_id.in_(filing_ids))
    return list(work.session.scalars(query.order_by(Message.sent_at.desc())))


def tasks_of(work: Work, case_id: UUID) -> list[Task]:
    """The tasks of one case, open ones first."""
    query = select(Task).where(Task.case_id == case_id)
    return list(
        work.session.scalars(query.order_by(Task.done_at.desc().nulls_first(), Task.due_on.nulls_last(), Task.id))
    )


def get_task(work: Work, task_id: UUID) -> Task:
    """One task, or 404."""
    return one_or_not_found(work, select(Task).where(Task.id == task_id).with_for_update())


def attempts_of(work: Work, case_id: UUID) -> list[ContactAttempt]:
    """The log of attempts to reach people."""
    query = select(ContactAttempt).where(ContactAttempt.case_id == case_id)
    return list(work.session.scalars(query.order_by(ContactAttempt.made_at.desc())))


def assignment_of(work: Work, case_id: UUID) -> Assignment | None:
    """Who leads the case now, as a row with its beginning."""
    query = select(Assignment).where(Assignment.case_id == case_id, Assignment.until_at.is_(None))
    return work.session.scalars(query).one_or_none()


def investigator_assigned(work: Work, case_id: UUID) -> bool:
    """A fact for guards."""
    return get_case(work, case_id).lead_id is not None


def closure_reason_given(work: Work, case_id: UUID) -> bool:
    """A fact for guards: why the case closes without a finding was said, also by the very move that asks."""
    case = work.session.get(Case, case_id)
    return case is not None and bool(case.closure)


def activity_of(work: Work, case: Case, *, readings: bool = False) -> list[dict[str, Any]]:
    """The last things that happened in this case, as sentences in the rulebook's words."""
    # A link is told where the other case may be known of, and nowhere else.
    of_links = (CasesLinked.tag, LinkWithdrawn.tag)
    query = select(JournalEntry).where(JournalEntry.case_id == case.id, JournalEntry.tag.not_in(of_links))
    if not readings:
        query = query.where(JournalEntry.tag.not_in(EVERY_DAY))
    entries = list(work.session.scalars(query.order_by(JournalEntry.seq.desc()).limit(STREAM)))
    said = [json.loads(entry.body) for entry in entries]
    book = work.policies.named(case.policy_id)
    names = {str(key): name for key, name in names_of(work, _people_in(entries, said)).items()}
    return [
        {
            "at": entry.at,
            "who": names.get(str(entry.actor_id), "" if entry.actor_kind == "account" else _machine(entry.actor_kind)),
            "sentence": sentence_of(entry.tag, body["version"], rules.in_words(book, body["facts"], names)),
            "detail": f"To {names[to]}." if (to := body["facts"].get("account_id")) in names else "",
        }
        for entry, body in zip(entries, said, strict=True)
    ]


def _people_in(entries: list[JournalEntry], said: list[dict[str, Any]]) -> set[UUID]:
    acted = {entry.actor_id for entry in entries if entry.actor_id}
    return acted | {UUID(body["facts"]["account_id"]) for body in said if body["facts"].get("account_id")}


def _machine(kind: str) -> str:
    return "The filer" if kind == "filer" else "Candor"


def case_frame(work: Work, case: Case, tab: str = "") -> dict[str, Any]:
    """What stands round every page of one case: who and where it is, its clocks, and what may be done next."""
    book = work.policies.named(case.policy_id)
    home = f"/office/cases/{case.id}"
    others = [made for part in work.parts("case_tabs") if (made := part(work, case)) is not None]
    may_move, standing = work.may(Permission.CASE_MOVE), milestones.standing_of(work, case)
    acts_as = acting_as(work, case.id)
    return {
        "case": case,
        "book": book,
        "stages": rules.road(book, case.stage),
        "incident_date": ImpreciseDate(case.incident_date, Precision(case.incident_precision)),
        "classified": next((c.label.to("en") for c in book.classification if c.code == case.classification), ""),
        "own_kind": own_label(work, case),
        "kept_as": labels_of(work, case.compartments),
        "department": next((d.label.to("en") for d in book.departments if d.code == case.department_id), ""),
        "closure": next((c.label.to("en") for c in book.closures if c.code == case.closure), ""),
        "lead": names_of(work, {case.lead_id} if case.lead_id else set()).get(case.lead_id or UUID(int=0), ""),
        "leads": [(a.id, a.display_name) for a in investigators(work)] if work.may(Permission.CASE_ASSIGN) else [],
        "clocks": clocks.shown_many(work, clocks.clocks_of(work, case.id)),
        "clocks_to_nobody": clocks_to_nobody(work, case),
        "clock_stop": work.stop_of(Act.CLOCKS),
        # Where the case cannot go on, the head of each of its pages says why.
        "case_stop": None if book.stage(case.stage).final else work.stop_of(Act.MOVES),
        "moves": next_moves(work, case, standing) if may_move else [],
        **milestones.case_days(work, case, standing),
        "closures": [(c.code, c.label.to("en")) for c in book.closures if not c.by or acts_as & set(c.by)],
        "asked_to_close": closing_asked(work, case),
        "route": route_view(work, book, case_id=case.id),
        "tabs": [("Case", home, tab == ""), *((t[0], t[1], t[1] == f"{home}/{tab}", *t[2:3]) for t in others)],
        "can": {
            "assign": work.may(Permission.CASE_ASSIGN),
            "work": work.may(Permission.CASE_WORK),
            "note": work.may(Permission.NOTE_WRITE),
            "move": may_move,
            "pause": work.may(Permission.CLOCK_PAUSE),
            "route": work.may(Permission.CASE_WORK),
        },
    }


def next_moves(work: Work, case: Case, standing: milestones.Standing | None = None) -> list[rules.NextMove]:
    """Where this person may take the case, and what each way still waits for."""
    book = work.policies.named(case.policy_id)
    roles = acting_as(work, case.id)
    known = work.house.wiring.facts
    held: dict[str, bool] = {}

    def holds(guard: str) -> bool:
        if guard not in held:
            held[guard] = known[guard](work, case.id) if guard in known else False
        return held[guard]

    on_file = standing or milestones.standing_of(work, case)
    return [
        rules.next_move(book, move, holds, milestones.lacks(work, case, move, on_file))
        for move in rules.moves_for(book, case.stage, roles)
    ]


def case_view(work: Work, case: Case, *, readings: bool = False) -> dict[str, Any]:
    """Everything the case page shows of this stage, and what this person can do to it."""
    notes, attempts = notes_of(work, case.id), attempts_of(work, case.id)
    filings = filings_of(work, case.id)
    writers = {note.written_by_id for note in notes} | {attempt.made_by_id for attempt in attempts}
    messages = messages_of(work, [filing.id for filing in filings])
    names = names_of(work, writers | {m.sent_by_id for m in messages if m.sent_by_id})
    return {
        **case_frame(work, case),
        "written": _written(work, notes, messages, names, case.language),
        **keeping_view(work, case.id),
        "tasks": tasks_of(work, case.id),
        "attempts": attempts,
        "filings": filings,
        "safe_contact": intake.safe_contact_of(work, filings),
        "translations": intake.translations_of(work, [filing.id for filing in filings]),
        "names": names,
        "book_channels": {c.code: c.label.to("en") for c in work.policies.named(case.policy_id).intake.channels},
        "dict_channels": rules.CONTACT_CHANNELS,
        "dict_results": rules.CONTACT_RESULTS,
        "activity": activity_of(work, case, readings=readings),
        "readings": readings,
        "channels": list(rules.CONTACT_CHANNELS.items()),
        "results": list(rules.CONTACT_RESULTS.items()),
    }


def _written(
    work: Work, notes: list[Note], messages: list[Message], names: dict[UUID, str], language: str
) -> list[dict[str, Any]]:
    """Notes and messages in one stream, the latest first, each with who may read it."""
    entries = [
        {
            "at": n.written_at,
            "is_exact": True,
            "who": names.get(n.written_by_id, ""),
            "reader": n.reader,
            "body": n.body,
            "lang": "",
            "seen_by": seen_by(work, n.compartments),
        }
        for n in notes
    ]
    entries += [
        {
            "at": m.sent_at,
            "is_exact": not m.is_from_filer,
            "who": "The filer" if m.is_from_filer else names.get(m.sent_by_id or UUID(int=0), m.sender_title),
            "reader": "filer",
            "body": m.body,
            "lang": language,
            "seen_by": "",
        }
        for m in messages
    ]
    return sorted(entries, key=lambda entry: entry["at"], reverse=True)


def filings_of(work: Work, case_id: UUID) -> list[Filing]:
    """The filings of the case, for those who may read filings."""
    return intake.filings_of_case(work, case_id) if work.may(Permission.FILING_READ) else []


def filer_status(work: Work, case_id: UUID, language: str = "") -> list[Standing]:
    """For the filer's page: where the case stands and the title of whoever leads it; by columns their door may read."""
    query = select(Case.number, Case.stage, Case.policy_id, Case.closed_on, Account.title)
    query = query.outerjoin(Account, Account.id == Case.lead_id).where(Case.id == case_id)
    return [
        Standing(row.number, row.stage, row.policy_id, row.title or "", row.closed_on)
        for row in work.session.execute(query)
    ]

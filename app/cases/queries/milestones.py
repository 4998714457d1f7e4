"""The milestones of a case: what is on file, what a move waits for, and when the case is formal, complete and final."""

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, not_, select

from app.access.permissions import Permission
from app.access.reading import one_or_not_found
from app.access.records import Wall
from app.access.work import Work
from app.audit.records import JournalEntry
from app.cases import rules
from app.cases.events import CaseMoved
from app.cases.queries.reviews import reviewable, shown_reviews
from app.cases.records import Case, MilestoneRecord
from app.cases.rules import Formality, OnFile
from app.cases.rules.reviews import Reviewable, held_clocks, owed_before
from app.clocks.events import EventHeard
from app.clocks.records import Clock
from app.clocks.rules import OFFICE, ROUND_DUE
from app.intake.rules.status import MadeFormal
from app.policy.model import Rulebook
from app.policy.model.process import Move, Per

# On one day, what the law counts from comes before what was done about it.
EARLIEST = ("incident", "filing_received", "case_opened")


def visible_milestones(work: Work) -> Select[MilestoneRecord]:
    """The milestones of the cases this person may know of; row security says the same."""
    work.need(Permission.CASE_READ)
    walled = select(Wall.case_id).where(Wall.account_id == work.actor.id, Wall.lifted_at.is_(None))
    return select(MilestoneRecord).where(MilestoneRecord.case_id.not_in(walled))


def milestones_of(work: Work, case_id: UUID) -> list[MilestoneRecord]:
    """Everything that was ever put on file of one case, the latest happening first."""
    query = visible_milestones(work).where(MilestoneRecord.case_id == case_id)
    return list(
        work.session.scalars(query.order_by(MilestoneRecord.happened_on.desc(), MilestoneRecord.recorded_at.desc()))
    )


def get_milestone(work: Work, case_id: UUID, milestone_id: UUID) -> MilestoneRecord:
    """One of them, or 404."""
    query = visible_milestones(work).where(MilestoneRecord.id == milestone_id, MilestoneRecord.case_id == case_id)
    return one_or_not_found(work, query.with_for_update())


def days_on_file(work: Work, case_id: UUID, code: str, officer_id: UUID | None) -> list[tuple[UUID, date]]:
    """Where one milestone stands on file already, of the case or of one officer in it."""
    standing = [each for each in milestones_of(work, case_id) if each.superseded_at is None]
    return [(each.id, each.happened_on) for each in standing if (each.code, each.officer_id) == (code, officer_id)]


def files_of(work: Work, case_id: UUID) -> list[tuple[UUID, str]]:
    """The files of the case that may prove a day, for those who may open them."""
    return [choice for part in work.parts("clock_evidence") for choice in part(work, case_id)]


def officers_of(work: Work, case_id: UUID) -> dict[UUID, str]:
    """The officers whom the case concerns, as they are named in a list."""
    return dict(choice for part in work.parts("case_officers") for choice in part(work, case_id))


# --- what a case waits for ---


@dataclass(frozen=True)
class Standing:
    """What is on file of one case, the officers it concerns, and how far it is formal."""

    on_file: list[OnFile] = field(default_factory=list)
    officers: dict[UUID, str] = field(default_factory=dict)
    formal: Formality | None = None
    reviewable: Reviewable | None = None


def standing_of(work: Work, case: Case) -> Standing:
    """Read by the columns that the commission's door may read too, where a vote sends a case on."""
    book = work.policies.named(case.policy_id)
    if not book.milestones:
        return Standing(reviewable=reviewable(work, case, []))
    query = select(MilestoneRecord.code, MilestoneRecord.happened_on, MilestoneRecord.officer_id)
    query = query.where(MilestoneRecord.case_id == case.id, MilestoneRecord.superseded_at.is_(None))
    on_file = [OnFile(row.code, row.happened_on, row.officer_id) for row in work.session.execute(query)]
    has_own = any(each.per is Per.OFFICER for each in book.milestones)
    formal = rules.formality(book, case.origin, case.anonymity, case.received_on, on_file)
    officers = officers_of(work, case.id) if has_own else {}
    return Standing(on_file, officers, formal, reviewable(work, case, on_file))


def lacks(work: Work, case: Case, move: Move, standing: Standing | None = None) -> list[str]:
    """What this move still waits for outside the system, in words."""
    book, known = work.policies.named(case.policy_id), standing or standing_of(work, case)
    informal = rules.informal_words(book, known.formal, move.to)
    missing = rules.missing_before(book, move, known.on_file, known.officers)
    owed = owed_before(book, known.reviewable, move) if known.reviewable else []
    return [*([informal] if informal else []), *missing, *owed]


def made_formal(work: Work, case_id: UUID, language: str = "") -> list[MadeFormal]:
    """For the filer's page: the day on which the complaint became formal; by columns their door may read."""
    query = select(MilestoneRecord.happened_on).where(MilestoneRecord.case_id == case_id, MilestoneRecord.makes_formal)
    query = query.where(MilestoneRecord.superseded_at.is_(None)).order_by(MilestoneRecord.happened_on).limit(1)
    return [MadeFormal(row.happened_on) for row in work.session.execute(query)]


# --- what must be reviewed ---


def clocks_held(work: Work, case_id: UUID, event: str, on: date) -> set[str]:
    """For the clocks: those of referrals that nothing in this case demands, now that it came to this event."""
    case = work.session.get(Case, case_id)
    return held_clocks(work.policies.named(case.policy_id), _reviewable_at(work, case, event, on)) if case else set()


def _reviewable_at(work: Work, case: Case, event: str, on: date) -> Reviewable:
    return reviewable(work, case, [*standing_of(work, case).on_file, OnFile(event, on)])


# --- complete and final ---


@dataclass(frozen=True)
class ShownDays:
    """When a case was complete under the law and when its outcome became final; for one officer, if so told."""

    about: str
    complete_on: date | None
    final_on: date | None


def legal_days_of(work: Work, case: Case, standing: Standing) -> list[ShownDays]:
    """Counted from what is on file, and from the events that the case itself went through."""
    book = work.policies.named(case.policy_id)
    if book.completion is None:
        return []
    happened = [*standing.on_file, *_went_through(work, book, case)]
    found = rules.legal_days(book, happened, list(standing.officers))
    return [
        ShownDays(
            standing.officers.get(each.officer, "") if isinstance(each.officer, UUID) else "",
            each.complete_on,
            each.final_on,
        )
        for each in found
    ]


def _went_through(work: Work, book: Rulebook, case: Case) -> list[OnFile]:
    """The events of a case whose day is known: its own, those of its moves, and those its clocks heard of."""
    own = [OnFile("filing_received", case.received_on), OnFile("case_opened", case.opened_on)]
    if case.closed_on is not None:
        refers = rules.is_referral(book, case.stage)
        own.append(OnFile(rules.closed_how(book, case.stage, case.closure, refers=refers), case.closed_on))
    return own + _moved(work, book, case) + _heard(work, case)


def _moved(work: Work, book: Rulebook, case: Case) -> list[OnFile]:
    moves = [(day, to) for day, _, to in _moves_of(work, case) if not book.stage(to).final]
    return [OnFile(event, day) for day, to in moves if (event := rules.clock_event(book, to)) is not None]


def _moves_of(work: Work, case: Case) -> list[tuple[date, str, str]]:
    """The day of each move, and between which stages."""
    query = select(JournalEntry.at, JournalEntry.body)
    query = query.where(JournalEntry.case_id == case.id, JournalEntry.tag == CaseMoved.tag)
    told = [(row.at, json.loads(row.body)["facts"]) for row in work.session.execute(query)]
    return [(at.astimezone(work.house.zone).date(), facts["from_stage"], facts["to_stage"]) for at, facts in told]


def returns_of(work: Work, case: Case) -> list[date]:
    """The days on which the case went back to an earlier stage: what had happened there may happen again."""
    book = work.policies.named(case.policy_id)
    return [day for day, stage, to in _moves_of(work, case) if rules.goes_back(book, stage, to)]


def _heard(work: Work, case: Case) -> list[OnFile]:
    query = select(Clock.started_by, Clock.started_on, Clock.stopped_by, Clock.stopped_on, Clock.officer_id)
    of_office = query.where(Clock.case_id == case.id, not_(Clock.is_void), Clock.whose_date == OFFICE)
    rows = list(work.session.execute(of_office))
    known = {each.code for each in work.policies.named(case.policy_id).milestones}
    begun = [OnFile(row.started_by, row.started_on, row.officer_id) for row in rows]
    ended = [OnFile(row.stopped_by, row.stopped_on, row.officer_id) for row in rows if row.stopped_on is not None]
    # Of a milestone the file itself speaks: what a clock heard of may have been corrected since.
    return [each for each in (*begun, *ended) if each.code not in known and each.code != ROUND_DUE]


def gone_through(work: Work, case: Case) -> list[OnFile]:
    """Everything of the case itself that a clock may count from or stop by, as it came: its events and milestones."""
    book = work.policies.named(case.policy_id)
    found = [*_went_through(work, book, case), *_told_to_officers(work, case)]
    if case.incident_date is not None and case.incident_precision == "day":
        found.append(OnFile("incident", case.incident_date))
    own = [each for each in (*found, *standing_of(work, case).on_file) if each.officer is None]
    order = [*EARLIEST, *(each.code for each in own)]
    return sorted(set(own), key=lambda each: (each.on, order.index(each.code)))


def _told_to_officers(work: Work, case: Case) -> list[OnFile]:
    query = select(JournalEntry.body).where(JournalEntry.case_id == case.id, JournalEntry.tag == EventHeard.tag)
    facts = (json.loads(body)["facts"] for body in work.session.scalars(query))
    return [OnFile(each["event"], date.fromisoformat(each["day"])) for each in facts]


def case_days(work: Work, case: Case, standing: Standing) -> dict[str, Any]:
    """For every page of the case: the days that its law tells apart, each with the law."""
    book = work.policies.named(case.policy_id)
    sworn, completion = book.intake.sworn_statement, book.completion
    return {
        "formal": standing.formal,
        "formal_law": rules.law_of(book, sworn) if sworn else "",
        "legal_days": legal_days_of(work, case, standing),
        "legal_days_law": rules.law_of(book, completion) if completion else "",
        "reviews": shown_reviews(book, standing.reviewable) if standing.reviewable else [],
    }

"""Disputes of a case: which are open, who decides them by which law, and what stands; each door reads what it may."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from app.access.permissions import Permission
from app.access.reading import one_or_not_found
from app.access.records import Account
from app.access.work import Work
from app.cases import queries as cases
from app.cases.records import Case
from app.clocks import queries as clocks
from app.commission import queries as commission
from app.correspondence.letters import say
from app.discipline import rules
from app.discipline.queries.words import stands_words
from app.discipline.records import DisputeRecord, Recommendation
from app.policy.model import Rulebook
from app.policy.model.decisions import Dispute

# What the commission and the department may read of one, and no more.
OPEN_TO_ALL = (
    DisputeRecord.id,
    DisputeRecord.recommendation_id,
    DisputeRecord.dispute,
    DisputeRecord.opened_on,
    DisputeRecord.outcome,
    DisputeRecord.decided_on,
    DisputeRecord.deciders,
)


@dataclass(frozen=True)
class ShownDispute:
    """A dispute in words: before whom, who must convince, how it ended, and what stands."""

    id: UUID
    label: str
    who_decides: str
    burden: str
    opened_on: date
    outcome: str
    decided_on: date | None
    deciders: str
    stands: str

    @property
    def is_open(self) -> bool:
        return self.decided_on is None


def visible_disputes(work: Work) -> Select[DisputeRecord]:
    """Disputes about recommendations that are this person's to see; row security leaves each door its own."""
    work.need(Permission.RECOMMENDATION_READ)
    return select(DisputeRecord)


def has_dispute(work: Work, recommendation_id: UUID) -> bool:
    """Whether the answer to this recommendation has opened one already."""
    query = select(DisputeRecord.id).where(DisputeRecord.recommendation_id == recommendation_id)
    return work.session.scalar(query) is not None


def get_dispute(work: Work, case_id: UUID, dispute_id: UUID) -> DisputeRecord:
    """One dispute of this case, or 404."""
    query = visible_disputes(work).where(DisputeRecord.id == dispute_id, DisputeRecord.case_id == case_id)
    return one_or_not_found(work, query)


def disputes_of_case(work: Work, case_id: UUID) -> list[DisputeRecord]:
    """Every dispute of a case, the first first; the caller has the case."""
    query = select(DisputeRecord).where(DisputeRecord.case_id == case_id)
    return list(work.session.scalars(query.order_by(DisputeRecord.opened_on, DisputeRecord.id)))


def dispute_of_milestone(work: Work, milestone_id: UUID) -> DisputeRecord | None:
    """The dispute whose decision this milestone holds the day of."""
    return work.session.scalar(select(DisputeRecord).where(DisputeRecord.milestone_id == milestone_id))


def bench(work: Work, case: Case, found: Dispute) -> rules.Bench:
    """Who has a seat in the body that decides, and who of them has stepped aside from this case."""
    serving = {seat.account_id for seat in commission.members_of(work, found.decided_by)} - {None}
    return rules.Bench(serving, commission.recusals_of(work, [case.id]).get(case.id, set()))


def named(work: Work, account_ids: Iterable[UUID]) -> list[tuple[UUID, str]]:
    """People by name and title, as a decision names them."""
    query = select(Account.id, Account.display_name, Account.title).where(Account.id.in_(list(account_ids)))
    rows = work.session.execute(query.order_by(Account.display_name, Account.id))
    return [(row.id, ", ".join(word for word in (row.display_name, row.title) if word)) for row in rows]


# --- in words ---


def shown_disputes(work: Work, sent: Sequence[tuple[Rulebook, Recommendation]]) -> dict[UUID, ShownDispute]:
    """By recommendation, the dispute about its answer, for whoever may read the recommendation."""
    books, rows = {each.id: (book, each) for book, each in sent}, _rows(work, [each.id for _, each in sent])
    return {row.recommendation_id: _shown(*books[row.recommendation_id], row) for row in rows}


def _rows(work: Work, recommendation_ids: list[UUID]) -> list[Any]:
    query = select(*OPEN_TO_ALL).where(DisputeRecord.recommendation_id.in_(recommendation_ids))
    return list(work.session.execute(query)) if recommendation_ids else []


def _shown(book: Rulebook, sent: Recommendation, row: Any) -> ShownDispute:
    found = rules.dispute(book, row.dispute)
    return ShownDispute(
        id=row.id,
        label=found.label.to("en"),
        who_decides=rules.who_decides(book, found),
        burden=rules.burden(book, found),
        opened_on=row.opened_on,
        outcome=rules.outcome_word(found, row.outcome or ""),
        decided_on=row.decided_on,
        deciders=row.deciders,
        stands=stands_words(book, sent, found, row.outcome),
    )


def after_disputes(work: Work, book: Rulebook, sent: list[Recommendation], language: str) -> list[str]:
    """For the closing letter: how each dispute ended, and what stands."""
    by_id = {each.id: each for each in sent}
    return [_told(book, by_id[row.recommendation_id], row, language) for row in _rows(work, list(by_id))]


def _told(book: Rulebook, sent: Recommendation, row: Any, language: str) -> str:
    found = rules.dispute(book, row.dispute)
    stands = stands_words(book, sent, found, row.outcome, language)
    where = f"{say(language, 'This was before')}: {rules.before(book, found, language)}."
    ended = f"{rules.outcome_word(found, row.outcome, language)}." if row.outcome else ""
    return " ".join(dict.fromkeys(words for words in (where, ended, stands) if words))


def to_decide(work: Work, case: Case, book: Rulebook, dispute_id: str) -> dict[str, Any]:
    """What the form asks for a decision of one open dispute; nothing where there is none to decide."""
    if not work.may(Permission.DISPUTE_DECIDE):
        return {"decides": False, "chosen": None}
    rows = [row for row in disputes_of_case(work, case.id) if row.decided_on is None and case.closed_on is None]
    row = next((row for row in rows if str(row.id) == dispute_id), None)
    return {"decides": bool(rows), "chosen": _asked(work, case, book, row) if row else None}


def _asked(work: Work, case: Case, book: Rulebook, row: DisputeRecord) -> dict[str, Any]:
    found = rules.dispute(book, row.dispute)
    sitting = bench(work, case, found)
    free = [(str(key), name) for key, name in named(work, sitting.serving - sitting.recused)]
    grounds = [(each.code, each.label.to("en")) for each in found.excluded_deciders]
    return {
        "id": row.id,
        "label": found.label.to("en"),
        "who_decides": rules.who_decides(book, found),
        "burden": rules.burden(book, found),
        "how_many": found.deciders,
        "outcomes": [(each.code, each.label.to("en")) for each in found.outcomes],
        "members": free if rules.is_of_members(book, found) else None,
        "grounds": [(rules.NOTHING_HOLDS, "None of these"), *grounds] if grounds else [],
        "files": cases.files_of(work, case.id),
    }


def file_kept(work: Work, case: Case, book: Rulebook) -> dict[UUID, Any]:
    """By dispute, what only the office reads: the proof, its file, the clock, and who put it on file."""
    rows = disputes_of_case(work, case.id)
    if not rows:
        return {}
    files = dict(cases.files_of(work, case.id))
    running = clocks.shown_many(work, clocks.clocks_of(work, case.id))
    return {
        row.id: {
            "proof": row.proof,
            "file": files.get(row.evidence_id) if row.evidence_id else None,
            "by_milestone": row.milestone_id is not None,
            "clocks": [each for each in running if each.clock.rule == rules.dispute(book, row.dispute).clock],
        }
        for row in rows
    }


# --- facts ---


def dispute_open(work: Work, case_id: UUID) -> bool:
    """A fact for guards: an answer went before somebody else, who has not decided yet."""
    return any(each.decided_on is None for each in disputes_of_case(work, case_id))


def no_open_dispute(work: Work, case_id: UUID) -> bool:
    """A fact for guards: every dispute is decided, or there is none."""
    return not dispute_open(work, case_id)

"""What each authority now says of each allegation, and the facts that guards ask."""

from uuid import UUID

from sqlalchemy import select

from app.access.work import Work
from app.allegations.records import Allegation, Finding
from app.policy.model.decisions import LifeCode


def standing_lives(work: Work, case_id: UUID) -> dict[UUID, dict[str, str]]:
    """For each standing allegation, what each life now says; by columns that also the filer's door may read."""
    stated = select(Allegation.id).where(Allegation.case_id == case_id, Allegation.withdrawn_at.is_(None))
    found: dict[UUID, dict[str, str]] = {key: {} for key in work.session.scalars(stated)}
    query = select(Finding.allegation_id, Finding.life, Finding.disposition)
    for row in work.session.execute(query.where(Finding.case_id == case_id, Finding.superseded_at.is_(None))):
        if row.allegation_id in found:
            found[row.allegation_id][row.life] = row.disposition
    return found


def review_subjects(work: Work, case_id: UUID) -> list[tuple[str, str]]:
    """The kind of each standing allegation, and what the department found on it."""
    stated = select(Allegation.id, Allegation.category).where(
        Allegation.case_id == case_id, Allegation.withdrawn_at.is_(None)
    )
    lives = standing_lives(work, case_id)
    rows = work.session.execute(stated.order_by(Allegation.position))
    return [(row.category, lives.get(row.id, {}).get(LifeCode.DEPARTMENT, "")) for row in rows]


def lives_of(work: Work, case_id: UUID) -> list[dict[str, str]]:
    """What each life says of each standing allegation."""
    return list(standing_lives(work, case_id).values())


def every_allegation_has_a_finding(work: Work, case_id: UUID) -> bool:
    """A fact for guards: there is an allegation, and the investigator has found on each."""
    return _all_have(work, case_id, LifeCode.INVESTIGATOR)


def supervisor_approved(work: Work, case_id: UUID) -> bool:
    """A fact for guards: a supervisor has spoken on each allegation."""
    return _all_have(work, case_id, LifeCode.SUPERVISOR)


def _all_have(work: Work, case_id: UUID, life: str) -> bool:
    found = lives_of(work, case_id)
    return bool(found) and all(life in each for each in found)

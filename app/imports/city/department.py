"""The departments' answers to what the commission found, and the end of the cases that waited for them."""

from datetime import datetime
from uuid import UUID

from app.access.permissions import Role
from app.access.work import Work
from app.cases import actions as cases
from app.cases import queries
from app.cases.commands import MoveCase
from app.discipline import actions as discipline
from app.discipline import queries as discipline_queries
from app.discipline.commands import GiveAnswer
from app.imports.city.diary import Life
from app.imports.city.town import Matter, Town

WAITS = (((9, 29), 0.7), ((34, 62), 0.18), (None, 0.12))
SILENT_BETWEEN = (45, 130)  # days before the anchor; one commander lets the first letter of that time lie


def answers(town: Town, matter: Matter, found_at: datetime) -> Life:
    """The liaison answers every recommendation of the case, and the director closes it."""
    rng = matter.rng
    days = _wait(town, matter, found_at)
    liaison = town.liaison_of(town.book.departments[matter.plan.department].code)
    if liaison is None or days is None:
        return
    work = yield town.pace.turn(liaison, found_at, days)
    for recommendation_id, measure in matter.recommended.items():
        _give(town, work, matter, recommendation_id, measure)
    at = work.now
    work = yield town.pace.turn(town.one(Role.DIRECTOR), at, rng.uniform(2, 10))
    case = queries.get_case(work, matter.case)
    end = next(each.to for each in town.book.moves_from(case.stage) if town.book.stage(each.to).final)
    reason = town.say(rng, "closing_reasons")
    cases.move_case(work, case.id, MoveCase(version=case.version, to=end, reason=reason))
    matter.is_over = True


def _wait(town: Town, matter: Matter, found_at: datetime) -> float | None:
    before = (town.year.anchor - found_at.date()).days
    if SILENT_BETWEEN[0] <= before <= SILENT_BETWEEN[1] and not town.is_somebody_silent:
        town.is_somebody_silent = True
        return None
    span = matter.rng.choices([wait for wait, _ in WAITS], [share for _, share in WAITS])[0]
    return matter.rng.uniform(*span) if span else None


def _give(town: Town, work: Work, matter: Matter, recommendation_id: UUID, measure: str) -> None:
    rng = matter.rng
    answer = town.next_answer()
    penalties = [each.code for each in town.book.discipline.penalties]
    lesser = penalties[max(penalties.index(measure) - 1, 0)]
    imposed = {"agree": measure, "agree_less": lesser}.get(answer, "")
    sent = discipline_queries.get_recommendation(work, recommendation_id)
    reasons = town.say(rng, "department_answers", answer)
    ask = GiveAnswer(version=sent.version, answer=answer, reasons=reasons, imposed=imposed)
    discipline.give_answer(work, sent.id, ask)

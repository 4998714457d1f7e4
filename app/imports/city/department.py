"""The departments' answers to what the commission found, and the end of the cases that waited for them."""

from datetime import datetime
from random import Random
from uuid import UUID

from app.access.permissions import Role
from app.access.work import Work
from app.cases import actions as cases
from app.cases import queries
from app.cases.commands import MoveCase
from app.discipline import actions as discipline
from app.discipline import queries as discipline_queries
from app.discipline.commands import GiveAnswer
from app.discipline.rules import due_on
from app.imports.city import asking
from app.imports.city.diary import Life
from app.imports.city.town import Matter, Town

WAITS = (((9, 29), 0.7), ((34, 62), 0.18), (None, 0.12))
SILENT_BETWEEN = (45, 130)  # days before the anchor; one commander lets the first letter of that time lie
CLOSED_AFTER = (5, 16)  # days after an answer was due that never came
ANSWERED, LAPSED = "answer_received", "answer_lapsed"


def answers(town: Town, matter: Matter, found_at: datetime) -> Life:
    """The liaison answers every recommendation of the case, and the director closes it; or closes it past silence."""
    rng = matter.rng
    before = (town.year.anchor - found_at.date()).days
    liaison = town.liaison_of(town.book.departments[matter.plan.department].code)
    if liaison is None or _is_left_lying(town, before):
        return
    days = _wait(town, rng, before)
    if days is None:
        due = due_on(town.book, found_at.date())
        late = (due - found_at.date()).days + rng.uniform(*CLOSED_AFTER) if due else 0.0
        yield from _closes(town, matter, found_at, late, LAPSED)
        return
    work = yield town.pace.turn(liaison, found_at, days)
    for recommendation_id, measure in matter.recommended.items():
        _give(town, work, matter, recommendation_id, measure)
    yield from _closes(town, matter, work.now, rng.uniform(2, 10), ANSWERED)


def _is_left_lying(town: Town, before: int) -> bool:
    """One letter lies there still, past its day, and nobody has closed the case over it."""
    if town.is_somebody_silent or not SILENT_BETWEEN[0] <= before <= SILENT_BETWEEN[1]:
        return False
    town.is_somebody_silent = True
    return True


def _wait(town: Town, rng: Random, before: int) -> float | None:
    """After how many days the answer comes; None where none ever does, as for the first letter of the year."""
    if before > SILENT_BETWEEN[1] and not town.is_somebody_passed_over:
        town.is_somebody_passed_over = True
        return None
    span = rng.choices([wait for wait, _ in WAITS], [share for _, share in WAITS])[0]
    return rng.uniform(*span) if span else None


def _closes(town: Town, matter: Matter, at: datetime, days: float, guard: str) -> Life:
    work = yield town.pace.turn(town.one(Role.DIRECTOR), at, days)
    case = queries.get_case(work, matter.case)
    ways = [move for move in town.book.moves_from(case.stage) if guard in move.only_if]
    end = next(move.to for move in ways if town.book.stage(move.to).final)
    reason = town.say(matter.rng, "closing_reasons", guard)
    cases.move_case(work, case.id, MoveCase(version=case.version, to=end, reason=reason))
    matter.is_over = True
    town.diary.begin(asking.asks_again(town, matter, work.now))


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

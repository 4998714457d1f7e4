"""The commission's year: seats are filled, meetings are held every four weeks, cases are voted on and go on."""

from collections.abc import Generator, Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from app.access.permissions import Role
from app.access.work import Work
from app.commission import actions, queries
from app.commission.commands import (
    CallRoll,
    CastVote,
    CloseMotion,
    DeclareRecusal,
    EndMeeting,
    OpenMeeting,
    PutMotion,
    PutOnDocket,
    ScheduleMeeting,
    SeatMember,
    SendOn,
)
from app.commission.records import Motion
from app.commission.rules.meetings import voting_bodies
from app.discipline import actions as discipline
from app.discipline.commands import RecommendDiscipline
from app.imports.city import asking, department
from app.imports.city.diary import Life, Turn
from app.imports.city.people import dice
from app.imports.city.town import Matter, Town
from app.policy.model.process import Phase

EVERY = timedelta(weeks=4)
FIRST_MEETING_AFTER = timedelta(days=150)  # before that no case of the year can have come so far
MOST_CASES = 5
HOUR = 18
SEATS = 7
EMPTY_SEAT = 6
DOCKETED_BEFORE = 15  # days
OTHERWISE = "not_sustained"


class Question(NamedTuple):
    """What is moved on one allegation, and whether it will carry."""

    number: int
    word: str
    carries: bool


def year(town: Town, begins: datetime) -> Life:
    """Seats first, then each meeting has a life of its own."""
    director = town.one(Role.DIRECTOR)
    body = voting_bodies(town.book)[0].code
    work = yield town.pace.turn(director, begins, 1)
    members = iter(town.people(Role.COMMISSIONER))
    for position in range(1, SEATS + 1):
        name = None if position == EMPTY_SEAT else next(members, None)
        account = town.cast.id_of(name) if name else None
        actions.seat_member(work, SeatMember(of_body=body, position=position, account_id=account))
        work.flush()
    days = list(_meeting_days(town, begins.date()))
    # The packets of the docket to come and of the last one are there; older ones can be asked for again.
    town.diary.only_from("build_packet", _midnight(town, days[-2]) - timedelta(days=DOCKETED_BEFORE + 1))
    for held_on in days:
        town.diary.begin(_meeting(town, body, held_on))


def _meeting_days(town: Town, begins: date) -> Iterator[date]:
    """Every fourth Thursday, so that the next one lies within the two weeks after the anchor day."""
    calendar = town.book.calendar
    coming = town.year.anchor + timedelta(days=5)
    coming += timedelta(days=(3 - coming.weekday()) % 7)
    days = [coming - EVERY * number for number in range(14)]
    yield from (calendar.next_open(day) for day in reversed(days) if day > begins + FIRST_MEETING_AFTER)


def _midnight(town: Town, day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), tzinfo=town.pace.zone)


def _meeting(town: Town, body: str, held_on: date) -> Life:
    """One meeting: announced, prepared, held."""
    rng = dice(town.year.seed, held_on)
    director, secretary = town.one(Role.DIRECTOR), town.one(Role.SECRETARY)
    midnight = _midnight(town, held_on)
    work = yield town.pace.turn(director, midnight - timedelta(days=27))
    place = town.say(rng, "meeting_places")
    meeting = actions.schedule_meeting(
        work, ScheduleMeeting(body=body, held_on=held_on, starts_at=f"{HOUR}:00", place=place)
    )
    work = yield town.pace.turn(director, midnight - timedelta(days=DOCKETED_BEFORE))
    matters = _docket(town, work, meeting.id)
    recused = yield from _recusals(town, rng, matters, midnight)
    work = yield town.pace.at(secretary, held_on, HOUR, 1)
    at = work.now
    present = _present(town, rng)
    _begin(work, meeting.id, [town.cast.id_of(name) for name in present])
    for number, matter in enumerate(matters):
        voters = [name for name in present if name != recused.get(number)]
        at = yield from _case(town, rng, matter, voters, at + timedelta(minutes=rng.randint(6, 16)))
    work = yield Turn(secretary, at + timedelta(minutes=3))
    ended = queries.get_meeting(work, meeting.id)
    actions.end_meeting(work, ended.id, EndMeeting(version=ended.version))


def _docket(town: Town, work: Work, meeting_id: UUID) -> list[Matter]:
    """Whoever has waited longest comes first; what does not fit waits for the next meeting."""
    matters, town.waiting[:] = town.waiting[:MOST_CASES], town.waiting[MOST_CASES:]
    for matter in matters:
        actions.put_on_docket(work, meeting_id, PutOnDocket(case_id=matter.case))
        work.flush()
    return matters


def _present(town: Town, rng: Random) -> list[str]:
    members = list(town.people(Role.COMMISSIONER))
    away = rng.choice(members) if rng.random() < 0.75 else None
    return [name for name in members if name != away]


def _begin(work: Work, meeting_id: UUID, present: Sequence[UUID]) -> None:
    meeting = queries.get_meeting(work, meeting_id)
    actions.open_meeting(work, meeting.id, OpenMeeting(version=meeting.version))
    work.flush()
    actions.call_roll(work, meeting.id, CallRoll(present=tuple(present)))


def _recusals(
    town: Town, rng: Random, matters: Sequence[Matter], midnight: datetime
) -> Generator[Turn, Work, dict[int, str]]:
    """A member who knows somebody in a case steps back days before the meeting, and it is gone for them."""
    recused: dict[int, str] = {}
    grounds = [each.code for each in voting_bodies(town.book)[0].recusal_grounds]
    for number, matter in enumerate(matters):
        if rng.random() > (0.14 if number else 0.45):
            continue
        name = rng.choice(town.people(Role.COMMISSIONER))
        work = yield Turn(name, midnight - timedelta(days=12) + timedelta(hours=20, minutes=7 * number))
        actions.declare_recusal(work, matter.case, DeclareRecusal(ground=rng.choice(grounds), sure="yes"))
        recused[number] = name
    return recused


def _case(
    town: Town, rng: Random, matter: Matter, voters: Sequence[str], at: datetime
) -> Generator[Turn, Work, datetime]:
    """One case at the table: a motion on each allegation, the roll called on it, the sums made; then it goes on."""
    secretary = town.one(Role.SECRETARY)
    for question in _questions(rng, matter):
        work = yield Turn(secretary, at)
        motion = _put(town, rng, work, matter, question, voters)
        for place, name in enumerate(voters):
            at += timedelta(seconds=rng.randint(8, 40))
            work = yield Turn(name, at)
            choice = _choice(rng, question, is_free=place > len(voters) // 2)
            actions.cast_vote(work, matter.case, motion.id, CastVote.model_validate({"choice": choice}))
        at += timedelta(seconds=50)
        work = yield Turn(secretary, at)
        actions.close_motion(work, matter.case, motion.id, CloseMotion(version=motion.version))
    at += timedelta(minutes=2)
    work = yield Turn(secretary, at)
    _send_on(town, rng, work, matter)
    return at


def _questions(rng: Random, matter: Matter) -> Iterator[Question]:
    """What is moved on each allegation; once in a while a first motion fails and another is put."""
    for number in matter.allegations:
        word = matter.word(number, "board")
        if rng.random() < 0.05:
            yield Question(number, OTHERWISE if word != OTHERWISE else "within_policy", carries=False)
        yield Question(number, word, carries=True)


def _choice(rng: Random, question: Question, *, is_free: bool) -> str:
    """More than half make the outcome; whoever votes after them may differ without changing it."""
    usual, other = ("yes", "no") if question.carries else ("no", "yes")
    return rng.choices((usual, other, "abstain"), (0.8, 0.15, 0.05))[0] if is_free else usual


def _put(town: Town, rng: Random, work: Work, matter: Matter, question: Question, voters: Sequence[str]) -> Motion:
    mover = town.cast.id_of(rng.choice(voters))
    subject = matter.allegations[question.number]
    return actions.put_motion(work, matter.case, PutMotion(subject_id=subject, proposal=question.word, moved_by=mover))


def _send_on(town: Town, rng: Random, work: Work, matter: Matter) -> None:
    """To the department where discipline is recommended; else the case is closed."""
    sustained = [number for number in matter.allegations if _calls(town, matter.word(number, "board"))]
    for number in sustained:
        measure = rng.choice([each.code for each in town.book.discipline.penalties[:5]])
        reasons = town.say(rng, "recommend")
        ask = RecommendDiscipline(allegation_id=matter.allegations[number], measure=measure, reasons=reasons)
        matter.recommended[discipline.recommend_discipline(work, matter.case, ask).id] = measure
    phase = Phase.ANSWER if sustained else Phase.CLOSED
    stage = next(each.code for each in town.book.stages if each.phase == phase)
    work.flush()
    actions.send_on(work, matter.case, SendOn(to=stage, reason=town.say(rng, f"sent_reasons_{phase}")))
    matter.is_over = not sustained
    if matter.is_over:
        town.diary.begin(asking.asks_again(town, matter, work.now))
    if sustained:
        town.diary.begin(department.answers(town, matter, work.now))


def _calls(town: Town, word: str) -> bool:
    return town.book.finding(word).calls_for_discipline

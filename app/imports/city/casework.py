"""One complaint from the day it is filed to the day it goes before the commission or ends without a finding."""

from collections.abc import Generator
from datetime import timedelta
from uuid import UUID

from app.access.permissions import Role
from app.access.work import Work
from app.allegations import actions as findings
from app.allegations.commands import IdentifyOfficer, RecommendFinding, ReviewFinding, StateAllegation
from app.cases import actions as cases
from app.cases import queries
from app.cases.commands import AddTask, AssignCase, FinishTask, LogContact, MoveCase, WriteNote
from app.cases.records import Case
from app.clocks import actions as clocks
from app.clocks import queries as clock_queries
from app.clocks.commands import EndPause, PauseClock
from app.imports.city import asking, exchange, filer
from app.imports.city.diary import RESIDENT, Life, Turn
from app.imports.city.town import Matter, Town
from app.intake import actions as intake
from app.intake import queries as filings
from app.intake.commands import ScreenFiling
from app.policy.model.process import Phase

Chapter = Generator[Turn, Work, bool]  # one part of a life; False where the life ends with it

# Ways to end on which something was alleged against somebody first.
GO_INTO_IT = {"decided", "withdrawn", "mediated"}
BY_DIRECTOR = {"too_late", "court_case", "no_resources"}
# What may come of a call or a letter, and of which.
REACHED_BY = {
    "reached": ("phone", "phone", "email"),
    "left_message": ("phone",),
    "no_answer": ("phone",),
    "wrong_address": ("mail",),
}


def complaint(town: Town, matter: Matter) -> Life:
    """The whole way of one complaint."""
    work = yield Turn(RESIDENT, matter.plan.filed_at)
    filer.send(work, town, matter)
    town.matters[matter.plan.number] = matter
    if matter.rng.random() < 0.11:
        town.diary.begin(filer.remembers_more(town, matter, matter.rng.uniform(1, 9)))
    if matter.plan.is_left_lying:
        return
    for chapter in (_screening, _assigning, _investigating, _reviewing):
        goes_on = yield from chapter(town, matter)
        if not goes_on:
            return
    town.waiting.append(matter)


def _screening(town: Town, matter: Matter) -> Chapter:
    """Intake reads the filing and decides by the rulebook what becomes of it."""
    plan, rng = matter.plan, matter.rng
    role = Role.SUPERVISOR if plan.classification == "decline" else Role.INTAKE
    who = rng.choice(town.people(role))
    wait = 1 if plan.classification == "urgent" else rng.choice((1, 1, 2, 2, 3, 4, 6)) * plan.tempo
    work = yield town.turn(who, matter, wait)
    filing = intake.open_filing(work, matter.filing)
    first = town.matters.get(plan.repeats) if plan.repeats is not None else None
    intake.screen_filing(
        work,
        filing.id,
        ScreenFiling(
            version=filing.version,
            classification=plan.classification,
            department_id=town.book.departments[plan.department].code,
            category=plan.category,
            reason=plan.reason,
            duplicate_of=first.case_id if first and not first.is_over else None,
        ),
    )
    work.flush()
    matter.case_id = filings.get_filing(work, filing.id).case_id
    case = queries.get_case(work, matter.case)
    matter.is_over = town.book.stage(case.stage).final or (first is not None and case.id == first.case_id)
    return not matter.is_over


def _assigning(town: Town, matter: Matter) -> Chapter:
    """A supervisor gives it to the investigator with the least to do, and has the evidence preserved."""
    rng = matter.rng
    matter.supervisor = rng.choice(town.people(Role.SUPERVISOR))
    slow = rng.random() < 0.12
    work = yield town.turn(matter.supervisor, matter, rng.choice((2, 5, 7)) if slow else 0)
    matter.lead = town.least_busy()
    case = queries.get_case(work, matter.case)
    cases.assign_case(work, case.id, AssignCase(version=case.version, account_id=town.cast.id_of(matter.lead)))
    if rng.random() < 0.8:
        exchange.demand(town, matter, work, "body_camera")
    town.diary.begin(exchange.keeps_in_touch(town, matter, work.now))
    return True


def _investigating(town: Town, matter: Matter) -> Chapter:
    """The investigator plans, asks, writes down what is alleged and what was found; or it ends before that."""
    rng, plan = matter.rng, matter.plan
    work = yield town.turn(matter.lead, matter, rng.choice((0, 1, 2, 4)) * plan.tempo)
    _move(town, work, matter, Phase.INVESTIGATION)
    _plan(town, work, matter)
    if not matter.has_demand and rng.random() < 0.8:
        exchange.demand(town, matter, work, "body_camera")
    if plan.ending not in GO_INTO_IT:
        return (yield from _ending_early(town, matter))
    work = yield town.turn(matter.lead, matter, rng.randint(1, 8))
    _state(town, work, matter)
    if rng.random() < 0.15:
        exchange.demand(town, matter, work, "records")
    if plan.ending != "decided":
        return (yield from _ending_early(town, matter))
    if rng.random() < 0.25:
        town.diary.begin(exchange.filer_writes(town, matter, matter.at, rng.uniform(5, 60)))
    work = yield town.turn(matter.lead, matter, rng.randint(1, 16))
    _tell_officers(town, work, matter)
    yield from _digging(town, matter)
    work = yield town.turn(matter.lead, matter, rng.randint(2, 9))
    _find(town, work, matter)
    _finish_tasks(work, matter, most=9)
    _move(town, work, matter, Phase.REVIEW)
    return True


def _plan(town: Town, work: Work, matter: Matter) -> None:
    if matter.rng.random() < 0.6:
        _note(town, work, matter, "plan_notes")
    if matter.rng.random() < 0.5:
        _task(town, work, matter, days=matter.rng.randint(3, 12))


def _digging(town: Town, matter: Matter) -> Generator[Turn, Work, None]:
    """The middle of an investigation: talks, papers, letters, now and then nothing for weeks."""
    rng = matter.rng
    length = min(max(rng.lognormvariate(4.25, 0.5) * matter.plan.tempo**0.5, 20), 250)
    if rng.random() < 0.1:
        town.diary.begin(_pausing(town, matter, rng.uniform(6, 30), "criminal_case"))
    begun = matter.at
    town.diary.begin(_watching(town, matter))
    while (matter.at - begun).days < length:
        work = yield town.turn(matter.lead, matter, rng.uniform(13, 36))
        _something(town, work, matter)


def _watching(town: Town, matter: Matter) -> Life:
    """Every six weeks supervisor and investigator look at the case together, and the clock of that begins anew."""
    at, rng = matter.at, matter.rng
    while True:
        work = yield town.pace.turn(matter.supervisor, at, rng.uniform(30, 42) + (25 if rng.random() < 0.1 else 0))
        case = queries.get_case(work, matter.case)
        if town.book.stage(case.stage).phase is not Phase.INVESTIGATION:
            return
        _note(town, work, matter, "progress")
        cases.tick(work, case, "progress_reviewed", work.today)
        at = work.now


def _something(town: Town, work: Work, matter: Matter) -> None:
    """One turn of the investigator's."""
    rng = matter.rng
    if rng.random() < 0.3:
        cases.read_case(work, matter.case)
    if rng.random() < 0.75:
        _note(town, work, matter, _what_is_noted(matter))
    if rng.random() < 0.2:
        _contact(town, work, matter)
    _errands(town, work, matter)
    if matter.unknown and rng.random() < 0.4:
        _identify(town, work, matter)
    exchange.investigator_writes(town, matter, work)


def _what_is_noted(matter: Matter) -> str:
    """What the investigator found out, or thinks; of the video only once there is one."""
    rng = matter.rng
    if rng.random() > 0.94:
        return "notes_mine"
    return "notes_video" if matter.has_video and rng.random() < 0.35 else "notes"


def _errands(town: Town, work: Work, matter: Matter) -> None:
    if matter.rng.random() < 0.3:
        _task(town, work, matter, days=matter.rng.randint(4, 20))
    if matter.rng.random() < 0.45:
        _finish_tasks(work, matter, most=1)


def _ending_early(town: Town, matter: Matter) -> Chapter:
    """Why a case ends before anybody decides what happened."""
    rng, ending = matter.rng, matter.plan.ending
    attempts = 3 if ending == "no_contact" else rng.choice((0, 1, 1, 2))
    for _ in range(attempts):
        work = yield town.turn(matter.lead, matter, rng.uniform(6, 20))
        _contact(town, work, matter, reached=ending != "no_contact")
        _finish_tasks(work, matter, most=2)
    if asking.is_taken_back(town, matter):
        yield from asking.takes_back(matter)
    closer = town.one(Role.DIRECTOR) if ending in BY_DIRECTOR else matter.supervisor
    work = yield town.turn(closer, matter, rng.uniform(1, 9))
    asking.answer_taken_back(town, work, matter)
    case = queries.get_case(work, matter.case)
    end = next(each.to for each in town.book.moves_from(case.stage) if "closure_reason_given" in each.only_if)
    reason = town.say(rng, "closures", ending)
    cases.move_case(work, case.id, MoveCase(version=case.version, to=end, reason=reason, closure=ending))
    matter.is_over = True
    return False


def _state(town: Town, work: Work, matter: Matter) -> None:
    """Each allegation against its officer; one whom nobody can name is kept by description."""
    for number, charge in enumerate(matter.plan.charges):
        known = town.officers[charge.officer] if charge.officer is not None else None
        same = None if known else matter.unknown
        stated = findings.state_allegation(
            work,
            matter.case,
            StateAllegation(
                category=charge.category,
                officer_id=known or same,
                description="" if known or same else charge.description,
            ),
        )
        work.flush()  # an officer who was just described must be found by the next allegation
        matter.allegations[number] = stated.id
        if known is None:
            matter.unknown = stated.officer_id


def _tell_officers(town: Town, work: Work, matter: Matter) -> None:
    """Each officer who has a name is told, by way of the commander."""
    case = queries.get_case(work, matter.case)
    known = {charge.officer for charge in matter.plan.charges if charge.officer is not None}
    if known:
        _note(town, work, matter, "told_officer")
    for officer in sorted(known):
        cases.tick(work, case, "officer_notified", work.today, officer_id=town.officers[officer])


def _identify(town: Town, work: Work, matter: Matter) -> None:
    """The unknown officer has a name after all, in those cases that are not to end with none."""
    first = next(charge for charge in matter.plan.charges if charge.officer is None)
    if first.investigator == "officer_unidentified" or matter.unknown is None:
        return
    known = town.officers[first.was]
    findings.identify_officer(work, matter.case, matter.unknown, IdentifyOfficer(officer_id=known))
    matter.unknown = None


def _find(town: Town, work: Work, matter: Matter) -> None:
    for number in matter.allegations:
        word = matter.word(number, "investigator")
        reasons = town.say(matter.rng, "found", word)
        findings.recommend_finding(
            work, matter.allegations[number], RecommendFinding(disposition=word, reasons=reasons)
        )


def _reviewing(town: Town, matter: Matter) -> Chapter:
    """The supervisor reads it all, now and then sends it back, and at times finds otherwise."""
    rng = matter.rng
    work = yield town.turn(matter.supervisor, matter, rng.uniform(5, 20) * matter.plan.tempo)
    if rng.random() < 0.5:
        cases.read_case(work, matter.case)
    if rng.random() < 0.1:
        _move(town, work, matter, Phase.INVESTIGATION, reason=town.say(rng, "back_reasons"))
        work = yield town.turn(matter.lead, matter, rng.uniform(5, 18))
        _note(town, work, matter, "notes")
        _move(town, work, matter, Phase.REVIEW)
        work = yield town.turn(matter.supervisor, matter, rng.uniform(2, 8))
    for number in matter.allegations:
        _review(town, work, matter, number)
    _note(town, work, matter, "review_notes")
    work.flush()
    _move(town, work, matter, Phase.DECISION)
    return True


def _review(town: Town, work: Work, matter: Matter, number: int) -> None:
    mine, theirs = matter.word(number, "supervisor"), matter.word(number, "investigator")
    reasons = "" if mine == theirs else town.say(matter.rng, "found", mine)
    ask = ReviewFinding(agrees=mine == theirs, disposition="" if mine == theirs else mine, reasons=reasons)
    findings.review_finding(work, matter.allegations[number], ask)


def _pausing(town: Town, matter: Matter, days: float, kind: str) -> Life:
    """A criminal case on the same events: the clock stands still, and mostly runs again."""
    director, rng = town.one(Role.DIRECTOR), matter.rng
    work = yield town.pace.turn(director, matter.at, days)
    clock = _clock_that_may_pause(town, work, matter, kind)
    if clock is None:
        return
    reason = town.say(rng, "pauses", kind)
    clocks.pause_clock(work, clock, PauseClock(kind=kind, reason=reason, from_on=work.today))
    begun = work.now
    if rng.random() < 0.45:
        return
    work = yield town.pace.turn(director, begun, rng.uniform(30, 80))
    if _clock_that_may_pause(town, work, matter, kind) == clock:
        clocks.end_pause(work, clock, EndPause(until_on=work.today - timedelta(days=1)))


def _clock_that_may_pause(town: Town, work: Work, matter: Matter, kind: str) -> UUID | None:
    running = clock_queries.running_clocks(work, matter.case)
    may = [each.id for each in running if kind in town.book.clock(each.rule).tolling and each.officer_id is None]
    return may[0] if may else None


def _move(town: Town, work: Work, matter: Matter, phase: Phase, reason: str = "") -> None:
    """To the stage of that phase to which the rulebook lets this person go from here."""
    case: Case = queries.get_case(work, matter.case)
    to = [each.to for each in town.book.moves_from(case.stage) if town.book.stage(each.to).phase == phase]
    cases.move_case(work, case.id, MoveCase(version=case.version, to=to[0], reason=reason))


def _note(town: Town, work: Work, matter: Matter, *path: str) -> None:
    reader = "mine" if path[-1] == "notes_mine" else "team"
    body = town.say_anew(matter, *path)
    if body:
        cases.write_note(work, matter.case, WriteNote(reader=reader, body=body))


def _task(town: Town, work: Work, matter: Matter, *, days: int) -> None:
    due = town.book.calendar.next_open(work.today + timedelta(days=days))
    title = town.say_anew(matter, "tasks")
    if title:
        cases.add_task(work, matter.case, AddTask(title=title, due_on=due))


def _finish_tasks(work: Work, matter: Matter, *, most: int) -> None:
    work.flush()
    for task in [each for each in queries.tasks_of(work, matter.case) if each.done_at is None][:most]:
        cases.finish_task(work, matter.case, task.id, FinishTask(version=task.version))


def _contact(town: Town, work: Work, matter: Matter, *, reached: bool | None = None) -> None:
    rng = matter.rng
    results = ("reached",) if reached else ("left_message", "no_answer", "wrong_address")
    result = rng.choice(results if reached is not None else ("reached", "left_message", "no_answer"))
    channel = rng.choice(REACHED_BY[result])
    ask = LogContact(channel=channel, result=result, remark=town.say(rng, "contacts", result))
    cases.log_contact(work, matter.case, ask)

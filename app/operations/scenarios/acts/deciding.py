"""The body meets and votes; discipline is recommended and answered: as the actions of the commission and discipline."""

from __future__ import annotations

from app.allegations import rules as finding_rules
from app.commission.rules import closed, voting
from app.commission.rules import meetings as rules
from app.commission.rules.voting import Room, Tally
from app.discipline import rules as discipline
from app.kernel.errors import Invalid, Refused
from app.operations.scenarios import clocks, facts
from app.operations.scenarios.acts import casework, disputes, sessions
from app.operations.scenarios.happenings import Answered, Moved, Recommended
from app.operations.scenarios.story import Docket, Recommendation, Story, Sums, Untold
from app.operations.scenarios.table import Docketed, Meeting, Voted
from app.policy.acting import check_may
from app.policy.model.agency import Body, VoteRule
from app.policy.model.decisions import LifeCode
from app.policy.model.powers import Act

SECRETARY = "secretary"


def put_on_docket(story: Story, told: Docketed) -> None:
    """As `commission.actions.put_on_docket`."""
    body = _body(story, told.body)
    meets_on = told.meets_on or story.today
    if meets_on < story.today:
        raise Invalid({"held_on": "Choose today or a later day."})
    if story.stage not in rules.stages_for_docket(story.law):
        raise Refused("Only a case that waits for the commission can be put on a docket.")
    if facts.holds(story, rules.DOCKET_GUARD):
        raise Refused("The case already stands on a docket.")
    story.dockets.append(Docket(body.code, meets_on, told.meets_at))
    clocks.reached(story, "docketed", story.today)


def meet(story: Story, told: Meeting) -> None:
    """The meeting begins, the roll is called, and who is recused is known."""
    body = _body_at_hand(story, None)
    if story.docket is not None:
        rules.check_day(story.docket.meets_on, story.today)
    seats = voting.seats_of(body.seats, told.seats if told.seats is not None else told.serving)
    story.room = Room(seats, told.serving, told.recused, told.present, told.recused_present)
    story.sums = Sums(voting.quorum(body.quorum, story.room))


def vote(story: Story, told: Voted) -> None:
    """A motion on each allegation, or one that is about the case; as `put_motion` and `close_motion`."""
    check_may(story.in_force, Act.VOTES, story.today)
    if told.motion == rules.FINDING:
        for allegation in story.chosen(told.allegation):
            _vote_on_finding(story, told, allegation.code)
    elif told.motion == rules.SEND_BACK:
        _vote_to_send_back(story, told)
    elif told.motion == closed.CLOSE:
        _vote_to_close(story, told)
    else:
        _decide(story, told)


def _vote_on_finding(story: Story, told: Voted, code: str) -> None:
    docket = _table(story)
    _check_free(docket, rules.FINDING, code)
    word = finding_rules.check_word(story.law, LifeCode.BOARD, told.finding or "").code
    if not _decide(story, told):
        return
    docket.carried.add((rules.FINDING, code))
    casework.write_finding(story, story.allegation(code), LifeCode.BOARD, word)
    if facts.is_decided(story):
        for event in ("motion_carried", "findings_adopted"):
            clocks.reached(story, event, story.today)


def _vote_to_send_back(story: Story, told: Voted) -> None:
    docket = _table(story)
    _check_free(docket, rules.SEND_BACK, "")
    to = rules.send_back_to(story.law, story.stage)
    if to is None:
        raise Refused("The rulebook has no way back for this case from where it stands.")
    if _decide(story, told):
        docket.carried.add((rules.SEND_BACK, ""))
        docket.sent_to = to
        story.by, story.reason = SECRETARY, story.reason or "more work"
        casework.move(story, Moved(to=to))
        docket.sent_to = None


def _vote_to_close(story: Story, told: Voted) -> None:
    docket = _table(story)
    session, law = sessions.check_closing(story, docket)
    _check_free(docket, closed.CLOSE, f"{len(docket.sessions)}")
    if _decide(story, told, closed.vote_rule(law.ground, _body_at_hand(story, told.body))):
        docket.carried.add((closed.CLOSE, f"{len(docket.sessions)}"))
        session.began = True


def _check_free(docket: Docket, kind: str, code: str) -> None:
    if (rules.SEND_BACK, "") in docket.carried:
        raise Refused("The commission has sent this case back. It decides when the case comes before it again.")
    if (kind, code) in docket.carried:
        raise Refused("The commission has already decided this.")


def _decide(story: Story, told: Voted, own_rule: VoteRule | None = None) -> bool:
    """Both sums of the rulebook in force at this meeting."""
    body, room = _body_at_hand(story, told.body), story.room
    if room is None or story.sums is None:
        raise Untold("No meeting was told: say with `meeting` who serves and who is present.")
    tally = Tally(told.ayes, told.noes, told.abstain)
    if tally.yes + tally.no + tally.abstain > room.present:
        raise Untold(f"More members vote than the {room.present} that are present.")
    there = voting.quorum(body.quorum, room)
    story.sums = Sums(there)
    if not there.is_met:
        raise Refused(f"Nothing can be decided now. {' '.join(there.sentences)}")
    rule = own_rule or body.vote_rule(told.motion)
    if rule is None:
        raise Refused("The rulebook does not say how many must agree to such a motion.")
    story.sums = Sums(there, voting.majority(rule, room, tally))
    return story.sums.vote is not None and story.sums.vote.is_met


def _table(story: Story) -> Docket:
    docket = story.docket
    if docket is None or docket.is_over:
        raise Refused("The case is on no docket.")
    return docket


def _body(story: Story, code: str | None) -> Body:
    voting_bodies = rules.voting_bodies(story.in_force)
    if code is None and not voting_bodies:
        raise Untold("The rulebook has no body that votes.")
    return rules.check_body(story.in_force, code or voting_bodies[0].code)


def _body_at_hand(story: Story, code: str | None) -> Body:
    return _body(story, code or (story.docket.body if story.docket else None))


def recommend(story: Story, told: Recommended) -> None:
    """As `discipline.actions.recommend_discipline`."""
    book = story.law
    if not discipline.may_recommend_at(book, story.stage):
        raise Refused("Discipline is recommended when the commission has decided, before the case is closed.")
    allegation = story.chosen(told.allegation)[0]
    check_may(story.in_force, Act.DISCIPLINE, story.today)
    discipline.check_finding(book, allegation.lives.get(LifeCode.BOARD))
    measure = discipline.check_measure(book, told.measure)
    before = [each for each in story.recommendations if each.allegation == allegation.code]
    if not all(discipline.may_follow(book, story.stage, is_answered=each.answered_on is not None) for each in before):
        raise Refused("There is a recommendation on this allegation already.")
    found = Recommendation(allegation.code, measure, story.officers[allegation.officer])
    story.recommendations.append(found)
    if discipline.is_sent_at_once(book, story.stage):
        found.sent_on, found.due_on = story.today, discipline.due_on(book, story.today)


def answer(story: Story, told: Answered) -> None:
    """As `discipline.actions.give_answer` and `record_answer`."""
    mine = [each for each in story.recommendations if told.department in (None, each.department)]
    waiting = [each for each in mine if told.allegation in (None, each.allegation)]
    unanswered = [each for each in waiting if each.answered_on is None and each.sent_on is not None]
    if not unanswered:
        raise Refused("This recommendation is answered already." if waiting else "Nothing was recommended.")
    for each in unanswered:
        given = discipline.check_answer(story.law, discipline.Given(told.answer, story.reason, told.imposed))
        each.answer, each.imposed, each.answered_on = given.code, told.imposed, story.today
        if given.accepts and discipline.has_department_life(story.law):
            _accept(story, each.allegation)
        disputes.open_one(story, each)
    if facts.holds(story, "answer_received"):
        clocks.reached(story, "answer_received", story.today)


def _accept(story: Story, code: str) -> None:
    allegation = story.allegation(code)
    found = allegation.lives.get(LifeCode.BOARD)
    if found is not None and allegation.lives.get(LifeCode.DEPARTMENT) != found:
        casework.write_finding(story, allegation, LifeCode.DEPARTMENT, found)

"""Closed sessions as they are planned, told to the officers, and ended: as `commission.actions.closing`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.commission.rules import closed
from app.commission.rules.closed import Law, Spoken, Word
from app.kernel.errors import Invalid, Refused
from app.operations.scenarios.story import Docket, Session, Story
from app.operations.scenarios.table import SessionOver, SessionPlanned, SessionWord
from app.policy.acting import check_may
from app.policy.model.powers import Act


def plan(story: Story, told: SessionPlanned) -> None:
    """As `plan_closed_session`."""
    check_may(story.in_force, Act.CASEWORK, story.today)
    docket = _docket(story)
    ground = closed.check_ground(story.in_force, told.ground)
    if docket.session is not None and not docket.session.ended:
        raise Refused(closed.ALREADY_PLANNED)
    docket.sessions.append(Session(ground.code))


def note(story: Story, told: SessionWord) -> None:
    """As `record_word`."""
    check_may(story.in_force, Act.CASEWORK, story.today)
    docket = _docket(story)
    session, law = _standing(docket), _law(story, docket)
    if law is None:
        raise Refused(closed.NO_GROUND)
    kind = Word(told.kind)
    closed.check_word(law, kind, is_closed=session.began)
    if told.officer not in _officers(story):
        raise Invalid({"officer_id": "Choose one of the list."})
    if (told.officer, kind) in session.words:
        raise Refused(closed.ON_FILE)
    session.words[told.officer, kind] = closed.moment_of(story.today, told.at, law.zone)
    if kind is Word.ASKS_OPEN and session.began:
        session.ended = True


def end(story: Story, _: SessionOver) -> None:
    """As `end_closed_session`."""
    session = _standing(_docket(story))
    if not session.began:
        raise Refused(closed.NOT_BEGUN)
    session.ended = True


def check_closing(story: Story, docket: Docket) -> tuple[Session, Law]:
    """As `move_to_close`: nothing may hinder it."""
    session = _standing(docket)
    if session.began:
        raise Refused(closed.IS_CLOSED)
    who = list(_spoken(story, session).values())
    return session, closed.check_may_close(_law(story, docket), who, _now(story, docket))


def seen(story: Story) -> tuple[dict[str, Any], list[str]]:
    """How the session that was planned last stands, by the keys of the format and in words."""
    docket = story.docket
    law = _law(story, docket) if docket is not None and docket.session is not None else None
    if docket is None or docket.session is None or law is None:
        return {"state": "none"}, []
    session, now = docket.session, _now(story, docket)
    who = _spoken(story, session)
    state = closed.state_of(
        began=session.began, ended=session.ended, dropped=False, is_asked_open=closed.stays_open(law, who.values())
    )
    hinders = tuple(sorted(code for code, one in who.items() if closed.hindrance(law, one, now) is not None))
    words = [law.label, law.cited, *(closed.how_it_stands(law, one, now) for one in who.values())]
    return {"state": str(state), "ground": session.ground, "hinders": hinders}, words


def _docket(story: Story) -> Docket:
    if story.docket is None or story.docket.is_over:
        raise Refused("The case is on no docket.")
    return story.docket


def _standing(docket: Docket) -> Session:
    if docket.session is None or docket.session.ended:
        raise Refused(closed.NONE_PLANNED)
    return docket.session


def _law(story: Story, docket: Docket) -> Law | None:
    ground = docket.session.ground if docket.session is not None else ""
    return closed.law_for(story.in_force, ground, docket.meets_on, docket.meets_at)


def _now(story: Story, docket: Docket) -> datetime:
    """A story knows days: what is told of a day is looked at when a meeting of that day begins."""
    return closed.moment_of(story.today, docket.meets_at, story.in_force.time_zone)


def _officers(story: Story) -> list[str]:
    return sorted({each.officer for each in story.standing if not each.is_unknown})


def _spoken(story: Story, session: Session) -> dict[str, Spoken]:
    words = session.words
    return {
        code: Spoken(
            code,
            words.get((code, Word.TOLD)),
            (code, Word.WAIVED) in words,
            (code, Word.ASKS_OPEN) in words,
        )
        for code in _officers(story)
    }

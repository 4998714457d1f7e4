"""Members at the same moment, and members whose session has ended: neither gets past the rules of the table."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.work import Work, open_work
from app.commission import actions
from app.commission.commands import CastVote, CloseMotion, DeclareRecusal, PutMotion, PutOnDocket
from app.commission.records import DocketItem, Meeting, Motion, Recusal, Vote
from app.commission.rules.meetings import SCHEDULED
from app.discipline.actions import recommend_discipline
from app.discipline.commands import RecommendDiscipline
from app.discipline.records import Recommendation
from app.kernel.errors import Refusal
from tests.commission.conftest import Table, seated, word
from tests.conftest import NOW, WorkAs
from tests.installation import Installed
from tests.make import Make


@pytest.mark.parametrize("session", ["", "00" * 32])
def test_without_a_standing_session_the_commission_s_role_sees_no_case(
    session: str, table: Table, work_as: WorkAs
) -> None:
    table.packet()
    with work_as(table.members[1]) as work:
        assert work.session.execute(text("SELECT count(*) FROM cases")).scalar_one() == 1
        work.session.execute(text("SELECT set_config('candor.session', :s, true)"), {"s": session})
        for name in ("cases", "docket_items", "packets", "motions", "votes", "allegations", "findings", "clocks"):
            assert work.session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() == 0, name


class Committed(Make):
    """Rows that every connection sees."""

    def __init__(self, installed: Installed) -> None:
        super().__init__(installed.house, NOW)
        with open_work(installed.house, Actor.system("test")) as work:
            self.now, self.today = work.now, work.today
        self.engine = create_engine(installed.url)

    @contextmanager
    def owner(self) -> Iterator[Session]:
        with Session(self.engine, expire_on_commit=False) as session:
            yield session


@pytest.fixture
def shared(installed: Installed) -> Iterator[Table]:
    """The commission's table in a database of its own, in session."""
    make = Committed(installed)
    yield seated(make)
    make.engine.dispose()


def at_once(table: Table, *doings: tuple[Actor, Callable[[Work], Any]]) -> list[Any]:
    """Each in a transaction of its own, begun before any of them acts; what came of each."""
    ready = threading.Barrier(len(doings))

    def tried(actor: Actor, act: Callable[[Work], Any]) -> Any:
        try:
            with open_work(table.make.house, actor) as work:
                ready.wait(20)
                act(work)
                # Time for the others to look while this is written and not committed.
                work.session.execute(text("SELECT pg_sleep(0.3)"))
        except Refusal as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(len(doings)) as pool:
        return list(pool.map(lambda one: tried(*one), doings))


def test_two_members_who_move_at_once_leave_one_question_open(shared: Table) -> None:
    shared.begin()
    words = [each.code for each in shared.make.book.findings][:2]

    def put(proposal: str) -> Callable[[Work], Any]:
        ask = PutMotion(subject_id=shared.allegation.id, proposal=proposal)
        return lambda work: actions.put_motion(work, shared.case.id, ask)

    came = at_once(shared, (shared.members[0], put(words[0])), (shared.members[1], put(words[1])))
    assert len(shared.make.all(Motion)) == 1, came
    assert len([one for one in came if one is None]) == 1


def test_a_motion_is_closed_once_and_a_vote_is_cast_once(shared: Table) -> None:
    shared.begin()
    with open_work(shared.make.house, shared.members[0]) as work:
        ask = PutMotion(subject_id=shared.allegation.id, proposal=word(shared.make))
        motion = actions.put_motion(work, shared.case.id, ask).id
    member = shared.members[0]
    vote = (member, lambda work: actions.cast_vote(work, shared.case.id, motion, CastVote(choice="yes")))
    assert [one is None for one in at_once(shared, vote, vote)].count(True) == 1
    assert len(shared.make.all(Vote)) == 1
    secretary = shared.make.actor("secretary")
    close = (secretary, lambda work: actions.close_motion(work, shared.case.id, motion, CloseMotion(version=1)))
    assert [one is None for one in at_once(shared, close, close)].count(True) == 1
    assert (
        shared.make.tags().count("commission:motion:carried") + shared.make.tags().count("commission:motion:failed")
        == 1
    )


def test_a_case_comes_before_one_meeting_at_a_time(shared: Table) -> None:
    make = shared.make
    case = make.case(stage=shared.case.stage)
    meetings = [
        make.row(
            Meeting(
                id=uuid4(),
                body=shared.meeting.body,
                held_on=make.today,
                starts_at="18:00",
                place="",
                state=SCHEDULED,
                version=1,
            )
        ).id
        for _ in range(2)
    ]
    director, ask = make.actor("director"), PutOnDocket(case_id=case.id)
    came = at_once(shared, *((director, lambda work, m=m: actions.put_on_docket(work, m, ask)) for m in meetings))
    assert len(make.all(DocketItem, case_id=case.id)) == 1, came


def test_one_allegation_has_one_recommendation_that_waits(shared: Table) -> None:
    make = shared.make
    book = make.book
    sustained = next(each for each in book.findings if each.canonical == "sustained")
    make.finding(shared.allegation, life="board", disposition=sustained.code)
    stage = next(stage.code for stage in book.stages if stage.phase == "decision")
    assert shared.case.stage == stage
    ask = RecommendDiscipline(
        allegation_id=shared.allegation.id, measure=book.discipline.penalties[0].code, reasons="x"
    )
    secretary = make.actor("secretary")
    doing = (secretary, lambda work: recommend_discipline(work, shared.case.id, ask))
    came = at_once(shared, doing, doing)
    assert len(make.all(Recommendation)) == 1, came


def test_who_steps_back_twice_at_once_is_recused_once(shared: Table) -> None:
    doing = (
        shared.members[0],
        lambda work: actions.declare_recusal(work, shared.case.id, DeclareRecusal(ground="money", sure="yes")),
    )
    came = at_once(shared, doing, doing)
    assert len(shared.make.all(Recusal)) == 1, came

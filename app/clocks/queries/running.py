"""Which clocks a person may know of, and those of one case."""

from datetime import date
from uuid import UUID

from sqlalchemy import Select, not_, select

from app.access.reading import one_or_not_found
from app.access.records import Wall
from app.access.walls import may_decide_on
from app.access.work import Work
from app.clocks.records import Clock


def visible_clocks(work: Work) -> Select[Clock]:
    """The clocks of the cases this person may know of; row security says the same."""
    walled = select(Wall.case_id).where(Wall.account_id == work.actor.id, Wall.lifted_at.is_(None))
    return select(Clock).where(Clock.case_id.not_in(walled), may_decide_on(work, Clock.case_id))


def running_clocks(work: Work, case_id: UUID) -> list[Clock]:
    """What still runs in one case."""
    query = visible_clocks(work).where(Clock.case_id == case_id, Clock.stopped_on.is_(None))
    return list(work.session.scalars(query.order_by(Clock.due_on, Clock.id)))


def clocks_of(work: Work, case_id: UUID) -> list[Clock]:
    """Every clock of one case that ever began, running ones first."""
    query = visible_clocks(work).where(Clock.case_id == case_id, not_(Clock.is_void))
    return list(
        work.session.scalars(
            query.order_by(Clock.stopped_on.desc().nulls_first(), Clock.is_least, Clock.due_on, Clock.id)
        )
    )


def get_clock(work: Work, clock_id: UUID, *, for_update: bool = False) -> Clock:
    """One clock, or 404."""
    query = visible_clocks(work).where(Clock.id == clock_id)
    return one_or_not_found(work, query.with_for_update() if for_update else query)


def running_dates(work: Work, case_id: UUID) -> list[tuple[str, date]]:
    """The rule and the date of each clock that runs in one case; a filer may read these columns and no more."""
    query = select(Clock.rule, Clock.due_on).where(
        Clock.case_id == case_id, Clock.stopped_on.is_(None), Clock.due_on.is_not(None)
    )
    return [(row.rule, row.due_on) for row in work.session.execute(query.order_by(Clock.due_on))]

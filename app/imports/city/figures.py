"""The first release: the analyst asks for it, the director has it published, and the public side has figures."""

from datetime import datetime, time, timedelta

from app.access.permissions import Role
from app.imports.city.diary import Life, Turn
from app.imports.city.town import Town
from app.publication import actions
from app.publication.commands import AskForRelease

BEFORE = 6  # days before the anchor on which it is asked for


def release(town: Town) -> Life:
    """Two people, as the rulebook of releases wants it."""
    director = town.one(Role.DIRECTOR)
    day = town.book.calendar.previous_open(town.year.anchor - timedelta(days=BEFORE))
    work = yield Turn(town.one(Role.ANALYST), datetime.combine(day, time(10, 20), tzinfo=town.pace.zone))
    build = actions.ask_for_release(work, AskForRelease(through=work.today - timedelta(days=1)))
    work = yield town.pace.turn(director, work.now, 1)
    actions.ask_to_publish(work, build.id)

"""Fills a new demonstration with a believable year of an invented city, told through the real actions."""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta

from app.access.actor import Actor
from app.access.permissions import Role
from app.access.work import House, open_work
from app.imports.city import asking, casework, commission, figures, filer, nights
from app.imports.city.diary import Cast, Diary, Job, sign_everybody_in, sign_everybody_out
from app.imports.city.events import YearTold
from app.imports.city.kinds import of_other_kinds
from app.imports.city.pace import Pace
from app.imports.city.people import dice
from app.imports.city.plan import Complaint, Year, plan_year
from app.imports.city.town import Matter, Town, keep_roster
from app.infra.db import Door

SEED = 7
Progress = Callable[[str], None]
OFFICE = (Role.INTAKE, Role.SUPERVISOR, Role.INVESTIGATOR, Role.DIRECTOR, Role.SECRETARY, Role.LIAISON, Role.COUNSEL)


def fill(
    house: House,
    progress: Progress,
    *,
    jobs: Mapping[str, Job],
    seed: int = SEED,
    anchor: date | None = None,
) -> Sequence[tuple[str, str]]:
    """Tells the year up to the anchor day, which is today where none is given; clocks then live.

    Gives the passphrases of three residents, each with a word of what they will find, for whoever wants to be them.
    """
    progress("Telling a year of the demonstration city")
    until = _until(house, anchor)
    year = of_other_kinds(plan_year(seed, until.astimezone(house.zone).date(), house.zone))
    cast = sign_everybody_in(house)
    try:
        with _seldom_swept():
            return _residents(_tell(house, year, cast, Diary(house, cast, jobs, until)))
    finally:
        sign_everybody_out(house, cast)


@contextmanager
def _seldom_swept() -> Iterator[None]:
    """So many short-lived rows make the collector of rubbish a tenth of the work; here it comes more seldom."""
    before = gc.get_threshold()
    gc.set_threshold(60_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _until(house: House, anchor: date | None) -> datetime:
    with open_work(house, Actor.system("demonstration", Door.OFFICE)) as work:
        now = work.now
    return now if anchor is None else datetime.combine(anchor, time(18), tzinfo=house.zone)


def _residents(town: Town) -> Sequence[tuple[str, str]]:
    """One whose complaint was decided and answered, and one who filed in Spanish and still waits."""
    matters = list(town.matters.values())
    decided = [each for each in matters if each.is_over and each.recommended]
    waiting = [each for each in matters if each.plan.language == "es" and each.case_id and not each.is_over]
    taken_back = [each for each in matters if each.is_over and asking.is_taken_back(town, each)]
    found = [
        ("decided, with a closing letter", decided),
        ("in Spanish, under way", waiting),
        ("taken back", taken_back),
    ]
    return [(what, matters[0].passphrase) for what, matters in found if matters]


def _tell(house: House, year: Year, cast: Cast, diary: Diary) -> Town:
    book = house.policies.in_force(house.agency, year.anchor)
    at_work = [name for role in OFFICE for name in cast.names(role)]
    town = Town(year, book, cast, diary, Pace(year.seed, book.calendar, house.zone, at_work))
    before = year.complaints[0].filed_at - timedelta(days=20)
    with open_work(diary.house, Actor.system("demonstration", Door.WORKER), now=before.astimezone(UTC)) as work:
        town.officers = keep_roster(work, book, year.officers)
    for complaint in year.complaints:
        diary.begin(casework.complaint(town, _matter(year, complaint)))
    diary.begin(commission.year(town, before))
    diary.begin(nights.weeks(town))
    diary.begin(figures.release(town))
    diary.begin(filer.tells_without_words(town))
    diary.live()
    with open_work(house, Actor.system("demonstration", Door.WORKER)) as work:
        work.happened(YearTold(seed=year.seed, anchor=year.anchor, filings=len(town.matters)))
    return town


def _matter(year: Year, complaint: Complaint) -> Matter:
    return Matter(complaint, dice(year.seed, complaint.seed), complaint.filed_at)

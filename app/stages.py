"""Table of contents: every stage's routes, and what reaches upwards from an earlier stage to a later one."""

from collections.abc import Callable, Mapping, Sequence

from fastapi import APIRouter

from app.access.work import Fact, Later, Part, Reaction, Wiring
from app.administration import api as administration_api
from app.administration.pages import sign_in
from app.cases import actions as cases
from app.cases import pages as case_pages
from app.cases import queries as case_facts
from app.clocks import pages as clock_pages
from app.clocks.events import ClockPaused, PauseEnded
from app.intake import api as filings_api
from app.intake.events import FilingScreened
from app.kernel.events import Event

ROUTERS: Sequence[APIRouter] = (
    filings_api.router,
    case_pages.router,
    clock_pages.router,
    sign_in.router,
    administration_api.router,
)

REACTIONS: Mapping[type[Event], Sequence[Reaction | Later]] = {
    FilingScreened: [cases.open_case],
    ClockPaused: [cases.follow_clock],
    PauseEnded: [cases.follow_clock],
}

FACTS: Mapping[str, Fact] = {
    "is_classified": case_facts.is_classified,
    "investigator_assigned": case_facts.investigator_assigned,
}

JOBS: Mapping[str, Callable[..., object]] = {}

PARTS: Mapping[str, Sequence[Part]] = {}

WIRING = Wiring(REACTIONS, FACTS, PARTS)

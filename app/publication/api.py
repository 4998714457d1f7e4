"""Releases as a program has them built and published: one asks, the worker builds, a second one publishes."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from app.access.permissions import Permission
from app.access.work import Work
from app.publication import actions
from app.publication.commands import AskForRelease
from app.publication.queries import builds
from app.web.problems import documented
from app.web.strict_json import StrictRoute
from app.web.work import may

router = APIRouter(prefix="/api/v1/releases", tags=["releases"], route_class=StrictRoute)

Builder = Annotated[Work, may(Permission.RELEASE_BUILD)]
Publisher = Annotated[Work, may(Permission.RELEASE_PUBLISH)]

LISTING = documented(401, 403, 422)
CHANGING = documented(401, 403, 404, 409, 413, 422)


class Answer(BaseModel):
    """Base of what is answered."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Weakness(Answer):
    """What the attacker found in one file."""

    kind: str
    file: str
    words: str


class AskedRelease(Answer):
    """A release that was asked for: how far it is, what its checks said, and its public id once it has one."""

    id: UUID
    through: date
    asked_by_id: UUID | None
    asked_at: datetime
    state: str
    step: int
    steps: int
    release_id: str
    is_verified: bool
    problems: list[str]
    weaknesses: list[Weakness]
    withheld: dict[str, str]


class AskedReleases(Answer):
    """The latest that were asked for, the newest first."""

    items: list[AskedRelease]


def _asked(build: Any) -> AskedRelease:
    found = build.findings or {}
    return AskedRelease(
        id=build.id,
        through=build.through_on,
        asked_by_id=build.asked_by_id,
        asked_at=build.asked_at,
        state=build.state,
        step=build.step,
        steps=build.steps,
        release_id=build.release_id,
        is_verified=build.verified,
        problems=[*found.get("problems", []), *([build.problem] if build.problem else [])],
        weaknesses=[Weakness(**each) for each in found.get("findings", [])],
        withheld=found.get("withheld", {}),
    )


@router.get("", response_model=AskedReleases, operation_id="list_builds", responses=LISTING)
def list_builds(work: Builder) -> AskedReleases:
    """Every release that was asked for of late, and how it stands."""
    return AskedReleases(items=[_asked(build) for build, _ in builds.visible_builds(work)])


@router.post("/ask", status_code=202, response_model=AskedRelease, operation_id="ask_for_release", responses=CHANGING)
def ask_for_release(work: Builder, ask: AskForRelease) -> AskedRelease:
    """Asks for a release of everything up to a day; the worker builds it, checks it and attacks it."""
    build = actions.ask_for_release(work, ask)
    work.flush()
    return _asked(build)


@router.post(
    "/{build_id}/publish",
    status_code=202,
    response_model=AskedRelease,
    operation_id="ask_to_publish",
    responses=CHANGING,
)
def ask_to_publish(work: Publisher, build_id: UUID) -> AskedRelease:
    """Shows a release to the public, if it passed its checks; never by whoever asked for it."""
    return _asked(actions.ask_to_publish(work, build_id))

"""What the office asked to have built."""

from uuid import UUID

from sqlalchemy import select, update

from app.access.permissions import Permission
from app.access.reading import one_or_not_found
from app.access.records import Account
from app.access.work import Work
from app.publication.records import ReleaseBuild

LATEST = 50


def visible_builds(work: Work) -> list[tuple[ReleaseBuild, str]]:
    """The latest builds with the name of whoever asked."""
    work.need(Permission.RELEASE_BUILD)
    query = (
        select(ReleaseBuild, Account.display_name)
        .outerjoin(Account, Account.id == ReleaseBuild.asked_by_id)
        .order_by(ReleaseBuild.asked_at.desc(), ReleaseBuild.id)
        .limit(LATEST)
    )
    return [(row[0], row[1] or "") for row in work.session.execute(query)]


def get_build(work: Work, build_id: UUID, *, for_update: bool = False) -> ReleaseBuild:
    """One build, or 404."""
    work.need(Permission.RELEASE_BUILD)
    query = select(ReleaseBuild).where(ReleaseBuild.id == build_id)
    return one_or_not_found(work, query.with_for_update() if for_update else query)


def note_step(work: Work, build_id: UUID, step: int, steps: int) -> None:
    """How far a build is; not a fact for the journal."""
    work.session.execute(
        update(ReleaseBuild).where(ReleaseBuild.id == build_id).values(state="building", step=step, steps=steps)
    )

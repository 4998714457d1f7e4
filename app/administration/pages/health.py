"""Whether the installation is well, for those who run it."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.administration.queries import health as queries
from app.administration.queries import tree
from app.administration.queries.sources import sources_check
from app.web.answers import show
from app.web.work import may

router = APIRouter(prefix="/office/health", include_in_schema=False)

Reader = Annotated[Work, may(Permission.HEALTH_READ)]


@router.get("")
def show_health(request: Request, work: Reader) -> Response:
    """Database, migrations, storage, worker, jobs, journal and backups."""
    settings = request.app.state.settings
    return show(
        request,
        work,
        "administration/health.html",
        title="Health",
        checks=[
            *queries.readiness(work.house),
            queries.backups(work, settings.backup_dir),
            sources_check(work),
            *tree.journal_checks(work),
            *filter(None, [queries.special_routes(work)]),
        ],
        jobs=queries.jobs(work),
        sealed=queries.sealed(work),
        unsealed=queries.unsealed(work),
        is_https=settings.is_https,
        base_url=settings.base_url,
    )

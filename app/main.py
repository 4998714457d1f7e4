"""The web: every door's routes behind one guard."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

import anyio.to_thread
from fastapi import FastAPI
from starlette.staticfiles import StaticFiles
from starlette_compress import CompressMiddleware

from app import stages
from app.access.work import House
from app.config import Settings
from app.infra.assets import Manifest, static_dir
from app.infra.log import start_logging
from app.operations.house import open_house
from app.web.ended import Ended
from app.web.errors import handle_errors
from app.web.guard import Guard
from app.web.limits import Limiter
from app.web.stops import places_of
from app.web.templates import environment
from app.web.work import turns

THREADS = 10
A_MINUTE = 60
# Made when this module is first imported, before the web workers are forked: they count in the same memory.
FILINGS = Limiter(A_MINUTE)
LOOKUPS = Limiter(A_MINUTE)
DRAFTS = Limiter(A_MINUTE)
SIGN_INS = Limiter(A_MINUTE)
FILES_A_MINUTE = 20
UPLOADS = Limiter(FILES_A_MINUTE)
MACHINE_A_MINUTE = 300
MACHINES = Limiter(MACHINE_A_MINUTE)
ENDED = Ended()


def create_app(settings: Settings, owner_url: str, *, opening: Callable[[], House] | None = None) -> FastAPI:
    """The application. Opens no connection until it starts, so that it can be made once and forked."""
    app = FastAPI(
        title="Candor",
        version="0.1.0",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan(opening or partial(open_house, settings, owner_url, stages.WIRING)),
        generate_unique_id_function=lambda route: route.name,
    )
    manifest = Manifest.read(settings.project)
    app.state.settings = settings
    app.state.turns = turns()
    app.state.templates = environment(asset=manifest.url, url=app.url_path_for)
    app.state.filings_limit = FILINGS if settings.limits == "on" else Limiter(A_MINUTE, is_on=False)
    app.state.lookups_limit = LOOKUPS if settings.limits == "on" else Limiter(A_MINUTE, is_on=False)
    app.state.drafts_limit = DRAFTS if settings.limits == "on" else Limiter(A_MINUTE, is_on=False)
    app.state.sign_ins_limit = SIGN_INS if settings.limits == "on" else Limiter(A_MINUTE, is_on=False)
    app.state.uploads_limit = UPLOADS if settings.limits == "on" else Limiter(FILES_A_MINUTE, is_on=False)
    app.state.machines_limit = MACHINES if settings.limits == "on" else Limiter(MACHINE_A_MINUTE, is_on=False)
    app.state.ended = ENDED
    app.state.stop_places = places_of(stages.ROUTERS)
    for router in stages.ROUTERS:
        app.include_router(router)
    # Only what holds no secret is compressed: the length of a compressed page can tell what stands in it.
    app.mount("/static", CompressMiddleware(StaticFiles(directory=static_dir(settings.project))), name="static")
    handle_errors(app)
    app.add_middleware(Guard, origin=settings.base_url, hosts=_hosts(settings), https=settings.is_https)
    return app


def _lifespan(opening: Callable[[], House]) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        start_logging()
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        house = opening()
        app.state.house = house
        app.state.agency_name = house.name_in
        try:
            yield
        finally:
            house.databases.dispose()

    return lifespan


def _hosts(settings: Settings) -> frozenset[str]:
    """The names this site answers to; loopback installations answer to all of loopback's names."""
    if settings.is_loopback:
        return frozenset({"127.0.0.1", "localhost", "[::1]", "testserver"})
    return frozenset({settings.base_url.split("://", 1)[1].split("/", 1)[0].rsplit(":", 1)[0]})

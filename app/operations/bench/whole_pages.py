"""What row security costs whoever waits: the same page of the same application, with the policies and past them."""

import asyncio
import importlib
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial

from fastapi import FastAPI
from sqlalchemy.engine import URL

from app.access.work import House, Wiring
from app.infra.db import Databases, Door
from app.operations.bench.client import OK, Make
from app.operations.bench.figures import middle
from app.operations.bench.site import Site
from app.operations.bench.statements import call
from app.operations.house import open_house
from app.operations.serve import WEB

MS = 1000
WARM = 6
Progress = Callable[[str], None]


@dataclass(frozen=True)
class PageCost:
    """One page, in milliseconds from the request to its last byte, without a network between."""

    with_policies_ms: float
    without_ms: float
    ratio: float


class _PastThePolicies(Databases):
    """The office's door logs in as the owner of the tables, whom no policy stops."""

    def url(self, door: Door) -> URL:
        return self.owner if door is Door.OFFICE else super().url(door)


def cost_of_whole_pages(
    site: Site, makes: Mapping[str, Make], wiring: Wiring, turns: int, progress: Progress
) -> Mapping[str, PageCost]:
    """Each page by turns with both, so that whatever else the machine does falls on both alike."""
    return asyncio.run(_costs(site, makes, wiring, turns, progress))


async def _costs(
    site: Site, makes: Mapping[str, Make], wiring: Wiring, turns: int, progress: Progress
) -> Mapping[str, PageCost]:
    found = {}
    async with AsyncExitStack() as open_apps:
        apps = [_app(site, wiring, past=past) for past in (False, True)]
        for app in apps:
            await open_apps.enter_async_context(app.router.lifespan_context(app))
        for name, make in makes.items():
            progress(f"row security, whole page: {name}")
            found[name] = await _compared(apps, make, turns)
    return found


def _app(site: Site, wiring: Wiring, *, past: bool) -> FastAPI:
    # Named, not imported: it stands above this module.
    make_app = getattr(importlib.import_module(WEB[0]), WEB[1])
    settings = site.settings.model_copy(update={"limits": "off"})
    app: FastAPI = make_app(settings, site.owner_url, opening=partial(_house, site, wiring, past=past))
    return app


def _house(site: Site, wiring: Wiring, *, past: bool) -> House:
    house = open_house(site.settings, site.owner_url, wiring)
    if not past:
        return house
    return replace(house, databases=_PastThePolicies(site.owner_url, house.keys.password))


async def _compared(apps: list[FastAPI], make: Make, turns: int) -> PageCost:
    times: list[list[float]] = [[], []]
    for turn in range(turns + WARM):
        for side in (0, 1) if turn % 2 else (1, 0):
            started = time.perf_counter()
            answer = await call(apps[side], make(turn))
            if answer.status not in OK:
                raise RuntimeError(f"{make(turn).path} answered {answer.status}")
            if turn >= WARM:
                times[side].append(time.perf_counter() - started)
    bound, free = (middle(each) * MS for each in times)
    return PageCost(round(bound, 2), round(free, 2), round(bound / free, 3))

"""What a page must not offer today: an address that carries out a stopped act shows why in place of its form."""

import re
from collections.abc import Callable, Iterable

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute

from app.access.acts import MARKS
from app.access.work import Work
from app.policy.acting import Stop
from app.policy.model.powers import Act
from app.web.routes import routes_of

Places = tuple[tuple[re.Pattern[str], Act], ...]


def acts_by_name() -> dict[str, Act]:
    """The act of each action, by its bare name: a route is named as the action that it calls."""
    return {name.rsplit(".", 1)[1]: mark for name, mark in MARKS.items() if isinstance(mark, Act)}


def places_of(routers: Iterable[APIRouter]) -> Places:
    """Every address of a page that changes something which a lost power may stop."""
    acts = acts_by_name()
    found = (route for router in routers for route in routes_of(router))
    return tuple((route.path_regex, acts[route.name]) for route in found if route.name in acts and _is_page(route))


def _is_page(route: APIRoute) -> bool:
    return "POST" in (route.methods or ()) and not route.path.startswith("/api/")


def stop_at(request: Request, work: Work) -> Callable[[str], Stop | None]:
    """For one page: why what a form would send to this address cannot be done today; nothing where it can."""
    stops: dict[Act, Stop] = {}
    asked = False

    def find(address: str) -> Stop | None:
        nonlocal stops, asked
        if not asked:
            stops = {act: stop for act in Act if (stop := work.stop_of(act)) is not None}
            asked = True
        if not stops:
            return None
        path = address.partition("?")[0]
        places: Places = request.app.state.stop_places
        return next((stops.get(act) for pattern, act in places if pattern.match(path)), None)

    return find

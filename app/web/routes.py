"""The routes of the application, flat: which there are, and what may be asked of an address."""

from collections.abc import Iterator
from typing import Any

from fastapi.routing import APIRoute


def routes_of(router: Any) -> Iterator[APIRoute]:
    """Every route of an application or router, with those of the routers within."""
    for route in router.routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from routes_of(inner)
        elif isinstance(route, APIRoute):
            yield route


def methods_at(router: Any, path: str) -> set[str]:
    """What this address takes; where several routes fit it, it is the one that leaves least to chance."""
    fitting = [route for route in routes_of(router) if route.path_regex.fullmatch(path)]
    if not fitting:
        return set()
    nearest = min(fitting, key=lambda route: route.path.count("{")).path
    return {method for route in fitting if route.path == nearest for method in route.methods or ()}

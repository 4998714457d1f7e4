"""Reads a JSON body without tolerance: no doubled keys, no NaN, no half characters, no number without end."""

import json
import math
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn, TypeVar

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import ClientDisconnect

MOST_DIGITS = 40
M = TypeVar("M", bound=BaseModel)


class StrictRequest(Request):
    """A request whose JSON means one thing only."""

    async def json(self) -> Any:
        return parse_strictly(await self.body())

    async def in_order(self, model: type[M]) -> M | None:
        """The body as this model, or None where anything is wrong with it: then the long way says what."""
        if self.headers.get("content-type") != "application/json":
            return None
        try:
            return model.model_validate(await self.json())
        except (ValueError, ClientDisconnect):
            return None


class StrictRoute(APIRoute):
    """The route of a body that is JSON: `APIRouter(route_class=StrictRoute)`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def strict(request: Request) -> Response:
            is_strict = isinstance(request, StrictRequest)
            return await handler(request if is_strict else StrictRequest(request.scope, request.receive))

        return strict


def parse_strictly(data: bytes) -> Any:
    """The value, or JSONDecodeError: what two readers might read differently is refused, not guessed at."""
    try:
        text = data.decode("utf-8")
        value = json.loads(
            text,
            object_pairs_hook=_once_each,
            parse_constant=_refuse,
            parse_float=_finite,
            parse_int=_bounded,
        )
        # A lone surrogate is no character: it could be neither stored nor sent back. Only an escape can say one.
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise json.JSONDecodeError("not strict JSON", "", 0) from None
    return value


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs) or any("\x00" in key for key in found):
        raise ValueError("a key stands twice, or holds NUL")
    return found


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number without end")
    return number


def _bounded(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise ValueError("a number of too many digits")
    return int(text)

"""Every value of a rulebook, with the place where it is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from app.policy.documents import Path
from app.policy.model.base import Coded


def walk(value: Any, place: Path = ()) -> Iterator[tuple[Path, Any]]:
    yield place, value
    if isinstance(value, BaseModel):
        for name, info in type(value).model_fields.items():
            yield from walk(getattr(value, name), (*place, info.alias or name))
    elif isinstance(value, tuple):
        for n, item in enumerate(value):
            yield from walk(item, (*place, item.code if isinstance(item, Coded) else n))

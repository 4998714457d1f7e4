"""A rulebook with one thing changed: every place in it, and another value for what stands there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, get_args

from app.kernel.text import LocalText
from app.policy.model import Rulebook
from app.policy.model.base import Block

Path = tuple[str | int, ...]

# What a version is, and no rule of it; the form and the texts of the letters are rules.
NOT_A_RULE = {"digest", "files"}


@dataclass(frozen=True)
class Leaf:
    """One value of a rulebook: where it stands, and the key of which block it is."""

    path: Path
    owner: str
    key: str
    value: Any


def leaves(book: Rulebook) -> Iterator[Leaf]:
    """Every value that is written down: the empty ones too."""
    waiting: list[tuple[Path, Block]] = [((), book)]
    while waiting:
        path, block = waiting.pop()
        for key in type(block).model_fields:
            value = getattr(block, key)
            if key in NOT_A_RULE or key == "letter_texts":
                continue
            yield Leaf((*path, key), type(block).__name__, key, value)
            waiting.extend(_inside((*path, key), value))


def _inside(path: Path, value: Any) -> Iterator[tuple[Path, Block]]:
    if isinstance(value, Block):
        yield path, value
    if isinstance(value, tuple):
        yield from (((*path, number), item) for number, item in enumerate(value) if isinstance(item, Block))


def others(value: Any) -> Iterator[Any]:
    """Values that could stand in the place of this one."""
    make = next((make for kind, make in _OTHERS if isinstance(value, kind)), None)
    yield from make(value) if make else ()


def filled(leaf: Leaf) -> Iterator[Any]:
    """The same for an empty list of codes or lines, which does not show what it would hold."""
    field = _BLOCKS[leaf.owner].model_fields[leaf.key]
    if leaf.value == () and not _holds_blocks(field.annotation):
        yield ("something_else",)


def _holds_blocks(annotation: Any) -> bool:
    is_block = isinstance(annotation, type) and issubclass(annotation, Block)
    return is_block or any(_holds_blocks(inner) for inner in get_args(annotation))


def _blocks(kind: type[Block]) -> Iterator[type[Block]]:
    """Those of the format: stories have blocks of the same names."""
    for each in kind.__subclasses__():
        if each.__module__.startswith("app.policy.model"):
            yield each
        yield from _blocks(each)


_BLOCKS = {block.__name__: block for block in _blocks(Block)}


def _other_lists(value: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if value:
        yield value[1:]
    if len(value) > 1:
        yield tuple(reversed(value))
    if value and isinstance(value[0], str):
        yield (*value, "something_else")


_OTHERS: tuple[tuple[type, Callable[[Any], Iterable[Any]]], ...] = (
    (bool, lambda value: (not value,)),
    (StrEnum, lambda value: (each for each in type(value) if each is not value)),
    (int, lambda value: (value - 1 if value > 5 else value + 1,)),
    (str, lambda value: (f"{value} x",)),
    (date, lambda value: (value + timedelta(days=1),)),
    (
        LocalText,
        lambda value: (
            LocalText({**value.texts, "en": f"{value.to('en')} More."}),
            LocalText({**value.texts, "es": "Otra cosa."}),
        ),
    ),
    (tuple, _other_lists),
    (dict, lambda value: ({**value, "incident": "Because it is said so"},)),
)


def with_value(item: Any, path: Path, value: Any) -> Any:
    """The same with another value in one place."""
    if not path:
        return value
    head, rest = path[0], path[1:]
    if isinstance(head, int):
        return (*item[:head], with_value(item[head], rest, value), *item[head + 1 :])
    return item.model_copy(update={head: with_value(getattr(item, head), rest, value)})

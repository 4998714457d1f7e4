"""Canonical JSON: one value, one sequence of bytes, so that a hash of it means something."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

Json: TypeAlias = "bool | int | str | list[Json] | tuple[Json, ...] | Mapping[str, Json] | None"

# RFC 8785 writes numbers as IEEE doubles; beyond this an integer would not survive a JavaScript reader.
LARGEST_INTEGER = 2**53 - 1
# A bound, so that hostile nesting is refused in words and not by the interpreter's stack.
DEEPEST = 64


# json's own escapes are those of RFC 8785: the two-letter ones, \u00xx in lower case, nothing else.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False)


class NotCanonical(ValueError):
    """The value, or the bytes, have no canonical form."""


def canonical_json(value: Json) -> bytes:
    """RFC 8785 for null, booleans, integers, strings, lists and objects; everything else is refused."""
    return _utf8(_ENCODER.encode(_plain(value, 0)))


def parse(data: bytes) -> Json:
    """Reads canonical JSON back, and refuses bytes that `canonical_json` would not have written."""
    try:
        value: Json = json.loads(data, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise NotCanonical("not JSON") from error
    if canonical_json(value) != data:
        raise NotCanonical("JSON, but not in its canonical form")
    return value


def _plain(value: Any, depth: int) -> Any:
    if depth > DEEPEST:
        raise NotCanonical("nested too deeply")
    write = _WRITERS.get(type(value)) or _writer_of(value)
    return write(value, depth)


def _writer_of(value: Any) -> "Writer":
    """For what only derives from a JSON type, such as an enumeration's member."""
    for kind in (str, int, list, tuple, Mapping):
        if isinstance(value, kind):
            return _WRITERS[kind]
    raise NotCanonical(f"{type(value).__name__} has no canonical form")


def _same(value: bool | None, _depth: int) -> bool | None:  # noqa: FBT001  the value itself, not a switch
    return value


def _integer(value: int, _depth: int) -> int:
    if abs(value) > LARGEST_INTEGER:
        raise NotCanonical("integer too large")
    return int(value)


def _text(value: str, _depth: int) -> str:
    return str.__str__(value)


def _list(value: list[Any] | tuple[Any, ...], depth: int) -> list[Any]:
    return [_plain(item, depth + 1) for item in value]


def _mapping(value: Mapping[Any, Any], depth: int) -> dict[str, Any]:
    if not all(isinstance(key, str) for key in value):
        raise NotCanonical("an object's keys are strings")
    # By UTF-16 code units, as RFC 8785 says: beyond the basic plane that is not the order of code points.
    keys = sorted(value, key=None if "".join(value).isascii() else _utf16)
    deeper = depth + 1
    # Text stands in most of what is journalled and needs no second look: a recount writes thousands of entries.
    if depth < DEEPEST:
        return {str.__str__(key): item if type(item := value[key]) is str else _plain(item, deeper) for key in keys}
    return {str.__str__(key): _plain(value[key], deeper) for key in keys}


Writer: TypeAlias = Callable[[Any, int], Any]

_WRITERS: dict[Any, Writer] = {
    type(None): _same,
    bool: _same,
    str: _text,
    int: _integer,
    list: _list,
    tuple: _list,
    dict: _mapping,
    Mapping: _mapping,
}


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotCanonical("a key stands twice")
    return found


def _utf16(key: str) -> bytes:
    # Lone surrogates pass here, so that they are refused in one place, with one message.
    return key.encode("utf-16-be", "surrogatepass")


def _utf8(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonical("a lone surrogate is not text") from error

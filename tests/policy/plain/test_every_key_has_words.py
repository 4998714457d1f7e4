"""Nothing that a rulebook can hold is without words: keys, flags, codes, roles, happenings and kinds."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, get_args

from app.policy.model.base import Block, Code
from app.policy.plain import words
from app.policy.plain.keys import FLAGS, KINDS, NOUNS, flag, kinds, noun
from app.policy.vocabulary import EVENTS, GUARDS, ROLES, STEPS

HIDDEN = {"code", "files", "letter_texts", "digest"}


def blocks(kind: type[Block] = Block) -> Iterator[type[Block]]:
    """Those of the format; stories have blocks of their own, and who reads a rulebook never meets them."""
    for each in kind.__subclasses__():
        if each.__module__.startswith("app.policy.model"):
            yield each
        yield from blocks(each)


KEYS = sorted({(block.__name__, key) for block in blocks() for key in block.model_fields if key not in HIDDEN})
FIELDS = {(block.__name__, key): field for block in blocks() for key, field in block.model_fields.items()}


def holds(annotation: Any, wanted: type) -> bool:
    return annotation is wanted or any(holds(inner, wanted) for inner in get_args(annotation))


def holds_code(annotation: Any, metadata: Any = ()) -> bool:
    pattern = get_args(Code)[1].pattern
    if any(getattr(each, "pattern", None) == pattern for each in metadata):
        return True
    inner = get_args(annotation)
    return any(getattr(each, "pattern", None) == pattern or holds_code(each) for each in inner)


def has_words(block: str, key: str) -> bool:
    is_flag = holds(FIELDS[block, key].annotation, bool)
    own = flag(block, key) if is_flag else NOUNS.get(f"{block}.{key}") or NOUNS.get(key)
    return bool(own) and "_" not in noun(block, key)


def test_every_key_has_words_of_its_own() -> None:
    assert len(KEYS) > 900
    assert [f"{block}.{key}" for block, key in KEYS if not has_words(block, key)] == []


def test_every_code_comes_from_a_list_or_is_what_its_block_is_called() -> None:
    coded = [(b, k) for b, k in KEYS if holds_code(FIELDS[b, k].annotation, FIELDS[b, k].metadata)]
    assert ("Clock", "starts") in coded
    assert [(b, k) for b, k in coded if not kinds(b, k)] == []


def test_no_words_are_kept_for_a_key_that_is_not_there() -> None:
    keys = {key for _, key in KEYS}
    both = {f"{block}.{key}" for block, key in KEYS}
    assert [name for name in (*NOUNS, *FLAGS, *KINDS) if name not in keys and name not in both] == []


def test_every_role_happening_guard_and_step_has_words() -> None:
    assert set(words.ROLES) >= ROLES
    assert set(words.EVENTS) == EVENTS
    assert set(words.GUARDS) == GUARDS
    assert set(words.STEPS) == STEPS


def test_no_value_of_a_kind_is_said_with_an_underscore() -> None:
    annotations = [field.annotation for field in FIELDS.values()]
    enums = {kind for kind in StrEnum.__subclasses__() if any(holds(annotation, kind) for annotation in annotations)}
    assert len(enums) > 20
    said = [words.spoken(value) for kind in enums for value in kind if value.value != "days"]
    assert [text for text in said if "_" in text or not text] == []

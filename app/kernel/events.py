"""What happened: frozen facts with a tag and a plain sentence, kept for ever in the journal."""

import re
from collections.abc import Iterator
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

TAG = re.compile(r"[a-z_]+:[a-z_]+:[a-z_]+")
_by_tag: dict[tuple[str, int], type["Event"]] = {}


class Event(BaseModel):
    """Base of every event. Fields are ids, codes, dates and numbers; never a person's words or name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tag: ClassVar[str] = ""
    sentence: ClassVar[str] = ""
    version: ClassVar[int] = 1

    case_id: UUID | None = None

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if not TAG.fullmatch(cls.tag) or not cls.sentence:
            raise TypeError(f"{cls.__name__} needs a tag like stage:thing:verb and a sentence")
        key = (cls.tag, cls.version)
        if key in _by_tag and _by_tag[key].__qualname__ != cls.__qualname__:
            raise TypeError(f"{cls.__name__} and {_by_tag[key].__name__} share the tag {cls.tag}")
        _by_tag[key] = cls

    def facts(self) -> dict[str, Any]:
        """The fields as JSON values, without those that are empty and without the case."""
        return self.model_dump(mode="json", exclude_none=True, exclude={"case_id"})


def event_types() -> Iterator[type[Event]]:
    """Every event type that has been imported."""
    return iter(list(_by_tag.values()))


def sentence_of(tag: str, version: int, facts: dict[str, Any]) -> str:
    """The plain sentence of an entry; an entry of an unknown kind shows its tag."""
    kind = _by_tag.get((tag, version))
    if kind is None:
        return tag.replace(":", " ").replace("_", " ").capitalize()
    return kind.sentence.format_map(_Facts({name: _told(fact) for name, fact in facts.items()}))


def _told(fact: Any) -> Any:
    return ", ".join(map(str, fact)) if isinstance(fact, list | tuple) else fact


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "—"

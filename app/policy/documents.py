"""Strict YAML: no repeated keys, no guessed types, and the line of every value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from app.policy.problems import Problem, RulebookError

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)", re.ASCII)
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+", re.ASCII)
_PLAIN_TAG = re.compile(r"tag:yaml\.org,2002:(str|int|float|bool|null|timestamp|value|merge|map|seq)")
_CONSTANTS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}

# What the reader of YAML says, and what somebody who writes a rulebook can do about it.
_MENDED: Mapping[str, str] = {
    "tab character": "indent with blanks, never with a tab",
    "cannot start any token": "indent with blanks, never with a tab; put text that begins with a sign in quotes",
    "mapping values are not allowed": "put text that holds `: ` in quotes, and begin each line as deep as its like",
    "did not find expected": "begin the line as deep as its neighbours, or close a quote or bracket opened above it",
    "found unexpected end": "close the quote that is opened above it",
    "could not find expected ':'": "write a key, a colon, a blank and what it says",
}

TWICE = "this key stands here twice; keep one of them"
MERGED = "nothing is merged (<<); write it out"

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """One YAML file as plain values, and the line on which each stands."""

    file: str
    data: Any
    lines: Mapping[Path, int] = field(repr=False)

    def line_of(self, place: Path) -> int:
        """The line of this place, or of the nearest thing round it."""
        return self.lines[self.nearest(place)]

    def nearest(self, place: Path) -> Path:
        return self._walk(place)[-1]

    def _walk(self, place: Path) -> list[Path]:
        """Every step towards the place that exists; a number in a mapping means its nth entry."""
        reached: list[Path] = [()]
        current = self.data
        for part in place:
            step = _step(current, part)
            if step is None:
                break
            reached.append((*reached[-1], step))
            current = current[step]
        return reached


def _step(current: Any, part: str | int) -> str | int | None:
    if isinstance(current, Mapping):
        if part in current:
            return part
        return list(current)[part] if isinstance(part, int) and part < len(current) else None
    if isinstance(current, list) and isinstance(part, int) and part < len(current):
        return part
    return None


def say(place: Path) -> str:
    return ".".join(str(part) for part in place)


def read_document(file: str, content: bytes) -> Document:
    """Refuses what is not UTF-8, not YAML, or says the same key twice."""
    try:
        node = yaml.compose(content.decode("utf-8"), Loader=_Loader)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise RulebookError([Problem(file, line, "", "this file is not UTF-8")]) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RulebookError([Problem(file, line, "", _not_yaml(error.problem or ""))]) from error
    except yaml.YAMLError as error:
        raise RulebookError([Problem(file, 1, "", "this file holds characters that YAML does not allow")]) from error
    lines: dict[Path, int] = {(): 1}
    data = _Reading(file, lines).value(node, ()) if node is not None else None
    return Document(file, data, lines)


def _not_yaml(problem: str) -> str:
    mend = next((mend for words, mend in _MENDED.items() if words in problem), "look at this line and the one above it")
    return f"this is not YAML: {problem}; {mend}"


# libyaml where it is there (ten times as fast), the same answers without.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class _Reading:
    file: str
    lines: dict[Path, int]
    seen: set[int] = field(default_factory=set)

    def value(self, node: yaml.Node, place: Path) -> Any:
        self.lines[place] = node.start_mark.line + 1
        if id(node) in self.seen:
            raise self._refuse(node.start_mark.line + 1, place, "an alias (*) is not allowed; write it out")
        self.seen.add(id(node))
        if not _PLAIN_TAG.fullmatch(node.tag):
            raise self._refuse(node.start_mark.line + 1, place, "a tag (!) is not allowed; put the text in quotes")
        if isinstance(node, yaml.MappingNode):
            return dict(self._entries(node, place))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*place, n)) for n, item in enumerate(node.value)]
        return self._scalar(node, place)

    def _entries(self, node: yaml.MappingNode, place: Path) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        for key, content in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise self._refuse(line, place, "a key must be one word; write a code and its entry")
            if name in seen or name == "<<":
                raise self._refuse(line, (*place, name), TWICE if name in seen else MERGED)
            seen.add(name)
            value = self.value(content, (*place, name))
            self.lines[(*place, name)] = line
            yield name, value

    def _scalar(self, node: yaml.Node, place: Path) -> Any:
        """Only numbers, true, false and nothing are not text: no is Norwegian, and 12:30 a time."""
        text = str(node.value)
        if getattr(node, "style", None):
            return text
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if _INTEGER.fullmatch(text):
            return int(text)
        return float(text) if _DECIMAL.fullmatch(text) else text

    def _refuse(self, line: int, place: Path, reason: str) -> RulebookError:
        return RulebookError([Problem(self.file, line, say(place), reason)])

"""The reference of the format names every key and every choice that the format has, and its examples are YAML."""

import re
from enum import Enum
from typing import Any, get_args

import pytest
import yaml
from pydantic import BaseModel

from app.config import PROJECT
from app.policy.model import RulebookText
from app.policy.model.intake import Form

REFERENCE = (PROJECT / "docs" / "rulebook-format.md").read_text("utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", REFERENCE, re.DOTALL)


def kinds_in(annotation: Any) -> set[Any]:
    """Every block and every list of choices that can stand somewhere in it."""
    found: set[Any] = set()
    waiting = [annotation]
    while waiting:
        kind = waiting.pop()
        waiting.extend(get_args(kind))
        if isinstance(kind, type) and issubclass(kind, BaseModel | Enum) and kind not in found:
            found.add(kind)
            if issubclass(kind, BaseModel):
                waiting.extend(field.annotation for field in kind.model_fields.values())
    return found


KINDS = kinds_in(RulebookText) | kinds_in(Form)
KEYS = {
    info.alias or name
    for kind in KINDS
    if issubclass(kind, BaseModel)
    for name, info in kind.model_fields.items()
    if name != "code"
}
CHOICES = {str(choice.value) for kind in KINDS if issubclass(kind, Enum) for choice in kind}


@pytest.mark.parametrize("key", sorted(KEYS))
def test_the_reference_names_every_key(key: str) -> None:
    assert re.search(rf"(?<![\w.]){re.escape(key)}:", "\n".join(BLOCKS))


@pytest.mark.parametrize("choice", sorted(CHOICES))
def test_the_reference_names_every_choice(choice: str) -> None:
    assert re.search(rf"\b{re.escape(choice)}\b", REFERENCE)


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_every_example_is_yaml(number: int) -> None:
    assert isinstance(yaml.safe_load(BLOCKS[number]), dict)

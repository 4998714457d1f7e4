"""What every happening of a scenario is: a small block for which a word alone may stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from app.policy.model.base import Block


class Happening(Block):
    """One thing that happens; a word alone stands for its most important key."""

    main: ClassVar[str] = ""

    @model_validator(mode="before")
    @classmethod
    def _from_a_word(cls, said: Any) -> Any:
        if said is None:
            return {}
        return {cls.main: said} if cls.main and not isinstance(said, Mapping) else said

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        whole = handler(schema)
        short = {"type": ["string", "integer", "null"]} if cls.main else {"type": "null"}
        return {"anyOf": [whole, short]}

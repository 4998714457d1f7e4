"""What may be asked of an action: a frozen model that refuses what it does not know."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _only_iso(value: Any) -> Any:
    if isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value.strip())):
        return value
    raise PydanticCustomError("date_parsing", "Write the date as year-month-day.")


# A day as people and programs write it; Pydantic alone would also take a number for seconds since 1970.
Day = Annotated[date, BeforeValidator(_only_iso)]


class Command(BaseModel):
    """Base of every command. Unknown fields are refused; error texts never repeat what was typed."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        str_strip_whitespace=True,
        validate_default=True,
    )

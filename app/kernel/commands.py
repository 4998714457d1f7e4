"""What may be asked of an action: a frozen model that refuses what it does not know."""

from pydantic import BaseModel, ConfigDict


class Command(BaseModel):
    """Base of every command. Unknown fields are refused; error texts never repeat what was typed."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        str_strip_whitespace=True,
        validate_default=True,
    )

"""What an entry says, read from its exact bytes and never from the columns beside them."""

import json
from typing import Any
from uuid import UUID

from app.kernel.events import sentence_of


def body_of(body: bytes) -> dict[str, Any]:
    """The whole entry."""
    read: dict[str, Any] = json.loads(body)
    return read


def facts_of(body: bytes) -> dict[str, Any]:
    """Its facts alone."""
    facts: dict[str, Any] = body_of(body)["facts"]
    return facts


def sentence_in(body: bytes) -> str:
    """Its plain sentence."""
    read = body_of(body)
    return sentence_of(read["tag"], read["version"], read["facts"])


def behalf_in(body: bytes) -> UUID | None:
    """In whose place a deputy did it."""
    found = body_of(body)["actor"].get("for")
    return UUID(found) if found else None

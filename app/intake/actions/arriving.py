"""What is on its way in, for the pages that take it: it opens no Work, because nothing has happened yet."""

from collections.abc import Collection

from app.infra.arriving import About, Arrival, Arrived, Conflict, Mixed, NotThere, arrivals_of
from app.infra.sniff import sniff
from app.infra.storage import NoRoom

__all__ = ["About", "Arrival", "Arrived", "Conflict", "Mixed", "NoRoom", "NotThere", "arrivals_of", "is_taken"]


def is_taken(head: bytes, types: Collection[str]) -> bool:
    """Whether a file that begins so is of a kind that the rulebook takes; one that names none takes all."""
    return not types or sniff(head) in types

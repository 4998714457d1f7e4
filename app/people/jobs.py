"""What the worker does with the vault: destroys what two people agreed to destroy, and keeps the look-up marks new."""

from uuid import UUID

from app.access.work import Work
from app.people import actions


def erase_identity(work: Work, half_id: UUID) -> None:
    """Destroys the key of one identity, once."""
    actions.erase_agreed(work, half_id)


def index_identities(work: Work) -> None:
    """Some identities at a time, until none has marks of an older kind."""
    actions.index_identities(work)

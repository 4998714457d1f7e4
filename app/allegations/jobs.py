"""What the worker does for allegations: the commission's carried motion becomes its finding."""

from uuid import UUID

from app.access.work import Work
from app.allegations import actions


def adopt_finding(work: Work, motion_id: UUID) -> None:
    """Safe to run twice: the same motion is adopted once."""
    actions.adopt_finding(work, motion_id)

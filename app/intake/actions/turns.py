"""One after the other: what a filer asks once, and how much is said within an hour."""

from uuid import UUID

from app.access.work import Work
from app.correspondence.rules import check_pace
from app.intake import queries


def wait_for_others(work: Work) -> None:
    """Of two that come at once the second waits for the first, and then finds what was asked."""
    queries.own_filing(work, for_update=True)


def check_pace_of(work: Work, filing_id: UUID) -> None:
    """Counted one after the other, so that many at once are counted too."""
    wait_for_others(work)
    check_pace(queries.count_said_lately(work, filing_id))

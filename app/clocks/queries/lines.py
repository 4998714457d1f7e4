"""What a later stage says of its cases to the lists of clocks."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from app.access.work import Work


@dataclass(frozen=True)
class CaseLine:
    """A case in one line: its number and who leads it."""

    number: str = ""
    lead_id: UUID | None = None
    lead: str = ""


def is_without_filer(work: Work, case_id: UUID) -> bool:
    """True where nobody filed anything that this case is about: there is nobody to write to."""
    return any(part(work, case_id) for part in work.parts("is_without_filer"))


def case_lines(work: Work, case_ids: Iterable[UUID]) -> dict[UUID, CaseLine]:
    """The cases of these ids, in one statement: `PARTS["case_lines"]`."""
    wanted = set(case_ids)
    found: dict[UUID, CaseLine] = {}
    for part in work.parts("case_lines") if wanted else ():
        found |= part(work, wanted)
    return found


def cases_led_by(work: Work, account_id: UUID | None) -> list[Select[Any]]:
    """Selects of the ids of cases that somebody leads, or nobody: `PARTS["cases_led_by"]`."""
    return [part(work, account_id) for part in work.parts("cases_led_by")]

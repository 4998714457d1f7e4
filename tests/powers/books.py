"""Two versions of one city's law: everything is held from 2001 on, and from 2002 on somebody took it away."""

import re
from datetime import date
from typing import Any

from app.config import PROJECT
from app.policy.loader import read_folder
from app.policy.model import Rulebook
from tests.rulebooks import from_files

AGENCY = "riverbend"
BASE = read_folder(PROJECT / "policies" / AGENCY / "2025-01-01")
FIRST, SECOND = date(2001, 1, 1), date(2002, 1, 1)
COURT = "{en: The state court, es: El tribunal}"
REASON = "{en: The charter may not give this power., es: La carta no puede dar este poder.}"
ENDED = """  status: historical
  to_on: 2002-01-01
  successor: {en: The city auditor reads on., es: La auditora sigue.}
  public_notice: {en: The state ended this office., es: El estado cerró esta oficina.}
"""


def book(
    day: date = FIRST,
    lost: tuple[str, ...] = (),
    *,
    stops: str = "",
    until: str = "",
    changes: tuple[tuple[str, str], ...] = (),
) -> Rulebook:
    """The city's rulebook from this day on, without these powers since 2002; `until` gives them back."""
    text = BASE["rulebook.yaml"].decode().replace("from_on: 2025-01-01", "from_on: 2001-01-01")
    for power in lost:
        found = re.search(rf"  - {{power: {power}, holder: (\w+), from_on: 2001-01-01, authority: ([^}}]+)}}\n", text)
        assert found is not None, power
        text = text.replace(found[0], _lost(power, found[1], found[2], stops, until))
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return from_files(AGENCY, day, {**BASE, "rulebook.yaml": text.encode()})


def _lost(power: str, holder: str, authority: str, stops: str, until: str) -> str:
    when = f"    suspended_on: 2002-01-01\n    resumed_on: {until}\n" if until else "    to_on: 2002-01-01\n"
    carried = f"    stops: {stops}\n" if stops else ""
    return (
        f"  - power: {power}\n    holder: {holder}\n    from_on: 2001-01-01\n    authority: {authority}\n"
        f"{when}    suspended_by: {COURT}\n    reason: {REASON}\n{carried}"
    )


def ended() -> Rulebook:
    """The agency itself is gone."""
    return book(SECOND, changes=(("  status: active\n", ENDED),))


def struck(*lost: str, **given: Any) -> tuple[Rulebook, Rulebook]:
    """As it was, and without these powers."""
    return book(), book(SECOND, lost, **given)

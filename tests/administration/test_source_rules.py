"""By when a source is read again, whose turn it is, and what a reading must be."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.administration import rules
from app.kernel.errors import Invalid
from tests.administration.test_sources import LATER, TODAY


@pytest.mark.parametrize(
    ("own", "written", "ends", "last", "day"),
    [
        # The rulebook's own day, or its last day in force.
        ((2027, 1), None, None, None, (2027, 1)),
        ((2027, 1), None, (2026, 12), None, (2026, 12)),
        (None, None, None, None, None),
        (None, None, (2026, 12), None, (2026, 12)),
        # Whoever read it last says, also where that is sooner.
        ((2027, 1), (2025, 1), None, ((2026, 3), (2026, 9)), (2026, 9)),
        ((2026, 1), None, None, ((2026, 3), (2028, 9)), (2028, 9)),
        # The author of a newer rulebook read it after that.
        ((2027, 1), (2026, 5), None, ((2026, 3), (2026, 9)), (2027, 1)),
        # An agreement is read again before it ends, and its end was seen once somebody read it after that.
        ((2027, 1), None, (2026, 12), ((2026, 3), (2028, 1)), (2026, 12)),
        ((2027, 1), None, (2026, 12), ((2026, 12), (2028, 1)), (2028, 1)),
    ],
)
def test_by_when_it_is_read_again(own: Any, written: Any, ends: Any, last: Any, day: Any) -> None:
    def of(month: tuple[int, int] | None) -> date | None:
        return date(*month, 1) if month else None

    read, following = (of(month) for month in last or (None, None))
    known = (read, following) if read and following else None
    assert rules.read_by(of(own), of(written), of(ends), known) == of(day)


@pytest.mark.parametrize(
    ("owner", "roles", "held", "turn"),
    [
        ("counsel", {"counsel"}, {"counsel"}, True),
        ("counsel", {"administrator"}, {"counsel"}, False),
        ("counsel", {"administrator"}, set(), True),
        (None, {"administrator"}, set(), True),
        ("counsel", {"director"}, set(), False),
    ],
)
def test_whose_turn_it_is(owner: str | None, roles: set[str], held: set[str], turn: bool) -> None:
    assert rules.is_reader(owner, roles, held, "administrator") is turn


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, set()),
        ({"read_on": TODAY + timedelta(1)}, {"read_on"}),
        ({"last": TODAY, "read_on": TODAY - timedelta(1)}, {"read_on"}),
        ({"last": TODAY}, set()),
        ({"next_on": TODAY}, {"next_on"}),
        ({"is_changed": True}, {"note"}),
        ({"is_changed": True, "note": "The limit."}, set()),
        ({"is_changed": True, "next_on": TODAY, "read_on": LATER}, {"read_on", "next_on", "note"}),
    ],
)
def test_what_a_reading_must_be(given: dict[str, Any], wrong: set[str]) -> None:
    asked = {"read_on": TODAY, "next_on": LATER, "today": TODAY, "last": None, "is_changed": False, "note": ""}
    if not wrong:
        rules.check_reading(**asked | given)
        return
    with pytest.raises(Invalid) as refused:
        rules.check_reading(**asked | given)
    assert set(refused.value.fields) == wrong

"""The call list: everybody's own wishes, and as many statements for twenty as for one."""

from datetime import timedelta
from uuid import uuid4

from app.access.work import House
from app.correspondence.records import Call, ContactWish
from app.intake import queries
from tests.cases.test_queue import statements
from tests.conftest import WorkAs
from tests.make import Make


def waits(make: Make, minute: int, *wishes: str) -> None:
    """A filer who waits for a call, and what they chose since they filed, the last last."""
    filing = make.filing(answers={"contact_times": "said when filing"})
    make.row(Call(id=uuid4(), filing_id=filing.id, asked_at=make.now + timedelta(minutes=minute), version=1))
    for place, times in enumerate(wishes):
        wish = ContactWish(id=uuid4(), filing_id=filing.id, way="phone", rules=[], times=times, safe="")
        wish.chosen_at = make.now + timedelta(hours=place)
        make.row(wish)


def test_each_call_says_what_its_own_filer_chose_last(make: Make, work_as: WorkAs) -> None:
    waits(make, 1, "first", "last")
    waits(make, 0)
    with work_as("intake") as work:
        assert [each.contact.times for each in queries.calls_to_make(work)] == ["said when filing", "last"]


def test_more_calls_take_no_more_statements(house: House, make: Make, work_as: WorkAs) -> None:
    taken = []
    for more in (1, 4):
        for minute in range(more):
            waits(make, minute, "evenings")
        with work_as("intake") as work:
            with statements(house) as first_page:
                panel = queries.calls_for_me(work)
            with statements(house) as call_list:
                calls = queries.calls_to_make(work)
        assert panel is not None
        assert [row.label for row in panel.rows] == [f"{len(calls)} to call"]
        taken.append((len(first_page), len(call_list)))
    assert taken == [(1, 3), (1, 3)]


def test_who_has_no_call_to_make_has_no_such_panel(make: Make, work_as: WorkAs) -> None:
    with work_as("intake") as work:
        assert queries.calls_for_me(work) is None
    waits(make, 0)
    with work_as("commissioner") as work:
        assert queries.calls_for_me(work) is None

"""The queue: by key, filtered, searched, in few statements; and what waits for a person."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event  # noqa: TID251 - to count the statements of a page

from app.access.work import House
from app.cases import queries
from app.cases.commands import NOBODY, QueueView
from app.cases.records import Task
from app.correspondence.records import Message
from app.kernel.errors import Invalid, NotAllowed
from tests.conftest import ClientAs, WorkAs
from tests.make import Make


@contextmanager
def statements(house: House) -> Iterator[list[str]]:
    """Every statement that goes to the database meanwhile, without savepoints and roles, which tests alone need."""
    seen: list[str] = []
    connection: Any = house.databases.connection  # type: ignore[attr-defined]

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "SET ", "RESET")):
            seen.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(connection, "before_cursor_execute", note)


def numbers(work: Any, **view: Any) -> list[str]:
    return [row[0].number for row in queries.queue_page(work, QueueView(**view)).rows]


def test_the_queue_page_takes_eight_statements_at_most_and_never_an_offset(
    house: House, make: Make, client_as: ClientAs
) -> None:
    for day in range(12):
        case = make.case(due_on=make.today + timedelta(days=day))
        make.clock(case, "finish_investigation", due_on=case.due_on)
    client = client_as("investigator")
    for address in ("/office/cases", "/office/cases?limit=5&stage=investigating", "/office/cases?q=stop&limit=5"):
        with statements(house) as seen:
            assert client.get(address).status_code == 200
        assert len(seen) <= 8, "\n".join(seen)
        assert not [statement for statement in seen if "OFFSET" in statement.upper()]


@pytest.mark.parametrize("sort", ["due_on", "opened_on", "-opened_on"])
@pytest.mark.parametrize("words", ["", "stop"])
def test_page_by_page_every_case_comes_once_and_in_order(make: Make, work_as: WorkAs, sort: str, words: str) -> None:
    for day in range(7):
        due = make.today + timedelta(days=day // 2)
        make.case(due_on=due if day else None, opened_on=make.today - timedelta(days=day // 3))
    with work_as("investigator") as work:
        seen, cursor = [], ""
        while True:
            page = queries.queue_page(work, QueueView(sort=sort, limit=3, cursor=cursor, q=words))
            seen += [row[0] for row in page.rows]
            if page.next is None:
                break
            cursor = page.next
    days = [case.queue_on if sort == "due_on" else case.opened_on for case in seen]
    assert len({case.id for case in seen}) == 7
    assert days == sorted(days, reverse=sort.startswith("-"))


def test_filters_narrow_the_queue(make: Make, work_as: WorkAs) -> None:
    lead = make.actor("investigator")
    make.case(number="MINE", lead_id=lead.id, due_on=make.today + timedelta(days=20))
    make.case(number="LATE", due_on=make.today - timedelta(days=1), stage="open")
    make.case(number="DONE", closed_on=make.today, stage="closed")
    with work_as("supervisor") as work:
        assert numbers(work, assignee=lead.name) == ["MINE"]
        assert numbers(work, assignee=NOBODY) == ["LATE"]
        assert numbers(work, assignee="nobody-of-that-name") == []
        assert numbers(work, stage="open") == ["LATE"]
        assert numbers(work, due_before=make.today) == ["LATE"]
        assert numbers(work, q="traffic", assignee=NOBODY) == ["LATE"]
        assert numbers(work, q="traffic", assignee="nobody-of-that-name") == []
        assert numbers(work, q="traffic stop", assignee=lead.name) == ["MINE"]


def test_the_search_finds_words_of_the_complaint_and_takes_any_text(make: Make, work_as: WorkAs) -> None:
    make.case(number="2026-7K3MX94T", narrative="A blue bicycle lay in the road.")
    make.case(number="OTHER")
    with work_as("investigator") as work:
        assert numbers(work, q="bicycle") == ["2026-7K3MX94T"]
        assert numbers(work, q="2026-7K3MX94T") == ["2026-7K3MX94T"]
        for words in ("' OR 1=1 --", '"unclosed', "& | ! <-> :*", "🚲", "%", "\\"):
            assert "OTHER" not in numbers(work, q=words)


def test_a_walled_case_is_in_no_page_search_or_count(make: Make, work_as: WorkAs) -> None:
    case = make.case(due_on=make.today - timedelta(days=1), narrative="A bicycle.")
    make.wall(case, make.actor("investigator"))
    with work_as("investigator") as work:
        assert numbers(work) == numbers(work, q="bicycle") == []
        assert {saved.label: saved.count for saved in queries.saved_filters(work)} == {
            "Mine": 0,
            "Late or due in 7 days": 0,
            "Overdue": 0,
            "Unassigned": 0,
        }


def test_saved_filters_count_what_they_show(make: Make, work_as: WorkAs) -> None:
    me = make.actor("investigator").id
    for days, lead in ((-1, None), (0, me), (7, me), (8, None)):
        make.case(due_on=make.today + timedelta(days=days), lead_id=lead)
    with work_as("investigator") as work:
        counts = {saved.label: saved.count for saved in queries.saved_filters(work)}
        shown = {s.label: len(numbers(work, **s.asks)) for s in queries.saved_filters(work)}
    assert counts == {"Mine": 2, "Late or due in 7 days": 3, "Overdue": 1, "Unassigned": 2}
    assert counts == shown


@pytest.mark.parametrize("cursor", ["x", "AAAA", "é", "A" * 27])
def test_a_cursor_that_is_none_is_refused_in_words(make: Make, work_as: WorkAs, cursor: str) -> None:
    with work_as("investigator") as work, pytest.raises(Invalid):
        queries.queue_page(work, QueueView(cursor=cursor))


def test_who_may_not_read_cases_has_no_queue(work_as: WorkAs) -> None:
    with work_as("administrator") as work, pytest.raises(NotAllowed):
        queries.queue_page(work, QueueView())


def test_an_empty_filter_is_no_filter_and_a_number_goes_straight_to_its_case(make: Make, client_as: ClientAs) -> None:
    case = make.case(number="2026-7K3MX94T")
    client = client_as("investigator")
    assert case.number in client.get("/office/cases?q=&stage=&assignee=&due_before=&sort=due_on").text
    found = client.get("/office/cases?q=2026-7k3mx94t")
    assert (found.status_code, found.headers["location"]) == (303, f"/office/cases/{case.id}")
    assert client.get("/office/cases?due_before=yesterday").status_code == 422
    assert client.get("/office/cases?limit=201").status_code == 422


def test_my_work_shows_my_cases_tasks_and_messages_and_to_supervisors_what_nobody_has(
    make: Make, client_as: ClientAs, work_as: WorkAs
) -> None:
    me = make.actor("investigator").id
    mine = make.case(number="MINE-1", lead_id=me, due_on=make.today + timedelta(days=3))
    make.clock(mine, "finish_investigation", due_on=mine.due_on)
    make.case(number="FREE-1", due_on=make.today + timedelta(days=5))
    make.row(Task(id=mine.id, case_id=mine.id, title="Call the shop", assignee_id=me, version=1))
    filing = make.filing(case_id=mine.id)
    make.row(Message(id=filing.id, filing_id=filing.id, is_from_filer=True, body="Any news?", sent_at=make.now))
    page = client_as("investigator").get("/office").text
    assert "MINE-1" in page
    assert "Call the shop" in page
    assert make.book.clock("finish_investigation").label.to("en") in page
    assert f"/office/filings/{filing.id}#messages" in page
    assert "Cases nobody leads yet" not in page
    overview = client_as("supervisor").get("/office").text
    assert "FREE-1" in overview
    assert "Clocks that lapsed or soon will" in overview
    assert "nobody yet" in overview or "MINE-1" in overview
    assert "MINE-1" not in client_as("administrator").get("/office").text

"""A row that was changed past the journal is found, and what was erased is neither called altered nor kept alive."""

from typing import Any

import pytest
from sqlalchemy import text

from app.access.work import House
from app.intake.actions import add_to_filing, own_by_passphrase
from app.intake.commands import AddToFiling
from app.intake.records import Amendment
from app.operations.journal_rows import Found, record_kinds, verify_rows_on
from tests.conftest import WorkAs
from tests.intake.test_pages import anyone, file
from tests.make import Make


@pytest.fixture
def amended(make: Make, work_as: WorkAs) -> Amendment:
    """A complaint to which its filer added something."""
    got = file(make, work_as)
    with work_as(anyone(make)) as work:
        own = own_by_passphrase(work, got.passphrase.words)
        return add_to_filing(work, own.id, AddToFiling(body="He had a dog."))


def look(house: House) -> Found:
    connection = house.databases.connection  # type: ignore[attr-defined]
    connection.execute(text("RESET ROLE"))
    return verify_rows_on(connection.connection.driver_connection)


def owner(house: House, statement: str, **values: Any) -> None:
    connection = house.databases.connection  # type: ignore[attr-defined]
    connection.execute(text("RESET ROLE"))
    connection.execute(text(statement), values)


def about(found: Found, table: str) -> list[str]:
    return [each for each in found.differences if each.startswith(table)]


def test_what_was_written_through_the_house_is_what_its_entries_say(house: House, amended: Amendment) -> None:
    found = look(house)
    assert about(found, "amendments") == about(found, "filing ") == []
    assert found.compared >= 2


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE amendments SET body = 'He had no dog.'", "changed past the journal"),
        ("UPDATE amendments SET added_at = added_at - interval '1 day'", "changed past the journal"),
        ("UPDATE amendments SET last_entry_id = gen_random_uuid()", "the journal does not have"),
        ("DELETE FROM amendments", "is gone, and the journal speaks of it"),
    ],
)
def test_what_the_owner_does_to_a_row_is_found(house: House, amended: Amendment, statement: str, words: str) -> None:
    owner(house, statement)
    assert any(words in each for each in about(look(house), "amendments"))


def test_a_row_that_is_pointed_at_an_entry_without_promises_is_counted(house: House, amended: Amendment) -> None:
    before = look(house)
    owner(
        house,
        "UPDATE amendments SET last_entry_id = (SELECT id FROM journal_entries WHERE right(tag, 8) = 'received')",
    )
    after = look(house)
    assert (after.unsaid, after.compared) == (before.unsaid + 1, before.compared - 1)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE filings SET narrative = 'Nothing happened.'", "shows other words"),
        (
            "UPDATE filings SET canonical = replace(encode(canonical, 'escape'), 'a', 'b')::bytea",
            "words",
        ),
        ("UPDATE filings SET number = 'X'", "is not what its entry says"),
    ],
)
def test_a_filing_is_held_against_its_receipt(house: House, amended: Amendment, statement: str, words: str) -> None:
    owner(house, statement)
    assert any(words in each for each in about(look(house), "filing "))


def test_with_the_salt_the_promise_is_gone_and_nothing_is_called_altered(house: House, amended: Amendment) -> None:
    before = look(house)
    owner(house, "SELECT forget_salts(ARRAY(SELECT last_entry_id FROM amendments))")
    owner(house, "UPDATE amendments SET body = ''")
    after = look(house)
    assert about(after, "amendments") == []
    assert (after.forgotten, after.compared) == (before.forgotten + 1, before.compared - 1)


def test_the_salt_is_all_of_an_entry_that_may_go(house: House, amended: Amendment) -> None:
    for statement in (
        "UPDATE journal_entries SET salt = 'x'",
        "UPDATE journal_entries SET salt = NULL, tag = 'a:b:c'",
        "DELETE FROM journal_entries",
        "TRUNCATE journal_entries",
    ):
        connection = house.databases.connection  # type: ignore[attr-defined]
        connection.execute(text("RESET ROLE"))
        with pytest.raises(Exception, match="the journal is never changed"), connection.begin_nested():
            connection.execute(text(statement))


def test_the_promise_tells_nothing_to_a_guesser(house: House, amended: Amendment) -> None:
    """The same words twice are two different promises, for each entry has a salt of its own."""
    connection = house.databases.connection  # type: ignore[attr-defined]
    connection.execute(text("RESET ROLE"))
    bodies = connection.execute(text("SELECT convert_from(body, 'UTF8') FROM journal_entries")).scalars().all()
    assert all("dog" not in body for body in bodies)
    assert any(f"amendments:{amended.id}" in body for body in bodies)


def test_what_the_law_decides_on_is_committed_to() -> None:
    committed = {kind.__tablename__ for kind in record_kinds() if kind.committed}
    assert committed >= {"findings", "votes", "motions", "letters", "messages", "evidence_items", "filing_files"}

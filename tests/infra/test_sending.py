"""A row past the session keeps every value that it was given; what nobody gave has its default."""

from uuid import uuid4

import pytest

from app.audit.records import Checkpoint
from app.clocks.records import Clock
from app.infra.sending import insert_of
from app.people.records import Identity


def sent(row: object, column: str) -> object:
    """What the statement gives this column; nothing where it leaves it to the database."""
    statement = insert_of(row)  # type: ignore[arg-type]
    names = [name.strip().strip('"') for name in statement.text.split("(")[1].split(")")[0].split(",")]
    return dict(zip(names, statement.values, strict=True)).get(column, "left to the database")


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_value_that_is_given_is_written_though_the_database_has_one_of_its_own(version: int) -> None:
    assert sent(Identity(person_id=uuid4(), key_id="k", sealed=b"", index_version=version), "index_version") == version


def test_what_nobody_gave_has_the_default_of_its_record_not_that_of_rows_from_before_it() -> None:
    assert sent(Identity(person_id=uuid4(), key_id="k", sealed=b""), "index_version") == 2
    assert (sent(Clock(id=uuid4()), "round"), sent(Clock(id=uuid4(), round=4), "round")) == (1, 4)


def test_what_the_database_alone_stamps_is_left_to_it() -> None:
    assert sent(Checkpoint(), "signed_at") == "left to the database"

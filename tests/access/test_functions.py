"""What somebody learns or does by SQL alone: by a function that tells, or by a row that says too much."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.access.actor import Actor
from app.access.records import CaseSide, CompartmentReading
from app.cases import actions
from app.cases.records import Case
from app.correspondence.records import Message
from app.infra.db import Door
from app.kernel.errors import NotAllowed
from tests.conftest import WorkAs
from tests.make import Make

SEARCH = "SELECT count(*) FROM search_cases(:word, NULL, NULL, NULL, 'queue_on', NULL, NULL, 10)"
READ = "SELECT count(*) FROM read_before(:who, 'criminal', :case_id)"
REFUSED = "row-level security"
WORDS = b"w" * 32


def asked(work_as: WorkAs, asker: str | Actor, statement: str, **given: Any) -> int:
    with work_as(asker) as work:
        found: int = work.session.execute(text(statement), given).scalar_one()
        return found


@pytest.mark.parametrize(("role", "finds"), [("intake", 1), ("analyst", 1), ("administrator", 0), ("auditor", 0)])
def test_whoever_reads_no_case_learns_from_the_search_neither_its_words_nor_its_id(
    role: str, finds: int, make: Make, work_as: WorkAs
) -> None:
    make.case(narrative="A striped umbrella lay there.")
    assert asked(work_as, role, SEARCH, word="striped umbrella") == finds


@pytest.fixture
def reader(make: Make) -> tuple[Case, UUID]:
    """A case, and somebody who has read what was compelled in it."""
    case, who = make.case(), make.account("investigator").id
    make.row(
        CompartmentReading(account_id=who, case_id=case.id, kind="compelled", role="investigator", read_at=make.now)
    )
    return case, who


@pytest.mark.parametrize(
    ("role", "told"), [("supervisor", 1), ("investigator", 0), ("administrator", 0), ("auditor", 0)]
)
def test_who_has_read_a_statement_is_told_to_whoever_names_sides(
    role: str, told: int, make: Make, work_as: WorkAs, reader: tuple[Case, UUID]
) -> None:
    assert asked(work_as, role, READ, who=reader[1], case_id=reader[0].id) == told


def test_who_has_read_a_statement_is_told_to_nobody_behind_a_wall_or_without_a_session(
    make: Make, work_as: WorkAs, reader: tuple[Case, UUID]
) -> None:
    case, who = reader
    walled = make.actor("supervisor")
    make.wall(case, walled)
    for asker in (walled, Actor.anyone(Door.OFFICE, frozenset())):
        assert asked(work_as, asker, READ, who=who, case_id=case.id) == 0
    # The trigger asks all the same.
    with make.owner() as session, suppress(ProgrammingError):
        session.add(side_of(make, case, who))
        session.flush()
        pytest.fail("whoever has read it was put on the criminal side")


def side_of(make: Make, case: Case, who: UUID | None) -> CaseSide:
    return CaseSide(
        id=uuid4(),
        account_id=who,
        case_id=case.id,
        side="criminal",
        reason="x",
        named_by_id=make.actor("director").id,
        named_at=make.now,
        last_entry_id=uuid4(),
    )


def test_nobody_ends_the_side_that_they_are_on_neither_by_the_page_nor_by_sql(make: Make, work_as: WorkAs) -> None:
    case, actor = make.case(), make.actor("supervisor")
    side = make.row(side_of(make, case, actor.id))
    with pytest.raises(NotAllowed, match="Somebody else"), work_as(actor) as work:
        actions.end_side(work, case.id, side.id)
    for who in (actor, "investigator"):
        with work_as(who) as work:
            changed = work.session.execute(text("UPDATE case_sides SET ended_at = now() RETURNING id")).all()
            assert changed == []
    (kept,) = make.all(CaseSide)
    assert kept.ended_at is None


@pytest.mark.parametrize("role", ["investigator", "intake", "analyst"])
def test_nobody_takes_a_case_to_lead_it(role: str, make: Make, work_as: WorkAs) -> None:
    make.case()
    actor = make.actor(role)
    take = text("UPDATE cases SET lead_id = :me")
    with pytest.raises(ProgrammingError, match=REFUSED), work_as(actor) as work:
        work.session.execute(take, {"me": actor.id})


@pytest.mark.parametrize("said", ["case_id", "screened_at", "outcome"])
def test_a_filing_comes_in_by_the_residents_door_as_nothing_but_a_filing(
    said: str, make: Make, work_as: WorkAs
) -> None:
    """One that names a case would open its stage, its allegations and its findings to whoever wrote it."""
    forged: Mapping[str, Any] = {"case_id": make.case().id, "screened_at": make.now, "outcome": "investigate"}
    row = {
        column.name: getattr(make.filing(), column.key, None) for column in Message.metadata.tables["filings"].columns
    }
    row |= {"id": uuid4(), "number": "2026-forged", "lookup": WORDS, "relationship": "self", "answers": "{}"}
    names = ", ".join(f'"{name}"' for name in row)
    insert = text(f"INSERT INTO filings ({names}) VALUES ({', '.join(f':{name}' for name in row)})")
    with work_as(Actor.filer(WORDS, frozenset())) as work:
        work.session.execute(insert, row)
        work.session.rollback()
    with pytest.raises(ProgrammingError, match=REFUSED), work_as(Actor.filer(WORDS, frozenset())) as work:
        work.session.execute(insert, row | {said: forged[said]})


@pytest.mark.parametrize("forged", [{"is_from_filer": False}, {"sender_title": "Director"}])
def test_nobody_writes_a_message_in_the_offices_name_by_the_residents_door(
    forged: dict[str, Any], make: Make, work_as: WorkAs
) -> None:
    filing = make.filing(lookup=WORDS)
    insert = text(
        "INSERT INTO messages (id, filing_id, is_from_filer, body, sender_title, sent_at, last_entry_id)"
        " VALUES (:id, :filing, :is_from_filer, 'Your complaint is closed.', :sender_title, now(), :id)"
    )
    own = {"id": uuid4(), "filing": filing.id, "is_from_filer": True, "sender_title": ""}
    with work_as(Actor.filer(WORDS, frozenset())) as work:
        work.session.execute(insert, own)
        work.session.rollback()
    with pytest.raises(ProgrammingError, match=REFUSED), work_as(Actor.filer(WORDS, frozenset())) as work:
        work.session.execute(insert, own | forged)


def test_a_filer_notes_nothing_in_the_journal_of_somebody_elses_case(make: Make, work_as: WorkAs) -> None:
    own, other = make.case(), make.case()
    make.filing(lookup=WORDS, case_id=own.id)
    note = text(
        "INSERT INTO journal_entries (id, at, tag, case_id, actor_kind, actor_id, body)"
        " VALUES (:id, now(), 'cases:case:moved', :case_id, 'filer', NULL, '')"
    )
    with work_as(Actor.filer(WORDS, frozenset())) as work:
        work.session.execute(note, {"id": uuid4(), "case_id": own.id})
        work.session.rollback()
    with pytest.raises(ProgrammingError, match=REFUSED), work_as(Actor.filer(WORDS, frozenset())) as work:
        work.session.execute(note, {"id": uuid4(), "case_id": other.id})


HALF = (
    'INSERT INTO second_halves (id, step, subject_id, "by", what, first_by_id, first_at, state, second_by_id, words,'
    " last_entry_id)"
    " VALUES (:id, 'destruction', :id, '{}', '{}', :first, now(), :state, :second, '', :id)"
)


def half(work: Any, **changed: Any) -> Any:
    """Writes one half by SQL, as whoever the Work is for."""
    row = {"id": uuid4(), "first": work.actor.id, "second": None, "state": "asked"} | changed
    work.session.execute(text(HALF), row)
    return row["id"]


@pytest.mark.parametrize("forged", [{"first": True}, {"state": "granted", "second": True}, {"state": "granted"}])
def test_nobody_asks_for_a_step_in_somebody_elses_name_or_grants_it_at_once(
    forged: dict[str, Any], make: Make, work_as: WorkAs
) -> None:
    """Else whoever has a session could have a name erased for ever by people who never heard of it."""
    other = make.account("director").id
    named = {name: other if said is True else said for name, said in forged.items()}
    with pytest.raises(ProgrammingError, match=REFUSED), work_as("intake") as work:
        half(work, **named)


AGREED = "UPDATE second_halves SET state = :state, second_by_id = coalesce(:second, second_by_id) WHERE id = :id"


@pytest.mark.parametrize(
    ("state", "is_named"), [("granted", True), ("used", True), ("granted", False), ("used", False)]
)
def test_nobody_agrees_to_their_own_step_by_naming_somebody_else(
    state: str, is_named: bool, make: Make, work_as: WorkAs
) -> None:
    second = make.account("director").id if is_named else None
    with work_as("intake") as work:
        made = half(work)
        with pytest.raises(ProgrammingError, match=REFUSED):
            work.session.execute(text(AGREED), {"state": state, "second": second, "id": made})
        work.session.rollback()


def test_two_people_with_sessions_of_their_own_do_it(make: Make, work_as: WorkAs) -> None:
    first, second = make.actor("intake"), make.actor("director")
    with work_as(first) as work:
        made = half(work)
    with work_as(second) as work:
        work.session.execute(text(AGREED), {"state": "granted", "second": second.id, "id": made})
    with work_as(first) as work:
        used = text("UPDATE second_halves SET state = 'used' WHERE id = :id RETURNING id")
        assert work.session.execute(used, {"id": made}).all()

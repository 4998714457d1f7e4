"""What the database itself refuses, whatever the code does: asked of its catalogue and tried as each role."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app.access.work import House
from app.config import PROJECT
from app.infra.db import Door

CASES = (PROJECT / "migrations" / "access" / "30_cases.sql").read_text("utf-8")
# What a role may delete, and why: none of it is a record of what happened.
MAY_DELETE = {
    Door.OFFICE: {"account_roles", "sign_in_delays", "sign_in_challenges"},
    Door.WORKER: {
        "procrastinate_jobs",
        "procrastinate_periodic_defers",
        "procrastinate_events",
        "procrastinate_workers",
    },
}
JOURNAL = ("journal_entries", "journal_leaves", "journal_tiles", "checkpoints")
WRITERS = [door for door in Door if door is not Door.PUBLIC]


@pytest.fixture
def owner(house: House) -> Iterator[Connection]:
    """The outer transaction, as the owner of the tables."""
    connection: Connection = house.databases.connection  # type: ignore[attr-defined]
    connection.execute(text("RESET ROLE"))
    yield connection
    connection.execute(text("RESET ROLE"))


def roles(house: House) -> list[str]:
    return [house.databases.role(door) for door in Door]


def test_no_door_is_mighty_or_owns_anything(house: House, owner: Connection) -> None:
    found = owner.execute(
        text(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolinherit, rolreplication"
            " FROM pg_roles WHERE rolname = ANY (:roles)"
        ),
        {"roles": roles(house)},
    ).all()
    assert len(found) == len(Door)
    assert [row for row in found if any(row[1:])] == []
    owned = owner.execute(
        text("SELECT c.relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = ANY (:roles)"),
        {"roles": roles(house)},
    ).all()
    assert owned == []


@pytest.mark.parametrize("door", list(Door))
def test_no_door_deletes_or_empties_what_happened(house: House, owner: Connection, door: Door) -> None:
    found = owner.execute(
        text(
            "SELECT c.relname, p.privilege FROM pg_class c,"
            " (VALUES ('DELETE'), ('TRUNCATE'), ('TRIGGER'), ('REFERENCES')) p(privilege)"
            " WHERE c.relkind IN ('r', 'p') AND c.relnamespace::regnamespace::text IN ('public', 'release')"
            " AND has_table_privilege(:role, c.oid, p.privilege)"
        ),
        {"role": house.databases.role(door)},
    ).all()
    assert {(row.relname, row.privilege) for row in found} <= {(table, "DELETE") for table in MAY_DELETE.get(door, ())}


def test_the_public_door_has_no_way_into_the_schema_of_cases(house: House, owner: Connection) -> None:
    role = house.databases.role(Door.PUBLIC)
    assert not owner.scalar(text("SELECT has_schema_privilege(:role, 'public', 'USAGE')"), {"role": role})
    tables = owner.scalar(
        text(
            "SELECT count(*) FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
            " AND has_any_column_privilege(:role, c.oid, 'SELECT')"
        ),
        {"role": role},
    )
    assert tables == 0


def named_in(array: str) -> set[str]:
    return set(re.findall(r"'(\w+)'", array))


def walled_tables() -> set[str]:
    found = re.search(r"on_case text\[\] := ARRAY\[(.*?)\]", CASES, re.DOTALL)
    assert found
    return named_in(found.group(1))


def protected_tables() -> set[str]:
    more = re.search(r"FOREACH t IN ARRAY ARRAY\[(.*?)\]", CASES, re.DOTALL)
    assert more
    direct = set(re.findall(r"ALTER TABLE (\w+) ENABLE ROW LEVEL SECURITY", CASES))
    return walled_tables() | named_in(more.group(1)) | direct


def test_every_table_that_hangs_on_a_case_has_row_security(owner: Connection) -> None:
    enabled = set(owner.scalars(text("SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r'")))
    assert protected_tables() - enabled == set()
    with_case = set(
        owner.scalars(
            text(
                "SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables t USING"
                " (table_schema, table_name) WHERE c.table_schema = 'public' AND c.column_name = 'case_id'"
                " AND t.table_type = 'BASE TABLE'"
            )
        )
    )
    # A wall is not itself behind a wall; a link names two cases and is read with each of them.
    assert with_case - enabled - {"walls", "case_links"} == set()


def test_walls_only_ever_take_away(owner: Connection) -> None:
    found = owner.execute(
        text("SELECT polrelid::regclass::text AS name, polpermissive FROM pg_policy WHERE polname = 'walls'")
    ).all()
    assert {row.name for row in found} == walled_tables()
    assert not any(row.polpermissive for row in found)


def test_every_policy_names_its_roles(owner: Connection) -> None:
    assert owner.execute(text("SELECT polname FROM pg_policy WHERE 0 = ANY (polroles)")).all() == []


def test_functions_that_run_as_the_owner_cannot_be_led_astray(owner: Connection) -> None:
    found = owner.execute(
        text("SELECT proname, proconfig FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace")
    ).all()
    assert found
    for name, settings in found:
        assert any(setting.startswith("search_path=pg_catalog") for setting in settings or ()), name


def test_nobody_at_large_may_run_our_functions(owner: Connection) -> None:
    found = owner.scalars(
        text(
            "SELECT p.proname FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a"
            " WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef AND a.grantee = 0"
        )
    ).all()
    assert found == []


@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("door", list(Door))
def test_the_journal_is_never_changed_by_any_door(house: House, owner: Connection, door: Door, verb: str) -> None:
    savepoint = owner.begin_nested()
    owner.execute(text(f'SET LOCAL ROLE "{house.databases.role(door)}"'))
    with pytest.raises(DBAPIError, match=r"permission denied|does not exist"):
        owner.execute(text(verb.format("journal_entries", "tag", "tag")))
    savepoint.rollback()


@pytest.mark.parametrize("verb", ["UPDATE journal_entries SET tag = 'x'", "DELETE FROM journal_entries"])
def test_not_even_the_owner_changes_an_entry_by_accident(house: House, owner: Connection, verb: str) -> None:
    from app.access.actor import Actor
    from app.access.work import open_work
    from app.administration.events import SignInFailed

    with open_work(house, Actor.system("test")) as work:
        work.happened(SignInFailed())
    owner.execute(text("RESET ROLE"))
    with pytest.raises(DBAPIError, match="never changed"), owner.begin_nested():
        owner.execute(text(verb))
    with pytest.raises(DBAPIError, match="never changed"), owner.begin_nested():
        owner.execute(text("TRUNCATE journal_entries CASCADE"))


@pytest.mark.parametrize("door", WRITERS)
def test_leaves_and_checkpoints_are_written_by_the_sealer_alone(house: House, owner: Connection, door: Door) -> None:
    role = house.databases.role(door)
    asked = text("SELECT has_table_privilege(:role, :table, 'INSERT')")
    may = {table: owner.scalar(asked, {"role": role, "table": table}) for table in JOURNAL[1:]}
    assert set(may.values()) == {door is Door.SEALER}

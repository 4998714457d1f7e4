"""What the database itself refuses, whatever the code does: asked of its catalogue and tried as each role."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app.access.permissions import AccessRules
from app.access.work import House
from app.infra.db import Door
from tests.access.test_walled_tables import tables

WRITE = "CANDOR_WRITE_POLICIES"
GOLDEN = Path(__file__).with_name("policies.golden")
# Functions that run as the owner: by what they check they give away no more than a policy would.
REVIEWED = {
    "capacities_of",
    "cases_in_journal",
    "cases_sharing",
    "compartments_of",
    "current_account",
    "current_department",
    "defer_job",
    "drop_draft",
    "empty_drafts",
    # Of the machinery alone: the session that the provider of single sign-on names.
    "end_provider_session",
    "end_sessions",
    "events_by_tag",
    "far_from",
    "far_from_me",
    "find_draft",
    "forget_salts",
    "is_machinery",
    "keep_draft",
    "half_is_ones_own",
    "handled_by_me",
    "kept_by_side",
    "key_goes_by_two",
    "lead_is_given",
    "led_by_me",
    # Triggers: a token, and a role, by two.
    "machine_opens_by_two",
    "role_is_given_by_two",
    "knows_whole",
    "manages_users",
    "mark_kept_case",
    "mark_kept_filing",
    "may_i",
    "measure_imported",
    "my_compartments",
    "my_decisions",
    "my_filing",
    "my_filing_case",
    "my_filing_entry",
    # To a filer of their own: how they may be reached, and stages and openings by day and role, never by whom.
    "my_contact_answers",
    "my_happenings",
    "is_on_a_side_of_mine",
    "my_handled",
    "my_insight",
    "my_name_is_kept",
    "my_review_day",
    "my_outsider",
    "my_scope",
    "my_standing",
    "my_vault_pace",
    "myself",
    "names_what_i_handle",
    "names_what_is_kept",
    "password_of",
    "persons_kept_from_me",
    "read_before",
    "reads_from_no_far_side",
    "reads_the_journal",
    "search_cases",
    "session_account",
    "sides_have_not_read",
    "stands_for_me",
    "take_new_words",
    "unsealed_entries",
    "vouched",
    "walled_cases",
    "walled_for",
    "walled_to_me",
    "whose_passkey",
    "deputy_of",
    "far_from_one",
    "led_for_absent",
    "link_opens_by_two",
    "own_capacities",
    "stands_in_for",
    "stood_in_for",
}
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


def test_there_is_no_view_that_sees_more_than_its_reader(owner: Connection) -> None:
    """A view runs as its owner, who passes every policy, unless it is told otherwise; a stored one has no policies."""
    found = owner.execute(
        text(
            "SELECT oid::regclass::text AS name, relkind, coalesce(reloptions, '{}') AS options FROM pg_class"
            " WHERE relkind IN ('v', 'm') AND relnamespace::regnamespace::text IN ('public', 'release')"
        )
    ).all()
    assert [row.name for row in found if row.relkind == "m"] == []
    assert [row.name for row in found if "security_invoker=true" not in row.options] == []


def test_nothing_is_deleted_with_something_else(owner: Connection) -> None:
    """A cascade deletes rows that whoever deletes cannot see."""
    found = owner.execute(
        text("SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f' AND confdeltype <> 'a'")
    ).all()
    assert [tuple(row) for row in found if not row[0].startswith("procrastinate_")] == []


def test_a_part_of_a_table_is_reached_by_the_whole_alone(house: House, owner: Connection) -> None:
    """A part of a partitioned table, asked by its own name, has no policies of the whole."""
    found = owner.scalars(
        text(
            "SELECT c.oid::regclass::text FROM pg_class c, unnest(CAST(:roles AS text[])) r(role)"
            " WHERE c.relispartition AND has_any_column_privilege(r.role, c.oid, 'SELECT, INSERT, UPDATE')"
        ),
        {"roles": roles(house)},
    )
    assert found.all() == []


def test_every_policy_names_its_roles(owner: Connection) -> None:
    assert owner.execute(text("SELECT polname FROM pg_policy WHERE 0 = ANY (polroles)")).all() == []


def test_functions_that_run_as_the_owner_cannot_be_led_astray(owner: Connection) -> None:
    found = owner.execute(
        text("SELECT proname, proconfig FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace")
    ).all()
    for name, settings in found:
        assert any(setting.startswith("search_path=pg_catalog") for setting in settings or ()), name
    # Each of these was read for what it gives away, and to whom; a new one is read, and named here.
    assert {name for name, _ in found} == REVIEWED


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


def test_both_locks_say_the_same_of_what_a_role_may(owner: Connection, access: AccessRules) -> None:
    rows = owner.execute(text("SELECT role, permission FROM role_permissions")).all()
    assert rows
    assert {(row.role, row.permission) for row in rows} == access.pairs


def catalogue(house: House, owner: Connection) -> str:
    """All grants and policies, table by table, and who may run which function, with the doors' names."""
    return "\n".join([*_of_tables(house, owner), *_of_functions(house, owner)]) + "\n"


def _of_tables(house: House, owner: Connection) -> Iterator[str]:
    for table in sorted(tables(owner)):
        secured = owner.scalar(text("SELECT relrowsecurity FROM pg_class WHERE oid = to_regclass(:t)"), {"t": table})
        yield f"{table}{': row security' if secured else ''}"
        yield from _grants(house, owner, table)
        policies = owner.execute(
            text(
                "SELECT p.policyname AS name, p.permissive, p.cmd, p.roles, p.qual, p.with_check FROM pg_policies p"
                " WHERE p.schemaname IN ('public', 'release') AND format('%I.%I', p.schemaname, p.tablename) = :full"
                " ORDER BY 1"
            ),
            {"full": table if "." in table else f"public.{table}"},
        )
        for row in policies:
            doors = ", ".join(sorted(door_of(house, role) for role in row.roles))
            yield f"  {row.permissive.lower()} {row.name}: {row.cmd} for {doors}"
            yield from (f"    {word} {' '.join(said.split())}" for word, said in _said(row) if said)


def _said(row: Any) -> list[tuple[str, str | None]]:
    return [("using", row.qual), ("check", row.with_check)]


def _grants(house: House, owner: Connection, table: str) -> Iterator[str]:
    """What each door may do with a table; only with these columns, where not with all."""
    rows = owner.execute(
        text(
            "SELECT r.role, p.privilege, has_table_privilege(r.role, to_regclass(:t), p.privilege) AS whole,"
            " ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = to_regclass(:t) AND a.attnum > 0"
            " AND NOT a.attisdropped AND p.privilege <> 'DELETE'"
            " AND has_column_privilege(r.role, a.attrelid, a.attnum, nullif(p.privilege, 'DELETE')) ORDER BY 1)"
            " AS columns FROM unnest(CAST(:roles AS text[])) r(role),"
            " unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p(privilege)"
        ),
        {"t": table, "roles": roles(house)},
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        if row.whole or row.columns:
            words = row.privilege.lower() + ("" if row.whole else f" ({', '.join(row.columns)})")
            found.setdefault(door_of(house, row.role), []).append(words)
    yield from (f"  {door}: {', '.join(found[door])}" for door in sorted(found))


def _of_functions(house: House, owner: Connection) -> Iterator[str]:
    rows = owner.execute(
        text(
            "SELECT p.oid::regprocedure::text AS name, p.prosecdef,"
            " ARRAY(SELECT r FROM unnest(CAST(:roles AS text[])) r"
            " WHERE has_function_privilege(r, p.oid, 'EXECUTE')) AS doors FROM pg_proc p"
            " WHERE p.pronamespace::regnamespace::text IN ('public', 'release') AND p.proname NOT LIKE 'procrastinate%'"
            " ORDER BY 1"
        ).bindparams(roles=roles(house))
    )
    for row in rows:
        doors = ", ".join(sorted(door_of(house, role) for role in row.doors)) or "nobody"
        yield f"function {row.name}{' as the owner' if row.prosecdef else ''}: {doors}"


def door_of(house: House, role: str) -> str:
    """The door whose role this is."""
    return next((str(door) for door in Door if house.databases.role(door) == role), role)


def test_grants_and_policies_are_those_that_were_read(house: House, owner: Connection) -> None:
    now = catalogue(house, owner)
    if os.environ.get(WRITE):
        GOLDEN.write_text(now, "utf-8")
    assert GOLDEN.read_text("utf-8") == now, f"Look at the difference, then write it with {WRITE}=1"

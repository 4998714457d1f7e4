"""Before which tables a wall stands, asked of the database's catalogue; before which none does, and why."""

from sqlalchemy import Connection, text

from app.access.work import House
from app.infra.db import Door

# Tables before which no wall stands, and why none is needed.
WITHOUT_WALLS = {
    "absences": "who is away and who stands in; names no case",
    "account_roles": "written by whoever manages users",
    "accounts": "people who sign in; written by whoever manages them",
    "alembic_version": "the schema's own",
    "attendances": "who was at a meeting",
    "checkpoint_mails": "what was sent of the journal, and when",
    "checkpoints": "hashes of the journal",
    "code_secrets": "sealed; each person's own",
    "drafts": "sealed under the filer's words; no door's at all",
    "file_scans": "what a scanner said of a random name; whose file it is stands in no row of it",
    "hidden_facts": "seen with the row that names the file, whose walls are asked; sealed under the file's key",
    "held_jobs": "ids of jobs, for the worker alone",
    "imported_rows": "for the worker alone",
    "installation": "the house itself",
    "journal_floors": "where a restore began",
    "journal_leaves": "hashes of the journal",
    "journal_tiles": "hashes of the journal",
    "kept_apart": "numbers, of which nothing can be read back",
    "machine_uses": "the day on which a machine was here; each its own",
    "machines": "other systems with a token; for whoever manages users",
    "meetings": "days and places",
    "officers": "the roster hangs on no case",
    "one_time_links": "hashes of links; used by whoever holds one",
    "passkeys": "public keys; each person's own",
    "postings": "where an officer served",
    "procrastinate_events": "for the worker alone",
    "procrastinate_jobs": "for the worker; others see that there are some",
    "procrastinate_periodic_defers": "for the worker alone",
    "procrastinate_workers": "for the worker; others see when one was heard of",
    "provider_subjects": "whom the provider of single sign-on means",
    "published_checkpoints": "published",
    "recounts": "how a count of clocks went on",
    "recovery_codes": "hashes; each person's own",
    "release.bulletins": "published",
    "release.release_files": "published",
    "release.release_tables": "published",
    "release.releases": "published",
    "release_builds": "what is to be published",
    "role_permissions": "policies/access.yaml",
    "rulebooks": "published",
    "seats": "who sits in a body",
    "sessions": "each person's own",
    "sign_in_challenges": "of a moment; for signing in",
    "sign_in_delays": "keyed hashes",
    "source_changes_seen": "each person's own",
    "source_readings": "readings of the law",
    "translation_approvals": "whose word stands for a translation; names no case",
    "vouching": "no door's at all",
    "walls": "have policies of their own",
    "ways_back": "hashes; for whoever it lets in, and those who grant it",
}
# What the doors of people read without row security: nothing of a case, and nobody's name.
OPEN = {
    "alembic_version",
    "checkpoint_mails",
    "checkpoints",
    "installation",
    "journal_floors",
    "journal_leaves",
    "journal_tiles",
    "kept_apart",
    "procrastinate_jobs",
    "procrastinate_workers",
    "published_checkpoints",
    "release_builds",
    "rulebooks",
    "sign_in_challenges",
    "sign_in_delays",
}


def walled_by_policy(owner: Connection) -> set[str]:
    """The tables before which a wall stands for everybody who has an account, whatever their door."""
    rows = owner.execute(
        text(
            "SELECT polrelid::regclass::text AS name, r.rolname AS role FROM pg_policy p"
            " JOIN pg_roles r ON r.oid = ANY (p.polroles) WHERE NOT polpermissive AND polname = 'walls'"
        )
    ).all()
    doors: dict[str, set[str]] = {}
    for row in rows:
        doors.setdefault(row.name, set()).add(row.role.rpartition("_")[2])
    return {table for table, found in doors.items() if found >= {Door.OFFICE, Door.COMMISSION, Door.DEPARTMENT}}


def tables(owner: Connection) -> set[str]:
    return set(
        owner.scalars(
            text(
                "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p')"
                " AND relnamespace::regnamespace::text IN ('public', 'release')"
            )
        )
    )


def test_every_table_is_behind_walls_or_said_why_not(owner: Connection) -> None:
    """A new table is put behind the walls, or named here: nobody forgets it."""
    assert tables(owner) - walled_by_policy(owner) - set(WITHOUT_WALLS) == set()


def test_what_names_a_case_or_hangs_on_one_is_behind_walls(owner: Connection) -> None:
    keys = ("case_id", "filing_id", "person_id", "clock_id", "allegation_id", "motion_id", "docket_item_id", "item_id")
    rows = owner.scalars(
        text(
            "SELECT DISTINCT table_name FROM information_schema.columns JOIN information_schema.tables"
            " USING (table_schema, table_name) WHERE table_schema = 'public' AND column_name = ANY (:keys)"
            " AND table_type = 'BASE TABLE'"
        ),
        {"keys": list(keys)},
    )
    # A wall is not itself behind a wall, and has policies of its own.
    assert set(rows) - walled_by_policy(owner) == {"walls"}


def test_every_table_that_a_person_s_door_reads_has_row_security_or_no_case_in_it(
    house: House, owner: Connection
) -> None:
    doors = [house.databases.role(door) for door in (Door.OFFICE, Door.COMMISSION, Door.DEPARTMENT, Door.RESIDENT)]
    open_ones = owner.scalars(
        text(
            "SELECT DISTINCT c.oid::regclass::text FROM pg_class c, unnest(CAST(:doors AS text[])) d(role)"
            " WHERE c.relkind IN ('r', 'p') AND NOT c.relrowsecurity"
            " AND c.relnamespace::regnamespace::text IN ('public', 'release')"
            " AND has_any_column_privilege(d.role, c.oid, 'SELECT, INSERT, UPDATE')"
        ),
        {"doors": doors},
    )
    assert set(open_ones) - OPEN == set()


def test_walls_only_ever_take_away(owner: Connection) -> None:
    found = owner.execute(
        text("SELECT polrelid::regclass::text AS name, polpermissive FROM pg_policy WHERE polname LIKE '%wall%'")
    ).all()
    assert [row.name for row in found if row.polpermissive and row.name != "walls"] == []

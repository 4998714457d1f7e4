"""policies/access.yaml as a lawyer reads it: nothing without a sentence, and its sentences are true of the program."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from app.access.duties import STEPS
from app.access.permissions import AccessRules, Permission, Role
from app.access.terms import FieldRule, Reach
from app.access.work import House
from app.config import PROJECT
from app.policy.problems import RulebookError
from tests.conftest import ClientAs

FILE = (PROJECT / "policies" / "access.yaml").read_text("utf-8")
RULES = AccessRules.load(PROJECT / "policies")


def line_with(words: str) -> int:
    return FILE[: FILE.index(words)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        (
            "  commission:vote:cast: {does",
            "  commission:vote:casts: {does",
            "",
            "not a known name; write commission:vote:cast",
        ),
        (
            "Votes, in their own name.",
            "Votes in their own name",
            "Votes, in their own name.",
            "this is no sentence; end it with a full stop",
        ),
        ('      commission:vote:cast: "Deciding', '      cases:case:read: "Deciding', "", "under because:"),
        ('    commissioner: "A vote', '    commissar: "A vote', "", "write commissioner"),
        ("needs: people:identity:open", "needs: people:identity:opens", "", "write people:identity:open"),
        ("    shown_by: tests/discipline/test_unseen.py\n", "", "", "nothing can hold this against the program"),
        ("{kind: docket,", "{kind: dockets,", "", "“dockets” is not a known name"),
        ("  anyone:\n    why:", "  anyone:\n    color: red\n    why:", "", "take it out, or mend how it is written"),
        ("    roles: [liaison]\n", "    roles: [liaison, commissioner]\n", "", "commissioner stands here 2 times"),
    ],
)
def test_what_a_lawyer_could_not_read_is_refused_with_line_and_mend(
    tmp_path: Path, old: str, new: str, at: str, said: str
) -> None:
    assert old in FILE
    (tmp_path / "access.yaml").write_text(FILE.replace(old, new, 1), "utf-8")
    with pytest.raises(RulebookError) as refused:
        AccessRules.load(tmp_path)
    told = [str(problem) for problem in refused.value.problems]
    assert any(said in each and each.startswith("policies/access.yaml:") for each in told), told
    if at:
        assert any(f"access.yaml:{line_with(at)}:" in each for each in told), told


def test_a_role_without_a_scope_is_refused(tmp_path: Path) -> None:
    lines = [line for line in FILE.splitlines(keepends=True) if "scope: {kind: docket" not in line]
    (tmp_path / "access.yaml").write_text("".join(lines), "utf-8")
    with pytest.raises(RulebookError, match=r"roles\.commissioner\.scope: this is not said; write it"):
        AccessRules.load(tmp_path)


def test_every_permission_is_said_once_and_given_to_somebody() -> None:
    assert set(RULES.permissions) == set(Permission)
    assert frozenset(Permission) == RULES.of(frozenset(Role))
    said = [terms.does for terms in RULES.permissions.values()]
    assert len(set(said)) == len(said)


def test_who_reaches_no_case_has_no_permission_on_one() -> None:
    for role, rule in RULES.roles.items():
        if rule.scope.kind is Reach.INSTALLATION:
            assert not [each for each in rule.may if each.startswith(("cases:", "clocks:", "evidence:", "intake:"))], (
                role
            )


@pytest.mark.parametrize("field", RULES.fields, ids=lambda field: field.field[:30])
def test_a_field_is_kept_back_as_it_is_said(house: House, owner: Connection, field: FieldRule) -> None:
    if field.needs:
        assert not [role for role in field.kept_from if field.needs in RULES.roles[Role(role)].may]
    if field.shown_by:
        assert (PROJECT / field.shown_by).is_file()
    for door in field.doors:
        readable = owner.scalars(
            text(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_schema = 'public' AND table_name = :table"
                " AND has_column_privilege(:role, 'public.' || table_name, column_name, 'SELECT')"
            ),
            {"table": field.table, "role": house.databases.role(door)},
        ).all()
        kept = set(readable) & field.columns if field.columns else set(readable)
        assert kept == set(), (door, field.table)
    if field.columns:
        known = text("SELECT column_name FROM information_schema.columns WHERE table_name = :table")
        assert field.columns <= set(owner.scalars(known, {"table": field.table}))


def checks_of_two(owner: Connection) -> set[tuple[str, frozenset[str]]]:
    """Each pair of columns of a table that a validated check keeps from being one person."""
    rows = owner.execute(
        text(
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'c' AND convalidated AND connamespace = 'public'::regnamespace"
        )
    )
    return {(table, frozenset(pair)) for table, said in rows for pair in re.findall(r"(\w+_id) <> (\w+_id)", said)}


def test_the_database_holds_the_two_halves_of_each_step_apart(owner: Connection) -> None:
    named = {(step.table, frozenset(step.columns)) for step in STEPS if step.table}
    found = checks_of_two(owner)
    assert named - found == set()
    # A new check of two people is named among the steps, so that the page tells of it: of these its step has another.
    others = {("absences", frozenset({"account_id", "deputy_id"}))}
    others |= {("ways_back", frozenset({"account_id", by})) for by in ("asked_by_id", "granted_by_id")}
    # Nor is whoever agrees to a link the one whom it lets in.
    others |= {("one_time_links", frozenset({"account_id", "agreed_by_id"}))}
    assert found - named == others


def test_a_step_that_no_column_holds_apart_says_why() -> None:
    assert {step.code for step in STEPS if not step.table} == {"vote", "groups"}
    assert not RULES.of(frozenset(set(Role) - {Role.COMMISSIONER})) & {Permission.VOTE_CAST}


@pytest.mark.parametrize("role", ["intake", "investigator", "auditor", "administrator", "analyst"])
def test_everybody_of_the_office_reads_who_may_do_what(client_as: ClientAs, role: str) -> None:
    page = client_as(role).get("/office/access")
    assert page.status_code == 200
    for words in (RULES.roles[Role.LIAISON].why, RULES.permissions[Permission.VOTE_CAST].does, "Never both halves"):
        assert words in page.text.replace("&#39;", "'")


@pytest.mark.parametrize("role", ["commissioner", "secretary", "liaison"])
def test_others_read_what_they_may_do_themselves(client_as: ClientAs, role: str) -> None:
    client = client_as(role)
    assert client.get("/office/access").status_code == 403
    page = client.get("/office/account/access")
    assert page.status_code == 200
    assert RULES.roles[Role(role)].scope.words in page.text
    assert RULES.roles[Role.DIRECTOR].why not in page.text


def test_the_page_is_filtered_by_role_and_by_what_is_done(client_as: ClientAs) -> None:
    client = client_as("counsel")
    page = client.get("/office/access?role=liaison").text
    assert RULES.roles[Role.LIAISON].why in page
    assert RULES.roles[Role.DIRECTOR].why not in page
    page = client.get("/office/access?permission=publication:release:build").text
    assert all(RULES.roles[Role(role)].why in page for role in ("analyst", "director", "outsider"))
    assert RULES.roles[Role.INTAKE].why not in page
    assert client.get("/office/access?role=king").status_code == 422

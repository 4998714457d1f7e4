"""Every route names what it needs; which role then passes is a table that anybody can read."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount, Route

from app.access.permissions import AccessRules, Permission, Role
from app.config import PROJECT
from app.infra.db import Door
from app.web.doors import STAFF_DOORS, door_of
from app.web.work import belongs_here
from tests.conftest import ClientAs

MATRIX = PROJECT / "docs" / "access-matrix.md"
WRITE = "CANDOR_WRITE_MATRIX"
# They open no Work: what they tell is of the process or the machine, never of a person or a case.
WITHOUT_PERMISSION = {
    ("GET", "/healthz"): "whether the process answers",
    ("GET", "/readyz"): "whether database, migrations, storage and worker do",
    ("GET", "/metrics"): "counts; this machine or a token only",
    ("GET", "/api/openapi.json"): "the description of the API itself",
    ("GET", "/.well-known/security.txt"): "whom to tell of a fault of security",
}
# Behind the staff doors: the way in, its second step, a passkey alone, and the one-time link.
OPEN = {
    "/sign-in",
    "/sign-in/second",
    "/sign-in/passkey",
    "/sign-in/passkey/answer",
    "/welcome/{secret}",
    "/welcome/{secret}/choose",
    "/api/v1/auth/token",
    "/sign-in/provider",
    "/sign-in/provider/back",
    "/api/v1/auth/provider/log-out",
}
FOR_ANYONE = {Permission.RELEASE_READ, Permission.FILING_SUBMIT, Permission.FILING_TRACK, Permission.SESSION_OPEN}


def routes_of(routes: list[BaseRoute], prefix: str = "") -> Iterator[Route]:
    for route in routes:
        if isinstance(route, Mount):
            continue
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from routes_of(inner.routes, prefix)
        elif isinstance(route, Route):
            yield route


def permissions_in(dependant: Dependant) -> set[Permission]:
    own = getattr(dependant.call, "permission", None)
    found = {own} if own is not None else set()
    for inner in dependant.dependencies:
        found |= permissions_in(inner)
    return found


def table_of(app: FastAPI) -> list[tuple[str, str, set[Permission]]]:
    rows = []
    for route in routes_of(list(app.routes)):
        needed = permissions_in(route.dependant) if isinstance(route, APIRoute) else set()
        rows += [(method, route.path, needed) for method in sorted((route.methods or set()) - {"HEAD"})]
    return sorted(rows, key=lambda row: (row[1], row[0]))


@pytest.fixture
def rows(_app: FastAPI) -> list[tuple[str, str, set[Permission]]]:
    return table_of(_app)


def test_every_route_needs_one_permission_but_for_these_few(rows: list[tuple[str, str, set[Permission]]]) -> None:
    assert len(rows) > 20
    bare = {(method, path) for method, path, needed in rows if not needed}
    assert bare - set(WITHOUT_PERMISSION) == set()
    assert [row for row in rows if len(row[2]) > 1] == []


def test_behind_the_staff_doors_nothing_is_for_anyone_but_the_way_in(
    rows: list[tuple[str, str, set[Permission]]],
) -> None:
    open_ones = {path for _, path, needed in rows if door_of(path) in STAFF_DOORS and needed and needed <= FOR_ANYONE}
    assert open_ones == OPEN


def test_what_changes_something_is_never_done_by_following_a_link(
    rows: list[tuple[str, str, set[Permission]]],
) -> None:
    verbs = ("/write", "/send", "/assign", "/move", "/close", "/disable", "/reset", "/revoke", "/invite", "/vote")
    assert [path for method, path, _ in rows if method == "GET" and path.endswith(verbs)] == []


def passes(access: AccessRules, role: Role, path: str, needed: set[Permission]) -> bool:
    door = door_of(path)
    held = access.of(frozenset({role}))
    with_account = role not in (Role.ANYONE, Role.FILER)
    if door in STAFF_DOORS and not with_account:
        held = access.of(frozenset({Role.ANYONE}))
    if door not in STAFF_DOORS and with_account:
        held = access.of(frozenset({Role.ANYONE}))
    kind = "account" if with_account and door in STAFF_DOORS else "anyone"
    return needed <= held and all(belongs_here(kind, frozenset({role}), door, one) for one in needed)


def matrix(rows: list[tuple[str, str, set[Permission]]], access: AccessRules) -> str:
    roles = list(Role)
    lines = [
        "# Who passes which route",
        "",
        "Made by `tests/access/test_routes.py` from the routes and `policies/access.yaml`; compared with them by every",
        "test run. A dot says that the role passes the route's door; assignment, walls, recusals and the department",
        "then say for which case. Behind the public and the resident's doors nobody has an account.",
        "",
        f"| route | needs | {' | '.join(roles)} |",
        f"|---|---|{'|'.join(':-:' for _ in roles)}|",
    ]
    for method, path, needed in rows:
        if needed:
            marks = ["•" if passes(access, role, path, needed) else "" for role in roles]
            lines.append(f"| `{method} {path}` | {', '.join(sorted(needed))} | {' | '.join(marks)} |")
    lines += ["", "Without a permission:", ""]
    lines += [f"- `{method} {path}`: {why}" for (method, path), why in sorted(WITHOUT_PERMISSION.items())]
    return "\n".join(lines) + "\n"


def test_the_matrix_in_the_documents_is_the_one_in_force(
    rows: list[tuple[str, str, set[Permission]]], access: AccessRules
) -> None:
    now = matrix(rows, access)
    if os.environ.get(WRITE):
        MATRIX.write_text(now, "utf-8")
    assert Path(MATRIX).read_text("utf-8") == now, (
        f"Routes or access.yaml changed: look at the difference, then write it with {WRITE}=1 "
        ".venv/bin/python -m pytest tests/access/test_routes.py"
    )


def test_a_liaison_passes_no_door_but_the_departments_and_nobody_else_passes_that(
    rows: list[tuple[str, str, set[Permission]]], access: AccessRules
) -> None:
    """Some permissions are shared by both sides; the database role behind the door is not."""
    own = {Permission.SESSION_OPEN, Permission.SESSION_OWN}
    for _, path, needed in rows:
        if not needed or needed <= own or door_of(path) not in STAFF_DOORS:
            continue
        allowed = {role for role in STAFF if passes(access, role, path, needed)}
        assert allowed == {Role.LIAISON} if door_of(path) is Door.DEPARTMENT else Role.LIAISON not in allowed, path


STAFF = [role for role in Role if role not in (Role.ANYONE, Role.FILER)]


@pytest.mark.parametrize("role", STAFF)
def test_what_the_matrix_refuses_is_refused_at_the_door(
    client_as: ClientAs, rows: list[tuple[str, str, set[Permission]]], access: AccessRules, role: Role
) -> None:
    """Each route without a place-holder, asked for by each role: 403 where the table has no dot, and only there."""
    client = client_as(role)
    for method, path, needed in rows:
        if method != "GET" or "{" in path or door_of(path) not in STAFF_DOORS or path.startswith("/api/"):
            continue
        if not needed:
            continue
        status = client.get(path).status_code
        assert (status == 403) == (not passes(access, role, path, needed)), (path, status)


def test_without_a_session_every_staff_page_leads_to_the_way_in(
    client_as: ClientAs, rows: list[tuple[str, str, set[Permission]]]
) -> None:
    client = client_as()
    for method, path, needed in rows:
        if not needed or needed <= FOR_ANYONE or door_of(path) not in STAFF_DOORS:
            continue
        address = path.replace("{", "").replace("}", "")
        answer = client.request(method, address, headers={"sec-fetch-site": "same-origin"})
        if path.startswith("/api/"):
            assert (path, answer.status_code) == (path, 401)
        else:
            assert (path, answer.status_code) == (path, 303)
            assert answer.headers["location"].startswith("/sign-in")


def test_the_doors_are_told_apart_by_whole_words() -> None:
    assert door_of("/officers") is Door.PUBLIC
    assert door_of("/office") is Door.OFFICE
    assert door_of("/api/v1/commission/votes") is Door.COMMISSION
    assert door_of("/api/v1/commissioners") is Door.OFFICE
    assert door_of("/my") is Door.RESIDENT
    assert door_of("/myself") is Door.PUBLIC

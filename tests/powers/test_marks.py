"""No action is forgotten: each says which act it is, each act is asked, and each address of a page finds its own."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from app.access.acts import MARKS
from app.access.permissions import Permission
from app.config import PROJECT, Settings
from app.main import create_app
from app.policy.model.powers import Act
from app.web.stops import acts_by_name
from tests.access.test_routes import routes_of

# Accounts, sessions and the journal's proofs are no acts of the law.
OUTSIDE = ("app/administration/",)
# Nothing in the product does these yet: the first action that does is marked with them and leaves this list.
NOT_DONE_YET = {Act.SUBPOENAS, Act.INTERVIEWS, Act.RECOMMENDATIONS, Act.MEDIATION}
# The reckoning asks it, not an action: a stopped clock stands still, and whoever reads it is told why.
ASKED_ELSEWHERE = {Act.CLOCKS}
CHANGES = {"happened", "happened_often"}


def modules() -> Iterator[Path]:
    for path in sorted((PROJECT / "app").glob("*/actions*")):
        files = [path] if path.is_file() else sorted(path.rglob("*.py"))
        yield from (file for file in files if not str(file.relative_to(PROJECT)).startswith(OUTSIDE))


def called(node: ast.AST) -> set[str]:
    calls = (each.func for each in ast.walk(node) if isinstance(each, ast.Call))
    return {f.attr if isinstance(f, ast.Attribute) else f.id for f in calls if isinstance(f, ast.Attribute | ast.Name)}


def changing(path: Path) -> Iterator[str]:
    """The public functions of a file that write an entry, by themselves or by what they call in the same file."""
    functions = {n.name: called(n) for n in ast.parse(path.read_text()).body if isinstance(n, ast.FunctionDef)}
    guilty = {name for name, calls in functions.items() if calls & CHANGES}
    while more := {name for name, calls in functions.items() if calls & guilty} - guilty:
        guilty |= more
    yield from sorted(name for name in guilty if not name.startswith("_"))


ACTIONS = [
    (".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__"), name)
    for path in modules()
    for name in changing(path)
]


@pytest.mark.parametrize(("module", "name"), ACTIONS)
def test_every_action_says_which_act_it_is_or_why_nothing_stops_it(module: str, name: str) -> None:
    importlib.import_module(module)
    mark = MARKS.get(f"{module}.{name}")
    assert mark is not None, (
        f"{module}.{name} changes something: mark it @stops_with(Act.…), @asks_itself(Act.…) "
        "or @never_stopped('why') of app/access/acts.py"
    )
    assert isinstance(mark, Act) or len(mark) > 10


def test_the_walk_finds_what_there_is() -> None:
    assert len(ACTIONS) > 80
    assert ("app.evidence.actions", "send_demand") in ACTIONS
    assert ("app.allegations.actions", "recommend_finding") in ACTIONS


@pytest.mark.parametrize("act", sorted(set(Act) - NOT_DONE_YET - ASKED_ELSEWHERE))
def test_every_act_is_asked_by_an_action(act: Act) -> None:
    assert act in MARKS.values()


@pytest.mark.parametrize("act", sorted(NOT_DONE_YET))
def test_what_is_said_not_to_be_done_is_done_by_nobody(act: Act) -> None:
    assert act not in MARKS.values()
    assert not [permission for permission in Permission if act.value.rstrip("s") in permission.value.split(":")[1]] or (
        act is Act.RECOMMENDATIONS  # the permission of that name is for discipline
    )


def test_actions_of_one_name_are_one_act() -> None:
    marks: dict[str, set[object]] = {}
    for name, mark in MARKS.items():
        if isinstance(mark, Act):
            marks.setdefault(name.rsplit(".", 1)[1], set()).add(mark)
    assert {name: found for name, found in marks.items() if len(found) > 1} == {}
    assert acts_by_name()["send_demand"] is Act.DEMANDS


# What a page sends that no lost power stops, and why.
GOES_ON = {
    "leave_receipt": "a receipt is put away",
    "save_receipt": "a receipt is kept",
    "save_picture": "a receipt is kept",
    "save_paper": "a receipt is kept",
    "answer_page": "asks for itself and shows the first page",
    "send_filing": "asks for itself and shows the first page",
    "begin_upload": "bytes on their way; whether they are taken, what they are added to says",
    "answer_questions": "a page that is being written; nothing of it is kept",
    "keep_page": "a page that is being written; nothing of it is kept",
    "check_answers": "read back before anything is kept",
    "make_receipt": "a paper of what was kept",
    "sign_in": "reading one's complaint",
    "sign_out": "leaving",
}


def test_every_address_of_a_page_that_changes_something_is_known_or_goes_on() -> None:
    app = create_app(Settings.read(limits="off"), "postgresql://nowhere")
    marked = {name.rsplit(".", 1)[1] for name in MARKS}
    posts = [
        route
        for route in routes_of(list(app.routes))
        if "POST" in (route.methods or set()) and not route.path.startswith("/api/")
    ]
    assert len(posts) > 40
    unknown = [
        (route.path, route.name)
        for route in posts
        if route.name not in marked
        and route.name not in GOES_ON
        and isinstance(route, APIRoute)
        and ".administration." not in route.endpoint.__module__
    ]
    assert unknown == [], "name the route as the action that it calls: @router.post(…, name=…)"

"""A new city in an afternoon: asked, checked, its questions answered, set up; a complaint gets a case and clocks."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app import stages
from app.access.actor import Actor
from app.access.permissions import Role
from app.access.work import House, open_work
from app.cases.records import Case
from app.cli.terminal import settings_from
from app.clocks.records import Clock
from app.config import PROJECT, Settings
from app.infra.db import Door
from app.infra.postgres import ensure_running
from app.intake.actions import screen_filing, submit_filing
from app.intake.commands import ScreenFiling, SubmitFiling
from app.intake.records import Filing
from app.kernel.errors import Refused
from app.operations.database import owner_url, running_database
from app.operations.house import open_house
from app.operations.new_rulebook.answers import Typed
from app.operations.new_rulebook.files import as_file
from tests.administration.test_commands import candor
from tests.make import Make
from tests.policy.test_new_rulebook import answered

# What the clerk of this city did not know in the morning.
NOT_KNOWN: dict[str, Typed] = {
    "board__quorum": "?",
    "board__vote": "?",
    "clocks__acknowledge": "?",
    "standard": "?",
    "folder": "harbor",
    "takes_effect": "2020-01-01",
    "languages": [],
}
# What the clerk writes into the rulebook in the afternoon: the words there, and the words in their place.
EDITS = [
    (
        "    unknown: [quorum, votes]\n",
        "    quorum: {share: majority, of: seats, authority: Section 5(a), evidence: read}\n",
    ),
    (
        "    # What a member may be concerned by",
        "    votes: {default: {share: majority, of: present, authority: Section 5(b), evidence: read}}\n"
        "    # What a member may be concerned by",
    ),
    ("  # board: {label", "  board: {label"),
    ("    unknown: [amount, unit]\n", "    amount: 3\n    unit: business_days\n    authority: Section 9\n"),
    ("  # verified_by:\n", "  verified_by: The city attorney\n"),
]


@pytest.fixture
def policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of rulebooks of this city's own installation."""
    folder = tmp_path / "policies"
    folder.mkdir()
    for name in ("access.yaml", "release.yaml"):
        shutil.copy(PROJECT / "policies" / name, folder)
    monkeypatch.setattr(Settings, "policies_dir", folder)
    monkeypatch.chdir(tmp_path)
    return folder


def answer_the_open_questions(book: Path) -> None:
    """By edits alone, as the command says; what is answered is no question any more."""
    text = book.read_text("utf-8")
    for was, now in EDITS:
        assert text.count(was) == 1, was
        text = text.replace(was, now)
    lines = text.splitlines(keepends=True)
    starts = [n for n, line in enumerate(lines) if line.startswith("    - question: ")]
    ends = [*starts[1:], next(n for n in range(starts[-1] + 1, len(lines)) if not lines[n].startswith("      "))]
    for start, end in reversed(list(zip(starts, ends, strict=True))):
        if "      stops_cases: true\n" in lines[start:end]:
            del lines[start:end]
    book.write_text("".join(lines), "utf-8")


def put_in_force(book: Path) -> None:
    book.write_text(book.read_text("utf-8").replace("  status: draft\n", "  status: active\n"), "utf-8")


def test_a_new_city_in_an_afternoon(policies: Path, tmp_path: Path) -> None:
    (tmp_path / "answers.yaml").write_text(as_file(answered("review", **NOT_KNOWN)), "utf-8")
    made = candor("rulebook", "new", "--answers", "answers.yaml", "--json")
    assert made.code == 0, made.err
    stopping = [question["place"] for question in made.json["open_questions"] if question["stops_cases"]]
    assert sorted(stopping) == [
        "bodies.board.quorum",
        "bodies.board.votes",
        "deadlines.acknowledge",
        "meta.verified_by",
    ]
    folder = policies / "harbor" / "2020-01-01"
    book = folder / "rulebook.yaml"
    assert candor("rulebook", "check", str(folder)).code == 0

    put_in_force(book)
    refused = candor("rulebook", "check", str(folder))
    assert (refused.code, "an open question stops cases" in refused.err) == (1, True)
    answer_the_open_questions(book)
    checked = candor("rulebook", "check", str(folder))
    assert checked.code == 0, checked.err
    assert "1 scenario goes as told" in checked.out

    data = str(tmp_path / "data")
    with ensure_running(Path(data), settings={"fsync": "off"}):
        words = ("--administrator", "boss", "--recovery-file", str(tmp_path / "sheets"), "--json")
        assert candor("setup", "--data", data, "--agency", "harbor", *words).code == 0
        with opened(data) as (house, make):
            number = file_a_complaint(house)
            case = open_a_case(house, make)
            clocks = {clock.rule: clock for clock in make.all(Clock, case_id=case.id)}
    assert number.startswith("F-")
    assert (case.stage, case.policy_id.partition("#")[0]) == ("with_department", "harbor@2020-01-01")
    assert clocks["acknowledge"].due_on > case.received_on
    assert (clocks["department_investigation"].due_on - case.opened_on).days >= 120


def test_nothing_comes_in_while_the_rulebook_is_a_draft(policies: Path, tmp_path: Path) -> None:
    (tmp_path / "answers.yaml").write_text(as_file(answered("investigation", **NOT_KNOWN)), "utf-8")
    assert candor("rulebook", "new", "--answers", "answers.yaml").code == 0
    data = str(tmp_path / "data")
    with ensure_running(Path(data), settings={"fsync": "off"}):
        words = ("--administrator", "boss", "--recovery-file", str(tmp_path / "sheets"), "--json")
        assert candor("setup", "--data", data, "--agency", "harbor", *words).code == 0
        with opened(data) as (house, make):
            with pytest.raises(Refused):
                file_a_complaint(house)
            assert make.all(Filing) == []


@contextmanager
def opened(data: str) -> Iterator[tuple[House, Make]]:
    """The house of this installation, and the hands of its tables' owner."""
    with running_database(settings_from(Path(data)), print) as ready:
        house = open_house(ready, owner_url(ready), stages.WIRING)
        engine = create_engine(owner_url(ready))
        with open_work(house, anyone_in(house)) as work:
            make = Make(house, work.now)
        make.databases = SimpleNamespace(as_owner=lambda: Session(engine, expire_on_commit=False))
        try:
            yield house, make
        finally:
            engine.dispose()
            house.databases.dispose()


def anyone_in(house: House) -> Actor:
    return Actor.anyone(Door.RESIDENT, house.access.of(frozenset({Role.ANYONE})))


def file_a_complaint(house: House) -> str:
    ask: dict[str, Any] = {
        "language": "en",
        "anonymity": "anonymous",
        "filer": {"relationship": "self"},
        "incident": {"date": None, "location": "Oak Street", "narrative": "He shouted at me."},
    }
    with open_work(house, anyone_in(house)) as work:
        return submit_filing(work, SubmitFiling.model_validate(ask), repeat_key="k1").number


def open_a_case(house: House, make: Make) -> Case:
    (filing,) = make.all(Filing)
    department = make.book.departments[0].code
    with open_work(house, make.actor("intake")) as work:
        ask = ScreenFiling(version=filing.version, classification="review", department_id=department)
        screen_filing(work, filing.id, ask)
    (case,) = make.all(Case)
    assert isinstance(case, Case)
    return case

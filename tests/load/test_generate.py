"""Generated cases: the same by seed, marked, named by the journal, and never beside anything real."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.access.actor import Actor
from app.access.work import open_work
from app.audit.records import JournalEntry
from app.cases.records import NO_DATE, Case
from app.imports.generate import _laws, _plans, generate
from app.imports.plausible.case import Drawing, Staff
from app.infra.db import Door, Record
from app.infra.schema import bare
from app.intake.actions import submit_filing
from app.intake.commands import SubmitFiling
from app.kernel.errors import Refused
from app.operations import demonstration
from app.operations.proof import verify
from app.records import metadata
from tests.installation import Installed, installation_at

TODAY = date(2026, 3, 16)
COUNT = 300


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    with installation_at(tmp_path_factory.mktemp("filled") / "data") as installed:
        demonstration.add_accounts(installed.house, installed.settings)
        generate(installed.house, COUNT, 7, lambda _: None, today=TODAY)
        yield installed


def ask(installed: Installed, question: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(bare(installed.url)) as owner:
        return owner.execute(question.encode()).fetchall()


def records() -> list[type[Record]]:
    return [mapper.class_ for mapper in Record.registry.mappers if issubclass(mapper.class_, Record)]


def drawn(installed: Installed, seed: int) -> dict[Any, Any]:
    draw = Random(seed)
    drawing = Drawing(draw, _laws(installed.house, draw), Staff([UUID(int=1), UUID(int=2)], None), TODAY)
    for _ in range(20):
        drawing.officer()
    drawing.unscreened(TODAY)
    for plan in _plans(draw, 60, TODAY):
        drawing.case(plan)
    return dict(drawing.rows)


def test_the_same_seed_and_day_give_the_same_rows(filled: Installed) -> None:
    assert drawn(filled, 3) == drawn(filled, 3)
    assert drawn(filled, 3) != drawn(filled, 4)


def test_every_generated_row_names_an_entry_of_the_journal(filled: Installed) -> None:
    for kind in records():
        table = kind.__tablename__
        unnamed = ask(
            filled, f'SELECT count(*) FROM "{table}" WHERE last_entry_id NOT IN (SELECT id FROM journal_entries)'
        )
        assert unnamed == [(0,)], table


def test_the_cases_are_marked_as_generated_and_so_is_the_installation(filled: Installed) -> None:
    assert ask(filled, "SELECT DISTINCT origin FROM cases") == [("generated",)]
    assert ask(filled, "SELECT is_demonstration, settings->'generated'->>'seed' FROM installation") == [(True, "7")]


def test_the_cases_are_plausible(filled: Installed) -> None:
    open_cases = ask(filled, "SELECT count(*) FROM cases WHERE closed_on IS NULL")[0][0]
    allegations = ask(filled, "SELECT count(*) FROM allegations")[0][0]
    assert ask(filled, "SELECT count(*) FROM cases") == [(COUNT,)]
    assert COUNT * 0.015 < open_cases < COUNT * 0.06
    assert COUNT * 1.3 < allegations < COUNT * 1.9
    for wrong in (
        "clocks WHERE stopped_on < started_on OR due_on < started_on",
        "cases WHERE received_on > opened_on OR opened_on > closed_on",
    ):
        assert ask(filled, f"SELECT count(*) FROM {wrong}") == [(0,)]
    # A date in the queue is that of the clock that ends first.
    assert ask(
        filled,
        "SELECT count(*) FROM cases c WHERE closed_on IS NULL AND queue_on <> coalesce("
        f"(SELECT min(due_on) FROM clocks k WHERE k.case_id = c.id AND stopped_on IS NULL), '{NO_DATE}')",
    ) == [(0,)]


def test_the_stages_and_words_are_those_of_the_rulebook(filled: Installed) -> None:
    book = filled.house.policies.of(filled.house.agency)[-1]
    stages = {code for (code,) in ask(filled, "SELECT DISTINCT stage FROM cases")}
    words = {code for (code,) in ask(filled, "SELECT DISTINCT disposition FROM findings")}
    assert stages <= {stage.code for stage in book.stages}
    assert words <= {finding.code for finding in book.findings}
    assert {life for (life,) in ask(filled, "SELECT DISTINCT life FROM findings")} >= {"investigator", "board"}


def test_the_journal_verifies_afterwards_with_an_entry_for_each_batch(filled: Installed) -> None:
    with open_work(filled.house, Actor.system("test", Door.WORKER)) as work:
        tags = [tag for (tag,) in work.session.query(JournalEntry.tag)]
        assert work.session.query(Case).filter(Case.lead_id.is_not(None)).count() > 0
    assert tags.count("imports:cases:generated") == 1
    answer = verify(filled.house)
    assert answer.ok
    assert answer.entries == len(tags)


def test_a_house_in_which_somebody_filed_is_not_filled(tmp_path: Path) -> None:
    asked = SubmitFiling.model_validate(
        {
            "language": "en",
            "anonymity": "anonymous",
            "filer": {"relationship": "self"},
            "incident": {"date": None, "location": "Elm Street", "narrative": "It happened."},
        }
    )
    with installation_at(tmp_path / "data") as installed:
        with open_work(installed.house, installed.anyone()) as work:
            submit_filing(work, asked, repeat_key="k")
        with pytest.raises(Refused, match="empty"):
            generate(installed.house, 5, 1, lambda _: None)
        assert ask(installed, "SELECT count(*) FROM cases") == [(0,)]


def test_a_filled_house_is_not_filled_again(filled: Installed) -> None:
    with pytest.raises(Refused, match="empty"):
        generate(filled.house, 5, 1, lambda _: None)
    assert ask(filled, "SELECT count(*) FROM cases") == [(COUNT,)]


def test_no_table_of_the_house_is_left_out_of_the_check(filled: Installed) -> None:
    kept = {kind.__tablename__ for kind in records()}
    assert {"cases", "findings", "clocks"} <= kept <= {table.name for table in metadata.tables.values()}

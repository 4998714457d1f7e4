"""What a rulebook may ask before a move is what the stages answer: another name stops the start."""

from dataclasses import replace
from pathlib import Path
from shutil import copytree
from uuid import uuid4

import pytest

from app import stages
from app.access.work import Wiring
from app.cases.rules import GUARD_WORDS
from app.cli.installation import prepare
from app.config import PROJECT, Settings
from app.kernel.errors import Refused
from app.operations.database import running_database
from app.operations.house import rulebooks
from app.policy.loader import examine
from app.policy.vocabulary import Vocabulary
from tests.conftest import WorkAs
from tests.installation import quiet

ASKED, MISTAKEN = "only_if: [is_classified], authority", "only_if: [is_blessed], authority"


class Elsewhere(Settings):
    """An installation whose rulebooks lie beside its data."""

    @property
    def policies_dir(self) -> Path:
        return self.data_dir.parent / "policies"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Elsewhere:
    copytree(PROJECT / "policies", tmp_path / "policies")
    return Elsewhere.read(data_dir=tmp_path / "data")


def mistake(settings: Settings) -> int:
    """Writes a guard that nobody knows; gives back its line."""
    file = settings.policies_dir / "riverbend" / "2025-01-01" / "rulebook.yaml"
    text = file.read_text("utf-8")
    assert ASKED in text
    file.write_text(text.replace(ASKED, MISTAKEN, 1), "utf-8")
    return text.split(ASKED)[0].count("\n") + 1


def test_the_names_a_rulebook_may_use_are_those_that_somebody_answers() -> None:
    assert stages.WIRING.vocabulary.guards == set(stages.FACTS)
    assert Vocabulary().guards == set(stages.FACTS)


def test_every_guard_says_in_words_what_is_missing() -> None:
    assert set(GUARD_WORDS) == set(stages.FACTS)


def test_a_guard_that_nobody_answers_stops_the_start_with_file_line_and_reason(elsewhere: Elsewhere) -> None:
    line = mistake(elsewhere)
    said = (
        rf"policies/riverbend/2025-01-01/rulebook\.yaml:{line}: moves\.1\.only_if: "
        r"there is no guard is_blessed.*Mend it.*start again"
    )
    with running_database(elsewhere, quiet) as settings, pytest.raises(Refused, match=said):
        prepare(settings, demo=False, progress=quiet)


def test_a_guard_whose_stage_no_longer_answers_stops_the_start_too(elsewhere: Elsewhere) -> None:
    assert rulebooks(elsewhere, stages.WIRING, "riverbend").agencies()
    facts = {name: fact for name, fact in stages.FACTS.items() if name != "motion_carried"}
    with pytest.raises(Refused, match="there is no guard motion_carried"):
        rulebooks(elsewhere, replace(stages.WIRING, facts=facts), "riverbend")


def test_a_start_reads_the_rulebook_in_force_and_no_other(elsewhere: Elsewhere) -> None:
    other = elsewhere.policies_dir / "another-city" / "2025-01-01"
    other.mkdir(parents=True)
    (other / "rulebook.yaml").write_text("not: [a rulebook", "utf-8")
    books = rulebooks(elsewhere, stages.WIRING, "riverbend")
    assert [volume.agency for volume in books.volumes if "book" in vars(volume)] == ["riverbend"]


def test_the_check_asks_the_stages_and_not_a_list(
    elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from app.cli import main

    folder = elsewhere.policies_dir / "riverbend" / "2025-01-01"
    monkeypatch.setattr(stages, "WIRING", Wiring(facts={}))
    assert examine(folder) == []
    with pytest.raises(SystemExit) as ended:
        main(["rulebook", "check", str(folder)])
    assert ended.value.code == 1
    assert "there is no guard" in capsys.readouterr().err


def test_a_case_of_a_rulebook_of_long_ago_is_refused_in_words(
    work_as: WorkAs,
) -> None:
    """Stored rulebooks are not read again with today's names: a case that asks for a forgotten one is told so."""
    with pytest.raises(Refused, match="asks for “is_blessed”"), work_as("director") as work:
        work.fact("is_blessed", uuid4())

"""Rulebooks are dated, pinned by what they say, and rebuilt from their files."""

from datetime import date, timedelta
from pathlib import Path
from shutil import copytree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config import PROJECT
from app.policy.lint import lint
from app.policy.loader import NoRulebook, Rulebooks, digest_of, examine, from_files, read_folder
from app.policy.model.agency import Status
from app.policy.model.base import Evidence
from app.policy.problems import RulebookError, Severity

POLICIES = PROJECT / "policies"
RIVERBEND = POLICIES / "riverbend" / "2025-01-01"
BOOKS = Rulebooks.load(POLICIES)


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    copytree(RIVERBEND, tmp_path / "policies" / "riverbend" / "2025-01-01")
    return tmp_path / "policies"


def later(policies: Path, day: str, status: str = "active") -> Path:
    """Another version of riverbend, in force from another day."""
    folder = policies / "riverbend" / day
    copytree(RIVERBEND, folder)
    book = folder / "rulebook.yaml"
    text = book.read_text("utf-8").replace("status: active", f"status: {status}").replace("amount: 180", "amount: 120")
    book.write_text(text, "utf-8")
    return folder


def test_every_rulebook_loads_and_every_error_is_mended() -> None:
    assert "riverbend" in BOOKS.agencies()
    assert "nyc-ccrb" in BOOKS.agencies()
    for book in BOOKS.books:
        assert [str(p) for p in lint(book) if p.severity is Severity.ERROR] == []


def test_a_rulebook_is_in_force_from_its_day_until_the_next(policies: Path) -> None:
    later(policies, "2026-07-01")
    books = Rulebooks.load(policies)
    changed = date(2026, 7, 1)
    assert books.in_force("riverbend", changed - timedelta(days=1)).clock("finish_investigation").amount == 180
    assert books.in_force("riverbend", changed).clock("finish_investigation").amount == 120
    assert [book.effective_from.year for book in books.of("riverbend")] == [2025, 2026]


def test_a_proposal_is_never_in_force(policies: Path) -> None:
    later(policies, "2026-07-01", "proposal")
    assert Rulebooks.load(policies).in_force("riverbend", date(2027, 1, 1)).effective_from == date(2025, 1, 1)


def test_before_its_first_day_no_rulebook_is_in_force() -> None:
    with pytest.raises(NoRulebook, match="No rulebook of riverbend is in force on 2024-12-31"):
        BOOKS.in_force("riverbend", date(2024, 12, 31))
    with pytest.raises(NoRulebook):
        BOOKS.in_force("nowhere", date(2026, 1, 1))


def test_a_case_finds_the_rulebook_it_was_opened_under_after_the_folder_has_changed(policies: Path) -> None:
    before = Rulebooks.load(policies).in_force("riverbend", date(2026, 1, 1))
    file = policies / "riverbend" / "2025-01-01" / "rulebook.yaml"
    file.write_text(file.read_text("utf-8").replace("amount: 180", "amount: 90"), "utf-8")
    now = Rulebooks.load(policies)
    with pytest.raises(NoRulebook, match=before.policy_id):
        now.named(before.policy_id)
    stored = from_files(before.id, before.effective_from, before.files)
    pinned = now.including([stored]).named(before.policy_id)
    assert pinned.clock("finish_investigation").amount == 180
    assert now.including([stored]).in_force("riverbend", date(2026, 1, 1)).clock("finish_investigation").amount == 90


def test_the_id_of_a_rulebook_says_agency_day_and_digest() -> None:
    book = BOOKS.in_force("riverbend", date(2026, 1, 1))
    assert book.policy_id == f"riverbend@2025-01-01#{book.digest[:12]}"
    assert BOOKS.named(book.policy_id) is book
    assert digest_of(book.files) == book.digest == digest_of(read_folder(RIVERBEND))


def test_scenarios_are_no_part_of_a_rulebook(policies: Path) -> None:
    folder = policies / "riverbend" / "2025-01-01"
    (folder / "scenarios").mkdir(exist_ok=True)
    (folder / "scenarios" / "one_more.yaml").write_text("x: 1", "utf-8")
    assert digest_of(read_folder(folder)) == digest_of(read_folder(RIVERBEND))


FILES = st.dictionaries(st.text("ab/.", min_size=1, max_size=3), st.binary(max_size=3), max_size=3)


@given(FILES, FILES)
def test_two_folders_share_a_digest_only_if_they_are_the_same(one: dict[str, bytes], other: dict[str, bytes]) -> None:
    assert (digest_of(one) == digest_of(other)) == (one == other)


def test_a_folder_that_is_no_date_is_refused(policies: Path) -> None:
    (policies / "riverbend" / "2025-01-01").rename(policies / "riverbend" / "soon")
    with pytest.raises(RulebookError, match="named after the day it takes effect"):
        Rulebooks.load(policies)
    assert examine(policies / "riverbend" / "soon") == []


def test_a_broken_rulebook_is_refused_when_it_is_read(policies: Path) -> None:
    file = policies / "riverbend" / "2025-01-01" / "rulebook.yaml"
    file.write_text(file.read_text("utf-8").replace("by: [investigator,", "by: [detective,"), "utf-8")
    books = Rulebooks.load(policies)
    with pytest.raises(RulebookError, match=r"policies/riverbend/2025-01-01/rulebook.yaml:\d+: .*no role detective"):
        books.in_force("riverbend", date(2026, 1, 1))


def test_only_the_rulebook_that_is_asked_for_is_read(policies: Path) -> None:
    later(policies, "2026-07-01")
    elsewhere = policies / "elsewhere" / "2025-01-01"
    elsewhere.mkdir(parents=True)
    (elsewhere / "rulebook.yaml").write_text("this is: [no rulebook", "utf-8")
    books = Rulebooks.load(policies)
    assert books.agencies() == ("elsewhere", "riverbend")
    book = books.in_force("riverbend", date(2026, 1, 1))
    assert books.named(book.policy_id) is book
    assert ["book" in vars(volume) for volume in books.versions("riverbend")] == [True, False]
    with pytest.raises(RulebookError, match=r"form\.yaml:1: this file is missing"):
        books.of("elsewhere")


# -- New York, a draft ----------------------------------------------------------------------------------

NEW_YORK = BOOKS.in_force("nyc-ccrb", date(2026, 1, 1))


def test_new_york_is_a_draft_because_questions_are_open() -> None:
    assert NEW_YORK.status is Status.DRAFT
    assert any(question.stops_cases for question in NEW_YORK.meta.open_questions)


def test_new_yorks_eighteen_months_run_from_the_incident_until_charges_are_served() -> None:
    clock = NEW_YORK.clock("charges")
    assert (clock.starts, clock.ends_the_case) == (("incident",), True)
    assert "charges_served" in clock.stops
    assert NEW_YORK.due_on("charges", date(2024, 8, 31)) == date(2026, 2, 28)


def test_what_is_not_known_gives_no_date() -> None:
    clock = NEW_YORK.clock("commissioner_explanation")
    assert NEW_YORK.evidence_of(clock) is Evidence.UNKNOWN
    assert clock.rule is None
    assert NEW_YORK.due_on("commissioner_explanation", date(2026, 1, 1)) is None
    assert NEW_YORK.explain("commissioner_explanation", date(2026, 1, 1)) is None


def test_the_old_words_lead_to_the_new_findings() -> None:
    by_word = {word: finding.code for finding in NEW_YORK.findings for word in finding.also_known_as}
    assert by_word["Exonerated"] == "within_guidelines"
    assert by_word["Unsubstantiated"] == "unable_to_determine"
    assert by_word["Substantiated (Charges)"] == "substantiated"


def test_every_source_that_is_cited_has_an_address() -> None:
    assert [source.code for source in NEW_YORK.meta.sources if source.address is None] == []

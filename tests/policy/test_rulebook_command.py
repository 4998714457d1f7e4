"""The rulebook commands: what they print, and how they end."""

import importlib
import os
import time
from pathlib import Path
from shutil import copytree, rmtree
from typing import Any

import pytest

from app.config import PROJECT
from app.policy.documents import read_document
from app.policy.loader import folders

jsonschema = importlib.import_module("jsonschema")  # it has no types of its own

RIVERBEND = PROJECT / "policies" / "riverbend" / "2025-01-01"
KINDS = ["start", "stretch", "pause", "pause", "stretch", "counted", "result", "consequence", "authority"]


def test_the_list_names_every_rulebook(rulebook: Any) -> None:
    answer = rulebook("list", "--json")
    rows = {row["id"]: row for row in answer.json["rulebooks"]}
    assert answer.code == 0
    assert rows["riverbend"]["languages"][:2] == ["en", "es"]
    assert rows["nyc-ccrb"]["status"] == "draft"
    assert "riverbend" in rulebook("list").out


def test_the_rulebooks_of_the_project_are_in_order(rulebook: Any) -> None:
    answer = rulebook("check", "--json")
    assert answer.code == 0
    assert answer.json["ok"] is True
    assert answer.json["scenarios"] >= 16


def test_the_check_says_once_for_each_rulebook_what_no_stage_does_yet(rulebook: Any) -> None:
    told = rulebook("check", str(RIVERBEND)).out
    assert told.count("no stage does this yet: ") == 1
    assert told.count("mediation.is_offered") == 1
    [found] = rulebook("check", "--json", str(RIVERBEND)).json["not_done_yet"].values()
    assert {each["place"] for each in found} > {"mediation.is_offered", "review.sample_percent"}


def test_all_rulebooks_with_their_scenarios_are_checked_in_ten_seconds(rulebook: Any) -> None:
    started = time.process_time()
    rulebook("check")
    assert time.process_time() - started < 10


def test_a_story_that_goes_otherwise_is_refused_and_one_that_is_missing_is_said(rulebook: Any, tmp_path: Path) -> None:
    folder = tmp_path / "harbor" / "2025-01-01"
    copytree(RIVERBEND, folder)
    assert "scenarios go as told" in rulebook("check", str(folder)).out
    story = folder / "scenarios" / "not_ours.yaml"
    story.write_text(story.read_text("utf-8").replace("stage: referred", "stage: closed"), "utf-8")
    answer = rulebook("check", str(story))
    assert answer.code == 1
    assert "expected closed, and it is referred" in answer.err
    rmtree(folder / "scenarios")
    answer = rulebook("check", str(folder))
    assert answer.code == 0
    assert "warning: " in answer.out
    assert "no scenario lies beside this rulebook; write a small story" in answer.out


def test_the_stories_of_a_broken_rulebook_are_not_told(rulebook: Any, tmp_path: Path) -> None:
    folder = tmp_path / "harbor" / "2025-01-01"
    copytree(RIVERBEND, folder)
    book = folder / "rulebook.yaml"
    book.write_text(book.read_text("utf-8").replace("only_if: [is_classified]", "only_if: [is_clasified]"), "utf-8")
    answer = rulebook("check", str(folder), "--json")
    assert (answer.json["scenarios"], answer.json["ok"]) == (0, False)


def test_a_broken_rulebook_is_refused_with_one_line(rulebook: Any, tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    copytree(RIVERBEND, folder)
    book = folder / "rulebook.yaml"
    book.write_text(book.read_text("utf-8").replace("only_if: [is_classified]", "only_if: [is_clasified]"), "utf-8")
    answer = rulebook("check", str(book))
    assert answer.code == 1
    assert answer.err.count("\n") == 1
    assert "there is no guard is_clasified; did you mean is_classified?" in answer.err
    assert f"{os.path.relpath(folder)}/rulebook.yaml:" in answer.err
    as_json = rulebook("check", str(folder), "--json")
    assert as_json.code == 1
    assert as_json.json["ok"] is False
    assert as_json.json["problems"][0]["place"] == "moves.1.only_if"
    assert rulebook("check", str(RIVERBEND / "letters" / "receipt.en.txt")).code == 0


def test_a_file_that_is_not_there_is_refused(rulebook: Any, tmp_path: Path) -> None:
    answer = rulebook("check", str(tmp_path / "none.yaml"))
    assert (answer.code, answer.err) == (1, f"candor: There is no {tmp_path}/none.yaml.\n")


def test_a_rulebook_is_shown_whole(rulebook: Any) -> None:
    shown = rulebook("show", "riverbend", "--on", "2026-01-01", "--json").json
    assert shown["policy_id"].startswith("riverbend@2025-01-01#")
    assert shown["stages"][0]["public_label"]["es"] == "Tenemos su queja"
    assert shown["calendar"]["time_zone"] == "America/Chicago"
    assert rulebook("show", shown["policy_id"]).code == 0
    assert "**Finish the investigation**: This office has 180 calendar days" in rulebook("show", "riverbend").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "nowhere"), "No rulebook of nowhere is in force"),
        (("show", "riverbend", "--on", "2020-01-01"), "No rulebook of riverbend is in force on 2020-01-01."),
        (("show", "riverbend@2025-01-01#000000000000"), "There is no rulebook riverbend@2025-01-01#000000000000."),
        (
            ("explain", "riverbend", "nope", "--start", "2026-01-01"),
            "riverbend has no clock nope. Its clocks: acknowledge,",
        ),
        (("explain", "nyc-ccrb", "commissioner_explanation", "--start", "2026-01-01"), "is not known"),
        (("explain", "riverbend", "finish_investigation", "--start", "9999-12-01"), "past the last year"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(rulebook: Any, words: tuple[str, ...], said: str) -> None:
    answer = rulebook(*words)
    assert answer.code == 1
    assert said in answer.err
    assert answer.err.count("\n") == 1
    assert answer.out == ""


@pytest.mark.parametrize(
    "words",
    [
        ("explain", "riverbend", "classify", "--start", "2026-02-29"),
        ("explain", "riverbend", "classify"),
        ("explain", "riverbend", "classify", "--start", "2026-01-01", "--toll", "2026-01-05"),
        ("explain", "riverbend", "classify", "--start", "2026-01-01", "--toll", "2026-01-05..2026-01-01"),
        ("show", "riverbend", "--on", "soon"),
        ("nothing",),
    ],
)
def test_wrong_usage_ends_with_two(rulebook: Any, words: tuple[str, ...]) -> None:
    assert rulebook(*words).code == 2


def test_a_clock_explains_itself(rulebook: Any) -> None:
    words = ("explain", "riverbend", "finish_investigation", "--start", "2026-01-05")
    tolled = rulebook(*words, "--toll", "2026-02-01..2026-02-10", "--toll", "2026-02-05..2026-02-12", "--json").json
    assert tolled["due_on"] == "2026-07-16"
    assert tolled["provisional"] is False
    assert [step["kind"] for step in tolled["steps"]] == KINDS
    assert sum(step["amount"] for step in tolled["steps"] if step["kind"] == "pause") == 12
    assert (
        "It is due on Thursday, July 16, 2026." in rulebook(*words, "--toll", "2026-02-01..2026-02-12").out.splitlines()
    )


def test_a_pause_that_has_not_ended_gives_a_provisional_date(rulebook: Any) -> None:
    words = ("explain", "riverbend", "finish_investigation", "--start", "2026-01-05")
    assert rulebook(*words, "--toll", "2026-02-01..", "--json").json["provisional"] is True


def test_the_schema_describes_every_rulebook(rulebook: Any) -> None:
    schema = rulebook("schema").json
    book = jsonschema.Draft202012Validator(schema)
    form, story = (
        jsonschema.Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": schema["$defs"]})
        for name in ("Form", "Scenario")
    )
    for folder in folders(PROJECT / "policies"):
        for name, validator in (("rulebook.yaml", book), ("form.yaml", form)):
            data = read_document(name, (folder / name).read_bytes()).data
            assert [error.message for error in validator.iter_errors(data)] == [], folder
        for path in folder.glob("scenarios/*.yaml"):
            data = read_document(path.name, path.read_bytes()).data
            assert [error.message for error in story.iter_errors(data)] == [], path
    assert not book.is_valid({"meta": {}})

"""`rulebook show` and `rulebook diff`: plain language in a terminal, and as JSON."""

from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from app.config import PROJECT

POLICIES = PROJECT / "policies"
ROCHESTER = [str(POLICIES / "rochester-pab" / day) for day in ("2022-06-20", "2025-04-29")]


def test_a_folder_is_shown_with_its_questions_first_and_its_sources_last(rulebook: Any) -> None:
    answer = rulebook("show", ROCHESTER[1])
    titles = [line for line in answer.out.splitlines() if line.startswith("#")]
    assert answer.code == 0
    assert titles[:3] == ["# Rochester Police Accountability Board", "## Open questions", "## Who we are"]
    assert titles[-1] == "## Sources"
    assert (
        "The subpoena power of the Police Accountability Board ended on April 29, 2025: The State Supreme Court, in "
        "its ruling of April 29, 2025: The board may no longer issue subpoenas. Without it no subpoena can be issued. "
        "[Ruling of April 29, 2025; court ruling; source 3; read in a source]"
    ) in answer.out
    assert "\n3. Press reports on the State Supreme Court ruling of April 29, 2025. https://" in answer.out


def test_what_is_shown_is_in_the_json_too(rulebook: Any) -> None:
    shown = rulebook("show", ROCHESTER[1], "--json").json
    assert shown["plain"]["sections"][0]["title"] == "Who we are"
    assert shown["plain"]["open_questions"][0]["stops_cases"] is True
    assert shown["plain"]["sources"][0]["number"] == 1
    assert shown["powers"][0]["holder"] == "board"


def test_a_rulebook_that_is_not_sound_is_shown_all_the_same(rulebook: Any, tmp_path: Path) -> None:
    """Its author reads it while writing it: only what cannot be read at all is refused."""
    folder = tmp_path / "harbor" / "draft"
    copytree(POLICIES / "riverbend" / "2025-01-01", folder)
    book = folder / "rulebook.yaml"
    book.write_text(book.read_text("utf-8").replace("only_if: [is_classified]", "only_if: [is_clasified]"), "utf-8")
    assert "once is clasified" in rulebook("show", str(folder)).out
    book.write_text("meta: [", "utf-8")
    answer = rulebook("show", str(folder))
    assert (answer.code, answer.err.count("\n"), answer.out) == (1, 1, "")


def test_two_folders_are_compared_in_sentences(rulebook: Any) -> None:
    answer = rulebook("diff", *ROCHESTER)
    lines = answer.out.splitlines()
    assert answer.code == 0
    assert lines[0].startswith("# From rochester-pab@2022-06-20#")
    assert "- The day it takes effect changed from June 20, 2022 to April 29, 2025." in lines
    assert (
        "- The subpoena power of the Police Accountability Board ended on April 29, 2025: The State Supreme Court, in "
        "its ruling of April 29, 2025: The board may no longer issue subpoenas. Without it no subpoena can be issued. "
        "[before: Charter art. XVIII; now: Ruling of April 29, 2025]"
    ) in lines


def test_versions_are_compared_by_their_day_too(rulebook: Any) -> None:
    found = rulebook("diff", "new-orleans-oipm@2018-03-18", "new-orleans-oipm@2021-08-01", "--json").json
    text = "The time of the clock “Complete the investigation” changed from 60 calendar days to 75 calendar days."
    change = next(change for change in found["changes"] if change["text"] == text)
    assert (change["kind"], change["block"]) == ("changed", "Clocks")
    assert change["was"]["law"] == "R.S. 40:2531(B)(7), before Act 451 of 2021"
    assert change["now"]["law"].startswith("R.S. 40:2531(B)(7), as amended by Act 451 of 2021")
    assert found["old"].startswith("new-orleans-oipm@2018-03-18#")


def test_a_rulebook_is_the_same_as_itself(rulebook: Any) -> None:
    assert rulebook("diff", "riverbend", "riverbend").out.splitlines()[-1] == "They are the same."
    assert rulebook("diff", "riverbend", "riverbend", "--json").json["changes"] == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("diff", "riverbend", "nowhere"), 1, "No rulebook of nowhere is in force"),
        (("diff", "riverbend@1999-01-01", "riverbend"), 1, "No rulebook of riverbend takes effect on 1999-01-01."),
        (("diff", "riverbend@soon", "riverbend"), 2, "soon is not a day such as 2026-03-05."),
        (("diff", "riverbend"), 2, "Missing argument"),
        (("show", "riverbend@2025-01-01#0"), 1, "There is no rulebook riverbend@2025-01-01#0."),
    ],
)
def test_what_is_not_there_is_refused(rulebook: Any, words: tuple[str, ...], code: int, said: str) -> None:
    answer = rulebook(*words)
    assert answer.code == code
    assert said in " ".join(answer.err.replace("│", " ").split())
    assert answer.out == ""

"""A broken rulebook is refused with the file, the line, the reason and the way to mend it."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from app.config import PROJECT
from app.policy.lint import lint
from app.policy.loader import from_files, read_folder
from app.policy.problems import Problem, RulebookError, Severity
from app.policy.vocabulary import Vocabulary

HERE = Path(__file__).parent

RIVERBEND = read_folder(PROJECT / "policies" / "riverbend" / "2025-01-01")
BOOK = "rulebook.yaml"
BROKEN = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted((HERE / "broken").glob("*.yaml"))}


def changed(changes: list[dict[str, str]]) -> dict[str, bytes]:
    """Riverbend after small changes: `put` stands where `take` stood, `add` at the end."""
    files = dict(RIVERBEND)
    for change in changes:
        text = files[change["in"]].decode()
        if "add" in change:
            text += change["add"]
        else:
            assert change["take"] in text, change["take"]
            text = text.replace(change["take"], change["put"], 1)
        files[change["in"]] = text.encode()
    return files


def problems_of(files: dict[str, bytes]) -> list[Problem]:
    try:
        found = lint(from_files("riverbend", date(2025, 1, 1), files, "p"), folder="p")
    except RulebookError as error:
        found = list(error.problems)
    return [problem for problem in found if problem.severity is Severity.ERROR]


def said(files: dict[str, bytes], problem: Problem) -> dict[str, str]:
    """The whole message, and the line it points at instead of its number, which moves when the rulebook grows."""
    lines = files[problem.file.removeprefix("p/")].decode().splitlines()
    text = str(problem).removeprefix("p/").replace(f":{problem.line}: ", ": ", 1)
    return {"at": lines[problem.line - 1].strip()[:80].strip(), "text": text}


def test_there_are_at_least_forty_broken_rulebooks() -> None:
    assert len(BROKEN) >= 40


@pytest.mark.parametrize("name", BROKEN)
def test_it_is_said_what_is_wrong_and_how_to_mend_it(name: str) -> None:
    broken = BROKEN[name]
    files = changed(broken["change"])
    assert [said(files, problem) for problem in problems_of(files)] == broken["says"]


@pytest.mark.parametrize("name", BROKEN)
def test_every_message_has_its_reason_and_its_mend(name: str) -> None:
    assert BROKEN[name]["says"]
    assert all("; " in each["text"] for each in BROKEN[name]["says"])


def test_riverbend_itself_is_in_order() -> None:
    assert problems_of(RIVERBEND) == []


def test_a_message_begins_with_the_file_and_the_line() -> None:
    text = RIVERBEND[BOOK].decode()
    line = next(n for n, content in enumerate(text.splitlines(), start=1) if "amount: 180" in content)
    files = {**RIVERBEND, BOOK: text.replace("amount: 180", "amount: many").encode()}
    with pytest.raises(RulebookError) as refusal:
        from_files("riverbend", date(2025, 1, 1), files, "policies/riverbend/2025-01-01")
    assert str(refusal.value) == (
        f"policies/riverbend/2025-01-01/rulebook.yaml:{line}: deadlines.finish_investigation.amount: "
        "this must be a whole number; write it bare, such as 30"
    )


def test_several_problems_are_one_line_that_counts_them() -> None:
    text = RIVERBEND[BOOK].decode().replace("amount: 180", "amount: many").replace("final: true", "final: yes")
    wrong = 1 + text.count("final: yes")
    with pytest.raises(RulebookError, match=rf"\(and {wrong - 1} more\)$") as refusal:
        from_files("riverbend", date(2025, 1, 1), {**RIVERBEND, BOOK: text.encode()})
    assert "\n" not in str(refusal.value)
    assert len(refusal.value.problems) == wrong


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("notes.md", b"x", "p/notes.md:1: this file does not belong here; a rulebook holds rulebook.yaml, form.yaml,"),
        ("letters/closing.txt", b"x", "p/letters/closing.txt:1: this file does not belong here"),
        ("letters/closing.en.txt", b"Dear all", 'p/letters/closing.en.txt:1: The first line must be "Subject: ..."'),
        (
            "letters/closing.en.txt",
            b"Subject: x\n{a b}",
            "p/letters/closing.en.txt:1: {a b} is not the name of a fact.",
        ),
        ("letters/closing.en.txt", b"Subject: x\n{name", "A brace { or } stands alone; write facts as {name}."),
        ("rulebook.yaml", b"meta: [", "this is not YAML"),
        ("rulebook.yaml", b"a:\n  b: 1\n\tc: 2", "indent with blanks, never with a tab"),
        ("rulebook.yaml", b"a: one: two", "put text that holds `: ` in quotes"),
        ("rulebook.yaml", b"a:\n    b: 1\n   c: 2", "begin the line as deep as its neighbours"),
        ("rulebook.yaml", b'a: "b\nc: "d"', "close a quote or bracket opened above it"),
        ("rulebook.yaml", b'a: "b', "close the quote that is opened above it"),
        ("rulebook.yaml", b"a: 1\nb\n", "write a key, a colon, a blank and what it says"),
        ("rulebook.yaml", b"a: 1\nb: \xff", "p/rulebook.yaml:2: this file is not UTF-8"),
        ("rulebook.yaml", b"a: \x00", "this file holds characters that YAML does not allow"),
        ("rulebook.yaml", b"", "p/rulebook.yaml:1: this file must hold keys and values"),
        ("rulebook.yaml", b"- a", "p/rulebook.yaml:1: this file must hold keys and values"),
        ("rulebook.yaml", b"meta: !!python/object:os.system x", "p/rulebook.yaml:1: meta: a tag (!) is not allowed"),
        ("rulebook.yaml", b"a: &a {b: 1}\nc:\n  <<: *a\n", "nothing is merged"),
        ("rulebook.yaml", b"a: &a [1]\nb: *a\n", "p/rulebook.yaml:1: b: an alias (*) is not allowed"),
        ("rulebook.yaml", b"a: &a [*a]\n", "p/rulebook.yaml:1: a.0: an alias (*) is not allowed"),
        ("rulebook.yaml", b"? [a, b]\n: c", "a key must be one word"),
        ("words/es.yaml", b"stages: {nope: x}", "there to translate|here to translate"),
        ("words/es.yaml", b"stages: x", "p/words/es.yaml:1: stages: there is no text here"),
        ("words/es.yaml", b"stages: [x]", "the rulebook has something else here than these words"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(name: str, content: bytes, said: str) -> None:
    with pytest.raises(RulebookError) as refusal:
        from_files("riverbend", date(2025, 1, 1), {**RIVERBEND, name: content}, "p")
    assert any(part in str(refusal.value) for part in said.split("|"))


@pytest.mark.parametrize("missing", ["rulebook.yaml", "form.yaml"])
def test_a_rulebook_needs_its_two_files(missing: str) -> None:
    files = {name: content for name, content in RIVERBEND.items() if name != missing}
    with pytest.raises(RulebookError, match=f"p/{missing}:1: this file is missing"):
        from_files("riverbend", date(2025, 1, 1), files, "p")


def test_a_letter_that_is_missing_in_a_required_language_is_named() -> None:
    files = {name: content for name, content in RIVERBEND.items() if name != "letters/receipt.es.txt"}
    problems = lint(from_files("riverbend", date(2025, 1, 1), files, "p"))
    assert [f"{p.place}: {p.reason}; {p.mend}" for p in problems] == [
        "letters.receipt: the letter receipt is missing in es; write letters/receipt.es.txt"
    ]


def test_a_letter_that_nobody_sends_is_named() -> None:
    files = {**RIVERBEND, "letters/greeting.en.txt": b"Subject: Hello\n\nHello.\n"}
    problems = lint(from_files("riverbend", date(2025, 1, 1), files, "p"))
    assert [problem.reason for problem in problems] == ["the rulebook sends no letter greeting"]


def test_the_code_may_bring_its_own_names() -> None:
    book = from_files("riverbend", date(2025, 1, 1), RIVERBEND)
    reasons = {problem.reason for problem in lint(book, Vocabulary(guards=frozenset()))}
    assert "there is no guard motion_carried" in reasons

"""A city adopts Candor by writing a rulebook: no agency, no word of a city, no number of days of a law is in app/."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from app.config import PROJECT
from app.imports.mapping import CLASSES
from app.policy.loader import demonstration_in, folders
from app.policy.model.decisions import Canonical, LifeCode
from app.publication.rules.definitions import CLASSES as CLASS_WORDS
from tests.rulebooks import read_rulebook

POLICIES = PROJECT / "policies"
BOOKS = [read_rulebook(folder) for folder in folders(POLICIES)]
CODE = sorted((PROJECT / "app").rglob("*.py"))

# Plays out one invented city day by day, with the words of its rulebook: the one room that must know them.
PLAY = "app/imports/city"

# Days that no law sets: how long something is kept or tried by this house itself.
OURS = {
    "app/administration/api.py: CONTACT_HOLDS": "how long a copy of security.txt may be kept",
    "app/administration/queries/health.py: BACKUP_WITHIN": "when a missing backup is shown as a fault",
    "app/administration/queries/tree.py: SENT_WITHIN": "when a checkpoint that was not sent is shown as a fault",
    "app/administration/rules.py: UNUSED_FOR": "the stricter profile's own limit, from the CJIS policy (docs/cjis.md)",
    "app/administration/rules.py: GROUPS_LIFE": "how long what single sign-on would give waits for somebody's word",
    "app/administration/rules.py: DEVICE_LIFE": "how long a device is remembered",
    "app/administration/rules.py: REPORTED_FOR": "how long strange sign-ins are shown",
    "app/clocks/rules/warnings.py: STEPS": "the product's own warning steps, where a rulebook names none",
    "app/imports/demonstration.py: in a function": "the day on which the demonstration is looked at",
    "app/intake/queries/alike.py: USUAL_DAYS": "how far back the office's hint of a sudden wave of filings looks",
    "app/intake/rules/draft.py: LIFE": "how long a draft's file is kept",
    "app/intake/rules/lost_words.py: CODE_LIFE": "how long the code in a letter opens the way to new words",
}


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def shown(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def names_of_agencies() -> set[str]:
    texts: set[str] = set()
    for book in BOOKS:
        places = [book.meta.short_name, book.meta.city, book.meta.name]
        people = [d.label for d in book.departments] + [d.short_label for d in book.departments]
        texts |= {book.id, *(str(text) for text in (*places, *people, *(b.label for b in book.bodies)) if text)}
    # One capital word such as "Board" is a word of the language, and no name.
    return {text for text in texts if " " in text or text.isupper() or text == text.lower()}


def words_of_findings() -> set[str]:
    """Codes and words of dispositions that are no class common to all cities."""
    common = {*(kind.value for kind in Canonical), *CLASSES, *(words["en"].lower() for words in CLASS_WORDS.values())}
    found: set[str] = set()
    for book in BOOKS:
        found |= {word.lower() for f in book.findings for word in (f.code, f.label.to("en"), *f.also_known_as)}
        found |= {word.lower() for c in book.closures for word in (c.label.to("en"), *c.also_known_as)}
    # Codes such as `mediated` are also plain English in the code; a word with a space or a `_` is a city's.
    return {word for word in found - common if re.search(r"[ _(-]", word)}


def strings(path: Path) -> Iterator[str]:
    """Every piece of text that runs; what explains the code to its reader does not."""
    tree = parsed(path)
    explained = {
        id(statement.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        for statement in node.body
        if isinstance(statement, ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explained:
            yield node.value


def test_no_agency_is_named_in_the_code() -> None:
    names = sorted(names_of_agencies())
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w-])")
    named = [f"{shown(path)}: {match[0]}" for path in CODE for match in pattern.finditer(path.read_text("utf-8"))]
    assert "riverbend" in names
    assert named == []


def test_no_word_of_a_citys_findings_is_in_the_code() -> None:
    words = words_of_findings()
    used = [
        f"{shown(path)}: {text}"
        for path in CODE
        if not shown(path).startswith(PLAY)
        for text in strings(path)
        if text.lower() in words
    ]
    assert "within nypd guidelines" in words
    assert used == []


def test_no_number_of_days_of_a_law_is_in_the_code() -> None:
    found = {place for path in CODE if not shown(path).startswith(PLAY) for place in days_in(path)}
    assert found == set(OURS)


def days_in(path: Path) -> Iterator[str]:
    """Where the code says a number of days greater than one, by the name it is given."""
    tree, named = parsed(path), set[int]()
    for node in tree.body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            name = target.id if isinstance(target, ast.Name) else ""
            if any(is_days(inner) for inner in ast.walk(node)) or is_count_of_days(name, node.value):
                yield f"{shown(path)}: {name}"
                named |= {id(inner) for inner in ast.walk(node)}
    if any(is_days(node) for node in ast.walk(tree) if id(node) not in named):
        yield f"{shown(path)}: in a function"


def is_days(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and "timedelta" in ast.unparse(node.func)):
        return False
    words = {word.arg: word.value for word in node.keywords}
    values = [words.get("days"), words.get("weeks"), *node.args[:1]]
    return any(isinstance(value, ast.Constant) and value.value not in (0, 1) for value in values)


def is_count_of_days(name: str, value: ast.AST | None) -> bool:
    """A plain number, or several, under a name that speaks of days or of warning steps."""
    if not re.search(r"(^|_)DAYS?($|_)|^STEPS$", name):
        return False
    numbers = value.elts if isinstance(value, ast.Tuple) else [value]
    return any(isinstance(n, ast.Constant) and isinstance(n.value, int) and n.value > 1 for n in numbers)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("LIMIT = timedelta(days=45)", ["LIMIT"]),
        ("WEEKS = timedelta(weeks=2)", ["WEEKS"]),
        ("LIMIT = timedelta(45)", ["LIMIT"]),
        ("ANSWER_DAYS = 30", ["ANSWER_DAYS"]),
        ("def f():\n    return timedelta(days=30)", ["in a function"]),
        ("ONE_DAY = timedelta(days=1)\nMOST = 30", []),
    ],
)
def test_a_number_of_days_would_be_found(line: str, found: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "parsed", lambda _: ast.parse(line))
    assert [place.split(": ")[1] for place in days_in(PROJECT / "app" / "x.py")] == found


def test_the_lives_of_a_finding_are_the_only_offices_the_code_knows() -> None:
    """A body has the name its city gives it; the code knows whose word it is."""
    assert [life.value for life in LifeCode] == ["investigator", "supervisor", "board", "department", "appeal"]


def test_the_demonstration_is_found_by_what_its_rulebook_says() -> None:
    found = demonstration_in(POLICIES)
    assert [book.meta.is_demonstration for book in BOOKS if book.id == found] == [True]
    assert demonstration_in(PROJECT / "docs") == ""

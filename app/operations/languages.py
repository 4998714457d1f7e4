"""What residents read that is not there in a language: in our own pages and code, and in the rulebook."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.config import PROJECT
from app.kernel.text import DEFAULT_LANGUAGE
from app.policy.model import Rulebook
from app.policy.model.duties import LetterTo
from app.policy.translating import resident_texts
from app.publication.rules.definitions import OWN
from app.publication.rules.measures import MEASURES
from app.publication.rules.protection import REASONS
from app.reporting.rules.blocks import FIRST
from app.reporting.rules.specs import SECTIONS, SPECS
from app.reporting.rules.view import WORDS, context_of
from app.web.templates import environment
from app.web.words import TEMPLATES, catalogue

# English and this one are complete, or the build fails.
COMPLETE = "es"
# Pages that residents open extend one of these; what they include or import belongs to them.
SHELLS = ("_kit/resident.html", "_kit/public.html", "_kit/letter.html", "_kit/paper.html")
_REFERS = re.compile(r"""\{%-?\s*(?:include|extends|from|import)\s+["']([^"']+)["']""")
# Where code writes for residents: whole folders, and files by name.
CODE = (
    "app/intake/pages/asking.py",
    "app/intake/pages/filing",
    "app/intake/pages/file_question.py",
    "app/intake/pages/papers.py",
    "app/intake/pages/sent.py",
    "app/intake/pages/leaving.py",
    "app/intake/pages/proof.py",
    "app/intake/pages/receipt.py",
    "app/intake/pages/uploads.py",
    "app/intake/pages/tracking",
    "app/intake/rules/draft.py",
    "app/intake/rules/form.py",
    "app/intake/rules/passphrase.py",
    "app/intake/actions/submitting.py",
    "app/intake/actions/following.py",
    "app/intake/actions/drafts.py",
    "app/intake/actions/files.py",
    "app/intake/actions/talking.py",
    "app/intake/actions/words.py",
    "app/intake/letters.py",
    "app/correspondence/actions/contact.py",
    "app/correspondence/actions/requests.py",
    "app/correspondence/letters.py",
    "app/web/errors.py",
    "app/web/limits.py",
    "app/web/uploads.py",
)
# What programs and the office are told where residents are told other things.
NOT_FOR_RESIDENTS = {
    "Sign in and send the token.",
    "The rulebook has no letter for an update. Write a message instead.",
    "This key was used for something else. Send the complaint again with a new key.",
    "This was answered already.",
}
_SENTENCE = re.compile(r"[A-Z“][^{}<>|\\]* [^{}<>|\\]*[.?!:]")
_SAID_BY_TEMPLATES = re.compile(r"""(?:\bsay|_counted)\(\s*"([^"]+)\"""")


@dataclass(frozen=True)
class Gap:
    """One text that a language lacks, and where it is said."""

    where: str
    english: str


def gaps(book: Rulebook, language: str) -> list[Gap]:
    """Everything that residents would read in English."""
    return [*_in_pages(language), *_in_rulebook(book, language)]


def _in_pages(language: str) -> Iterator[Gap]:
    entries = catalogue(language).entries
    heard = {(entry.context, entry.english) for entry in entries}
    # Code names its context elsewhere than where the words stand.
    anywhere = {entry.english for entry in entries}
    for where, context, text in sorted({*said(), *_in_spanish({text for _, _, text in said()})}):
        if (context, text) not in heard and not (where.startswith("app/") and text in anywhere):
            yield Gap(where, text)


def _in_spanish(named: set[str]) -> Iterator[tuple[str, str, str]]:
    """What code names elsewhere than in a sentence, as titles and figures: Spanish is complete, and so is the list."""
    for entry in catalogue(COMPLETE).entries:
        if entry.english not in named:
            yield f"templates/*/locale/{COMPLETE}.po", entry.context, entry.english


def _in_rulebook(book: Rulebook, language: str) -> Iterator[Gap]:
    for place, text in resident_texts(book):
        if not text.has(language):
            yield Gap(".".join(map(str, place)), str(text))
    written = {(letter.kind, letter.language) for letter in book.letter_texts}
    for kind in book.letters:
        if kind.to is LetterTo.FILER and (kind.code, language) not in written:
            yield Gap(f"letters/{kind.code}.{language}.txt", str(kind.label))


def said() -> Iterator[tuple[str, str, str]]:
    """Where, in which context, and what is said to residents in English."""
    environ = environment(asset=str, url=lambda name, *_: name)
    for name in sorted(resident_templates()):
        for _, function, found in environ.extract_translations((TEMPLATES / name).read_text()):  # type: ignore[attr-defined]
            words = [each for each in ([found] if isinstance(found, str) else found or ()) if each]
            context = words.pop(0) if function in {"pgettext", "npgettext"} else ""
            yield from ((f"templates/{name}", context, text) for text in words[:1])
    for text in _SAID_BY_TEMPLATES.findall((PROJECT / "app/web/templates.py").read_text()):
        yield "app/web/templates.py", "", text
    yield from _beside_figures()
    for path in _code():
        where = path.relative_to(PROJECT).as_posix()
        yield from ((where, "", text) for text in sentences(path.read_text()) - NOT_FOR_RESIDENTS)


def _beside_figures() -> Iterator[tuple[str, str, str]]:
    """What a figure counts, why one is withheld, how tables are headed, and the names of groups."""
    for dimension, texts in [*OWN.items(), ("", WORDS)]:
        yield from ((f"figures/{dimension}", context_of(dimension), each["en"]) for each in texts.values())
    said = [*REASONS.values(), *FIRST.values(), *(title for _, title in SECTIONS)]
    for measure in MEASURES:
        said += [measure.label, measure.definition, measure.numerator, measure.denominator]
    for spec in SPECS:
        said += [spec.title, spec.note, *(column.header for column in spec.columns)]
    yield from (("figures", "", text) for text in said if text)


def resident_templates() -> set[str]:
    """The pages behind the residents' and the public door, and their parts."""
    sources = {path.relative_to(TEMPLATES).as_posix(): path.read_text() for path in TEMPLATES.rglob("*.html")}
    refers = {name: set(_REFERS.findall(text)) for name, text in sources.items()}
    waiting = [name for name, to in refers.items() if to & set(SHELLS)]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in sources and name not in found:
            found.add(name)
            waiting.extend(refers[name])
    return found


def _code() -> Iterator[Path]:
    for name in CODE:
        path = PROJECT / name
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path] if path.exists() else []


def sentences(source: str) -> set[str]:
    """What in this code looks like a sentence for a person: no docstring, no name, and not for our own eyes."""
    tree = ast.parse(source)
    ours = {id(each) for node in ast.walk(tree) for each in _for_ourselves(node)}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in ours
        and _SENTENCE.fullmatch(node.value)
    }


def _for_ourselves(node: ast.AST) -> Iterator[ast.AST]:
    """Docstrings, and what a failure or a mark of an action says to whoever keeps the code."""
    if isinstance(node, ast.Expr):
        yield node.value
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"RuntimeError", "ValueError", "never_stopped"}:
        yield from node.args


def offered(book: Rulebook) -> list[str]:
    """Every language of the rulebook but English."""
    return [each.code for each in book.languages if each.code != DEFAULT_LANGUAGE]

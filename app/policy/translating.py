"""What of a rulebook is translated: which words residents read, and which of them need a person's approval."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from app.kernel.text import LocalText
from app.policy.documents import Path

if TYPE_CHECKING:
    from app.policy.model import Rulebook

ANY = "*"
# What a resident leans on: rights, deadlines, what protects them, what they agree to, and what was found. A machine's
# translation of it is not shown until a person has approved it.
PROTECTED: tuple[Path, ...] = (
    ("meta", "public_notice"),
    ("intake", "anonymity"),
    ("intake", "custody"),
    ("intake", "filing_limit"),
    ("intake", "minors"),
    ("intake", "notices"),
    ("intake", "sworn_statement"),
    ("special_routes",),
    ("deadlines",),
    ("tolling",),
    ("findings",),
    ("lives",),
    ("closures",),
    ("discipline",),
    ("mediation",),
    ("review", "appeals"),
    ("officer_rights",),
)
# What residents read: on the form, in following their complaint, in their letters, beside published figures.
READ_BY_RESIDENTS: tuple[Path, ...] = (
    ("meta", "name"),
    ("meta", "city"),
    ("meta", "contact"),
    ("meta", "public_notice"),
    ("meta", "successor"),
    ("special_routes", ANY, "label"),
    ("special_routes", ANY, "public_text"),
    ("jurisdiction", "departments", ANY, "label"),
    ("intake",),
    ("classification", ANY, "label"),
    ("classification", ANY, "public_text"),
    ("allegations", ANY, "label"),
    ("stages", ANY, "public_label"),
    ("stages", ANY, "public_text"),
    ("stages", ANY, "public_next"),
    ("findings", ANY, "label"),
    ("findings", ANY, "definition"),
    ("closures", ANY, "label"),
    ("closures", ANY, "definition"),
    ("closures", ANY, "reopen_when"),
    ("deadline_defaults", "lapse_reasons", ANY, "label"),
    ("deadlines", ANY, "label"),
    ("demands", "kinds", ANY, "label"),
    ("discipline", "answers"),
    ("discipline", "penalties"),
    ("discipline", "silence"),
    ("mediation", "provider"),
    ("mediation", "refusal"),
    ("review", "appeals"),
    ("form",),
)


def _by_block(patterns: tuple[Path, ...]) -> dict[Path, list[Path]]:
    """Asked of every text of a rulebook: most stand in a block that no pattern names."""
    found: dict[Path, list[Path]] = {}
    for pattern in patterns:
        found.setdefault(pattern[:1], []).append(pattern)
    return found


_PROTECTED, _READ_BY_RESIDENTS = _by_block(PROTECTED), _by_block(READ_BY_RESIDENTS)


def is_protected(place: Path, consents: Collection[str] = ()) -> bool:
    """True for words of which a machine's translation is not enough; of the form, the leads of these pages."""
    if place[:2] == ("form", "pages"):
        return place[3:] == ("lead",) and place[2] in consents
    return any(_begins(place, each) for each in _PROTECTED.get(place[:1], ()))


def consents_in(form: Any) -> list[str]:
    """The pages of a form, as it is written, whose opening words say what people agree to."""
    pages = form.get("pages") if isinstance(form, Mapping) else None
    known = pages.items() if isinstance(pages, Mapping) else ()
    return [code for code, page in known if isinstance(page, Mapping) and page.get("is_consent") is True]


def is_read_by_residents(place: Path) -> bool:
    """True for words that somebody who complains reads."""
    return any(_begins(place, each) for each in _READ_BY_RESIDENTS.get(place[:1], ()))


def _begins(place: Path, pattern: Path) -> bool:
    return len(place) >= len(pattern) and all(
        part in (ANY, here) for part, here in zip(pattern, place[: len(pattern)], strict=True)
    )


def is_checked(rulebook: Any, language: str) -> bool:
    """True where the rulebook says who read the translation; as long as nobody did, a machine made it."""
    languages = rulebook.get("languages") if isinstance(rulebook, Mapping) else None
    said = languages.get(language) if isinstance(languages, Mapping) else None
    return isinstance(said, Mapping) and bool(said.get("checked_by"))


def resident_texts(book: Rulebook) -> Iterator[tuple[Path, LocalText]]:
    """Every text that residents read, with its place."""
    from app.policy.lint.walking import walk

    for place, value in walk(book):
        if isinstance(value, LocalText) and is_read_by_residents(place):
            yield place, value

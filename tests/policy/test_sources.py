"""Sources are dated and read again; the texts of policies are kept by date; every kind of law is told."""

from datetime import date

import pytest

from app.config import PROJECT
from app.policy.lint.sources import is_a_place
from app.policy.loader import Rulebooks, read_folder
from app.policy.model import Rulebook
from app.policy.model.base import Basis
from tests.rulebooks import from_files

RIVERBEND = read_folder(PROJECT / "policies" / "riverbend" / "2025-01-01")
UNION = """    union:
      title: Agreement with the officers union
      basis: contract
      from_on: 2025-01-01
      to_on: 2026-12-31
      reread_on: 2026-10-01
      owner: director
      articles: {art_3: {title: Discipline}}
      overrides: [rules]
    rules:
"""
POLICIES = """  shooting:
    label: {en: Firearms, es: Armas}
    texts:
      - {from_on: 2020-01-01, to_on: 2024-12-31, number: GO 9, authority: General Order 9}
      - {from_on: 2025-03-01, number: GO 9a, authority: General Order 9}
  accreditation:
    label: {en: Standard 4.2, es: Norma 4.2}
    kind: standard
    texts: [{from_on: 2021-01-01, number: "4.2", authority: Standard 4.2}]
"""


def riverbend(*changes: tuple[str, str]) -> Rulebook:
    text = RIVERBEND["rulebook.yaml"].decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return from_files("riverbend", date(2025, 1, 1), {**RIVERBEND, "rulebook.yaml": text.encode()})


BOOK = riverbend(("    rules:\n", UNION))


def test_a_source_is_read_again_by_its_owner_or_by_the_office_default() -> None:
    union, charter = (next(s for s in BOOK.meta.sources if s.code == code) for code in ("union", "charter"))
    assert (BOOK.reread_on(union), BOOK.owner_of(union)) == (date(2026, 10, 1), "director")
    assert BOOK.owner_of(charter) == BOOK.meta.source_defaults.owner
    assert BOOK.reread_on(charter) == BOOK.meta.source_defaults.reread_on


def test_what_must_be_read_again_comes_with_its_day_and_with_its_expiry() -> None:
    def due(on: date) -> list[str]:
        return [source.code for source in BOOK.sources_to_read(on)]

    assert "union" not in due(date(2026, 9, 30))
    assert "union" in due(date(2026, 10, 1))
    union = next(source for source in BOOK.meta.sources if source.code == "union")
    assert union.is_in_force(date(2026, 12, 31))
    assert not union.is_in_force(date(2027, 1, 1))


def test_a_fact_has_the_kind_of_law_of_its_source_unless_it_says_its_own() -> None:
    assert BOOK.basis_of(BOOK.clock("finish_investigation")) is Basis.CHARTER
    assert BOOK.basis_of(BOOK.clock("preserve_evidence")) is Basis.REGULATION
    own = riverbend(("    authority: Charter 12.10(a)\n", "    authority: Charter 12.10(a)\n    basis: court_decree\n"))
    assert own.basis_of(own.clock("finish_investigation")) is Basis.COURT_DECREE


@pytest.mark.parametrize(
    ("day", "numbers"),
    [
        (date(2019, 12, 31), []),
        (date(2020, 6, 1), ["GO 9"]),
        (date(2024, 12, 31), ["GO 9", "4.2"]),
        # The old text had ended and the new one had not begun.
        (date(2025, 1, 15), ["4.2"]),
        (date(2025, 3, 1), ["GO 9a", "4.2"]),
    ],
)
def test_a_case_shows_the_texts_in_force_on_the_day_of_the_incident(day: date, numbers: list[str]) -> None:
    parent = "    label: Property\n    theme: property\n"
    book = riverbend(
        (parent, parent + "    policies: [shooting, accreditation]\n"), ("policies:\n", "policies:\n" + POLICIES)
    )
    # A child of the tree has its parent's texts.
    assert [text.number for _, text in book.policies_of("property_taken", day)] == numbers
    assert book.policies_of("other", day) == ()


@pytest.mark.parametrize(
    ("place", "exists"),
    [
        ("intake.filing_limit", True),
        ("bodies.commission.quorum.number", True),
        ("mediation.clock", True),
        ("deadlines.hear_case.amount", True),
        ("moves.0.only_if", True),
        ("calendar.time_zone", True),
        ("completion.complete_on", True),
        ("calendar_block", False),
        ("bodies.council.quorum", False),
        ("moves.999", False),
        ("deadlines.hear_case.number", False),
        ("nowhere", False),
        ("", False),
    ],
)
def test_a_question_names_a_place_that_the_format_has(place: str, exists: bool) -> None:
    assert is_a_place(BOOK, place) is exists


def test_every_place_that_a_city_must_settle_exists() -> None:
    for book in Rulebooks.load(PROJECT / "policies").books:
        assert [q.place for q in book.meta.open_questions if not is_a_place(book, q.place)] == []


def test_working_days_may_be_other_days_than_business_days() -> None:
    saturday = date(2026, 3, 14)
    assert not BOOK.calendar.is_open(saturday)
    book = riverbend(("  roll: next_open_day\n", "  roll: next_open_day\n  working_days: {weekend: [6]}\n"))
    assert book.calendar.working is not None
    assert book.calendar.working.is_open(saturday)
    assert BOOK.calendar.working is None

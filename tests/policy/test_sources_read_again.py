"""What leans on a source, by when it is read again, and what is said of one that has expired."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config import PROJECT
from app.policy.lint import expired_by, lint
from app.policy.loader import read_folder
from app.policy.model import Rulebook
from app.policy.model.law import PolicyDocument, PolicyText, Source
from app.policy.problems import Problem, Severity
from app.policy.sources import has_expired, leaning, read_by
from tests.rulebooks import from_files, read_rulebook

FOLDER = PROJECT / "policies" / "riverbend" / "2025-01-01"
FILES = read_folder(FOLDER)
UNION = """    union:
      title: Agreement with the officers union
      basis: contract
      to_on: {to_on}
      reread_on: 2026-10-01
      articles: {{art_3: {{title: Discipline}}}}
    rules:
"""
LIMIT = "    authority: Charter 12.11(f)\n"
FIRST = date(2020, 1, 1)


def riverbend(*changes: tuple[str, str]) -> Rulebook:
    text = FILES["rulebook.yaml"].decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return from_files("riverbend", date(2025, 1, 1), {**FILES, "rulebook.yaml": text.encode()})


def with_union(to_on: str) -> Rulebook:
    cited = "    source: union\n    article: art_3\n"
    return riverbend(("    rules:\n", UNION.format(to_on=to_on)), (LIMIT, LIMIT + cited))


def warnings(problems: list[Problem]) -> list[str]:
    return [str(p) for p in problems if p.severity is Severity.WARNING and "union" in str(p)]


def test_what_cites_a_source_leans_on_it_with_its_article() -> None:
    (entry,) = leaning(with_union("2026-12-31"))["union"]
    assert (entry.block_words, entry.code, entry.articles) == ("Clocks", "discipline_limit", ("art_3",))
    assert entry.cited == ("Charter 12.11(f)",)


def test_what_names_no_source_leans_on_that_of_the_rulebook_where_it_cites_a_law() -> None:
    book = riverbend()
    by_code = {(entry.block, entry.code): entry for entry in leaning(book)["charter"]}
    assert ("deadlines", "finish_investigation") in by_code
    # What stands below an entry counts for it: the quorum and the votes of a body.
    assert "Charter 12.05(a)" in by_code["bodies", "commission"].cited
    # It cites nothing, so nobody need look at it when the charter changes.
    assert ("allegations", "force") not in by_code


def test_every_entry_that_leans_on_something_has_words_for_people() -> None:
    said = [entry for entries in leaning(riverbend()).values() for entry in entries]
    assert {entry.label for entry in said if entry.block == "powers"} >= {
        "Investigate (Office of Police Accountability)"
    }
    assert any("→" in entry.label for entry in said if entry.block == "moves")
    assert [entry for entry in said if not entry.label.strip() or "_" in entry.label + entry.block_words] == []


@pytest.mark.parametrize(
    ("reread_on", "to_on", "day"),
    [
        (date(2026, 3, 1), None, date(2026, 3, 1)),
        (date(2026, 3, 1), date(2026, 2, 1), date(2026, 2, 1)),
        (date(2026, 3, 1), date(2026, 4, 1), date(2026, 3, 1)),
        # The default of the whole rulebook.
        (None, date(2028, 1, 1), date(2027, 1, 4)),
    ],
)
def test_a_source_is_read_again_on_its_day_or_before_it_expires(
    reread_on: date | None, to_on: date | None, day: date
) -> None:
    source = Source(code="union", title="Agreement", reread_on=reread_on, to_on=to_on)
    assert read_by(riverbend(), source) == day
    assert not has_expired(source, to_on or date.max)


def test_a_source_that_had_ended_before_the_rulebook_began_is_told_where_something_cites_it() -> None:
    (said,) = warnings(lint(with_union("2024-12-31")))
    assert "meta.sources.union.to_on: union is cited, and had ended on 2024-12-31 before this rulebook" in said
    assert "; cite what followed it, or say in a `note:` why it still holds" in said
    assert warnings(lint(with_union("2025-01-01"))) == []
    assert warnings(lint(riverbend(("    rules:\n", UNION.format(to_on="2024-12-31"))))) == []


@pytest.mark.parametrize(("today", "is_told"), [(date(2026, 12, 31), False), (date(2027, 1, 1), True)])
def test_an_agreement_that_expires_is_told_from_the_next_day_on(today: date, is_told: bool) -> None:
    found = [p for p in expired_by(with_union("2026-12-31"), today, "p") if "union" in p.place]
    assert [p.severity for p in found] == [Severity.WARNING] * is_told
    assert all("union expired on 2026-12-31; read what followed it" in str(p) for p in found)


def test_a_text_of_which_only_the_days_are_kept_is_told() -> None:
    book = riverbend(("        text: An officer tells a person why they are stopped, and", "        note: An officer"))
    assert any("of this text of order_1_4 only the days are kept" in str(p) for p in lint(book))


def documents() -> Iterator[PolicyDocument]:
    """Every way in which three wordings can follow one another within a few days."""
    ends: list[int | None] = [None, 0, 1, 3]
    for gap in (1, 2, 4):
        for first_end in ends:
            for second_end in ends:
                yield document([(0, first_end), (gap, second_end), (gap + 3, None)])


def document(spans: list[tuple[int, int | None]]) -> PolicyDocument:
    texts = tuple(PolicyText(from_on=day(a), to_on=None if n is None else day(a + n), number=str(a)) for a, n in spans)
    return PolicyDocument(code="x", label="X", texts=texts)


def day(n: int) -> date:
    return FIRST + timedelta(days=n)


@pytest.mark.parametrize("kept", list(documents()))
def test_the_texts_of_some_days_are_those_of_each_day(kept: PolicyDocument) -> None:
    for first in range(-2, 12):
        for last in range(first, 12):
            each = [kept.text_on(day(n)) for n in range(first, last + 1)]
            known = [text for text in dict.fromkeys(each) if text is not None]
            assert list(kept.texts_between(day(first), day(last))) == known
            assert kept.is_whole_between(day(first), day(last)) is (None not in each)


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 20) | st.none()), unique_by=lambda span: span[0], max_size=6)
)
def test_the_order_in_which_texts_are_written_changes_nothing(spans: list[tuple[int, int | None]]) -> None:
    there, back = document(spans), document(spans[::-1])
    assert there.texts_between(day(0), day(60)) == back.texts_between(day(0), day(60))


class TestCommand:
    def test_it_lists_each_source_with_its_day_and_its_owner(self, rulebook: Any) -> None:
        rows = rulebook("sources", "riverbend", "--on", "2026-03-16", "--json").json["sources"]
        assert {row["source"] for row in rows} >= {"charter", "rules", "orders"}
        assert [row["read_by"] for row in rows] == sorted(row["read_by"] for row in rows)
        charter = next(row for row in rows if row["source"] == "charter")
        assert (charter["owner"], charter["is_due"]) == ("counsel", False)
        assert charter["leaning"] == len(leaning(read_rulebook(FOLDER))["charter"])

    def test_only_those_that_are_due_are_listed_where_that_is_asked(self, rulebook: Any) -> None:
        before = rulebook("sources", "riverbend", "--due", "--on", "2025-01-02")
        assert before.out.strip() == "0 sources, 0 due."
        after = rulebook("sources", "riverbend", "--due", "--on", "2030-01-01")
        assert "DUE  riverbend/charter  read again by 2027-01-04 (counsel)" in after.out

    def test_the_sources_of_what_is_only_proposed_are_listed_and_never_due(self, rulebook: Any) -> None:
        rows = rulebook("sources", "somerville-review", "--on", "2090-01-01", "--json").json["sources"]
        assert rows
        assert not any(row["is_due"] for row in rows)

    def test_what_nobody_knows_is_refused(self, rulebook: Any) -> None:
        nowhere = rulebook("sources", "nowhere")
        assert (nowhere.code, "There is no rulebook of nowhere" in nowhere.err) == (1, True)
        assert rulebook("sources", "riverbend", "--on", "soon").code == 2

    def test_the_check_says_what_has_expired_of_the_last_version_only(self, rulebook: Any, tmp_path: Path) -> None:
        folder = written(tmp_path / "harbor" / "2025-01-01", "2025-06-30")
        assert "union expired on 2025-06-30" in rulebook("check", str(folder)).out
        (tmp_path / "harbor" / "2025-07-01").mkdir()
        assert "union expired" not in rulebook("check", str(folder)).out


def written(folder: Path, to_on: str) -> Path:
    for name, content in with_union(to_on).files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder

"""Reports to others: what is due for what is alleged, what is no minor matter, and what fulfils a duty."""

from collections.abc import Set as AbstractSet
from datetime import date

import pytest

from app.config import PROJECT
from app.discipline import rules
from app.discipline.rules import Begun, Reported
from app.kernel.errors import Invalid, Refused
from app.policy.model import Rulebook
from tests.rulebooks import from_files, read_rulebook

SOMERVILLE = read_rulebook(PROJECT / "policies" / "somerville-review" / "2026-01-01")
RIVERBEND = read_rulebook(PROJECT / "policies" / "riverbend" / "2025-01-01")
POST = rules.external_report(SOMERVILLE, "post_report")
BEGUN = Begun(has_begun=True)


def with_filing() -> Rulebook:
    """The same city, where the report is filed with the commission's clerk."""
    text = SOMERVILLE.files["rulebook.yaml"].decode()
    old = "    clock: post_report\n    recorded_as"
    assert text.count(old) == 1
    new = "    fulfilled_by: filing\n    filed_with: {body: post, proof: The stamped copy}\n" + old
    files = {**SOMERVILLE.files, "rulebook.yaml": text.replace(old, new).encode()}
    return from_files(SOMERVILLE.id, SOMERVILLE.effective_from, files)


@pytest.mark.parametrize(
    ("alleged", "words"),
    [
        ({"discourtesy_colleague"}, ""),
        ({"work_rules", "minor"}, ""),
        ({"discourtesy_public"}, "“Rude to a member of the public” falls under “Unprofessionalism or misconduct”"),
        ({"discourtesy_colleague", "bias"}, "“Bias” falls under “Bias”, which is reported without exception"),
        ({"stop_search", "force"}, "“Force” falls under “Excessive, prohibited or deadly force”, which is"),
        (set(), "Nobody has stated yet what is alleged"),
    ],
)
def test_the_kinds_alleged_say_whether_it_may_be_a_minor_matter(alleged: AbstractSet[str], words: str) -> None:
    said = rules.why_not_minor(SOMERVILLE, POST, alleged)
    assert said == "" if not words else words in said
    if words:
        with pytest.raises(Refused) as refusal:
            rules.check_minor(SOMERVILLE, POST, alleged, rules.NOTHING_HOLDS)
        assert refusal.value.words == said


def test_the_refusal_names_the_law() -> None:
    assert "555 CMR 1.01(1)(a)" in rules.why_not_minor(SOMERVILLE, POST, {"discourtesy_public"})


def test_where_the_rulebook_knows_no_minor_matter_nothing_is_one() -> None:
    end = rules.external_report(SOMERVILLE, "end_report")
    assert "knows no minor matter" in rules.why_not_minor(SOMERVILLE, end, {"work_rules"})


@pytest.mark.parametrize(("holds", "words"), [("public", "It touches the public"), ("money", "It touches money")])
def test_what_takes_minor_away_refuses_it_in_the_rule_s_words(holds: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        rules.check_minor(SOMERVILLE, POST, {"discourtesy_colleague"}, holds)


@pytest.mark.parametrize("holds", ["", "weather"])
def test_a_person_must_say_whether_something_holds(holds: str) -> None:
    with pytest.raises(Invalid) as refusal:
        rules.check_minor(SOMERVILLE, POST, {"discourtesy_colleague"}, holds)
    assert set(refusal.value.fields) == {"holds"}


def test_where_nothing_holds_it_is_kept_as_minor() -> None:
    said = Reported(rules.MINOR, rules.NOTHING_HOLDS)
    assert rules.check_report(SOMERVILLE, "post_report", said, {"work_rules"}, BEGUN) == POST
    assert rules.recorded_as(POST, rules.MINOR) == "handled_as_minor"
    assert rules.recorded_as(POST, "sending") == "reported_to_post"


@pytest.mark.parametrize(
    ("book", "code", "alleged", "due"),
    [
        (SOMERVILLE, "post_report", {"stop_search"}, True),
        (SOMERVILLE, "post_report", {"discourtesy_colleague"}, True),
        (SOMERVILLE, "post_report", set(), None),
        (SOMERVILLE, "end_report", set(), True),
        (RIVERBEND, "prosecutor_notice", {"force_weapon_fired"}, True),
        (RIVERBEND, "prosecutor_notice", {"force_hands"}, False),
    ],
)
def test_whether_it_is_due_follows_from_what_is_alleged(
    book: Rulebook, code: str, alleged: AbstractSet[str], due: bool | None
) -> None:
    assert rules.concerns(book, rules.external_report(book, code), alleged) is due


@pytest.mark.parametrize("how", ["sending", "publishing"])
def test_what_must_be_filed_is_fulfilled_by_filing_alone(how: str) -> None:
    book = with_filing()
    with pytest.raises(Refused, match=r"fulfilled by filing it with .*, and the day of the stamp counts"):
        rules.check_report(book, "post_report", Reported(how), {"force"}, BEGUN)
    assert rules.check_report(book, "post_report", Reported("filing"), {"force"}, BEGUN).code == "post_report"


def test_what_must_be_sent_is_not_fulfilled_by_filing() -> None:
    with pytest.raises(Refused, match="fulfilled by sending it"):
        rules.check_report(SOMERVILLE, "post_report", Reported("filing"), {"force"}, BEGUN)


def test_it_is_on_file_once_and_not_before_its_clock_runs() -> None:
    with pytest.raises(Refused, match="on file already, with the day"):
        rules.check_report(SOMERVILLE, "post_report", Reported("sending"), (), Begun(True, date(2026, 3, 5)))
    with pytest.raises(Refused, match="has not begun yet"):
        rules.check_report(SOMERVILLE, "post_report", Reported("sending"), (), Begun(False))
    with pytest.raises(Invalid):
        rules.check_report(SOMERVILLE, "no_report", Reported("sending"), (), BEGUN)

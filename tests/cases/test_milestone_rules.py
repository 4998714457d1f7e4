"""Which milestones go on file, what a move waits for, and when a case is formal, complete and final."""

from datetime import date

import pytest

from app.cases import rules
from app.cases.rules import Formality, LegalDays, OnFile
from app.kernel.errors import Invalid, NotAllowed, Refused
from app.policy.loader import Rulebooks
from app.policy.model import Rulebook
from tests.cases.books import with_milestones

ROLES = ("intake", "investigator", "supervisor", "counsel", "director", "analyst", "secretary", "liaison")
TODAY = date(2026, 3, 16)
FILED = date(2026, 3, 2)


@pytest.fixture(scope="module")
def book(policies: Rulebooks) -> Rulebook:
    return with_milestones(policies.in_force("riverbend", TODAY))


def formality(book: Rulebook, anonymity: str = "named", *on_file: OnFile, origin: str = "filing") -> Formality | None:
    return rules.formality(book, origin, anonymity, FILED, on_file)


def test_each_milestone_is_put_on_file_by_those_it_names_and_nobody_else(book: Rulebook) -> None:
    for milestone in book.milestones:
        for role in ROLES:
            if role in milestone.by:
                assert rules.check_milestone(book, milestone.code, [role]) is milestone
            else:
                with pytest.raises(NotAllowed, match=" or ".join(milestone.by)):
                    rules.check_milestone(book, milestone.code, [role])


@pytest.mark.parametrize("code", ["", "case_closed", "Chief_told", "paper"])
def test_what_the_rulebook_does_not_name_is_no_milestone(book: Rulebook, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.check_milestone(book, code, ROLES)
    assert set(refused.value.fields) == {"milestone"}


@pytest.mark.parametrize(
    ("code", "officer", "is_taken"),
    [
        ("papers_served", "a", True),
        ("papers_served", "stranger", False),
        ("papers_served", None, False),
        ("chief_told", None, True),
        ("chief_told", "a", False),
    ],
)
def test_one_of_an_officer_names_an_officer_of_the_case_and_no_other_does(
    book: Rulebook, code: str, officer: str | None, is_taken: bool
) -> None:
    milestone = book.milestone(code)
    if is_taken:
        rules.check_subject(milestone, officer, {"a", "b"})
        return
    with pytest.raises(Invalid) as refused:
        rules.check_subject(milestone, officer, {"a", "b"})
    assert set(refused.value.fields) == {"officer_id"}


@pytest.mark.parametrize(
    ("on", "incident", "wrong"),
    [
        (TODAY, None, ""),
        (date(2024, 2, 29), None, ""),
        (date(2026, 3, 1), date(2026, 3, 1), ""),
        (date(2026, 3, 17), None, "has not come yet"),
        (date(2026, 2, 28), date(2026, 3, 1), "before the incident of Sunday, March 1, 2026"),
    ],
)
def test_a_day_lies_between_the_incident_and_today(on: date, incident: date | None, wrong: str) -> None:
    if not wrong:
        rules.check_day(on, TODAY, incident)
        return
    with pytest.raises(Invalid) as refused:
        rules.check_day(on, TODAY, incident)
    assert wrong in refused.value.fields["happened_on"]


def test_it_is_put_on_file_once_but_for_what_comes_back_round_after_round(book: Rulebook) -> None:
    once, again = book.milestone("chief_told"), book.milestone("half_year_letter")
    rules.check_new(book, once, TODAY, [])
    with pytest.raises(Refused, match="on file already, with the day Monday, March 2, 2026"):
        rules.check_new(book, once, TODAY, [FILED])
    rules.check_new(book, again, TODAY, [FILED])
    with pytest.raises(Refused, match="on file already"):
        rules.check_new(book, again, FILED, [FILED])


@pytest.mark.parametrize(
    ("now", "reason", "kind"),
    [
        (("a", None), "The wrong year.", None),
        (("a", None), "  ", Invalid),
        (("b", None), "x", Refused),
        (("a", 1), "x", Refused),
    ],
)
def test_a_correction_is_of_the_same_thing_and_says_why(
    now: tuple[str, object], reason: str, kind: type[Exception] | None
) -> None:
    if kind is None:
        rules.check_correction(("a", None), now, reason)
        return
    with pytest.raises(kind):
        rules.check_correction(("a", None), now, reason)


def test_it_is_told_which_clocks_it_starts_and_stops(book: Rulebook) -> None:
    assert rules.tied_clocks(book, "chief_told") == (["The chief answers"], ["Tell the chief"])
    assert rules.tied_clocks(book, "half_year_letter") == ([], ["Write every half year"])
    assert rules.tied_clocks(book, "statement_signed") == ([], [])


@pytest.mark.parametrize(
    ("on_file", "officers", "missing"),
    [
        ([], [], "“Papers served on the officer” must be on file first."),
        ([OnFile("chief_told", TODAY)], ["a"], "“Papers served on the officer” must be on file first."),
        (
            [OnFile("papers_served", TODAY, "a")],
            ["a", "b"],
            "“Papers served on the officer” must be on file for every officer of the case first.",
        ),
        ([OnFile("papers_served", TODAY, "a"), OnFile("papers_served", TODAY, "b")], ["a", "b"], ""),
        ([OnFile("papers_served", TODAY, "gone")], [], ""),
    ],
)
def test_a_move_names_the_milestone_it_waits_for(
    book: Rulebook, on_file: list[OnFile], officers: list[str], missing: str
) -> None:
    move = book.move("investigating", "supervisor_review")
    assert move is not None
    words = rules.missing_before(book, move, on_file, officers)
    assert words == ([missing] if missing else [])
    if missing:
        with pytest.raises(Refused, match=missing.split("”")[1].strip(".")):
            rules.check_ready(words)
    else:
        rules.check_ready(words)


def test_a_move_without_milestones_waits_for_none(book: Rulebook) -> None:
    for move in book.moves:
        if not move.after:
            assert rules.missing_before(book, move, [], ["a"]) == []


def test_a_complaint_is_informal_until_it_is_signed_and_both_days_are_kept(book: Rulebook) -> None:
    before = formality(book)
    assert before is not None
    assert (before.is_informal, before.filed_on, before.formal_on) == (True, FILED, None)
    signed = formality(book, "named", OnFile("statement_signed", TODAY))
    assert signed is not None
    assert (signed.is_informal, signed.filed_on, signed.formal_on) == (False, FILED, TODAY)


def test_what_may_never_be_formal_stays_so_whatever_is_on_file(book: Rulebook) -> None:
    found = formality(book, "anonymous", OnFile("statement_signed", TODAY))
    assert found is not None
    assert (found.is_informal, found.is_never, found.formal_on) == (True, True, None)


def test_nothing_is_informal_where_nobody_filed_or_the_law_asks_for_no_signature(
    book: Rulebook, policies: Rulebooks
) -> None:
    assert formality(book, origin="import") is None
    assert formality(policies.in_force("riverbend", TODAY)) is None
    assert rules.informal_words(book, None, "investigating") == ""


def test_an_informal_case_stands_at_the_informal_stages_or_ends(book: Rulebook) -> None:
    informal, never = formality(book), formality(book, "anonymous")
    signed = formality(book, "named", OnFile("statement_signed", TODAY))
    for stage in book.stages:
        is_open = stage.final or stage.code in ("received", "screening")
        assert (rules.informal_words(book, informal, stage.code) == "") == is_open
        assert (rules.informal_words(book, never, stage.code) == "") == is_open
        assert rules.informal_words(book, signed, stage.code) == ""
    assert "until “The complaint was signed” is on file" in rules.informal_words(book, informal, "open")
    assert "stays informal" in rules.informal_words(book, never, "open")


def test_a_new_case_that_is_informal_waits_where_the_way_leads_on(book: Rulebook) -> None:
    signed = formality(book, "named", OnFile("statement_signed", TODAY))
    for found in book.classification:
        expected = found.leads_to if book.stage(found.leads_to).final else "screening"
        assert rules.first_stage(book, found, formality(book)) == expected
        assert rules.first_stage(book, found, signed) == found.leads_to
        assert rules.first_stage(book, found, None) == found.leads_to


@pytest.mark.parametrize(
    ("happened", "expected"),
    [
        ([], [LegalDays("a", None, None), LegalDays("b", None, None)]),
        (
            [OnFile("papers_served", FILED, "a"), OnFile("chief_told", FILED)],
            [LegalDays("a", FILED, FILED), LegalDays("b", None, FILED)],
        ),
        (
            [OnFile("chief_told", FILED), OnFile("appeal_over", TODAY), OnFile("papers_served", TODAY, "b")],
            [LegalDays("a", None, TODAY), LegalDays("b", TODAY, TODAY)],
        ),
    ],
)
def test_complete_is_the_first_day_and_final_the_last_each_officer_their_own(
    book: Rulebook, happened: list[OnFile], expected: list[LegalDays]
) -> None:
    assert rules.legal_days(book, happened, ["a", "b"]) == expected


def test_without_officers_or_without_the_block_there_is_one_line_or_none(book: Rulebook, policies: Rulebooks) -> None:
    assert rules.legal_days(book, [OnFile("appeal_over", TODAY)], []) == [LegalDays(None, None, TODAY)]
    assert rules.legal_days(policies.in_force("riverbend", TODAY), [OnFile("appeal_over", TODAY)], ["a"]) == []


def test_the_law_is_told_with_its_source(book: Rulebook) -> None:
    assert rules.law_of(book, book.milestone("chief_told")).startswith("Charter 12.31, ")

"""The demonstration city: its whole move table, its dates, its form and its letters in both languages."""

import re
from datetime import date

import pytest

from app.config import PROJECT
from app.kernel.deadlines import Pause
from app.kernel.text import LocalText
from app.policy.lint import lint
from app.policy.lint.walking import walk
from app.policy.loader import load_folder
from app.policy.model import Rulebook, UnknownName
from app.policy.model.decisions import Canonical
from app.policy.model.intake import FieldType
from app.policy.model.letters import MissingFact
from app.policy.vocabulary import LETTERS, Vocabulary

BOOK = load_folder(PROJECT / "policies" / "riverbend" / "2025-01-01")

ALLOWED = {
    ("received", "screening"),
    ("screening", "open"),
    ("screening", "closed_early"),
    ("screening", "referred"),
    ("open", "investigating"),
    ("open", "closed_early"),
    ("open", "referred"),
    ("investigating", "supervisor_review"),
    ("investigating", "closed_early"),
    ("investigating", "referred"),
    ("supervisor_review", "investigating"),
    ("supervisor_review", "before_commission"),
    ("before_commission", "investigating"),
    ("before_commission", "awaiting_answer"),
    ("before_commission", "closed"),
    ("awaiting_answer", "before_commission"),
    ("awaiting_answer", "closed"),
    ("awaiting_answer", "closed_unanswered"),
    ("closed", "investigating"),
    ("closed_unanswered", "investigating"),
    ("closed_early", "open"),
}
STAGES = [stage.code for stage in BOOK.stages]


@pytest.mark.parametrize("from_", STAGES)
@pytest.mark.parametrize("to", STAGES)
def test_a_case_makes_the_moves_of_the_table_and_no_other(from_: str, to: str) -> None:
    assert (BOOK.move(from_, to) is not None) == ((from_, to) in ALLOWED)


def test_no_problem_is_found_in_it() -> None:
    assert lint(BOOK) == []


def test_a_case_begins_where_it_is_received_and_ends_in_one_of_four_ways() -> None:
    assert BOOK.first_stage.code == "received"
    assert [stage.code for stage in BOOK.final_stages] == ["closed", "closed_unanswered", "closed_early", "referred"]
    assert {move.to for move in BOOK.moves_from("screening")} == {"open", "closed_early", "referred"}


def test_only_the_commissions_vote_sends_findings_to_the_department() -> None:
    move = BOOK.move("before_commission", "awaiting_answer")
    assert move is not None
    assert move.by == ("secretary", "director")
    assert move.only_if == ("every_allegation_has_a_finding", "motion_carried")


def test_only_a_vote_of_the_commission_sends_a_case_back_for_more_work() -> None:
    move, rule = BOOK.move("before_commission", "investigating"), BOOK.body("commission").vote_rule("send_back")
    assert move is not None
    assert rule is not None
    assert (move.only_if, move.needs_reason) == (("sent_back_by_vote",), True)
    assert (rule.code, rule.share, rule.of) == ("send_back", "majority", "present")


def test_a_chief_who_does_not_answer_is_closed_past_and_only_then() -> None:
    answered, lapsed = BOOK.move("awaiting_answer", "closed"), BOOK.move("awaiting_answer", "closed_unanswered")
    assert answered is not None
    assert lapsed is not None
    assert (answered.only_if, lapsed.only_if) == (("answer_received",), ("answer_lapsed",))
    assert answered.by == lapsed.by == ("secretary", "director")
    assert BOOK.discipline.silence is not None


@pytest.mark.parametrize(
    ("clock", "start", "due"),
    [
        ("acknowledge", date(2026, 11, 20), date(2026, 12, 1)),  # Thanksgiving and the day after
        ("classify", date(2026, 3, 16), date(2026, 4, 15)),
        ("finish_investigation", date(2026, 1, 5), date(2026, 7, 6)),  # July 4 is a Saturday, and rolls
        ("department_answer", date(2026, 11, 25), date(2026, 12, 28)),  # December 25 is a Friday
        ("evidence_demand", date(2026, 11, 2), date(2026, 12, 10)),
        ("officer_notice", date(2026, 10, 9), date(2026, 10, 23)),  # Columbus Day is a working day here
        ("discipline_limit", date(2027, 2, 28), date(2028, 2, 29)),
        ("discipline_limit", date(2025, 7, 3), date(2026, 7, 4)),  # the limit does not roll
    ],
)
def test_each_date_is_what_the_charter_makes_it(clock: str, start: date, due: date) -> None:
    assert BOOK.due_on(clock, start) == due


def test_a_criminal_case_stops_the_clock_for_its_own_officer() -> None:
    pause = Pause("criminal_case", "the district attorney's letter", date(2026, 2, 1), date(2026, 2, 10))
    explanation = BOOK.explain("finish_investigation", date(2026, 1, 5), [pause])
    assert explanation is not None
    assert explanation.due_on == date(2026, 7, 14)
    assert explanation.authority == "Charter 12.10(a)"
    assert BOOK.toll("criminal_case").per_officer


def test_clocks_are_found_by_the_event_that_starts_or_stops_them() -> None:
    started = {clock.code for clock in BOOK.clocks_started_by("case_opened")}
    assert started == {"preserve_evidence", "update_filer", "finish_investigation"}
    assert {clock.code for clock in BOOK.clocks_stopped_by("answer_received")} == {"department_answer"}
    assert BOOK.clocks_started_by("footage_released") == ()


def test_warnings_and_rolls_come_from_the_defaults_unless_a_clock_says_otherwise() -> None:
    assert BOOK.clock("finish_investigation").warnings == (90, 60, 30, 14, 7)
    assert BOOK.clock("acknowledge").warnings == (2, 1)
    assert BOOK.clock("classify").roll == "next_open_day"
    assert BOOK.clock("discipline_limit").roll == "none"


def test_the_department_may_be_given_one_extension() -> None:
    extension = BOOK.clock("department_answer").extension
    rule = BOOK.extension_rule("department_answer")
    assert extension is not None
    assert rule is not None
    assert (extension.times, rule.amount) == (1, 30)
    assert BOOK.extension_rule("classify") is None


def test_the_case_is_named_by_the_finding_that_comes_first() -> None:
    overall = BOOK.overall(["unfounded", "not_sustained", "sustained"])
    assert overall is not None
    assert overall.code == "sustained"
    assert BOOK.overall([]) is None
    assert BOOK.findings[0].canonical is Canonical.SUSTAINED


def test_each_life_of_a_finding_has_its_own_writer() -> None:
    assert [life.code for life in BOOK.lives] == ["investigator", "supervisor", "board", "department", "appeal"]
    assert BOOK.may_write("investigator", "investigator")
    assert not BOOK.may_write("board", "investigator")
    assert not BOOK.may_write("investigator", "commissioner")


def test_a_subpoena_needs_two_thirds_of_those_serving() -> None:
    commission = BOOK.body("commission")
    rule, other = commission.vote_rule("subpoena"), commission.vote_rule("anything")
    assert rule is not None
    assert other is not None
    assert (rule.share, rule.of) == ("two_thirds", "serving")
    assert (other.code, other.share, other.of) == ("default", "majority", "present")


def test_a_name_it_does_not_know_is_refused() -> None:
    for look_up in (BOOK.stage, BOOK.clock, BOOK.finding, BOOK.body, BOOK.category, BOOK.letter, BOOK.answer):
        with pytest.raises(UnknownName, match="has no"):
            look_up("nope")


def test_a_kind_of_allegation_has_its_parents_theme_unless_it_has_its_own() -> None:
    assert BOOK.theme_of("force_hands") == "force"
    assert BOOK.theme_of("conduct_slur") == "offensive_language"
    assert "force_neck" in {category.code for category in BOOK.categories_under("force")}
    assert "force" in {category.code for category in BOOK.categories_under(None)}


def test_powers_hold_from_their_day() -> None:
    assert BOOK.has_power("subpoena", date(2025, 1, 1))
    assert not BOOK.has_power("subpoena", date(2024, 12, 31))
    assert not BOOK.has_power("prosecute", date(2026, 1, 1))


# -- the form -----------------------------------------------------------------------------------------


def test_the_language_comes_first_and_the_check_last() -> None:
    named = [page.code for page in BOOK.form.visible_pages({"anonymity": "named"})]
    assert named == ["language", "about_this", "anonymity", "about_you", "what_happened", "when_where", "more", "check"]


def test_what_happened_opens_its_own_pages() -> None:
    answers = {"anonymity": "anonymous", "matters": ["force", "words"], "tell_more": ["witnesses"]}
    pages = [page.code for page in BOOK.form.visible_pages(answers)]
    assert pages[3:] == ["what_happened", "hurt", "words_said", "when_where", "more", "witnesses", "check"]


def test_an_anonymous_filer_is_never_asked_who_they_are() -> None:
    answers = {"anonymity": "anonymous"}
    pages = BOOK.form.visible_pages(answers)
    assert "about_you" not in {page.code for page in pages}
    assert not [q.code for page in pages for q in page.visible_fields(answers) if q.is_identifying]


def test_the_pages_follow_each_other_for_each_person() -> None:
    form = BOOK.form
    first = form.page_after(None, {})
    assert first is not None
    assert first.code == "language"
    for answers, after in (({"anonymity": "named"}, "about_you"), ({"anonymity": "anonymous"}, "what_happened")):
        page = form.page_after("anonymity", answers)
        assert page is not None
        assert page.code == after
        back = form.page_before(page.code, answers)
        assert back is not None
        assert back.code == "anonymity"
    assert form.page_after("check", {}) is None
    assert form.page_before("language", {}) is None


def test_every_choice_of_the_form_has_something_to_choose() -> None:
    for page in BOOK.form.pages:
        for question in page.fields:
            if question.type in (FieldType.CHOICE, FieldType.CHOICES, FieldType.LANGUAGE):
                assert BOOK.choices(question), question.code


def test_what_a_filing_needs_is_asked_and_nothing_else_is_demanded() -> None:
    required = {q.fills for page in BOOK.form.pages for q in page.fields if q.required}
    assert required == Vocabulary().must_fill | {"kind"}


def texts(book: Rulebook) -> list[tuple[str, LocalText]]:
    return [(".".join(map(str, place)), text) for place, text in walk(book) if isinstance(text, LocalText)]


def test_every_text_is_there_in_english_and_spanish() -> None:
    assert len(texts(BOOK)) > 300
    assert [place for place, text in texts(BOOK) if not {"en", "es"} <= set(text.languages)] == []


def test_spanish_is_not_english_left_standing() -> None:
    same = {place for place, text in texts(BOOK) if text.to("en") == text.to("es")}
    own = {f"languages.{each.code}.label" for each in BOOK.languages}
    # No is the same word in both.
    assert same - own <= {"lives.supervisor.label", "form.pages.mediation.fields.mediation.choices.no_thanks.label"}


# -- letters ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", [kind.code for kind in BOOK.letters if kind.to == "filer"])
def test_every_letter_to_a_filer_can_be_filled_in_both_languages(kind: str, language: str) -> None:
    letter = BOOK.letter(kind, language)
    assert letter.language == language
    filled = letter.fill({fact: f"<{fact}>" for fact in LETTERS[kind]})
    assert "{" not in filled.subject + filled.body
    assert all(f"<{place}>" in filled.subject + filled.body for place in letter.places)


def test_a_letter_without_its_facts_is_not_sent() -> None:
    with pytest.raises(MissingFact, match="The letter closing in es needs closed_on, filer_name"):
        BOOK.letter("closing", "es").fill({})


def test_a_fact_with_braces_stays_what_it_is() -> None:
    facts = dict.fromkeys(LETTERS["receipt"], "{passphrase}")
    assert "{passphrase}" in BOOK.letter("receipt").fill(facts).body


def test_a_letter_in_another_language_falls_back_to_english() -> None:
    assert BOOK.letter("closing", "vi").language == "en"
    assert BOOK.letter("closing", "es-MX").language == "es"
    assert BOOK.letter("demand", "es").language == "en"


# -- plain words --------------------------------------------------------------------------------------


def public_english() -> list[str]:
    wanted = re.compile(
        r"^form\.|^stages\..*\.public_|^intake\.|^classification\..*\.public_text|^(findings|closures)\..*\.definition"
    )
    found = [text.to("en") for place, text in texts(BOOK) if wanted.match(place)]
    return found + [letter.body for letter in BOOK.letter_texts if letter.language == "en"]


def grade(text: str) -> float:
    """The Flesch-Kincaid grade, with vowel groups for syllables: near enough to keep us honest."""
    words = re.findall(r"[A-Za-z']+", re.sub(r"\{[^}]*\}", "it", text))
    sentences = max(1, len(re.findall(r"[.!?]+(?=\s|$)|\n\n", text.strip())))
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.lower())))) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def test_what_the_public_reads_is_written_for_grade_eight_or_below() -> None:
    long_enough = [text for text in public_english() if len(text.split()) >= 12]
    assert {text: grade(text) for text in long_enough if grade(text) > 10} == {}
    assert grade(" ".join(public_english())) <= 8


def test_nothing_threatens_and_nothing_asks_for_an_oath() -> None:
    whole = " ".join(public_english()).lower()
    for word in ("perjury", "penalty", "prosecut", "false statement", "under oath", "i swear", "you must"):
        assert word not in whole

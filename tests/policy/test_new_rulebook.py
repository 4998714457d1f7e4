"""`rulebook new`: any answers give a rulebook that checks, and what nobody knows is asked, never guessed."""

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.config import PROJECT
from app.kernel.deadlines import Unit
from app.kernel.errors import Refused
from app.operations.new_rulebook.answers import Answer, Answers, BadAnswer, Typed
from app.operations.new_rulebook.files import as_file, example_file, read_answers
from app.operations.new_rulebook.kinds import Ask, line, read_answer
from app.operations.new_rulebook.questions import asked, every_key, next_question, proposed_folder, read
from app.operations.new_rulebook.writing import Written, write_rulebook
from app.operations.scenarios.runner import access_rights, shelf_of, tell_folder
from app.policy.loader import examine, read_rulebook
from app.policy.model import Rulebook
from app.policy.model.agency import OversightModel, Status
from app.policy.problems import RulebookError, Severity

MODELS = [model.value for model in OversightModel]
ACCESS = access_rights(PROJECT / "policies")
# Without these no rulebook can be written; every other question may be answered with ?.
KNOWN_AT_LEAST: dict[str, Typed] = {
    "city": "City of Harbor",
    "agency": "Harbor Review",
    "folder": "harbor",
    "takes_effect": "2026-10-01",
    "time_zone": "Central",
    "office": "The office",
    "board.name": "Harbor Board",
    "board.another": "no",
    "departments": ["Harbor Police"],
}


def answered(model: str, **given: Typed) -> Answers:
    """Each question answered with its own example, or as given."""
    answers = Answers()
    while found := next_question(answers):
        question = found[1]
        example = question.example if isinstance(question.example, str) else list(question.example)
        typed = given.get(question.key.replace(".", "__"), model if question.key == "model" else example)
        answers = answers.with_(question.key, typed, read(question, typed, answers))
    return answers


def unknown(model: str) -> Answers:
    """Everything that may be unknown is."""
    answers = Answers()
    while found := next_question(answers):
        key = found[1].key
        typed = model if key == "model" else KNOWN_AT_LEAST.get(key, "?")
        answers = answers.with_(key, typed, read(found[1], typed, answers))
    return answers


def problems_of(written: Written) -> list[str]:
    """Errors of the lint and of the first scenario, which is really told."""
    once = cache(read_rulebook)
    found = examine(written.folder, None, once)
    found += [
        one for told in tell_folder(written.folder, shelf_of(written.folder, once), ACCESS) for one in told.problems
    ]
    return [str(problem) for problem in found if problem.severity is Severity.ERROR]


def book_of(answers: Answers, into: Path) -> Rulebook:
    written = write_rulebook(answers, into)
    assert problems_of(written) == []
    return read_rulebook(written.folder)


@pytest.mark.parametrize("model", MODELS)
def test_each_model_gives_a_draft_that_checks_and_tells_its_first_story(model: str, tmp_path: Path) -> None:
    book = book_of(answered(model), tmp_path)
    assert (book.model.value, book.status) == (model, Status.DRAFT)
    assert [question.place for question in book.meta.open_questions if question.stops_cases] == ["meta.verified_by"]


def test_four_models_are_four_roads(tmp_path: Path) -> None:
    books = {model: book_of(answered(model, folder=model.replace("_", "-")), tmp_path) for model in MODELS}
    stages = {model: {stage.code for stage in book.stages} for model, book in books.items()}
    votes = {model for model, book in books.items() if any("motion_carried" in move.only_if for move in book.moves)}
    assert {"with_department", "reading", "deciding"} <= stages["review"]
    assert {"with_department", "auditing", "not_in_sample"} <= stages["auditor_monitor"]
    assert {"open", "investigating", "supervisor_review", "deciding"} <= stages["investigation"]
    assert {"with_department", "reading", "investigating", "deciding"} <= stages["hybrid"]
    assert "investigating" not in stages["review"] | stages["auditor_monitor"]
    assert "with_department" not in stages["investigation"]
    assert votes == {"review", "investigation", "hybrid"}


def test_without_a_board_the_director_decides(tmp_path: Path) -> None:
    book = book_of(answered("investigation", has_board="no"), tmp_path)
    (move,) = (move for move in book.moves if (move.from_, move.to) == ("deciding", "awaiting_answer"))
    assert (move.by, "supervisor_approved" in move.only_if) == (("director",), True)
    assert [life.code.value for life in book.lives] == ["investigator", "supervisor", "department"]


@pytest.mark.parametrize("model", MODELS)
def test_what_nobody_knows_is_asked_and_never_guessed(model: str, tmp_path: Path) -> None:
    book = book_of(unknown(model), tmp_path)
    places = {question.place for question in book.meta.open_questions}
    assert book.status is Status.DRAFT
    assert book.powers == ()
    assert [clock.amount for clock in book.deadlines] == [None] * len(book.deadlines)
    assert all(
        "amount" in clock.unknown and not clock.counts_up for clock in book.deadlines if clock.per.value == "case"
    )
    assert {f"deadlines.{clock.code}" for clock in book.deadlines} <= places
    assert all((body.seats, body.quorum, body.votes) == (None, None, ()) for body in book.bodies)
    assert [code.code for code in book.intake.anonymity] == ["named"]
    assert book.intake.filing_limit is None
    assert book.calendar_block.holidays_country is None
    assert {finding.standard for finding in book.findings} == {None}
    assert {"powers", "intake.filing_limit", "intake.anonymity", "meta.sources", "findings"} <= places
    assert book.meta.sources == ()
    assert [clock.authority for clock in book.deadlines] == [None] * len(book.deadlines)


def test_an_answer_that_was_taken_back_by_another_model_leaves_no_trace(tmp_path: Path) -> None:
    changed = answered("hybrid", clocks__finish_investigation="99 days")
    (model,) = (q for _, q in asked(changed) if q.key == "model")
    book = book_of(changed.with_("model", "review", read(model, "review", changed)), tmp_path)
    assert "finish_investigation" not in {clock.code for clock in book.deadlines}
    assert not any("finish_investigation" in question.question for question in book.meta.open_questions)


def test_an_unknown_vote_leaves_no_way_to_write_down_what_nobody_voted_for(tmp_path: Path) -> None:
    book = book_of(answered("review", board__vote="?"), tmp_path)
    assert "board" not in {life.code.value for life in book.lives}
    (asked,) = (question for question in book.meta.open_questions if question.place == "bodies.board.votes")
    assert asked.stops_cases


def test_a_model_without_its_own_power_is_asked_which_is_right(tmp_path: Path) -> None:
    book = book_of(answered("investigation", powers__investigate="no"), tmp_path)
    assert any("Which is right?" in q.question and q.stops_cases for q in book.meta.open_questions)


def test_answers_stand_where_they_belong_with_their_sections(tmp_path: Path) -> None:
    given = {"board__quorum": "4 of serving, Section 5", "clocks__classify": "15 business days, § 9: (b)"}
    book = book_of(answered("hybrid", **given), tmp_path)
    (board,) = (body for body in book.bodies if body.code == "board")
    assert board.quorum is not None
    assert (board.quorum.number, board.quorum.of.value, board.quorum.authority) == (4, "serving", "Section 5")
    (clock,) = (clock for clock in book.deadlines if clock.code == "classify")
    assert (clock.amount, clock.unit, clock.authority) == (15, Unit.BUSINESS_DAYS, "§ 9: (b)")
    assert (clock.evidence, clock.general) == ("read", ("starts", "stops"))


def test_every_open_question_names_the_line_on_which_its_answer_belongs(tmp_path: Path) -> None:
    written = write_rulebook(unknown("review"), tmp_path)
    lines = (written.folder / "rulebook.yaml").read_text("utf-8").splitlines()
    at = {each.question.place: lines[each.line - 1] for each in written.open}
    assert lines[written.status_line - 1] == "  status: draft"
    assert at["meta.verified_by"] == "  # verified_by:"
    assert at["tolling"] == "# tolling:"
    assert at["deadlines.classify"] == "  classify:"
    assert at["bodies.board.quorum"] == "  board:"


def test_a_sheet_for_translators_holds_every_text_and_is_read_as_it_is_filled(tmp_path: Path) -> None:
    written = write_rulebook(answered("review", languages=["Spanish", "zh"]), tmp_path)
    sheet = written.folder / "words" / "es.yaml"
    text = sheet.read_text("utf-8")
    filled = text.replace("label:  # Rude or hurtful", 'label: "Grosero"').replace(
        "title:  # Tell us what happened", 'title: "Díganos qué pasó"'
    )
    sheet.write_text(filled.replace("conduct:  # Rude or hurtful", 'conduct: "Grosero"'), "utf-8")
    book = read_rulebook(written.folder)
    assert book.form.title.to("es") == "Díganos qué pasó"
    assert book.form.title.to("zh") == "Tell us what happened"
    assert [language.label.to("en") for language in book.languages] == ["English", "Español", "中文"]


# --- any answers ---

SAFE = st.text(min_size=1, max_size=12).filter(lambda text: _is_a_line(text))
NASTY = st.sampled_from(
    [
        "\"quotes\" and 'more'",
        "key: value",
        "# no comment",
        "{braces} and [more]",
        "- dash",
        "*alias &anchor !tag",
        "null",
        "true",
        "1.50",
        "中文",
        "عربي",
        "👩‍👩‍👧",
        "\\n \\u0041",
        "x" * 500,
        "%TAG",
        "{{ x }} {% y %}",
        "|",
        ">",
        "a: b # c",
        "\u00a0x",
    ]
)
WORDS = st.one_of(SAFE, NASTY)
SECTION = st.one_of(st.just(""), WORDS.map(lambda words: f", {words[:200]}"))
NUMBER = st.integers(1, 200).map(str)
UNITS = st.sampled_from([unit.value.replace("_", " ") for unit in Unit])
SHARES = st.one_of(NUMBER, st.sampled_from(["majority", "two thirds", "three quarters", "all"]))


def _is_a_line(text: str) -> bool:
    try:
        return line(text) == text
    except BadAnswer:
        return False


KINDS: dict[str, st.SearchStrategy[Any]] = {
    "line": WORDS,
    "email": st.one_of(st.sampled_from(["help@opa.example", "none", "a b@c.d", "@"]), WORDS),
    "folder": st.sampled_from(["a", "harbor", "a-1--b", "x" * 60, "2a", "A"]),
    "day": st.sampled_from(["2028-02-29", "1990-01-01", "2100-12-31", "2026-02-29", "1066-10-14", "soon"]),
    "state": st.sampled_from(["IL", "ny", "DC", "PR", "XX"]),
    "zone": st.sampled_from(["Central", "Europe/Paris", "1", "9"]),
    "choice": st.sampled_from(["1", "2", "3", "4", "five"]),
    "yes_no": st.tuples(st.sampled_from(["yes", "yes", "no", "Y", "n"]), SECTION).map("".join),
    "count": NUMBER,
    "percent": NUMBER,
    "limit": st.one_of(st.just("none"), st.tuples(NUMBER, st.just(" "), UNITS, SECTION).map("".join)),
    "quorum": st.tuples(SHARES, st.sampled_from([" of seats", " of serving"]), SECTION).map("".join),
    "vote": st.tuples(SHARES, st.sampled_from([" of seats", " of present", " of voting"]), SECTION).map("".join),
    "departments": st.lists(WORDS, min_size=1, max_size=3),
    "languages": st.lists(
        st.one_of(st.sampled_from(["Spanish", "vi"]), WORDS.map(lambda w: f"qaa {w[:99]}")), max_size=3
    ),
}
TYPED = {kind: st.one_of(words, words, words, st.just("?")) for kind, words in KINDS.items()}


@st.composite
def any_answers(draw: st.DrawFn) -> Answers:
    """Whatever somebody might type, until it is accepted; a question that will not be answered gets its example."""
    answers, tries = Answers(), 0
    while found := next_question(answers):
        question = found[1]
        example = question.example if isinstance(question.example, str) else list(question.example)
        typed = draw(TYPED[question.kind]) if tries < 3 else example
        tries += 1
        try:
            answers = answers.with_(question.key, typed, read(question, typed, answers))
            tries = 0
        except BadAnswer:
            continue
    return answers


# Not made smaller when it fails: that takes minutes, and the file that fails says it all.
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(any_answers())
def test_any_answers_give_a_rulebook_that_loads_and_checks(answers: Answers) -> None:
    with tempfile.TemporaryDirectory() as folder:
        written = write_rulebook(answers, Path(folder))
        assert problems_of(written) == []
        book = read_rulebook(written.folder)
        assert str(book.name) == answers.value("agency")
        assert [str(d.label) for d in book.departments] == [name for name, _ in answers.value("departments")]
        # What was kept makes the same rulebook again.
        again = read_answers(written.answers)
        assert (again.answers.read, again.missing) == (answers.read, ())


@pytest.mark.parametrize("text", ["a\nb", "a\u2028b", "a\x00b", "half \ud800", "x" * 501, "  "])
def test_what_cannot_stand_on_one_line_is_refused(text: str) -> None:
    with pytest.raises(BadAnswer):
        line(text)


@pytest.mark.parametrize("typed", ["the desk", "@", "a@b", "a b@c.example", "a@b..example", "help@", "😟@"])
def test_words_that_are_no_email_address_are_refused(typed: str) -> None:
    with pytest.raises(BadAnswer, match="no email address"):
        read_answer("email", typed, Ask(choices={}))


@pytest.mark.parametrize("typed", ["help@review.springfield.example", "élodie+1@bürgeramt.example", "none", "?"])
def test_an_email_address_or_none_is_taken(typed: str) -> None:
    read_answer("email", typed, Ask(choices={}))


# --- a file of answers ---


def test_the_example_has_every_key_and_can_be_used_as_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text(example_file(), "utf-8")
    held = read_answers(file)
    elsewhere = {
        key for key in every_key() if key.startswith(("second_board.", "third_board.")) or key == "sample_percent"
    }
    assert (held.missing, held.not_asked) == ((), ())
    assert set(held.answers.typed) == every_key() - elsewhere - {"holders.mediate"}
    assert problems_of(write_rulebook(held.answers, tmp_path)) == []


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ('folder: "springfield-prb"', 'foldr: "x"', "nothing is asked by that name; did you mean folder?"),
        ('holidays: "yes"', "holidays: true", 'put it in quotes ("...")'),
        ('holidays: "yes"', "holidays: perhaps", "neither yes nor no"),
        ('  seats: "7"', "  seats: [7]", "this is no text"),
        ('  seats: "7"', '  seats: "many"', "“many” is not a whole number from 1 to 200."),
        ('  vote: "majority', '  vote: "most', "“most” is not known"),
        ('  quorum: "majority of seats', '  quorum: "8 of seats', "8 can never agree where there are 7 seats"),
        ('agency: "', 'agency: "?" # "', "Without this no rulebook can be written"),
        ('takes_effect: "2026-10-01"', "takes_effect: 2026-02-30", "“2026-02-30” is not a day"),
        ('state: "IL"', "state: Illinois", "write its two letters"),
        ('time_zone: "Central"', "time_zone: Nowhere", "is not in the list"),
        (
            'acknowledge: "5 business days',
            'acknowledge: "5 fortnights',
            "length of time; write a number in digits",
        ),
        ('city: "City', 'city: "City\\nof"\nx: "', "Write this on one line."),
    ],
)
def test_a_wrong_answer_in_a_file_is_refused_with_its_line(was: str, now: str, said: str, tmp_path: Path) -> None:
    text = example_file()
    assert text.count(was) == 1
    file = tmp_path / "answers.yaml"
    file.write_text(text.replace(was, now), "utf-8")
    with pytest.raises(RulebookError) as refused:
        read_answers(file)
    expected = text[: text.index(was)].count("\n") + 1 if "\\n" not in now else None
    assert said in str(refused.value) or "nothing is asked by that name" in str(refused.value)
    assert expected is None or f"answers.yaml:{expected}:" in str(refused.value)


@pytest.mark.parametrize(
    ("city", "agency", "folder"),
    [
        ("Village of Elm Falls", "Elm Falls Police Review Board", "elm-falls-police-review-board"),
        ("City of Springfield", "Police Review Board", "springfield-police-review-board"),
    ],
)
def test_the_folder_that_is_proposed_says_the_city_once(city: str, agency: str, folder: str) -> None:
    answers = Answers().with_("city", city, Answer(city)).with_("agency", agency, Answer(agency))
    assert proposed_folder(answers) == folder


def test_the_example_names_what_only_another_model_is_asked() -> None:
    asked_of_others = [line for line in example_file().splitlines() if line.startswith("# sample_percent: ")]
    assert len(asked_of_others) == 1


def test_a_folder_that_is_there_is_never_touched(tmp_path: Path) -> None:
    written = write_rulebook(answered("review"), tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(Refused, match="is there already, and nothing is overwritten"):
        write_rulebook(answered("hybrid"), tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == [written.folder.parent.name]


# --- the command ---


def test_the_command_says_what_is_missing_where_and_what_comes_next(
    rulebook: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policies").mkdir()
    (tmp_path / "a.yaml").write_text(as_file(unknown("review")), "utf-8")
    told = rulebook("new", "--answers", "a.yaml", "--into", "policies")
    assert told.code == 0
    assert "No case opens under it before this is answered:" in told.out
    assert "policies/harbor/2026-10-01/rulebook.yaml:" in told.out
    assert "./candor rulebook check policies/harbor/2026-10-01" in told.out
    assert "./candor setup --agency harbor" in told.out
    assert rulebook("check", "policies/harbor/2026-10-01").code == 0
    again = rulebook("new", "--answers", "a.yaml", "--into", "policies")
    assert (again.code, again.out) == (1, "")
    assert "is there already" in again.err


def test_without_a_terminal_it_asks_for_a_file(rulebook: Any, tmp_path: Path) -> None:
    part = tmp_path / "part.yaml"
    part.write_text('city: "Harbor"\nagency: "Harbor Review"\n', "utf-8")
    bare, half = rulebook("new"), rulebook("new", "--answers", str(part))
    assert (bare.code, half.code) == (1, 1)
    assert "give the answers in a file with --answers FILE" in bare.err
    assert "leaves these out: folder, takes_effect, state" in half.err
    assert "city" not in half.err
    assert rulebook("new", "--answers", str(tmp_path / "none.yaml")).code == 1
    assert "There is no folder" in rulebook("new", "--into", str(tmp_path / "none")).err


def test_the_example_is_printed_and_json_says_the_same(rulebook: Any, tmp_path: Path) -> None:
    printed = rulebook("new", "--example")
    assert printed.out == example_file()
    (tmp_path / "a.yaml").write_text(printed.out, "utf-8")
    told = rulebook("new", "--answers", str(tmp_path / "a.yaml"), "--into", str(tmp_path), "--json").json
    assert told["status"] == "draft"
    assert {"rulebook.yaml", "form.yaml", "words/es.yaml", "scenarios/the_first_road.yaml"} <= set(told["files"])

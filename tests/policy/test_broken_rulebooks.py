"""A broken rulebook is refused with the file, the line, the reason and the way to mend it."""

from datetime import date

import pytest

from app.config import PROJECT
from app.policy.lint import lint
from app.policy.loader import from_files, read_folder
from app.policy.problems import RulebookError, Severity
from app.policy.vocabulary import Vocabulary

RIVERBEND = read_folder(PROJECT / "policies" / "riverbend" / "2025-01-01")
BOOK, FORM = "rulebook.yaml", "form.yaml"


def problems_after(file: str, old: str, new: str) -> list[str]:
    """What is said about riverbend after one change, without the line, which moves when the rulebook grows."""
    text = RIVERBEND[file].decode()
    assert text.count(old) >= 1, old
    files = {**RIVERBEND, file: text.replace(old, new, 1).encode()}
    try:
        problems = lint(from_files("riverbend", date(2025, 1, 1), files, "p"), folder="p")
    except RulebookError as error:
        problems = list(error.problems)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    assert all(problem.line > 1 for problem in errors), errors
    return [f"{p.file}: {p.place}: {p.reason}" + (f"; {p.mend}" if p.mend else "") for p in errors]


BROKEN = {
    "a key that is misspelt": (
        BOOK,
        "    public_label: We have your complaint",
        "    public_labell: We have your complaint",
        'p/rulebook.yaml: stages.received: "public_label" is missing',
    ),
    "a key that does not exist": (
        BOOK,
        "  roll: next_open_day\n",
        "  roll: next_open_day\n  timezone: UTC\n",
        'p/rulebook.yaml: calendar.timezone: there is no key "timezone" here; did you mean "time_zone"?',
    ),
    "a key said twice": (
        BOOK,
        "models:\n",
        "models:\n  primary: review\n",
        "p/rulebook.yaml: models.primary: this key stands here twice",
    ),
    "a wrong choice": (
        BOOK,
        "primary: hybrid",
        "primary: hybird",
        'p/rulebook.yaml: models.primary: "hybird" is not known here; '
        "it must be 'review', 'investigation', 'auditor_monitor' or 'hybrid'",
    ),
    "text where a number belongs": (
        BOOK,
        "amount: 180",
        'amount: "180"',
        "p/rulebook.yaml: deadlines.finish_investigation.amount: this must be a whole number",
    ),
    "yes where true belongs": (
        BOOK,
        "final: true",
        "final: yes",
        "p/rulebook.yaml: stages.closed.final: this must be true or false",
    ),
    "a stage that does not exist": (
        BOOK,
        "{from: received, to: screening,",
        "{from: received, to: screning,",
        "p/rulebook.yaml: moves.0.to: there is no stage screning; did you mean screening?",
    ),
    "a role that does not exist": (
        BOOK,
        "{from: open, to: investigating, by: [investigator,",
        "{from: open, to: investigating, by: [detective,",
        "p/rulebook.yaml: moves.4.by: there is no role detective; use one of: administrator, analyst, auditor, "
        "commissioner, counsel, director, intake, investigator, liaison, secretary, supervisor, system",
    ),
    "a guard that the code does not know": (
        BOOK,
        "only_if: [investigator_assigned]",
        "only_if: [investigator_asigned]",
        "p/rulebook.yaml: moves.4.only_if: there is no guard investigator_asigned; did you mean investigator_assigned?",
    ),
    "a stage that no case reaches": (
        BOOK,
        "{from: investigating, to: supervisor_review, by",
        "{from: investigating, to: closed, by",
        "p/rulebook.yaml: stages.supervisor_review: no case can reach the stage supervisor_review; "
        "add a move to it from received or from a stage that can be reached",
    ),
    "a closed stage that is not final": (
        BOOK,
        "    public_text: We have finished. Our letter to you says what was found and why.\n    final: true\n",
        "    public_text: We have finished. Our letter to you says what was found and why.\n",
        "p/rulebook.yaml: stages.closed: the stage closed has the phase closed but is not final; "
        "a final stage has `phase: closed`, and no other stage has",
    ),
    "a move said twice": (
        BOOK,
        "  - {from: open, to: referred,",
        "  - {from: open, to: investigating, by: [director]}\n  - {from: open, to: referred,",
        "p/rulebook.yaml: moves.6: the move from open to investigating stands here twice; "
        "keep one of them, with every role that may make it",
    ),
    "a clock that nothing starts": (
        BOOK,
        "    starts: supervisor_approved\n",
        "    starts: []\n",
        "p/rulebook.yaml: deadlines.hear_case: nothing starts the clock hear_case; name an event in `starts`",
    ),
    "a clock that nothing stops": (
        BOOK,
        "    stops: subpoena_returned\n",
        "    stops: []\n",
        "p/rulebook.yaml: deadlines.subpoena_return: nothing stops the clock subpoena_return; name an event in `stops`",
    ),
    "a clock on an event that never happens": (
        BOOK,
        "    starts: findings_sent\n",
        "    starts: findings_send\n",
        "p/rulebook.yaml: deadlines.department_answer.starts: there is no event findings_send; "
        "did you mean findings_sent?",
    ),
    "a clock without an amount": (
        BOOK,
        "    amount: 45\n    unit: days\n    starts: supervisor_approved\n",
        "    starts: supervisor_approved\n",
        "p/rulebook.yaml: deadlines.hear_case: no date can be given for hear_case; "
        "find the number, or keep the rulebook a draft",
    ),
    "a finding without a class": (
        BOOK,
        "    canonical: policy_gap\n",
        "",
        "p/rulebook.yaml: findings.policy_failure: policy_failure has no class; "
        "add `canonical:` so that it can be compared with other cities",
    ),
    "two findings of one precedence": (
        BOOK,
        "    precedence: 2\n",
        "    precedence: 1\n",
        "p/rulebook.yaml: findings.sustained.precedence: 1 is the precedence of more than one finding; "
        "give every finding a number of its own",
    ),
    "a law that is not cited": (
        BOOK,
        "    starts: subpoena_served\n    stops: subpoena_returned\n    owner: department\n    per: demand\n"
        "    warnings: [5, 2]\n    authority: Charter 12.09(c)\n",
        "    starts: subpoena_served\n    stops: subpoena_returned\n    owner: department\n    per: demand\n",
        "p/rulebook.yaml: deadlines.subpoena_return: this is said to have been read, but no law is cited; "
        'add `authority: "..."` with the section of law, or mark it `evidence: general` or `unknown`',
    ),
    "a source that is not listed": (
        BOOK,
        "  source: charter\n",
        "  source: carter\n",
        "p/rulebook.yaml: meta.source: there is no source carter; did you mean charter?",
    ),
    "a quorum that cannot be met": (
        BOOK,
        "quorum: {share: majority, of: serving,",
        "quorum: {share: number, number: 6, of: serving,",
        "p/rulebook.yaml: bodies.commission.quorum: 6 can never be met when 5 seats are filled; "
        "ask for at most 5, or change `seats`",
    ),
    "a number without its share": (
        BOOK,
        "finding: {share: majority, of: present,",
        "finding: {share: number, of: present,",
        "p/rulebook.yaml: bodies.commission.votes.finding: a share and a number contradict each other; "
        "give `number` with `share: number`, and only with it",
    ),
    "a kind of allegation below itself": (
        BOOK,
        "    label: Force\n    theme: force\n",
        "    label: Force\n    parent: force_hands\n    theme: force\n",
        "p/rulebook.yaml: allegations.force.parent: force is its own ancestor; let one of them stand without a parent",
    ),
    "an active rulebook with an open question": (
        BOOK,
        "  sources:\n",
        "  open_questions: [{question: How late?, place: intake, stops_cases: true}]\n  sources:\n",
        "p/rulebook.yaml: meta.open_questions.0: an open question stops cases from being handled; "
        "answer it, or make the rulebook `status: draft`",
    ),
    "a case number that counts up": (
        BOOK,
        'number_mask: "{year}-{random}"',
        'number_mask: "{year}-{sequence}"',
        "p/rulebook.yaml: meta.number_mask: {year}-{sequence} is not a mask for numbers; "
        'write it like "{year}-{random}"',
    ),
    "a time zone that does not exist": (
        BOOK,
        "time_zone: America/Chicago",
        "time_zone: Central",
        "p/rulebook.yaml: calendar.time_zone: Central is not a time zone such as America/Chicago",
    ),
    "a place without holidays": (
        BOOK,
        "  holidays_country: US\n",
        "  holidays_country: XX\n",
        "p/rulebook.yaml: calendar: there is no table of public holidays for this place; "
        "use codes such as US and NY, or leave them out and list the days in `closed_on`",
    ),
    "a day that no year has": (
        BOOK,
        "due: [{month: 3, day: 31}]",
        "due: [{month: 2, day: 30}]",
        "p/rulebook.yaml: publication.reports.annual.due.0: month 2 has no day 30; choose a day that every year has",
    ),
    "a day written as a number": (
        BOOK,
        "{day: 2025-11-28,",
        "{day: 20251128,",
        "p/rulebook.yaml: calendar.closed_on.0.day: write the day as 2026-03-05",
    ),
    "a day that does not exist": (
        BOOK,
        "{day: 2025-11-28,",
        "{day: 2025-11-31,",
        "p/rulebook.yaml: calendar.closed_on.0.day: Input should be a valid date or datetime, "
        "day value is outside expected range",
    ),
    "a code with capitals": (
        BOOK,
        "  screening:\n    label: Screening\n",
        "  Screening:\n    label: Screening\n",
        'p/rulebook.yaml: stages.Screening: "Screening" is not a code: '
        "use small letters, digits and _, and begin with a letter",
    ),
    "a text that is not translated": (
        "words/es.yaml",
        "    public_label: Tenemos su queja\n",
        "",
        "p/rulebook.yaml: stages.received.public_label: this text is missing in es; add it to words/es.yaml",
    ),
    "words for what is no text": (
        "words/es.yaml",
        "stages:\n  received:\n",
        "stages:\n  received:\n    phase: recepción\n",
        "p/rulebook.yaml: stages.received.phase: \"{'en': 'intake', 'es': 'recepción'}\" is not known here; "
        "it must be 'intake', 'screening', 'investigation', 'review', 'decision', 'answer' or 'closed'",
    ),
    "a question on a page that comes later": (
        FORM,
        "shown_when: {field: anonymity,",
        "shown_when: {field: narrative,",
        "p/form.yaml: pages.about_you.shown_when: narrative has not been asked yet; name a question that comes earlier",
    ),
    "a question that gives an anonymous filer away": (
        FORM,
        "    shown_when: {field: anonymity, is_none_of: [anonymous]}\n",
        "",
        "p/form.yaml: pages.about_you.fields.name: name would be asked of an anonymous filer; "
        "hide it with `shown_when: {field: anonymity, is_none_of: [anonymous]}`",
    ),
    "a form that never asks what happened": (
        FORM,
        "        fills: incident.narrative\n",
        "",
        "p/form.yaml: pages: no question of the form gives incident.narrative; "
        "add a question with `fills: incident.narrative`",
    ),
    "a choice of nothing": (
        FORM,
        "        choices_from: relationships\n",
        "",
        "p/form.yaml: pages.anonymity.fields.relationship: relationship offers nothing to choose; "
        "add `choices` or `choices_from`",
    ),
    "a form that is sent unseen": (
        FORM,
        "    is_check: true\n",
        "",
        "p/form.yaml: pages: the form does not end with a page that shows the answers; "
        "make the last page `is_check: true`",
    ),
    "a letter that names an unknown fact": (
        "letters/closing.es.txt",
        "{outcome}",
        "{resultado}",
        "p/letters/closing.es.txt: : {resultado} is not a fact of this letter; use one of: case_number, closed_on, "
        "filer_name, filing_number, findings, incident_date, office_address, office_email, office_name, office_phone, "
        "office_web, outcome, reason, received_on, review_text, signed_by, status_link, today, tracking_link",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_it_is_said_what_is_wrong_and_how_to_mend_it(name: str) -> None:
    file, old, new, message = BROKEN[name]
    assert message in problems_after(file, old, new)


def test_a_dead_end_that_is_not_final_is_named() -> None:
    lines = RIVERBEND[BOOK].decode().splitlines(keepends=True)
    kept = "".join(line for line in lines if not line.startswith("  - {from: awaiting_answer,"))
    files = {**RIVERBEND, BOOK: kept.encode()}
    problems = lint(from_files("riverbend", date(2025, 1, 1), files))
    assert [f"{p.place}: {p.reason}; {p.mend}" for p in problems] == [
        "stages.awaiting_answer: the stage awaiting_answer is a dead end that is not final; "
        "add a move that leads on, or mark it `final: true`"
    ]


def test_a_message_begins_with_the_file_and_the_line() -> None:
    text = RIVERBEND[BOOK].decode()
    line = next(n for n, content in enumerate(text.splitlines(), start=1) if "amount: 180" in content)
    files = {**RIVERBEND, BOOK: text.replace("amount: 180", "amount: many").encode()}
    with pytest.raises(RulebookError) as refusal:
        from_files("riverbend", date(2025, 1, 1), files, "policies/riverbend/2025-01-01")
    assert str(refusal.value) == (
        f"policies/riverbend/2025-01-01/rulebook.yaml:{line}: deadlines.finish_investigation.amount: "
        "this must be a whole number"
    )


def test_several_problems_are_one_line_that_counts_them() -> None:
    text = RIVERBEND[BOOK].decode().replace("amount: 180", "amount: many").replace("final: true", "final: yes")
    with pytest.raises(RulebookError, match=r"\(and 3 more\)$") as refusal:
        from_files("riverbend", date(2025, 1, 1), {**RIVERBEND, BOOK: text.encode()})
    assert "\n" not in str(refusal.value)
    assert len(refusal.value.problems) == 4


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
        ("rulebook.yaml", b"a: 1\nb: \xff", "p/rulebook.yaml:2: this file is not UTF-8"),
        ("rulebook.yaml", b"a: \x00", "this file holds characters that YAML does not allow"),
        ("rulebook.yaml", b"", "p/rulebook.yaml:1: this file must hold keys and values"),
        ("rulebook.yaml", b"- a", "p/rulebook.yaml:1: this file must hold keys and values"),
        ("rulebook.yaml", b"meta: !!python/object:os.system x", "p/rulebook.yaml:1: meta: a tag (!) is not allowed"),
        ("rulebook.yaml", b"a: &a {b: 1}\nc:\n  <<: *a\n", "no merging"),
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

"""The demonstration city's rulebook with milestones: signed statement, papers served, days complete and final."""

from app.policy.model import Rulebook
from tests.rulebooks import from_files

SWORN = """  sworn_statement:
    needed_to_file: false
    needed_later: {en: We need your signature before we can investigate., es: Necesitamos su firma antes de investigar.}
    milestone: statement_signed
    informal_stages: [received, screening]
    never_formal: [anonymous]
    authority: Charter 12.07(e)
"""
MILESTONES = """
milestones:
  statement_signed:
    label: The complaint was signed
    by: [intake, investigator]
    whose: filer
    proof: The signed page
    authority: Charter 12.07(e)
  chief_told:
    label: The chief was told in writing
    by: [investigator, supervisor]
    whose: agency
    authority: Charter 12.31
  papers_served:
    label: Papers served on the officer
    by: [supervisor]
    whose: department
    per: officer
    filed_with: district_attorney
    authority: Charter 12.32
  half_year_letter:
    label: Half-year letter sent
    by: [supervisor]
    whose: agency
    authority: Charter 12.33
  appeal_over:
    label: The appeal is over
    by: [director]
    whose: external
    authority: Charter 12.34

completion:
  complete_on: [papers_served]
  final_on: [chief_told, appeal_over]
  authority: Charter 12.35
"""
CLOCKS = """deadlines:
  chief_answers:
    label: The chief answers
    amount: 20
    unit: days
    starts: chief_told
    stops: [appeal_over, case_closed, case_closed_early]
    tolling: [officer_unavailable]
    authority: Charter 12.31
  tell_the_chief:
    label: Tell the chief
    amount: 30
    unit: days
    starts: case_opened
    stops: [chief_told, case_closed, case_closed_early]
    authority: Charter 12.31
  officer_appeals:
    label: The officer appeals
    amount: 10
    unit: days
    starts: papers_served
    stops: [appeal_over, case_closed]
    per: officer
    owner: officer
    authority: Charter 12.32
  half_year:
    label: Write every half year
    amount: 6
    unit: months
    starts: case_opened
    stops: [case_closed, case_closed_early]
    repeat: {amount: 6, unit: months, done_by: [half_year_letter]}
    authority: Charter 12.33
"""
CHANGES = (
    # What is new here has no Spanish.
    ("is_complete: true, checked_by", "checked_by"),
    ("  sworn_statement: {needed_to_file: false, authority: Charter 12.07(e)}\n", SWORN),
    ("deadlines:\n", CLOCKS),
    ("only_if: [investigator_assigned], authority", "only_if: [investigator_assigned], after: [chief_told], authority"),
    (
        "to: closed, by: [secretary, director], only_if: [every_allegation_has_a_finding, motion_carried], authority",
        "to: closed, by: [secretary, director], after: [chief_told, papers_served], authority",
    ),
    (
        "to: supervisor_review, by: [investigator, supervisor], only_if: [every_allegation_has_a_finding],",
        "to: supervisor_review, by: [investigator, supervisor], after: [papers_served],",
    ),
)
OWN_KINDS = """case_kinds:
  complaint: {label: {en: Complaint, es: Queja}, origin: complaint, authority: Charter 12.07}
  critical_incident:
    label: {en: Critical incident, es: Incidente grave}
    origin: critical_incident
    definition: {en: A death or serious injury by police action., es: Una muerte o lesión grave por la policía.}
    needs_filing: false
    needs_allegation: false
    opened_by: [supervisor, director]
    first_stage: investigating
    authority: Charter 12.40
  own_motion:
    label: {en: Opened by the director, es: Abierto por la dirección}
    origin: own_motion
    needs_filing: false
    opened_by: [director]
    authority: Charter 12.41

classification:
"""
OWN_END = """  - from: investigating
    to: closed
    by: [director]
    only_if: [closing_letter_sent]
    needs_reason: true
    label: {en: Close the critical incident, es: Cerrar el incidente}
    authority: Charter 12.42
"""


def with_own_kinds(book: Rulebook) -> Rulebook:
    """The same city and day; its office may open a case that nobody complained of."""
    text = book.files["rulebook.yaml"].decode()
    assert text.count("\nclassification:\n") == 1
    text = text.replace("\nclassification:\n", f"\n{OWN_KINDS}").replace("\nmoves:\n", f"\nmoves:\n{OWN_END}")
    return from_files(book.id, book.effective_from, {**book.files, "rulebook.yaml": text.encode()})


def with_milestones(book: Rulebook) -> Rulebook:
    """The same city and day; some of its law waits for what happens outside."""
    text = book.files["rulebook.yaml"].decode()
    for old, new in CHANGES:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return from_files(book.id, book.effective_from, {**book.files, "rulebook.yaml": (text + MILESTONES).encode()})

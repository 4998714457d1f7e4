"""The demonstration city where a report is filed with the prosecutor, unless the matter is a minor one."""

from app.policy.model import Rulebook
from tests.cases.books import with_milestones
from tests.rulebooks import from_files

REPORT = """    to: district_attorney
    sender: office
    trigger: case_opened
    clock: tell_the_chief
    fulfilled_by: filing
    filed_with: {body: district_attorney, proof: The stamped copy}
    recorded_as: chief_told
    categories:
      force: {label: Force and weapons, covers: [force], always: true}
    minor:
      categories: [conduct]
      not_minor_when: {public: It touches the public}
      recorded_as: kept_as_minor
      authority: Charter 12.16(b)
"""
MINOR = """  kept_as_minor:
    label: Kept as a minor matter
    by: [intake, investigator]
    whose: agency
    authority: Charter 12.16(b)
  half_year_letter:
"""
CHANGES = (
    ("    to: district_attorney\n    sender: office\n    trigger: case_classified\n", REPORT),
    ("  half_year_letter:\n", MINOR),
    ("stops: [chief_told, case_closed,", "stops: [chief_told, kept_as_minor, case_closed,"),
)


def with_reports(book: Rulebook) -> Rulebook:
    """The same city and day, with a report that is fulfilled by filing and stops a clock."""
    city = with_milestones(book)
    text = city.files["rulebook.yaml"].decode()
    for old, new in CHANGES:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return from_files(city.id, city.effective_from, {**city.files, "rulebook.yaml": text.encode()})


DISPUTES = """  disputes:
    one_member:
      label: {en: Before the inspector general, es: Ante la inspección general}
      decided_by: inspector_general
      deciders: 1
      chosen: By lot
      burden_on: chief
      test: {en: The chief must overcome the recommendation., es: El jefe debe superar la recomendación.}
      on_the_record: true
      excluded_deciders: {had_a_hand: Whoever had a hand in the recommendation}
      clock: one_member_decides
      recorded_as: member_decided
      outcomes:
        met: {label: {en: The chief convinced, es: El jefe convenció}, stands: chief}
        not_met: {label: {en: The chief did not convince, es: El jefe no convenció}, stands: agency}
        settled: {label: {en: Both agreed otherwise, es: Ambos acordaron otra cosa}, stands: external}
      authority: Charter 12.11(g)
    three_members:
      label: {en: Before three members, es: Ante tres miembros}
      decided_by: commission
      deciders: 3
      burden_on: department
      outcomes: {kept: {label: {en: It is kept, es: Se mantiene}, stands: board}}
      authority: Charter 12.11(h)
  silence: The commission's finding stands, and"""
DISPUTE_CHANGES = (
    ("  silence: The commission's finding stands, and", DISPUTES),
    (
        "disagree: {label: Disagrees with the finding, accepts: false, needs_reason: true}\n    more_work",
        "disagree: {label: Disagrees with the finding, accepts: false, needs_reason: true, opens: one_member}\n"
        "    hold: {label: Asks three members, accepts: false, opens: three_members}\n    more_work",
    ),
    (
        "  half_year_letter:\n",
        "  member_decided: {label: The member decided, by: [director], whose: external, authority: Charter 12.11(g)}\n"
        "  half_year_letter:\n",
    ),
    (
        "deadlines:\n",
        "deadlines:\n  one_member_decides:\n    label: The member decides\n    amount: 30\n    unit: days\n"
        "    starts: dispute_opened\n    stops: [member_decided, case_closed]\n    authority: Charter 12.11(g)\n",
    ),
)


def with_disputes(book: Rulebook) -> Rulebook:
    """The same city and day, where an answer goes before one person outside the office, or before three members."""
    city = with_milestones(book)
    text = city.files["rulebook.yaml"].decode()
    for old, new in DISPUTE_CHANGES:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return from_files(city.id, city.effective_from, {**city.files, "rulebook.yaml": text.encode()})

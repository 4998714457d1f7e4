"""The demonstration city's rulebook with milestones, and with rules of what must and what may be reviewed."""

from app.policy.model import Rulebook
from tests.cases.books import with_milestones
from tests.rulebooks import from_files

REVIEWS = """review:
  rules:
    listed:
      label: Listed matters
      is_mandatory: true
      categories: [force]
      findings: [not_sustained, unfounded]
      body: commission
      clock: refer
      authority: Charter 12.50
    by_lot:
      label: A fifth of the rest
      is_mandatory: true
      categories: [duty]
      sample_percent: 20
      body: office
      authority: Charter 12.51
    others: {label: Any other matter, is_mandatory: false, body: commission, authority: Charter 12.52}
"""
REFER = """deadlines:
  refer:
    label: Refer it to the panel
    amount: 14
    unit: days
    starts: chief_told
    stops: [referred_to_panel, case_closed, case_closed_early]
    owner: department
    authority: Charter 12.50
"""
REFERRED = """  referred_to_panel:
    label: Referred to the panel
    by: [supervisor]
    whose: department
    authority: Charter 12.50
"""


def with_reviews(book: Rulebook) -> Rulebook:
    """The same again; force must be reviewed where the department found nothing, and other matters may be."""
    met = with_milestones(book)
    text = met.files["rulebook.yaml"].decode()
    for old, new in (
        ("\nreview:\n", f"\n{REVIEWS}"),
        ("\ndeadlines:\n", f"\n{REFER}"),
        ("\nmilestones:\n", f"\nmilestones:\n{REFERRED}"),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return from_files(book.id, book.effective_from, {**book.files, "rulebook.yaml": text.encode()})

"""Filings that look alike: the worker compares, people decide; each filing is screened and answered all the same."""

from uuid import UUID, uuid4

from app.access.acts import never_stopped
from app.access.reading import found
from app.access.work import Work
from app.intake import queries
from app.intake.commands import LinkFilings, MarkCampaign
from app.intake.events import CampaignMarked, FilingLeftCampaign, FilingsLinked
from app.intake.queries import alike as looking
from app.intake.records import Campaign, CampaignFiling, Filing, FilingLink, FilingSketch, Likeness
from app.intake.rules import alike as rules
from app.kernel.errors import Invalid, NotFound

AT_ONCE = 100
CANDIDATES = 50
MOST_PAIRS = 5


def compare_filings(work: Work) -> int:
    """Compares what has come and was not compared yet with everything before it; how many that were."""
    fresh = looking.without_sketch(work, AT_ONCE)
    for filing in fresh:
        _compare(work, filing)
    return len(fresh)


def _compare(work: Work, filing: Filing) -> None:
    words = rules.words_of(filing.narrative)
    sketch = rules.sketch(work.keys.derive("likeness"), words)
    others = looking.sharing(work, sketch, CANDIDATES) if sketch else []
    percents = {other.id: rules.percent_alike(words, rules.words_of(other.narrative)) for other in others}
    best = sorted(percents, key=lambda each: percents[each], reverse=True)[:MOST_PAIRS]
    work.session.add(FilingSketch(filing_id=filing.id, sketch=sketch))
    for other_id in best:
        if percents[other_id] >= rules.LEAST_ALIKE:
            work.session.add(Likeness(filing_id=filing.id, other_id=other_id, percent=percents[other_id]))
    work.session.flush()


@never_stopped("what belongs together may always be said")
def link_filings(work: Work, filing_id: UUID, ask: LinkFilings) -> FilingLink:
    """Says that two filings are the same complaint sent twice, or that they are not alike; the last word counts."""
    filing, other = queries.get_filing(work, filing_id), queries.get_filing(work, ask.other_id)
    if filing.id == other.id:
        raise Invalid({"other_id": "A filing cannot be linked with itself."})
    link = looking.link_of(work, filing.id, other.id)
    if link is None:
        low, high = sorted((filing.id, other.id))
        link = work.add(FilingLink(id=uuid4(), filing_id=low, other_id=high))
    link.kind, link.linked_by_id, link.linked_at = ask.kind, found(work.actor.id), work.now
    work.happened(
        FilingsLinked(case_id=filing.case_id, filing_id=filing.id, link_id=link.id, kind=ask.kind.replace("_", " "))
    )
    return link


@never_stopped("what belongs together may always be said")
def mark_campaign(work: Work, ask: MarkCampaign) -> Campaign:
    """Takes filings for one campaign; one that stands in another is left there."""
    # Held in one order, so that of two who mark the same filings at once the second finds them taken.
    filings = [queries.get_filing(work, each, for_update=True) for each in sorted(set(ask.filing_ids))]
    fresh = [filing for filing in filings if looking.membership(work, filing.id) is None]
    if not fresh:
        raise Invalid({"filing_ids": "Choose filings that are in no campaign yet."})
    campaign = work.add(Campaign(id=uuid4(), title=ask.title, marked_by_id=work.actor.id, marked_at=work.now))
    for filing in fresh:
        work.add(CampaignFiling(campaign_id=campaign.id, filing_id=filing.id))
    work.happened(CampaignMarked(campaign_id=campaign.id, count=len(fresh)))
    return campaign


@never_stopped("what belongs together may always be said")
def leave_campaign(work: Work, campaign_id: UUID, filing_id: UUID) -> None:
    """Takes one filing out again."""
    filing = queries.get_filing(work, filing_id)
    member = looking.membership(work, filing.id)
    if member is None or member.campaign_id != campaign_id:
        raise NotFound()
    member.left_at = work.now
    work.happened(FilingLeftCampaign(case_id=filing.case_id, campaign_id=campaign_id, filing_id=filing.id))

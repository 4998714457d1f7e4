"""Selects of filings that look alike and of campaigns: who may not know of one finds no pair and no count of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select, union_all
from sqlalchemy.orm import aliased

from app.access.reading import one_or_not_found
from app.access.work import Work
from app.intake.queries.filings import visible_filings
from app.intake.records import Campaign, CampaignFiling, Filing, FilingLink, FilingSketch, Likeness
from app.intake.rules import alike as rules
from app.intake.rules.alike import LinkKind
from app.kernel.dates import Precision

MOST = 20
MOST_PAIRS = 5000
USUAL_DAYS = 28


@dataclass(frozen=True)
class LookAlike:
    """Another filing that looks like one: by how much of its words, by day and place, and what a person said of it."""

    filing: Filing
    percent: int
    is_same_event: bool
    link: str

    @property
    def why(self) -> str:
        """In words, as the page says it."""
        said = {
            "the same complaint": self.link == LinkKind.DUPLICATE,
            f"{self.percent} % alike": self.percent > 0,
            "same day and place": self.is_same_event,
        }
        return ", ".join(words for words, is_so in said.items() if is_so)


@dataclass(frozen=True)
class Group:
    """Filings that belong together by their words, as far as this person may know of them."""

    filings: list[Filing]
    percent: int

    @property
    def waiting(self) -> int:
        """How many of them are still to be screened."""
        return sum(filing.screened_at is None for filing in self.filings)


def without_sketch(work: Work, most: int) -> list[Filing]:
    """What waits to be screened and was not compared yet, the oldest first."""
    is_sketched = select(FilingSketch.filing_id).where(FilingSketch.filing_id == Filing.id).exists()
    query = select(Filing).where(Filing.screened_at.is_(None), ~is_sketched)
    return list(work.session.scalars(query.order_by(Filing.received_at, Filing.id).limit(most)))


def sharing(work: Work, sketch: Sequence[int], most: int) -> list[Filing]:
    """Filings whose sketch has a number in common with this one, the newest first."""
    query = select(Filing).join(FilingSketch, FilingSketch.filing_id == Filing.id)
    found = query.where(FilingSketch.sketch.overlap(sketch)).order_by(Filing.received_at.desc(), Filing.id)
    return list(work.session.scalars(found.limit(most)))


def look_alikes(work: Work, filing: Filing) -> list[LookAlike]:
    """What looks like this filing: the most alike first, what was found not to be alike last."""
    percents = _percents(work, [filing.id]).get(filing.id, {})
    links = _links(work, filing.id)
    near = or_(Filing.id.in_([*percents, *links]), _at_the_same_event(filing))
    query = visible_filings(work).where(Filing.id != filing.id, near).order_by(Filing.received_at.desc(), Filing.id)
    found = [
        LookAlike(other, percents.get(other.id, 0), _is_same_event(filing, other), links.get(other.id, ""))
        for other in work.session.scalars(query.limit(MOST))
    ]
    return sorted(found, key=lambda each: (each.link == LinkKind.NOT_ALIKE, -each.percent))


def _at_the_same_event(filing: Filing) -> ColumnElement[bool]:
    if filing.incident_precision != Precision.DAY or not filing.location:
        return false()
    is_day = Filing.incident_precision == Precision.DAY
    return and_(Filing.incident_date == filing.incident_date, is_day, Filing.location == filing.location)


def _is_same_event(one: Filing, other: Filing) -> bool:
    is_day = one.incident_precision == other.incident_precision == Precision.DAY
    return is_day and one.incident_date == other.incident_date and bool(one.location) and one.location == other.location


def most_alike(work: Work, filings: Iterable[Filing]) -> dict[UUID, tuple[Filing, int, int]]:
    """For the list: what each filing is most alike, by how much, and how many more there are."""
    percents = _percents(work, [filing.id for filing in filings])
    apart = _apart(work, percents)
    kept = {
        key: {other: percent for other, percent in each.items() if frozenset((key, other)) not in apart}
        for key, each in percents.items()
    }
    wanted = {other for each in kept.values() for other in each}
    known = {row.id: row for row in work.session.scalars(visible_filings(work).where(Filing.id.in_(wanted)))}
    found: dict[UUID, tuple[Filing, int, int]] = {}
    for key, each in kept.items():
        shown = sorted(((percent, other) for other, percent in each.items() if other in known), reverse=True)
        if shown:
            found[key] = (known[shown[0][1]], shown[0][0], len(shown) - 1)
    return found


def _percents(work: Work, filing_ids: Sequence[UUID]) -> dict[UUID, dict[UUID, int]]:
    """Of each filing the others that look like it; a pair is looked up from both its sides, each by an index."""
    mine = select(Likeness.filing_id, Likeness.other_id, Likeness.percent).where(Likeness.filing_id.in_(filing_ids))
    theirs = select(Likeness.other_id, Likeness.filing_id, Likeness.percent).where(Likeness.other_id.in_(filing_ids))
    found: dict[UUID, dict[UUID, int]] = {}
    for one, other, percent in work.session.execute(union_all(mine, theirs)):
        found.setdefault(one, {})[other] = percent
    return found


def _apart(work: Work, filing_ids: Iterable[UUID]) -> set[frozenset[UUID]]:
    ids = list(filing_ids)
    query = select(FilingLink.filing_id, FilingLink.other_id).where(
        FilingLink.kind == LinkKind.NOT_ALIKE, or_(FilingLink.filing_id.in_(ids), FilingLink.other_id.in_(ids))
    )
    return {frozenset((one, other)) for one, other in work.session.execute(query)}


def _links(work: Work, filing_id: UUID) -> dict[UUID, str]:
    query = select(FilingLink).where(or_(FilingLink.filing_id == filing_id, FilingLink.other_id == filing_id))
    rows = work.session.scalars(query)
    return {row.other_id if row.filing_id == filing_id else row.filing_id: row.kind for row in rows}


def link_of(work: Work, one: UUID, other: UUID) -> FilingLink | None:
    """What was said of these two, whichever was first."""
    low, high = sorted((one, other))
    return work.session.scalar(select(FilingLink).where(FilingLink.filing_id == low, FilingLink.other_id == high))


def suggested_groups(work: Work) -> list[Group]:
    """Three and more filings that look alike, one after the other; some of them wait, and none is in a campaign."""
    one, other = aliased(Filing), aliased(Filing)
    query = (
        select(Likeness.filing_id, Likeness.other_id, Likeness.percent)
        .join(one, one.id == Likeness.filing_id)
        .join(other, other.id == Likeness.other_id)
        .where(or_(one.screened_at.is_(None), other.screened_at.is_(None)))
    )
    rows = work.session.execute(query.limit(MOST_PAIRS))
    pairs = {frozenset((later, earlier)): percent for later, earlier, percent in rows}
    ids = {each for pair in pairs for each in pair}
    taken = _in_campaigns(work, ids)
    known = {row.id: row for row in work.session.scalars(visible_filings(work).where(Filing.id.in_(ids - taken)))}
    apart = _apart(work, ids)
    left = {pair: percent for pair, percent in pairs.items() if pair <= known.keys() and pair not in apart}
    return [
        Group(
            sorted((known[key] for key in group), key=lambda each: (each.received_at, each.id)),
            min(percent for pair, percent in left.items() if pair <= group),
        )
        for group in rules.groups(_pair(each) for each in left)
    ]


def _pair(pair: frozenset[UUID]) -> tuple[UUID, UUID]:
    one, other = pair
    return one, other


def _in_campaigns(work: Work, filing_ids: Iterable[UUID]) -> set[UUID]:
    query = select(CampaignFiling.filing_id)
    return set(
        work.session.scalars(query.where(CampaignFiling.left_at.is_(None), CampaignFiling.filing_id.in_(filing_ids)))
    )


def campaigns(work: Work) -> list[tuple[Campaign, int, int]]:
    """Every campaign, the newest first: how many filings are in it, and how many wait; as far as one may know."""
    waiting = func.count().filter(Filing.screened_at.is_(None))
    query = (
        select(Campaign, func.count(), waiting)
        .join(CampaignFiling, CampaignFiling.campaign_id == Campaign.id)
        .join(Filing, Filing.id == CampaignFiling.filing_id)
        .where(CampaignFiling.left_at.is_(None), Filing.id.in_(visible_filings(work).with_only_columns(Filing.id)))
        .group_by(Campaign.id)
        .order_by(Campaign.marked_at.desc())
    )
    return [(row[0], row[1], row[2]) for row in work.session.execute(query)]


def get_campaign(work: Work, campaign_id: UUID) -> Campaign:
    """One campaign, or 404."""
    return one_or_not_found(work, select(Campaign).where(Campaign.id == campaign_id))


def filings_in(work: Work, campaign_id: UUID) -> list[Filing]:
    """The filings of a campaign, the first first."""
    members = select(CampaignFiling.filing_id).where(
        CampaignFiling.campaign_id == campaign_id, CampaignFiling.left_at.is_(None)
    )
    query = visible_filings(work).where(Filing.id.in_(members))
    return list(work.session.scalars(query.order_by(Filing.received_at, Filing.id)))


def membership(work: Work, filing_id: UUID) -> CampaignFiling | None:
    """The campaign that a filing stands in now."""
    query = select(CampaignFiling).where(CampaignFiling.filing_id == filing_id, CampaignFiling.left_at.is_(None))
    return work.session.scalar(query.limit(1))


def campaign_of(work: Work, filing_id: UUID) -> Campaign | None:
    """The same, with its title."""
    member = membership(work, filing_id)
    return get_campaign(work, member.campaign_id) if member else None


def wave(work: Work) -> int:
    """How many filings came since yesterday, where that is far more than usual; else nothing."""
    since = work.now - timedelta(days=USUAL_DAYS)
    day = func.date(func.timezone(str(work.house.zone), Filing.received_at))
    query = visible_filings(work).with_only_columns(day, func.count()).where(Filing.received_at >= since).group_by(day)
    by_day: dict[date, int] = {row[0]: row[1] for row in work.session.execute(query)}
    latest = by_day.pop(work.today, 0) + by_day.pop(work.today - timedelta(days=1), 0)
    return latest if rules.is_wave(latest, by_day, USUAL_DAYS) else 0

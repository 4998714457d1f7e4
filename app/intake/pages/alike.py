"""The office's pages of filings that look alike: people say which belong together; every filing is answered."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.permissions import Permission
from app.access.work import Work
from app.intake.actions import alike as actions
from app.intake.commands import LinkFilings, MarkCampaign
from app.intake.pages.office import show_filing
from app.intake.queries import alike as queries
from app.web.answers import done, show
from app.web.forms import Blank, Posted, or_show
from app.web.work import may

router = APIRouter(prefix="/office", include_in_schema=False)

Reader = Annotated[Work, may(Permission.FILING_READ)]
Screener = Annotated[Work, may(Permission.FILING_SCREEN)]


@router.get("/campaigns")
def list_campaigns(request: Request, work: Reader, form: Blank) -> Response:
    """What was marked as one campaign, and what might be one."""
    return show(
        request,
        work,
        "intake/campaigns.html",
        title="Campaigns and copies",
        typed=form,
        campaigns=queries.campaigns(work),
        groups=queries.suggested_groups(work),
        wave=queries.wave(work),
        can_mark=work.may(Permission.FILING_SCREEN),
    )


@router.post("/campaigns/mark")
@or_show(list_campaigns)
def mark_campaign(request: Request, form: Posted, work: Screener) -> Response:
    campaign = actions.mark_campaign(work, form.ask(MarkCampaign))
    return done(request, goto=f"/office/campaigns/{campaign.id}?done=saved")


@router.get("/campaigns/{campaign_id}")
def show_campaign(request: Request, work: Reader, campaign_id: UUID) -> Response:
    """One campaign: its filings, which of them wait, and each on its way to its own answer."""
    campaign = queries.get_campaign(work, campaign_id)
    return show(
        request,
        work,
        "intake/campaign.html",
        title=campaign.title,
        campaign=campaign,
        filings=queries.filings_in(work, campaign.id),
        can_mark=work.may(Permission.FILING_SCREEN),
    )


@router.post("/campaigns/{campaign_id}/filings/{filing_id}/take-out", name="leave_campaign")
def take_out(request: Request, form: Posted, work: Screener, campaign_id: UUID, filing_id: UUID) -> Response:
    actions.leave_campaign(work, campaign_id, filing_id)
    return done(request, goto=f"/office/campaigns/{campaign_id}?done=saved")


@router.post("/filings/{filing_id}/alike/link")
@or_show(show_filing)
def link_filings(request: Request, form: Posted, work: Screener, filing_id: UUID) -> Response:
    """Says what this filing and one that looks like it are to each other."""
    actions.link_filings(work, filing_id, form.ask(LinkFilings))
    return done(request, goto=f"/office/filings/{filing_id}?done=saved#alike")

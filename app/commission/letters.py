"""The packet as paper: a cover, and one section for each part that a stage adds."""

from functools import cache

from jinja2 import Environment

from app.access.work import Work
from app.cases.records import Case
from app.commission import queries
from app.commission.records import DocketItem, Meeting
from app.web.templates import Page, environment, render


@cache
def paper_environment() -> Environment:
    """Papers have no address and load nothing."""
    return environment(asset=_nothing, url=_nothing)


def _nothing(*_: object, **__: object) -> str:
    raise LookupError("a paper has no address and loads nothing")


def packet_title(case: Case) -> str:
    """What the packet is called, also in its metadata."""
    return f"Packet: case {case.number}"


def packet_html(work: Work, item: DocketItem, case: Case, meeting: Meeting) -> str:
    """What the members read, without who filed the complaint."""
    book = work.policies.named(case.policy_id)
    page = Page(title=packet_title(case), agency=book.name.to("en"), lang="en", timezone=str(book.time_zone))
    return render(
        paper_environment(),
        "commission/packet.html",
        {
            "page": page,
            "case": case,
            "meeting": meeting,
            "body": queries.body_of(work, meeting.body).label.to("en"),
            "sections": queries.packet_sections(work, case.id),
            "frozen_on": work.today,
        },
    )

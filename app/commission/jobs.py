"""What the worker does for the commission: it freezes packets and moves cases on after the vote."""

from dataclasses import replace
from textwrap import shorten
from uuid import UUID

from app.access.compartments import opened_in
from app.access.permissions import Role
from app.access.work import Work
from app.cases import queries as cases
from app.cases.actions import add_task, move_case, tick
from app.cases.commands import AddTask, MoveCase
from app.commission import actions, letters, queries
from app.infra.pdf import render_pdf

SENT_BACK = "The commission sent this back"
LONGEST_TITLE = 300


def build_packet(work: Work, docket_item_id: UUID) -> None:
    """Gathers what every stage adds, and freezes it as one tagged PDF."""
    item = queries.get_item(work, docket_item_id)
    case = queries.docketed_case(work, item)
    meeting = queries.get_meeting(work, item.meeting_id)
    # Members read what their role is inside of, and the paper is kept as all that stands in it.
    work.reads_for = work.house.access.inside(frozenset({Role.COMMISSIONER}))
    opened_in(work.session).clear()
    html = letters.packet_html(work, item, case, meeting)
    kept = sorted({kind for _, kind in opened_in(work.session)})
    work.reads_for = None
    paper = render_pdf(html, title=letters.packet_title(case), language="en")
    actions.freeze_packet(work, item, case.number, paper, kept)


def tell_clocks_of_vote(work: Work, case_id: UUID) -> None:
    """Once everything is decided, the clock that waits for the body's findings stops; a stopped one stays stopped."""
    if queries.is_decided(work, case_id):
        case = cases.get_case(work, case_id, for_update=True)
        for event in ("motion_carried", "findings_adopted"):
            tick(work, case, event, work.today)


def move_case_after_vote(work: Work, docket_item_id: UUID) -> None:
    """Takes the case where its secretary sent it, by the same rules as any move; once."""
    item = queries.get_item(work, docket_item_id)
    case = queries.docketed_case(work, item)
    if item.sent_to is None or case.stage == item.sent_to:
        return
    # The move is the secretary's: the rulebook asks whose it is, and the reason is kept as theirs.
    work.actor = replace(work.actor, id=item.sent_by_id, roles=frozenset({Role.SECRETARY}))
    to, reason, goes_back = item.sent_to, item.sent_reason, queries.is_sent_back(work, case.id)
    move_case(work, case.id, MoveCase(version=case.version, to=to, reason=reason))
    if goes_back:
        # The vote has had its effect: when the case comes again, another one is needed to send it back.
        item.sent_to = None
        add_task(work, case.id, AddTask(title=shorten(f"{SENT_BACK}: {reason}", LONGEST_TITLE)))

"""A scenario is told step by step: each happening goes to its act, and a refusal is kept in its words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.kernel.errors import Invalid, Refusal
from app.operations.scenarios import nights
from app.operations.scenarios.acts import casework, deciding, disputes, intake, kept, opening, outward, sessions, time
from app.operations.scenarios.happenings import Step
from app.operations.scenarios.story import Story

ACTS: Mapping[str, Callable[[Story, Any], None]] = {
    "filed": intake.file,
    "added": intake.add,
    "named": intake.name,
    "translated": intake.translate,
    "screened": intake.screen,
    "written": intake.write,
    "opened": opening.open_own,
    "moved": casework.move,
    "assigned": casework.assign,
    "alleged": casework.allege,
    "identified": casework.identify,
    "withdrawn": casework.withdraw,
    "found": casework.find,
    "contacted": casework.contact,
    "demanded": casework.demand,
    "demand_answered": casework.answer_demand,
    "happened": casework.happen,
    "reported": outward.report,
    "earlier": outward.other_case,
    "linked": outward.link,
    "kept": kept.keep,
    "sided": kept.name_side,
    "viewed": kept.view,
    "docketed": deciding.put_on_docket,
    "meeting": deciding.meet,
    "voted": deciding.vote,
    "session_planned": sessions.plan,
    "session_word": sessions.note,
    "session_over": sessions.end,
    "recommended": deciding.recommend,
    "answered": deciding.answer,
    "decided": disputes.decide,
    "paused": time.pause,
    "pause_ended": time.end_pause,
    "extended": time.extend,
    "chosen": time.choose,
    "dated": time.note_day,
    "acknowledged": time.acknowledge,
}


def tell(story: Story, step: Step) -> str:
    """Lets the step happen; the words of the refusal, or nothing."""
    nights.until(story, step.on)
    story.by, story.reason, story.sent = step.by or "", step.reason, []
    for docket in story.dockets:
        docket.is_over = docket.is_over or docket.meets_on < story.today
    if step.what is None:
        return ""
    name, told = step.what
    try:
        ACTS[name](story, told)
    except Invalid as refusal:
        return " ".join(refusal.fields.values())
    except Refusal as refusal:
        return refusal.words
    return ""

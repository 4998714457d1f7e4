"""The rulebook in force as plain rows: what each clock, finding and stage means, and where it is written."""

from dataclasses import dataclass
from typing import Any

from app.access.permissions import Permission
from app.access.work import Work
from app.kernel.deadlines import in_words
from app.policy.model import Rulebook
from app.policy.model.process import Clock


@dataclass(frozen=True)
class ClockLine:
    """One deadline in words."""

    label: str
    time: str
    owner: str
    starts: str
    stops: str
    authority: str
    note: str


@dataclass(frozen=True)
class StageLine:
    """One stage: the office's word, what the filer reads, and where it may lead."""

    label: str
    public: str
    leads_to: str


def rulebook_view(work: Work) -> dict[str, Any]:
    """Everything the page shows."""
    work.need(Permission.RULEBOOK_READ)
    book = work.book
    return {
        "stages": [_stage(book, stage.code) for stage in book.stages],
        "clocks": [_clock(clock) for clock in book.deadlines],
        "findings": [(f.label.to("en"), f.definition.to("en"), f.authority or "") for f in book.findings],
        "closures": [(c.label.to("en"), c.definition.to("en"), c.authority or "") for c in book.closures],
        "questions": [(q.place, q.question) for q in book.meta.open_questions],
        "unknown": [clock.label.to("en") for clock in book.deadlines if not clock.is_known],
        "versions": [(v.effective_from, v.policy_id) for v in work.policies.versions(work.house.agency)],
    }


def _stage(book: Rulebook, code: str) -> StageLine:
    stage = book.stage(code)
    there = [book.stage(move.to).label.to("en") for move in book.moves_from(code)]
    return StageLine(stage.label.to("en"), stage.public_label.to("en"), ", ".join(dict.fromkeys(there)))


def _clock(clock: Clock) -> ClockLine:
    time = in_words(clock.amount, clock.unit) if clock.amount is not None and clock.unit else "not known"
    return ClockLine(
        label=clock.label.to("en"),
        time=time,
        owner=str(clock.owner),
        starts=_events(clock.starts),
        stops=_events(clock.stops),
        authority=clock.authority or "",
        note=clock.consequence.to("en") if clock.consequence else "",
    )


def _events(codes: tuple[str, ...]) -> str:
    return ", ".join(code.replace("_", " ") for code in codes)

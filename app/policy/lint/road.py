"""The road of a case must begin, reach every stage and come to an end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.policy.lint.report import Report
from app.policy.model import Rulebook
from app.policy.model.process import Phase

Road = Mapping[str, set[str]]


def check_there_is_a_road(report: Report) -> None:
    book = report.book
    if not book.stages:
        report.error(("stages",), "there is no stage", "name at least one stage a case begins at and a final one")
    if not book.final_stages:
        report.error(("stages",), "no stage is final", "mark where a case ends with `final: true`")


def check_every_stage_is_reached(report: Report) -> None:
    book = report.book
    if not book.stages:
        return
    begins = [book.first_stage.code, *(kind.first_stage for kind in book.case_kinds if kind.first_stage)]
    reached = _reached(begins, _forward(book))
    for stage in book.stages:
        if stage.code not in reached:
            mend = f"add a move to it from {book.first_stage.code} or from a stage that can be reached"
            report.error(("stages", stage.code), f"no case can reach the stage {stage.code}", mend)


def check_every_stage_comes_to_an_end(report: Report) -> None:
    book = report.book
    forward = _forward(book)
    back: dict[str, set[str]] = {stage.code: set() for stage in book.stages}
    for code, following in forward.items():
        for other in following & back.keys():
            back[other].add(code)
    ends = _reached([stage.code for stage in book.final_stages], back)
    for stage in book.stages:
        if book.final_stages and stage.code not in ends:
            mend = "add a move that leads on, or mark it `final: true`"
            report.error(("stages", stage.code), f"the stage {stage.code} is a dead end that is not final", mend)


def check_moves_are_said_once(report: Report) -> None:
    seen: set[tuple[str, str]] = set()
    for n, move in enumerate(report.book.moves):
        if (move.from_, move.to) in seen:
            reason = f"the move from {move.from_} to {move.to} stands here twice"
            report.error(("moves", n), reason, "keep one of them, with every role that may make it")
        if not move.by:
            report.error(("moves", n), f"nobody may move a case from {move.from_} to {move.to}", "name a role in `by`")
        seen.add((move.from_, move.to))


def check_ends_are_closed(report: Report) -> None:
    for stage in report.book.stages:
        if stage.final != (stage.phase is Phase.CLOSED):
            says = "is final but its phase is not closed" if stage.final else "has the phase closed but is not final"
            mend = "a final stage has `phase: closed`, and no other stage has"
            report.error(("stages", stage.code), f"the stage {stage.code} {says}", mend)


def check_classifications_lead_where_they_say(report: Report) -> None:
    finals = {stage.code for stage in report.book.final_stages}
    for entry in report.book.classification:
        if entry.goes_on == (entry.leads_to in finals):
            says = "goes on but leads to a final stage" if entry.goes_on else "ends the case but leads to an open stage"
            place = ("classification", entry.code, "leads_to")
            report.error(place, f"{entry.code} {says}", "change `leads_to` or `goes_on`")


def _forward(book: Rulebook) -> dict[str, set[str]]:
    """Moves alone: a classification takes effect through the move to the stage it leads to."""
    road: dict[str, set[str]] = {stage.code: set() for stage in book.stages}
    for move in book.moves:
        road.get(move.from_, set()).add(move.to)
    return road


def _reached(begin: Iterable[str], road: Road) -> set[str]:
    reached: set[str] = set()
    waiting = list(begin)
    while waiting:
        code = waiting.pop()
        if code not in reached and code in road:
            reached.add(code)
            waiting.extend(road[code])
    return reached


CHECKS = (
    check_there_is_a_road,
    check_every_stage_is_reached,
    check_every_stage_comes_to_an_end,
    check_moves_are_said_once,
    check_ends_are_closed,
    check_classifications_lead_where_they_say,
)

"""Bodies must be able to meet and to decide, and what is lost must say what stops and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from app.policy.documents import Path
from app.policy.lint.report import Report
from app.policy.model.agency import Body, CountedOn, Quorum, Seats, Share, VoteRule
from app.policy.model.powers import Power

NEEDED: Mapping[Share, Callable[[int], int]] = {
    Share.MAJORITY: lambda members: members // 2 + 1,
    Share.TWO_THIRDS: lambda members: -(-2 * members // 3),
    Share.THREE_QUARTERS: lambda members: -(-3 * members // 4),
    Share.ALL: lambda members: members,
}


def check_bodies_can_decide(report: Report) -> None:
    for body in report.book.bodies:
        place = ("bodies", body.code)
        if body.quorum:
            _check_share(report, (*place, "quorum"), body.quorum, body.seats, "met")
            if body.quorum.of in (CountedOn.PRESENT, CountedOn.VOTING):
                mend = "count a quorum `of: seats` or `of: serving`"
                report.error((*place, "quorum", "of"), "a quorum cannot be counted on those present", mend)
        for vote in body.votes:
            _check_share(report, (*place, "votes", vote.code), vote, body.seats, "carried")
        _check_votes_are_complete(report, place, body)


def _check_share(report: Report, place: Path, rule: Quorum | VoteRule, seats: Seats | None, verb: str) -> None:
    if (rule.share is Share.NUMBER) != (rule.number is not None):
        mend = "give `number` with `share: number`, and only with it"
        report.error(place, "a share and a number contradict each other", mend)
        return
    filled = _filled(seats)
    needed = _needed(rule, seats)
    if filled is not None and needed is not None and needed > filled:
        mend = f"ask for at most {filled}, or change `seats`"
        report.error(place, f"{needed} are needed, and it can never be {verb} when {filled} seats are filled", mend)


def _filled(seats: Seats | None) -> int | None:
    if seats is None:
        return None
    return seats.least + (seats.alternates if seats.alternates_fill_quorum else 0)


def _needed(rule: Quorum | VoteRule, seats: Seats | None) -> int | None:
    """A share of the seats is taken of every seat the law makes, filled or not."""
    if rule.number is not None or seats is None:
        return rule.number
    return NEEDED[rule.share](seats.most) if rule.of is CountedOn.SEATS else None


def _check_votes_are_complete(report: Report, place: Path, body: Body) -> None:
    if body.seats and body.seats.least > body.seats.most:
        report.error((*place, "seats"), "the least is more than the most", "turn them round")
    if body.votes and body.vote_rule("default") is None:
        report.error((*place, "votes"), "there is no rule for other motions", "add an entry `default`")
    if body.votes and body.quorum is None:
        report.error_if_active(place, f"{body.code} votes, but has no quorum", "add `quorum`")


def check_motions_have_a_vote(report: Report) -> None:
    voting = {body.code for body in report.book.bodies if body.votes}
    for life in report.book.lives:
        if life.needs_motion and life.body not in voting:
            mend = "name a body with `votes` in `body`"
            report.error(("lives", life.code), f"{life.code} needs a motion, and no body votes on it", mend)


def check_bodies_that_end(report: Report) -> None:
    for body in report.book.bodies:
        place = ("bodies", body.code)
        if _is_backwards(body.from_on, body.to_on):
            report.error((*place, "to_on"), f"{body.code} ends before it begins", "turn the two days round")
        if body.to_on is not None and body.reason is None:
            mend = "add `reason:`: it stands on the page of every case it stops"
            report.error(place, f"it is not said why {body.code} ends", mend)


def check_powers(report: Report) -> None:
    for n, power in enumerate(report.book.powers):
        place = ("powers", n)
        if _is_backwards(power.from_on, power.to_on) or _is_backwards(power.suspended_on, power.resumed_on):
            report.error(place, f"the power {power.power.value} ends before it begins", "turn the two days round")
        if power.resumed_on is not None and power.suspended_on is None:
            report.error(place, f"{power.power.value} is resumed and was never suspended", "add `suspended_on`")
        _check_loss(report, place, power)


def _check_loss(report: Report, place: Path, power: Power) -> None:
    is_lost = power.to_on is not None or power.suspended_on is not None
    if is_lost and power.reason is None:
        mend = "add `reason:`: it stands on the page of every case it stops"
        report.error(place, f"it is not said why the power {power.power.value} ends", mend)
    if is_lost and not power.carries:
        mend = "say in `stops:` what cannot be done without it"
        report.error(place, f"nothing stops when the power {power.power.value} ends", mend)
    if power.suspended_by is not None and not is_lost:
        mend = "add `suspended_on:` or `to_on:` with the first day without it"
        report.error(place, f"it is not said since when the power {power.power.value} is suspended", mend)


def _is_backwards(first: date | None, after: date | None) -> bool:
    return first is not None and after is not None and after < first


CHECKS = (
    check_bodies_can_decide,
    check_motions_have_a_vote,
    check_bodies_that_end,
    check_powers,
)

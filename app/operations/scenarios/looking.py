"""What a scenario expects, held against the case: each difference with what came instead, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.allegations import rules as finding_rules
from app.cases import rules as roads
from app.clocks import rules
from app.discipline import rules as discipline
from app.evidence import rules as demand_rules
from app.intake.rules import status
from app.kernel import deadlines
from app.operations.scenarios import clocks, facts, reviews
from app.operations.scenarios.acts import departments, disputes, kept, milestones, outward, sessions
from app.operations.scenarios.expecting import ClockSeen, Expect
from app.operations.scenarios.kept import Access
from app.operations.scenarios.story import Clock, Story, Untold
from app.policy.acting import Stop, stop_of
from app.policy.documents import Path
from app.policy.model.process import Stage

NONE = "none"


@dataclass(frozen=True)
class Differs:
    """One expectation that does not hold."""

    place: Path
    expected: str
    came: str
    why: str = ""


def differences(story: Story, expect: Expect, access: Access) -> Iterator[Differs]:
    """Everything in which the case is not as expected, in the order of the format."""
    yield from _plain(story, expect)
    yield from _findings(story, expect)
    yield from _clocks(story, expect)
    yield from _roles(story, expect)
    yield from _rights(expect, access)
    yield from _kept(story, expect)
    yield from _reviews(story, expect)
    yield from _powers(story, expect)
    yield from _owed(story, expect)
    yield from _departments(story, expect)
    yield from _dispute(story, expect)
    yield from _session(story, expect)
    yield from _votes(story, expect)
    yield from _outward(story, expect, access)
    yield from _filer(story, expect)


def _plain(story: Story, expect: Expect) -> Iterator[Differs]:
    looked = (
        ("stage", lambda: story.stage or NONE),
        ("closure", lambda: story.closure or NONE),
        ("classification", lambda: story.classification or NONE),
        ("overall", lambda: story.result or NONE),
        ("pinned", lambda: _pinned(story)),
        ("in_force", lambda: story.in_force.effective_from),
        ("opens_cases", lambda: story.in_force.opens_cases),
    )
    for name, came in looked:
        expected = getattr(expect, name)
        if expected is not None:
            yield from _same((name,), expected, came())
    if expect.letters is not None:
        yield from _same(("letters",), sorted(expect.letters), sorted(story.sent))


def _pinned(story: Story) -> date:
    if story.book is not None:
        return story.book.effective_from
    if not story.filings:
        raise Untold("Nothing was filed yet.")
    return story.filings[-1].book.effective_from


def _findings(story: Story, expect: Expect) -> Iterator[Differs]:
    for code, lives in expect.findings.items():
        allegation = story.allegation(code)
        for life, expected in lives.items():
            story.law.life(life)
            yield from _same(("findings", code, life), expected, allegation.lives.get(life, NONE))


# --- clocks ---


def _clocks(story: Story, expect: Expect) -> Iterator[Differs]:
    for name, seen in expect.clocks.items():
        rule, _, officer = name.partition(" of ")
        story.law.clock(rule)
        clock = clocks.find(story, rule, officer or None)
        if clock is None:
            if seen != ClockSeen(state=NONE):
                yield Differs(("clocks", name), _clock_words(seen), "nothing: it never started")
        else:
            yield from _clock(story, clock, seen, ("clocks", name))
    if expect.running is not None:
        names = {each.rule for each in clocks.running(story)}
        yield from _same(("running",), sorted(expect.running), sorted(names))


def _clock(story: Story, clock: Clock, seen: ClockSeen, place: Path) -> Iterator[Differs]:
    due_on = clocks.due_now(story, clock)
    end = clock.stopped_on or story.today
    came = {
        "due": due_on or NONE,
        "state": clocks.state_of(story, clock),
        "days_left": (due_on - story.today).days if due_on is not None else NONE,
        "round": clock.round,
        "waits_for_choice": clock.waits_for_choice,
        "whose": clock.party or rules.OFFICE,
        "started": clock.started_on,
        "started_by": clock.started_by,
        "stopped": clock.stopped_on or NONE,
        "stopped_by": clock.stopped_by or NONE,
        "days_run": (end - clock.started_on).days,
        "days_paused": deadlines.paused_days(clock.pauses, clock.started_on, end, today=story.today),
        "warning": clock.warning.step if clock.warning else NONE,
        "with_": clock.warning.level if clock.warning else NONE,
    }
    wrong = [key for key, value in came.items() if getattr(seen, key) not in (None, value)]
    sentences = clocks.explained(story, clock).sentences() if wrong or seen.why else ()
    for key in wrong:
        yield from _same((*place, key.rstrip("_")), getattr(seen, key), came[key], " ".join(sentences))
    yield from _says((*place, "why"), seen.why, sentences)


def _clock_words(seen: ClockSeen) -> str:
    return ", ".join(f"{key} {_said(value)}" for key, value in seen.model_dump(exclude_defaults=True).items())


# --- who may do what ---


def _roles(story: Story, expect: Expect) -> Iterator[Differs]:
    for role, stages in expect.moves.items():
        open_to = [move.to for move in roads.moves_for(story.law, story.stage, [role])]
        yield from _same(("moves", role), sorted(stages), sorted(open_to))
    for stage, words in expect.waits_for.items():
        yield from _waits(story, stage, words)
    for role, lives in expect.writes.items():
        yield from _same(("writes", role), sorted(lives), sorted(_written_by(story, role)))


def _rights(expect: Expect, access: Access) -> Iterator[Differs]:
    """What `policies/access.yaml` lets a role do at all."""
    for role, rights in expect.rights.items():
        held = access.may.get(role, frozenset())
        for name in sorted(set(rights.may) - held):
            yield Differs(("rights", role, "may"), f"{role} may {name}", "not allowed by the rules of access")
        for name in sorted(set(rights.may_not) & held):
            yield Differs(("rights", role, "may_not"), f"{role} may not {name}", "allowed by the rules of access")


def _kept(story: Story, expect: Expect) -> Iterator[Differs]:
    for code, seen in expect.sees.items():
        asked = [*seen.may, *seen.may_not]
        came = [who for who in asked if kept.sees(story, who, code)]
        yield from _same(("sees", code), sorted(seen.may), sorted(came))
    if expect.tried is not None:
        yield from _same(("tried",), sorted(expect.tried), kept.tried(story))


def _waits(story: Story, stage: str, words: Iterable[str]) -> Iterator[Differs]:
    move = story.law.move(story.stage, stage)
    if move is None:
        yield Differs(("waits_for", stage), f"a move to {stage}", f"there is none from {story.stage}")
        return
    lacks = milestones.lacks(story, move)
    missing = roads.next_move(story.law, move, lambda guard: facts.holds(story, guard), lacks).missing
    yield from _same(("waits_for", stage), list(words), list(missing))


def _written_by(story: Story, role: str) -> list[str]:
    lives = [str(life.code) for life in story.law.lives]
    return [
        life
        for life in lives
        if story.law.may_write(life, role) and finding_rules.may_be_written_at(story.law, life, story.stage)
    ]


def _reviews(story: Story, expect: Expect) -> Iterator[Differs]:
    for duty in type(expect.reviews).model_fields if expect.reviews is not None else ():
        wanted = getattr(expect.reviews, duty)
        if wanted is not None:
            yield from _same(("reviews", duty), list(wanted), reviews.by_duty(story, duty))


def _powers(story: Story, expect: Expect) -> Iterator[Differs]:
    """What may be done is said by the law of today, whatever the case is pinned to."""
    book, today = story.in_force, story.today
    for name, seen in expect.powers.items():
        lost = [power for power in book.powers if power.power is name]
        words = [text.to("en") for power in lost for text in (power.suspended_by, power.reason) if text is not None]
        since = max((day for power in lost if (day := power.lost_on(today))), default=None)
        came = {"state": "held" if book.has_power(name, today) else "not_held", "since": since or NONE}
        yield from _each(("powers", name), seen, came)
        yield from _says(("powers", name, "why"), [seen.why] if seen.why else [], words)
    for act, wanted in expect.stopped.items():
        found = book.stopped(act, today)
        said = found.sentence() if found else NONE
        yield from _says(("stopped", act), [wanted], [said])


# --- what is owed and decided ---


def _owed(story: Story, expect: Expect) -> Iterator[Differs]:
    for code, seen in expect.demands.items():
        demand = next((each for each in story.demands if each.code == code), None)
        if demand is None:
            raise Untold(f"There is no demand {code} in this scenario.")
        came: dict[str, Any] = {
            "due": demand.due_on,
            "days": demand_rules.age(demand.sent_on, demand.answered_on, story.today),
            "answered": demand.answered_on is not None,
        }
        yield from _each(("demands", code), seen, came)
    if expect.answer is not None:
        sent = [each for each in story.recommendations if each.sent_on is not None]
        if not sent:
            raise Untold("Nothing that was recommended has been sent yet.")
        last = sent[-1]
        came = {
            "due": last.due_on or NONE,
            "lapsed": discipline.has_lapsed(last.due_on, last.answered_on, story.today),
            "days": discipline.days_taken(last.sent_on, last.answered_on, story.today),
            "received": last.answered_on is not None,
        }
        yield from _each(("answer",), expect.answer, came)


def _departments(story: Story, expect: Expect) -> Iterator[Differs]:
    for code, seen in expect.departments.items():
        for key, came in departments.seen(story, code).items():
            wanted = getattr(seen, key)
            if wanted is not None:
                yield from _same(("departments", code, key), sorted(wanted), came)


def _session(story: Story, expect: Expect) -> Iterator[Differs]:
    if expect.session is not None:
        came, words = sessions.seen(story)
        yield from _each(("session",), expect.session, came)
        yield from _says(("session", "says"), expect.session.says, words)


def _dispute(story: Story, expect: Expect) -> Iterator[Differs]:
    if expect.dispute is not None:
        came, words = disputes.seen(story)
        yield from _each(("dispute",), expect.dispute, came)
        yield from _says(("dispute", "says"), expect.dispute.says, words)


def _votes(story: Story, expect: Expect) -> Iterator[Differs]:
    if expect.vote is None:
        return
    if story.sums is None:
        raise Untold("No meeting was told.")
    there, vote = story.sums.quorum, story.sums.vote
    came: dict[str, Any] = {"quorum": there.is_met, "quorum_needs": there.needed}
    if vote is not None:
        came |= {"carried": vote.is_met, "needed": vote.needed, "of": vote.base}
    sentences = [*there.sentences, *(vote.sentences if vote else ())]
    yield from _each(("vote",), expect.vote, came, " ".join(sentences))
    yield from _says(("vote", "says"), expect.vote.says, sentences)


def _outward(story: Story, expect: Expect, access: Access) -> Iterator[Differs]:
    """Reports to others, and the other cases that a role may know of."""
    for code, seen in expect.reports.items():
        entry, alleged = discipline.external_report(story.law, code), outward.alleged_in(story)
        due = {True: "yes", False: "no", None: "open"}[discipline.concerns(story.law, entry, alleged)]
        came = {"due": due, "how": story.reports[code][0] if code in story.reports else NONE}
        for key in came:
            if getattr(seen, key) is not None:
                yield from _same(("reports", code, key), getattr(seen, key), came[key])
        words = discipline.why_not_minor(story.law, entry, alleged) or NONE
        yield from _says(("reports", code, "not_minor"), [seen.not_minor] if seen.not_minor else [], [words])
    for role, links in expect.links.items():
        came_links = sorted(f"{relation} {to}" for to, relation in outward.seen_by(story, role))
        yield from _same(("links", role), sorted(links), came_links)
    for role, cases in expect.finds.items():
        found = outward.found_by(story, role) if "people:officer:read" in access.may.get(role, ()) else []
        yield from _same(("finds", role), sorted(cases), found)


def _filer(story: Story, expect: Expect) -> Iterator[Differs]:
    """As `intake.queries.status_of`: before there is a case, the first stage speaks."""
    seen = expect.filer
    if seen is None:
        return
    if not story.filings:
        raise Untold("Nothing was filed yet.")
    first = story.filings[0]
    book = story.book or first.book
    stage = book.stage(story.stage) if story.book else book.first_stage
    halting = status.halting(has_case=story.book is not None)
    halted = None if stage.final else stop_of(story.in_force, halting, story.today)
    yield from _says(("filer", "says"), seen.says, _told_the_filer(stage, halted))
    if seen.next_by is not None:
        dates = [(each.rule, each.due_on) for each in clocks.running(story) if each.due_on is not None]
        came = status.next_date(book, dates) if story.book else status.first_date(book, first.on)
        yield from _same(("filer", "next_by"), seen.next_by, came if came and halted is None else NONE)
    if seen.found:
        yield from _same(("filer", "found"), list(seen.found), _published(story))


def _told_the_filer(stage: Stage, halted: Stop | None) -> list[str]:
    """Where it stands; of a case that stands still, why, and nothing of what comes next."""
    own = [stage.public_label, stage.public_text, *([] if halted else [stage.public_next])]
    texts = [text.to("en") for text in own if text is not None]
    return texts + ([halted.head, halted.reason(), halted.follower()] if halted else [])


def _published(story: Story) -> list[str]:
    found = [finding_rules.highest(story.law, each.lives, published_only=True) for each in story.standing]
    return [each[1] for each in found if each is not None] if story.law.stage(story.stage).final else []


# --- words ---


def _each(place: Path, seen: Any, came: Mapping[str, Any], why: str = "") -> Iterator[Differs]:
    for key in type(seen).model_fields:
        expected = getattr(seen, key)
        if expected is not None and key not in ("says", "why"):
            yield from _same((*place, key), expected, came.get(key, NONE), why)


def _same(place: Path, expected: Any, came: Any, why: str = "") -> Iterator[Differs]:
    if expected != came:
        yield Differs(place, _said(expected), _said(came), why)


def _says(place: Path, wanted: Iterable[str], texts: Iterable[str]) -> Iterator[Differs]:
    whole = list(texts)
    for words in wanted:
        if not any(words in text for text in whole):
            yield Differs(place, f'"{words}"', f'"{" ".join(whole)}"' if whole else NONE)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(_said(each) for each in value) or "nothing"
    return f"{value} ({value:%A})" if isinstance(value, date) else str(value)

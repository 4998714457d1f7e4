"""Bodies, quorum and votes; the powers; and those outside the office who have a part."""

from __future__ import annotations

from collections.abc import Iterator

from app.policy.model.agency import Body, BodyKind, CountedOn, Quorum, Seats, Share, VoteRule, Votes
from app.policy.model.outside import ExternalBody, ExternalKind, Outsider, SecondPerson, SpecialRoute
from app.policy.model.powers import Power
from app.policy.plain.grammar import clause, ended, from_to, listed, on_day, quoted, sentence, series, the
from app.policy.plain.names import Speaker, text_of
from app.policy.plain.said import Entry, Section, section
from app.policy.plain.words import STEPS, power_of, spoken

_KINDS = {
    BodyKind.BOARD: "It is a board, which votes.",
    BodyKind.PANEL: "It is a panel, which votes.",
    BodyKind.OFFICE: "It is an office.",
    BodyKind.COUNSEL: "It is counsel.",
}
_BODY_SAID = ("kind", "functions", "seats", "appointed_by", "quorum", "votes", "part_of", "recusal_grounds")
_BODY_END = ("from_on", "to_on", "ended_by", "reason")


def bodies(speaker: Speaker) -> Section:
    return section("bodies", "Bodies, quorum and votes", (body_entry(speaker, body) for body in speaker.book.bodies))


def body_entry(speaker: Speaker, body: Body) -> Entry:
    votes = (said for rule in body.votes for said in speaker.say(rule, *vote(rule, body)))
    quorum_said = speaker.say(body.quorum, *quorum(body.quorum)) if body.quorum else ()
    doubts = (said for fact in (body.quorum, *body.votes) for said in speaker.doubts(fact))
    text = _body(speaker, body)
    return speaker.entry(str(body.label), f"bodies.{body.code}", body, text, *quorum_said, *votes, *doubts)


def _body(speaker: Speaker, body: Body) -> Iterator[str]:
    yield _KINDS[body.kind]
    if body.part_of:
        yield f"It is part of {speaker.name(body.part_of, 'bodies')}."
    if body.functions:
        yield f"What it does: {speaker.names(body.functions, 'things')}."
    if body.seats:
        yield from seats(body.seats)
    if body.appointed_by:
        yield f"Who appoints: {ended(series(body.appointed_by))}"
    if body.recusal_grounds:
        yield f"A member steps aside for: {listed(quoted(str(each.label)) for each in body.recusal_grounds)}."
    yield from speaker.rest(body, *_BODY_SAID, *_BODY_END)
    yield from _end(body)


def seats(seats: Seats) -> Iterator[str]:
    count = f"{seats.most}" if seats.least == seats.most else f"{seats.least} to {seats.most}"
    yield f"It has {count} seats." if count != "1" else "It has one seat."
    if seats.alternates:
        may = "who may be raised to make a quorum" if seats.alternates_fill_quorum else "who do not make a quorum"
        yield f"It has {seats.alternates} alternates, {may}."


def _end(body: Body) -> Iterator[str]:
    if body.from_on:
        yield f"It exists from {on_day(body.from_on)} on."
    if body.to_on:
        by = ": ".join(clause(text_of(text)) for text in (body.ended_by, body.reason) if text)
        yield f"It ended on {on_day(body.to_on)}: {ended(by)}" if by else f"It ended on {on_day(body.to_on)}."


def quorum(rule: Quorum) -> Iterator[str]:
    yield f"A quorum is {_share(rule)}."
    if rule.recused_count:
        yield "A member who steps aside counts as present."


def vote(rule: VoteRule, body: Body | None = None) -> Iterator[str]:
    """How many must say yes, for one kind of motion or for all others."""
    yield f"{_motion(rule, body)} passes with {_share(rule)}."
    if rule.recused_are_members:
        yield "A member who steps aside stays in the number the share is taken of."
    if not rule.tie_fails:
        yield "A tie does not fail."
    if rule.by_roll_call:
        yield "Members are called by name."


def _motion(rule: VoteRule, body: Body | None) -> str:
    if not isinstance(rule, Votes):
        return "A motion"
    if rule.code != "default":
        return f"A motion of the kind {quoted(rule.code.replace('_', ' '))}"
    return "Any other motion" if body and len(body.votes) > 1 else "A motion"


def _share(rule: Quorum | VoteRule) -> str:
    if rule.share is Share.NUMBER:
        several = "members" if rule.number != 1 else "member"
        return f"{rule.number} {several}, counted on {spoken(rule.of)}" if rule.number else "a fixed number of members"
    named = f"{spoken(rule.share)} of {spoken(rule.of)}"
    if rule.share is Share.ALL and rule.of is CountedOn.SEATS:
        named = spoken(rule.of)
    return f"{named}, that is {rule.number}" if rule.number else named


def powers(speaker: Speaker) -> Section:
    book = speaker.book
    named = zip(book.powers, places(book.powers), strict=True)
    return section("powers", "Powers", (speaker.entry("", place, p, power(speaker, p)) for p, place in named))


def places(given: tuple[Power, ...]) -> tuple[str, ...]:
    """A name for each power entry: the same power may be held, or be suspended, more than once."""
    seen: dict[str, int] = {}
    names = []
    for each in given:
        name = f"powers.{each.power}.{each.holder}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}.{seen[name]}")
    return tuple(names)


def power(speaker: Speaker, given: Power) -> Iterator[str]:
    holder = speaker.name(given.holder, "bodies")
    if given.to_on:
        yield lost(speaker, given)
        if given.from_on:
            yield f"It had begun on {on_day(given.from_on)}."
    elif given.suspended_on:
        yield sentence(f"{holder} may by law {spoken(given.power)}{from_to(given.from_on, None)}")
        yield lost(speaker, given)
    else:
        yield sentence(f"{holder} may {spoken(given.power)}{from_to(given.from_on, None)}")
    yield from carried(given)
    yield from speaker.rest(given, *_POWER_SAID)


_POWER_SAID = (
    *("power", "holder", "from_on", "to_on", "suspended_on", "resumed_on", "suspended_by", "reason", "stops"),
)


def lost(speaker: Speaker, given: Power) -> str:
    """That a power ended or was suspended, when, by whom and why; nothing where it was not."""
    what = power_of(given.power, speaker.name(given.holder, "bodies"))
    why = ": ".join(clause(text_of(text)) for text in (given.suspended_by, given.reason) if text)
    happened = " and ".join(_losses(given))
    return sentence(f"{what} {happened}: {why}" if why else f"{what} {happened}")


def _losses(given: Power) -> Iterator[str]:
    if given.suspended_on:
        back = f" and came back on {on_day(given.resumed_on)}" if given.resumed_on else ""
        yield f"was suspended on {on_day(given.suspended_on)}{back}"
    if given.to_on:
        yield f"ended on {on_day(given.to_on)}"


def carried(given: Power) -> Iterator[str]:
    acts = listed((spoken(act) for act in given.carries), "and")
    if acts:
        yield f"Without it {acts}."
    elif given.stops is not None:
        yield "Nothing in this system stops without it."


def outside(speaker: Speaker) -> Section:
    book = speaker.book
    entries = (
        *(_external(speaker, body) for body in book.external_bodies),
        *(_outsider(speaker, person) for person in book.outsiders),
        *(_second(speaker, step) for step in book.second_persons),
    )
    return section("outside", "Others who have a part", entries)


def _external(speaker: Speaker, body: ExternalBody) -> Entry:
    text = (_external_kind(body), *speaker.rest(body, "kind"))
    return speaker.entry(str(body.label), f"external_bodies.{body.code}", body, text)


def _external_kind(body: ExternalBody) -> str:
    kind = "" if body.kind is ExternalKind.OTHER else f": {spoken(body.kind)}"
    return f"It is an outside body{kind}."


def _outsider(speaker: Speaker, person: Outsider) -> Entry:
    by = f", and is appointed by {clause(person.appointed_by)}" if person.appointed_by else ""
    text = sentence(f"{the(str(person.label))} belongs to {the(clause(person.office))}{by}")
    return speaker.entry(str(person.label), f"outsiders.{person.code}", person, (text,))


def _second(speaker: Speaker, step: SecondPerson) -> Entry:
    what = STEPS.get(step.code, step.code.replace("_", " "))
    text = f"For {what}, a second person is needed: {speaker.who(step.by)}. One person never does both halves."
    return speaker.entry("", f"second_persons.{step.code}", step, (text,))


def special_route(speaker: Speaker, route: SpecialRoute) -> Entry:
    text = (
        sentence(
            f"a complaint against {spoken(route.against)} is handled by {speaker.who(route.handled_by)}, "
            f"and hidden from {speaker.names(route.hidden_from, 'roles')}"
        ),
        *speaker.rest(route, "against", "handled_by", "hidden_from"),
    )
    return speaker.entry(str(route.label), f"special_routes.{route.code}", route, text)

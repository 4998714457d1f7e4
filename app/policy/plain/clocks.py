"""Every clock as one sentence, with its pauses and more time, and what else holds of it."""

from __future__ import annotations

from collections.abc import Iterator

from app.kernel.deadlines import Roll, in_words
from app.policy.model.process import Clock, ClockDefaults, Extension, FurtherExtension, Per, StartBy, Tolling
from app.policy.plain.grammar import clause, ended, listed, quoted, sentence, times
from app.policy.plain.names import Speaker, text_of, time_of
from app.policy.plain.said import Entry, Said, Section, section
from app.policy.plain.words import spoken

_ROLLS = {
    Roll.NEXT_OPEN_DAY: "A last day on which the office is closed moves to the next open day.",
    Roll.PREVIOUS_OPEN_DAY: "A last day on which the office is closed moves back to the open day before.",
}


def clocks(speaker: Speaker) -> Section:
    book = speaker.book
    entries = (
        *(clock_entry(speaker, clock) for clock in book.deadlines),
        *(_pause(speaker, reason) for reason in book.tolling),
        speaker.entry("All clocks", "deadline_defaults", None, _defaults(speaker, book.deadline_defaults)),
    )
    return section("clocks", "Clocks", entries)


def clock_entry(speaker: Speaker, clock: Clock) -> Entry:
    return speaker.entry(
        str(clock.label), f"deadlines.{clock.code}", clock, clock_text(speaker, clock), *_more_said(speaker, clock)
    )


def clock_text(speaker: Speaker, clock: Clock) -> Iterator[str]:
    yield sentence(f"{_duty(speaker, clock)}{_paused(speaker, clock)}{_more(speaker, clock)}")
    yield from _starts(speaker, clock)
    yield from _rounds(speaker, clock)
    yield from _end(clock)
    yield from _about(speaker, clock)


def span(speaker: Speaker, clock: Clock) -> str:
    return f"from the day {speaker.when(clock.starts)} until {speaker.when(clock.stops)}"


def _duty(speaker: Speaker, clock: Clock) -> str:
    between, who = span(speaker, clock), spoken(clock.owner)
    time = time_of(clock.amount, clock.unit)
    if clock.counts_up:
        word = f" ({quoted(clause(clock.wording))})" if clock.wording else ""
        return f"the law gives {who} no number of days{word}; the days that pass are counted {between}"
    if not time:
        return f"how long {who} has is not known; it is counted {between}"
    if clock.is_least:
        return f"at least {time} must pass {between}"
    if clock.is_goal:
        return f"{who} aims at no more than {time} {between}; this is the office's own aim and no law"
    return f"{who} has {time} {between}"


def _paused(speaker: Speaker, clock: Clock) -> str:
    reasons = speaker.names(clock.tolling, "tolling", last="or")
    return f"; it stands still for {reasons}" if reasons else ""


def _more(speaker: Speaker, clock: Clock) -> str:
    given = [each for each in (clock.extension, *clock.further_extensions) if each]
    said = "; or ".join(more_time(speaker, each) for each in given)
    return f"; more time: {said}" if said else ""


def more_time(speaker: Speaker, given: Extension) -> str:
    time = f" {time_of(given.amount, given.unit)}" if given.amount is not None else ", for as long as is granted"
    label = f"{quoted(clause(str(given.label)))}, " if isinstance(given, FurtherExtension) else ""
    by = f", granted by {speaker.who(given.granted_by)}" if given.granted_by else ""
    agreed = f", by agreement of {listed(spoken(each) for each in given.agreed_by)}" if given.agreed_by else ""
    return f"{label}{times(given.times)}{time}{by}{agreed}"


def extension_text(speaker: Speaker, given: Extension) -> Iterator[str]:
    yield f"More time: {more_time(speaker, given)}."
    yield from _terms(given)


def _more_said(speaker: Speaker, clock: Clock) -> Iterator[Said]:
    for given in (clock.extension, *clock.further_extensions):
        if given is not None:
            yield from speaker.say(given, *_terms(given))
            yield from speaker.doubts(given)


def _terms(given: Extension) -> Iterator[str]:
    which = f"For {quoted(clause(str(given.label)))}, more" if isinstance(given, FurtherExtension) else "More"
    asked = f" by {spoken(given.asked_by)}" if given.asked_by else ""
    late = "before the time is over" if given.before_lapse else "also when the time is over"
    reason = ", with a reason" if given.needs_reason else ", and no reason need be given"
    yield f"{which} time may be asked for{asked} {late}{reason}."
    if given.grounds:
        yield f"Grounds for more time: {ended(listed(clause(ground) for ground in given.grounds))}"


def _starts(speaker: Speaker, clock: Clock) -> Iterator[str]:
    if len(clock.starts) > 1:
        yield (
            f"Of these starts {spoken(clock.start_by)}."
            if clock.start_by is not StartBy.ANEW
            else ("Each of these starts begins the clock anew.")
        )
    for event, reason in clock.start_reasons.items():
        yield f"Why it counts from the day {speaker.when((event,))}: {ended(reason)}"
    if clock.dated_by:
        yield f"These parties may hold another first day: {listed(spoken(each) for each in clock.dated_by)}."


def _rounds(speaker: Speaker, clock: Clock) -> Iterator[str]:
    repeat = clock.repeat
    if repeat is None:
        return
    again = f"It comes back every {in_words(repeat.amount, repeat.unit)}, counted from {spoken(repeat.counted_from)}"
    yield f"{again}; a round is done when {speaker.when(repeat.done_by)}."


def _end(clock: Clock) -> Iterator[str]:
    if clock.per is not Per.CASE:
        yield f"It is counted for {spoken(clock.per)}."
    if clock.roll in _ROLLS and not clock.counts_up:
        yield _ROLLS[clock.roll]
    if clock.except_when:
        yield f"An exception: {ended(text_of(clock.except_when))}"
    if clock.consequence:
        yield f"When the time is over: {ended(text_of(clock.consequence))}"
    if clock.ends_the_case:
        yield "Discipline is lost when the time is over."


def _about(speaker: Speaker, clock: Clock) -> Iterator[str]:
    if clock.warns_of:
        yield f"It is an early warning of {speaker.name(clock.warns_of, 'deadlines')}."
    if clock.proof:
        yield f"What proves the day: {ended(clock.proof)}"
    if clock.wording and not clock.counts_up:
        yield f"The law's own word: {ended(quoted(clause(clock.wording)))}"
    if clock.is_public:
        told = "how many days have passed" if clock.counts_up else "this date"
        yield f"The person who complained is told {told}."
    yield from _warned(speaker, clock)


def _warned(speaker: Speaker, clock: Clock | ClockDefaults) -> Iterator[str]:
    common = speaker.book.deadline_defaults
    own = clock is common or (clock.warnings, clock.rises_to, clock.rises_after) != (
        common.warnings,
        common.rises_to,
        common.rises_after,
    )
    if not own:
        return
    if clock.warnings:
        last = "day" if set(clock.warnings) == {1} else "days"
        yield f"Warnings come {listed(str(days) for days in clock.warnings)} {last} before the end."
    if clock.rises_to:
        after = f" after {clock.rises_after} business days" if clock.rises_after else ""
        yield f"A warning that nobody answers rises{after} to {speaker.names(clock.rises_to, 'roles')}."


def _defaults(speaker: Speaker, common: ClockDefaults) -> Iterator[str]:
    """What holds for every clock that does not say otherwise."""
    yield from _warned(speaker, common)
    if common.roll in _ROLLS:
        yield _ROLLS[common.roll]
    if common.lapse_reasons:
        reasons = listed(quoted(clause(str(each.label))) for each in common.lapse_reasons)
        yield f"When a clock is missed, the reason is one of these: {reasons}."


def _pause(speaker: Speaker, reason: Tolling) -> Entry:
    text = ["It is a reason for which a clock stands still."]
    if reason.approved_by:
        text.append(sentence(f"{speaker.who(reason.approved_by)} approves it"))
    if reason.longest:
        text.append(f"It lasts no longer than {in_words(reason.longest.amount, reason.longest.unit)}.")
    if reason.per_officer:
        text.append("It is kept for each officer.")
    text += speaker.rest(reason, "approved_by", "longest", "per_officer")
    return speaker.entry(str(reason.label), f"tolling.{reason.code}", reason, text)

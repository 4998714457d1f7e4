"""Who the office is, by which model it works, in which languages, on which days, and which version a case has."""

from __future__ import annotations

from collections.abc import Iterator

from app.kernel.deadlines import Roll
from app.kernel.text import DEFAULT_LANGUAGE
from app.policy.model.agency import CalendarBlock, Contact, Language, Meta, OpenDays
from app.policy.plain.grammar import clause, ended, listed, on_day, sentence, the, weekday
from app.policy.plain.names import Speaker, text_of
from app.policy.plain.said import Section, section
from app.policy.plain.words import spoken

_ROLLS = {
    Roll.NONE: "A clock may end on a day on which the office is closed, where it does not say otherwise.",
    Roll.NEXT_OPEN_DAY: "A last day on which the office is closed moves to the next open day, "
    "where a clock does not say otherwise.",
    Roll.PREVIOUS_OPEN_DAY: "A last day on which the office is closed moves back to the open day before, "
    "where a clock does not say otherwise.",
}
_SAID = ("name", "short_name", "city", "state", "country", "status", "is_demonstration", "evidence", "source", "to_on")
_ELSEWHERE = ("contact", "sources", "source_defaults", "open_questions", "successor")


def who(speaker: Speaker) -> Section:
    book = speaker.book
    entries = (
        speaker.entry("", "meta", None, _office(speaker)),
        speaker.entry("Contact", "meta.contact", None, _contact(speaker, book.meta.contact)),
        speaker.entry("Model of oversight", "models", book.models, _models(speaker)),
        speaker.entry("Languages", "languages", None, (_language(each) for each in book.languages)),
        speaker.entry("Which version a case has", "pinning", book.pinning, (_pinning(speaker),)),
    )
    return section("who", "Who we are", entries)


def _office(speaker: Speaker) -> Iterator[str]:
    meta = speaker.book.meta
    yield f"This is the rulebook of {the(text_of(meta.name))}{_short(meta)}{_where(meta)}."
    yield f"It takes effect on {on_day(speaker.book.effective_from)}, and it is {spoken(meta.status)}."
    if not speaker.book.opens_cases:
        yield "No case is opened under it."
    if meta.is_demonstration:
        yield "It is a demonstration: the city is invented."
    if meta.to_on:
        yield f"There is no such office from {on_day(meta.to_on)} on."
    if meta.successor:
        yield f"Its work went to {clause(text_of(meta.successor))}."
    yield from speaker.rest(meta, *_SAID, *_ELSEWHERE)


def _short(meta: Meta) -> str:
    return f" ({meta.short_name})" if meta.short_name else ""


def _where(meta: Meta) -> str:
    places = [place for place in (text_of(meta.city), meta.state or "", meta.country) if place]
    return f", in {_the_city(', '.join(places))}" if places else ""


_KINDS_OF_PLACE = ("City of", "County of", "Town of", "Township of", "Village of", "Borough of")


def _the_city(place: str) -> str:
    return the(place) if place.startswith(_KINDS_OF_PLACE) else place


def _contact(speaker: Speaker, contact: Contact) -> Iterator[str]:
    yield from speaker.rest(contact)


def _models(speaker: Speaker) -> Iterator[str]:
    models = speaker.book.models
    yield f"The office works by the model of oversight called {spoken(models.primary)}."
    if models.also:
        yield f"It also has traits of {listed(spoken(each) for each in models.also)}."


def _language(language: Language) -> str:
    is_whole = language.is_complete or language.code == DEFAULT_LANGUAGE
    state = "everything exists in it" if is_whole else "not everything exists in it yet"
    side = ", and it is written from right to left" if language.right_to_left else ""
    return f"The office works in {language.label}: {state}{side}."


def _pinning(speaker: Speaker) -> str:
    day = spoken(speaker.book.pinning.by)
    return f"A case keeps the version that was in force on {day}; what may be done today is said by the law of today."


def calendar(speaker: Speaker) -> Section:
    block = speaker.book.calendar_block
    entries = [speaker.entry("", "calendar", block, _calendar(block))]
    if block.working_days:
        days = block.working_days
        text = ("The law tells working days apart from business days.", *_open_days(days))
        entries.append(speaker.entry("Working days", "calendar.working_days", days, text))
    return section("calendar", "The calendar", entries)


def _calendar(block: CalendarBlock) -> Iterator[str]:
    yield f"Days are counted by the clock of {block.time_zone.replace('_', ' ')}."
    if block.holidays_country:
        place = "-".join(part for part in (block.holidays_country, block.holidays_subdivision) if part)
        yield f"The office is closed on the public holidays of {place}."
    yield from _open_days(block)
    yield _ROLLS[block.roll]


def _open_days(days: OpenDays) -> Iterator[str]:
    weekend = listed(weekday(number) for number in days.weekend if number <= 6)
    yield f"The weekend is {weekend}." if weekend else "There is no weekend."
    if days.not_holidays:
        yield f"The office is open on {listed(days.not_holidays)}."
    for closed in days.closed_on:
        yield sentence(f"the office is closed on {on_day(closed.day)}: {ended(closed.name)}")
    if days.open_on:
        yield f"The office is open all the same on {listed(on_day(day) for day in days.open_on)}."

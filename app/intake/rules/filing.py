"""What a filing must and must not hold."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import UUID

from app.kernel.dates import ImpreciseDate
from app.kernel.errors import Invalid, NotAllowed, Refused
from app.kernel.text import clean_line
from app.policy.model import Rulebook
from app.policy.model.base import Named
from app.policy.model.intake import FieldType


class AnonymityKind(StrEnum):
    """How the filer wants to be known."""

    NAMED = "named"
    CONFIDENTIAL = "confidential"
    ANONYMOUS = "anonymous"


IDENTIFYING = (
    "name",
    "email",
    "phone",
    "contact_preference",
    "contact_rules",
    "contact_times",
    "safe_contact",
    "custody_place",
)
IDENTIFYING_OF_AFFECTED = ("name", "phone")

# What the canonical bytes leave out: it can be erased, or it was never a part of the complaint.
IN_THE_VAULT = {"name", "email", "phone", "safe_contact", "custody_place"}
APART = "demographics"
LONGEST_FILE_NAME = 150
TOO_LARGE = "This file is too large. Send a smaller one, or go on without it and bring it to us another way."
MUST_NOT_HOLD = "An anonymous complaint must not hold this. Leave it empty, or choose to be named or confidential."
UNFIT_TYPE = "We cannot take this kind of file. You can add a photo, a video, a sound recording or a PDF."


def without_identity(said: Mapping[str, Any]) -> dict[str, Any]:
    """What was said, less who said it."""
    kept = {name: answer for name, answer in said.items() if name != APART} | {"filer": _unnamed(said["filer"])}
    if "witnesses" in said:
        kept["witnesses"] = [_unnamed(witness) for witness in said["witnesses"]]
    if "affected" in said:
        kept["affected"] = _unnamed(said["affected"])
    return kept


def _unnamed(person: Mapping[str, Any]) -> dict[str, Any]:
    return {field: answer for field, answer in person.items() if field not in IN_THE_VAULT}


def other_answers(said: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that have no column of their own."""
    filer, incident, affected = said["filer"], said["incident"], said.get("affected", {})
    given = {
        "kind": said.get("kind"),
        "contact_preference": filer.get("contact_preference"),
        "contact_rules": filer.get("contact_rules"),
        "contact_times": filer.get("contact_times"),
        "accommodation": filer.get("accommodation"),
        "affected": _unnamed(affected),
        "department": incident.get("department"),
        "matters": incident.get("matters"),
        "injuries": incident.get("injuries"),
        "medical_care": incident.get("medical_care"),
        "mediation": said.get("mediation"),
        "sworn": said.get("sworn"),
        "heard_of_us": said.get("heard_of_us"),
        "more": said.get("more"),
    }
    return {name: answer for name, answer in given.items() if answer}


def check_file_type(book: Rulebook, media_type: str) -> None:
    """The rulebook names the kinds of file that are taken; one that names none takes all."""
    if book.intake.file_types and media_type not in book.intake.file_types:
        raise Invalid({"file": UNFIT_TYPE})


def file_name(given: str) -> str:
    """A name that can be shown: one line, no folder, not too long, with its ending kept."""
    try:
        name = clean_line(given.replace("\\", "/").rsplit("/", 1)[-1])
    except ValueError:
        name = ""
    stem, dot, ending = name.rpartition(".")
    if len(name) > LONGEST_FILE_NAME:
        name = stem[: LONGEST_FILE_NAME - 11] + dot + ending[:10]
    return name or "file"


def check_anonymous(anonymity: AnonymityKind, said: Mapping[str, Any]) -> None:
    """An anonymous filing holds no name and no address: it is refused, and what was given is kept nowhere."""
    given = [f"filer.{field}" for field in IDENTIFYING if said["filer"].get(field)]
    given += [f"affected.{field}" for field in IDENTIFYING_OF_AFFECTED if said.get("affected", {}).get(field)]
    if anonymity is AnonymityKind.ANONYMOUS and given:
        raise Invalid(dict.fromkeys(given, MUST_NOT_HOLD))


def check_reached_by_nothing(anonymity: str, given: Mapping[str, bool]) -> None:
    """The same of how to reach whoever filed: also later it is kept nowhere, until they give a name."""
    if anonymity == AnonymityKind.ANONYMOUS and any(given.values()):
        raise Invalid({field: MUST_NOT_HOLD for field, is_given in given.items() if is_given})


def is_protected(book: Rulebook, relationship: str) -> bool:
    """Whether the rulebook keeps who files so for the one role of the whistleblower compartment."""
    return any(each.code == relationship and each.is_protected for each in book.intake.relationships)


def check_listed(book: Rulebook, said: Mapping[str, Any]) -> None:
    """What is said by a code is one of the rulebook's."""
    filer, incident, intake = said["filer"], said["incident"], book.intake
    given: list[tuple[str, Iterable[str], Callable[[], set[str]]]] = [
        ("kind", [said.get("kind", "")], lambda: codes_of(intake.contact_kinds)),
        ("incident.matters", incident.get("matters", ()), lambda: codes_of(intake.matters)),
        ("filer.contact_rules", filer.get("contact_rules", ()), lambda: codes_of(intake.contact_rules)),
        *((place, codes, partial(_choices, book, place)) for place, codes in _by_the_form(said)),
    ]
    wrong = [place for place, codes, known in given if any(codes) and not {*codes} <= known()]
    if wrong:
        raise Invalid(dict.fromkeys(wrong, "Choose one of the list."))


def codes_of(listed: Iterable[Named]) -> set[str]:
    """The codes of a list of the rulebook."""
    return {each.code for each in listed}


def _by_the_form(said: Mapping[str, Any]) -> Iterator[tuple[str, Iterable[str]]]:
    """What is answered by codes that a question of the form lists."""
    yield "mediation", [said.get("mediation", "")]
    for name, answer in said.get(APART, {}).items():
        yield f"{APART}.{name}", answer if isinstance(answer, list) else [answer]


def _choices(book: Rulebook, place: str) -> set[str]:
    """What the form offers where it fills this place."""
    asked = [question for page in book.form.pages for question in page.fields if question.fills == place]
    offered = {choice.code for question in asked for choice in book.choices(question)}
    return offered | {"yes", "no"} if any(q.type is FieldType.YES_NO for q in asked) else offered


def check_against(book: Rulebook, against: str) -> None:
    """One of the ways that the rulebook has for those past whom a complaint may not go, or none."""
    if against and against not in {route.code for route in book.special_routes}:
        raise Invalid({"against": "Choose one of the list."})


def check_taken(book: Rulebook, anonymity: AnonymityKind) -> None:
    """Not every law takes every complaint: some need a name."""
    ways = [way.code for way in book.intake.anonymity]
    if anonymity not in ways:
        raise Invalid({"anonymity": f"This office does not take such complaints. It takes: {', '.join(ways)}."})


def check_translation(said_in: str, language: str, translated_on: date, said_on: date, today: date) -> None:
    """Into another language, after it was said, and not on a day to come."""
    if language == said_in:
        raise Invalid({"language": "These words are in this language already."})
    if not said_on <= translated_on <= today:
        raise Invalid({"translated_on": "Give a day between the day these words came and today."})


def kinds_with_a_name(book: Rulebook) -> list[AnonymityKind]:
    """The kinds of anonymity under which a name is asked for."""
    return [AnonymityKind(each.code) for each in book.intake.anonymity if each.asks_identity]


def may_be_named(book: Rulebook, anonymity: str) -> bool:
    """Whoever filed without a name may give one later, where the rulebook has a kind with a name."""
    kinds = kinds_with_a_name(book)
    return bool(kinds) and anonymity not in kinds


def check_named_later(book: Rulebook, before: str, after: AnonymityKind, given: Iterable[str]) -> None:
    """Once, with something to know them by, and as a kind that the rulebook has."""
    if not may_be_named(book, before):
        raise Refused("We have your name already. Write to us if it has changed.")
    if after not in kinds_with_a_name(book):
        raise Invalid({"anonymity": "Choose one of the list."})
    if not any(given):
        raise Invalid({"name": "Give your name, or a way to reach you."})


def check_not_in_future(incident: ImpreciseDate, today: date) -> None:
    """What is complained of has happened."""
    if incident.is_surely_after(today):
        raise Invalid(
            {"incident.date": "This day has not come yet. Check the date, or leave it empty if you are not sure."}
        )


def check_unscreened(*, is_screened: bool) -> None:
    """A filing is screened once."""
    if is_screened:
        raise Refused("This filing has been screened already.")


def check_classification(book: Rulebook, classification: str, reason: str, roles: Iterable[str]) -> None:
    """The classification is one of the rulebook's, given by whom it names, with a reason where it asks for one."""
    found = next((each for each in book.classification if each.code == classification), None)
    if found is None:
        raise Invalid({"classification": "Choose one of the list."})
    if found.by and not set(found.by) & set(roles):
        raise NotAllowed(f"Only {' or '.join(found.by)} may decide this.")
    if found.needs_reason and not reason.strip():
        raise Invalid({"reason": "Say why: the rulebook asks for a reason here."})


def check_department(book: Rulebook, department: str) -> None:
    """The department is one that this agency oversees."""
    if department not in {each.code for each in book.departments}:
        raise Invalid({"department_id": "Choose one of the list."})


def check_category(book: Rulebook, category: str) -> None:
    """The kind of allegation is one of the rulebook's, or none yet."""
    if category and category not in {each.code for each in book.allegations}:
        raise Invalid({"category": "Choose one of the list."})


def check_duplicate(case_id: UUID, offered: Sequence[UUID]) -> None:
    """A filing joins a case that has the same officer, or the same day and place."""
    if case_id not in offered:
        raise Invalid({"duplicate_of": "Choose one of the list, or leave it empty."})

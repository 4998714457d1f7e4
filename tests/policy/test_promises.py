"""What the format lets a city say is done, is words for a reader, or is named as not done yet."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from datetime import date
from typing import Any, get_args

import pytest
from pydantic import BaseModel

import app.policy.model
from app.config import PROJECT
from app.kernel.text import LocalText
from app.policy.loader import read_folder
from app.policy.model import Rulebook
from app.policy.plain import sources, undone
from app.policy.promises import ANY, NOT_DONE, not_done
from tests.rulebooks import from_files

FOLDER = PROJECT / "policies" / "riverbend" / "2025-01-01"
FILES = read_folder(FOLDER)

# Read by the policy room itself, or by whoever arranges what the rulebook says; nothing is promised by them.
SAID_OR_READ_HERE = {
    *("also", "functions", "part_of", "renamed_from", "is_complete", "right_to_left"),
    *("not_holidays", "open_on", "holidays_country", "holidays_subdivision", "working_days"),
    *("subpoena", "policy_recommendations", "mediation", "officer_rights", "retention", "disputes", "closed_grounds"),
    *("merits", "burden_on", "opens", "stands", "deciders", "on_the_record", "consents", "limit_from", "limit_unit"),
    *("eligible_categories", "excluded_categories", "is_confidential", "issuer", "requester", "return_clock"),
    *("notice_clock", "interview_notice_clock", "minutes_clock", "officer_may_waive", "open_on_request"),
    *("notice_hours", "officer_notice_hours", "remote_allowed", "third_party_allowed", "files_for_another"),
    *("field", "is_one_of", "is_none_of", "shown_when", "minutes", "outcomes", "second_approver", "stricter"),
    *("admonitions", "employee_kinds", "excluded", "excluded_targets", "service_methods", "targets"),
}
# Blocks that stages read as a whole, key by key; their own tests say what each does.
WHOLE_BLOCKS = {"Dispute", "DisputeOutcome", "ClosedGround", "Meetings"}
# Keys that a page shows, and names that other blocks have too: a look for the bare name says nothing.
SHARED_NAMES = {"outcomes", "sample_percent", "overrides", "classes", "summary", "destruction", "sends_back"}
# A name that another block has too, and how the code reads it there: every other reading of the name counts.
READ_ELSEWHERE = {"may_be_waived": "appeal.may_be_waived", "waived_by": "appeal.waived_by"}
OURS = ("app/policy/model/book.py", "app/policy/acting.py", "app/policy/sources.py", "app/policy/loader.py")


def code() -> str:
    found = (path for path in sorted((PROJECT / "app").rglob("*.py")))
    named = ((path.relative_to(PROJECT).as_posix(), path) for path in found)
    outside = [path for name, path in named if not name.startswith("app/policy/") or name in OURS]
    return "\n".join(path.read_text("utf-8") for path in [*outside, *sorted((PROJECT / "templates").rglob("*.html"))])


CODE = code()


def keys() -> Iterator[tuple[str, Any]]:
    """Every key of the format that is more than words."""
    for each in pkgutil.iter_modules(app.policy.model.__path__):
        module = importlib.import_module(f"app.policy.model.{each.name}")
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, BaseModel) and kind.__module__ == module.__name__:
                for name, info in kind.model_fields.items():
                    if not is_words(info.annotation):
                        yield name, kind


def is_words(annotation: Any) -> bool:
    kinds = {annotation, *get_args(annotation)}
    inner = {inner for each in kinds for inner in get_args(each)}
    return bool({str, LocalText} & (kinds | inner))


def is_read(name: str) -> bool:
    return re.search(rf"\.{name}\b", code_without_other_blocks(name)) is not None


def code_without_other_blocks(name: str) -> str:
    elsewhere = READ_ELSEWHERE.get(name)
    return CODE if elsewhere is None else re.sub(rf"\b{re.escape(elsewhere)}\b", "", CODE)


def test_each_key_is_read_by_the_code_or_named_as_not_done() -> None:
    named = {part for pattern in NOT_DONE for part in pattern.split(".")}
    legal = set(app.policy.model.base.Cited.model_fields)
    asked = {name for name, kind in keys() if kind.__name__ not in WHOLE_BLOCKS}
    loose = sorted({name for name in asked if not is_read(name)} - named - legal - SAID_OR_READ_HERE)
    assert loose == []


@pytest.mark.parametrize("pattern", NOT_DONE)
def test_what_is_named_as_not_done_is_read_by_nothing(pattern: str) -> None:
    name = pattern.split(".")[-1]
    assert name in SHARED_NAMES or not is_read(name)


@pytest.mark.parametrize("name", READ_ELSEWHERE)
def test_what_is_read_elsewhere_is_read_there_today_and_another_reading_would_be_found(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert READ_ELSEWHERE[name] in CODE
    monkeypatch.setitem(globals(), "CODE", f"{CODE}\nlimit.{name}")
    assert is_read(name)


@pytest.mark.parametrize("pattern", NOT_DONE)
def test_what_is_named_as_not_done_is_a_key_of_the_format(pattern: str) -> None:
    known = {info.alias or name for name, info in all_fields()}
    steps = {"summary", "destruction"}
    assert {part for part in pattern.split(".") if part != ANY} <= known | steps


def all_fields() -> Iterator[tuple[str, Any]]:
    for each in pkgutil.iter_modules(app.policy.model.__path__):
        module = importlib.import_module(f"app.policy.model.{each.name}")
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from kind.model_fields.items()


def book(**changes: tuple[str, str]) -> Rulebook:
    text = FILES["rulebook.yaml"].decode()
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new, 1)
    return from_files("riverbend", date(2025, 1, 1), {**FILES, "rulebook.yaml": text.encode()})


def test_a_promise_is_named_once_with_how_often_it_stands_there() -> None:
    found = {each.place.split(".")[0] + "." + each.place.split(".")[-1]: each for each in not_done(book())}
    assert found["mediation.is_offered"].more == 0
    assert found["findings.needs_vote"].more > 1
    assert str(found["mediation.is_offered"]) == (
        "mediation.is_offered: no page offers mediation or keeps what came of it"
    )


def test_what_a_city_does_not_say_is_not_named() -> None:
    quiet = book(mediation=("is_offered: true", "is_offered: false"))
    assert "mediation.is_offered" not in {each.place for each in not_done(quiet)}


def test_the_plain_rulebook_names_it_by_its_label() -> None:
    [force] = [each for each in undone(book()) if "sent this way by itself" in each.says]
    assert "“" in force.about
    assert "_" not in force.about


def test_a_source_that_others_yield_to_says_so_and_that_nothing_is_decided_by_it() -> None:
    texts = [source.text for source in sources(book()) if "stands above" in source.text]
    assert len(texts) == 1
    assert "no rule here is decided by that" in texts[0]

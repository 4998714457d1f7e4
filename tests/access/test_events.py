"""Every event has a plain sentence that can be told, and fields that are no person's words."""

import string
from typing import get_args

import pytest

import app.main  # noqa: F401 - every stage's events
from app.kernel.events import Event, event_types, sentence_of

KINDS = sorted(event_types(), key=lambda kind: kind.tag)
WORDS = {"name", "display_name", "email", "phone", "address", "narrative", "text", "words", "password"}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.tag)
def test_its_sentence_names_only_fields_that_it_has(kind: type[Event]) -> None:
    named = {field for _, field, _, _ in string.Formatter().parse(kind.sentence) if field is not None}
    assert named - set(kind.model_fields) == set()
    assert kind.sentence.endswith(".")
    assert kind.sentence[0].isupper()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.tag)
def test_it_holds_nobodys_words_or_name(kind: type[Event]) -> None:
    assert set(kind.model_fields) & WORDS == set()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.tag)
def test_it_cannot_be_changed_and_takes_nothing_unknown(kind: type[Event]) -> None:
    assert kind.model_config["frozen"] is True
    assert kind.model_config["extra"] == "forbid"
    assert all("Any" not in str(get_args(field.annotation)) for field in kind.model_fields.values())


def test_there_are_events_and_an_unknown_one_is_still_told() -> None:
    assert len(KINDS) > 15
    assert sentence_of("some:thing:happened", 9, {}) == "Some thing happened"


def test_a_list_is_told_with_commas() -> None:
    facts = {"account_id": "x", "roles": ["intake", "counsel"]}
    assert sentence_of("administration:account:invited", 1, facts) == "Invited a person with the roles intake, counsel."

"""A power that is lost stops what it carried, and says why; history stays."""

from datetime import date, timedelta

import pytest

from app.config import PROJECT
from app.policy.loader import read_folder
from app.policy.model import Rulebook
from app.policy.model.powers import CARRIES, Act, PowerName
from tests.rulebooks import from_files

RIVERBEND = read_folder(PROJECT / "policies" / "riverbend" / "2025-01-01")
RULING = date(2025, 4, 29)
SUBPOENA = "  - {power: subpoena, holder: commission, from_on: 2025-01-01, authority: Charter 12.09}\n"
COMMISSION = "    label: Civilian Oversight Commission\n    kind: board\n"


def riverbend(old: str = "", new: str = "") -> Rulebook:
    text = RIVERBEND["rulebook.yaml"].decode()
    assert old in text
    return from_files("riverbend", date(2025, 1, 1), {**RIVERBEND, "rulebook.yaml": text.replace(old, new, 1).encode()})


def revoked(**more: str) -> Rulebook:
    keys = "".join(f"    {key}: {value}\n" for key, value in more.items())
    return riverbend(
        SUBPOENA,
        "  - power: subpoena\n    holder: commission\n    from_on: 2025-01-01\n    authority: Charter 12.09\n"
        "    suspended_by: {en: The state court, es: El tribunal}\n"
        "    reason: {en: The charter may not give this power., es: La carta no puede dar este poder.}\n" + keys,
    )


def test_what_a_power_carries_stops_on_the_day_it_is_revoked() -> None:
    book = revoked(to_on="2025-04-29")
    assert book.stopped("subpoenas", RULING - timedelta(days=1)) is None
    stopped = book.stopped("subpoenas", RULING)
    assert stopped is not None
    assert stopped.since == RULING
    assert stopped.sentence() == "The state court: The charter may not give this power. (Charter 12.09)"
    assert "El tribunal" in stopped.sentence("es")
    assert not book.has_power("subpoena", RULING)
    assert book.stopped("demands", RULING) is None


def test_a_suspended_power_comes_back() -> None:
    book = revoked(suspended_on="2025-04-29", resumed_on="2026-01-01")
    assert book.stopped("subpoenas", date(2025, 12, 31)) is not None
    assert book.stopped("subpoenas", date(2026, 1, 1)) is None
    assert book.has_power("subpoena", date(2026, 1, 1))


def test_the_rulebook_says_what_stops() -> None:
    book = revoked(to_on="2025-04-29", stops="[moves, clocks, subpoenas]")
    assert {act for act in Act if book.stopped(act, RULING)} == {Act.MOVES, Act.CLOCKS, Act.SUBPOENAS}


def test_one_holder_is_enough() -> None:
    book = revoked(to_on="2025-04-29")
    other = "powers:\n  - {power: subpoena, holder: office, from_on: 2025-02-01, authority: Charter 12.19}\n"
    text = book.files["rulebook.yaml"].replace(b"powers:\n", other.encode(), 1)
    both = from_files("riverbend", date(2025, 1, 1), {**book.files, "rulebook.yaml": text})
    assert len(both.powers) == len(book.powers) + 1
    assert both.stopped("subpoenas", RULING) is None


def test_a_body_that_is_dissolved_takes_its_powers_with_it() -> None:
    ended = COMMISSION + (
        "    to_on: 2025-08-16\n    ended_by: {en: The state legislature, es: La legislatura}\n"
        "    reason: {en: A state law forbids such boards., es: Una ley lo prohíbe.}\n"
    )
    book = riverbend(COMMISSION, ended)
    before, after = date(2025, 8, 15), date(2025, 8, 16)
    assert book.stopped("votes", before) is None
    stopped = book.stopped("votes", after)
    assert stopped is not None
    assert (stopped.since, str(stopped.by)) == (after, "The state legislature")
    assert book.stopped("demands", after) is None
    assert not book.body("commission").exists(after)


def test_what_no_power_names_is_never_stopped() -> None:
    assert riverbend().stopped("moves", date(1999, 1, 1)) is None


def test_before_a_power_begins_it_carries_nothing() -> None:
    stopped = riverbend().stopped("subpoenas", date(2024, 12, 31))
    assert stopped is not None
    assert stopped.since is None


def test_every_power_says_what_it_carries() -> None:
    assert set(CARRIES) == set(PowerName)


def test_an_act_that_does_not_exist_is_no_question() -> None:
    with pytest.raises(ValueError, match="parades"):
        riverbend().stopped("parades", RULING)

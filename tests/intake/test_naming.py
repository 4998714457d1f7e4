"""Who filed without a name gives one later: into the vault, once, and the complaint stays as it was said."""

import re
from typing import Any

import pytest

from app.access.actor import Actor
from app.access.permissions import Role
from app.cases.records import Case
from app.infra.db import Door
from app.intake import actions
from app.intake.actions import Acknowledged, submit_filing
from app.intake.commands import NameFiler, OpenIdentity, ScreenFiling, SubmitFiling
from app.intake.records import Filing
from app.intake.rules.filing import AnonymityKind
from app.kernel.errors import NotFound, Refused
from app.people.records import Identity, Person
from app.people.rules import OpeningReason
from tests.conftest import ClientAs, WorkAs
from tests.intake.test_pages import Filer
from tests.make import Make

NAME = NameFiler(anonymity=AnonymityKind.CONFIDENTIAL, name="Ada Sample", phone="555 0100")


def anyone(make: Make) -> Actor:
    return Actor.anyone(Door.RESIDENT, make.house.access.of(frozenset({Role.ANYONE})))


@pytest.fixture
def filed(make: Make, work_as: WorkAs) -> Acknowledged:
    with work_as(anyone(make)) as work:
        return submit_filing(work, asked("anonymous"), repeat_key="k")


@pytest.fixture
def filer(filed: Acknowledged, client_as: ClientAs) -> Filer:
    return Filer(client_as(), filed.passphrase.words)


def asked(anonymity: str) -> SubmitFiling:
    who = {"relationship": "self"} | ({} if anonymity == "anonymous" else {"name": "Bo Sample"})
    said = {"date": "2026-03-01", "location": "Oak Street", "narrative": "He shouted at me."}
    return SubmitFiling.model_validate({"language": "en", "anonymity": anonymity, "filer": who, "incident": said})


def name(make: Make, work_as: WorkAs, filed: Acknowledged) -> None:
    with work_as(anyone(make)) as work:
        actions.own_by_passphrase(work, filed.passphrase.words)
        actions.name_filer(work, NAME)


def test_the_name_goes_into_the_vault_and_what_was_said_stays(make: Make, work_as: WorkAs, filed: Acknowledged) -> None:
    (before,) = make.all(Filing)
    name(make, work_as, filed)
    (after,) = make.all(Filing)
    assert (after.anonymity, after.canonical, after.receipt) == ("confidential", before.canonical, before.receipt)
    (person,) = make.all(Person)
    (identity,) = make.all(Identity)
    assert identity.person_id == person.id
    assert b"Ada" not in identity.sealed
    assert make.tags()[-1] == "intake:filer:named"
    with work_as("supervisor") as work:
        who = actions.open_filer(work, after.id, OpenIdentity(reason=OpeningReason.CONTACT))
    assert who is not None
    assert (who.name, who.phone) == ("Ada Sample", "555 0100")


def test_who_is_a_person_of_the_case_stays_that_person(make: Make, work_as: WorkAs, filed: Acknowledged) -> None:
    (filing,) = make.all(Filing)
    screened = ScreenFiling(
        version=filing.version,
        classification="investigation",
        department_id=make.book.departments[0].code,
        category=make.book.allegations[0].code,
    )
    with work_as("intake") as work:
        actions.screen_filing(work, filing.id, screened)
    (case,) = make.all(Case)
    name(make, work_as, filed)
    assert [(each.case_id, each.role) for each in make.all(Person)] == [(case.id, "filer")]
    assert len(make.all(Identity)) == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"anonymity": "anonymous", "name": "Ada"}, "anonymity"),
        ({"anonymity": "confidential"}, "name"),
        ({"anonymity": "nobody", "name": "Ada"}, "anonymity"),
        ({"anonymity": "confidential", "name": "x" * 201}, "name"),
        ({"anonymity": "confidential", "name": "a\x00b"}, "name"),
    ],
)
def test_what_is_no_name_is_told_and_the_words_stay(filer: Filer, make: Make, said: dict[str, Any], field: str) -> None:
    answer = filer.post("/my/name/give", **said)
    assert answer.status_code == 422
    assert f'id="f-{field}"' in answer.text
    assert make.all(Identity) == []
    assert make.all(Filing)[0].anonymity == "anonymous"


def test_it_is_given_once(make: Make, work_as: WorkAs, filed: Acknowledged) -> None:
    name(make, work_as, filed)
    with pytest.raises(Refused, match="already"):
        name(make, work_as, filed)
    assert len(make.all(Identity)) == 1


def test_who_gave_a_name_at_once_is_not_asked_again(make: Make, work_as: WorkAs, client_as: ClientAs) -> None:
    with work_as(anyone(make)) as work:
        named = submit_filing(work, asked("named"), repeat_key="k2")
    with pytest.raises(Refused, match="already"):
        name(make, work_as, named)
    assert "/my/name/give" not in Filer(client_as(), named.passphrase.words).text


def test_a_passphrase_that_opens_nothing_names_nobody(make: Make, work_as: WorkAs, filed: Acknowledged) -> None:
    with pytest.raises(NotFound), work_as(anyone(make)) as work:
        actions.name_filer(work, NAME)
    assert make.all(Identity) == []


def test_the_page_says_what_each_way_means_and_takes_the_name(filer: Filer, make: Make) -> None:
    page = filer.text
    kinds = [each for each in make.book.intake.anonymity if each.asks_identity]
    assert all(each.meaning.to("en") in page for each in kinds)
    answer = filer.post("/my/name/give", anonymity="named", name="Ada Sample")
    assert answer.status_code == 303
    assert "/my/name/give" not in filer.text
    assert make.all(Filing)[0].anonymity == "named"
    agreed = next(each for each in kinds if each.code == "named")
    assert re.search(rf"Who may learn your name.*{re.escape(agreed.meaning.to('en'))}", filer.text, re.DOTALL)

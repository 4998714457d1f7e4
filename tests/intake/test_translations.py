"""What the filer said stays the record; a translation hangs beside it, with who made it and when."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.access.actor import Actor
from app.access.permissions import Role
from app.commission.queries.papers import case_sections
from app.correspondence.actions import write_to_office
from app.correspondence.commands import SendMessage
from app.correspondence.records import Message
from app.infra.db import Door
from app.intake import actions, queries
from app.intake.commands import AddToFiling, AddTranslation
from app.intake.records import Amendment, Filing, Translation
from app.kernel.errors import Invalid, NotAllowed, NotFound
from tests.conftest import NOW, ClientAs, WorkAs
from tests.make import Make


def ask(make: Make, of_id: UUID, **changed: Any) -> AddTranslation:
    said = {
        "of_id": of_id,
        "language": "en",
        "body": "He shouted at me in the street.",
        "translator": "M. Sample, court interpreter",
        "translated_on": NOW.date(),
    }
    return AddTranslation.model_validate(said | changed)


def filer(make: Make, filing: Filing) -> Actor:
    return Actor.filer(filing.lookup or b"", make.house.access.of(frozenset({Role.FILER})))


def test_it_hangs_beside_the_words_and_they_stay(make: Make, work_as: WorkAs) -> None:
    filing = make.filing(language="es", narrative="Me gritó en la calle.")
    with work_as("intake") as work:
        actions.add_translation(work, filing.id, ask(make, filing.id))
    (kept,) = make.all(Translation)
    assert (kept.of_id, kept.language, kept.translator) == (filing.id, "en", "M. Sample, court interpreter")
    assert make.all(Filing)[0].narrative == "Me gritó en la calle."
    assert make.tags()[-1] == "intake:filing:translated"


def test_what_was_added_and_written_later_is_translated_too(make: Make, work_as: WorkAs) -> None:
    filing = make.filing(language="es")
    with work_as(filer(make, filing)) as work:
        actions.add_to_filing(work, filing.id, AddToFiling(body="Había otra persona."))
        write_to_office(work, filing.id, None, SendMessage(body="¿Qué pasa ahora?"))
    words = [make.all(Amendment)[0].id, make.all(Message)[0].id]
    with work_as("intake") as work:
        for of_id in words:
            actions.add_translation(work, filing.id, ask(make, of_id))
    with work_as("intake") as work:
        assert set(queries.translations_of(work, [filing.id])) == set(words)


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"language": "es"}, "language"), ({"translated_on": timedelta(1)}, "translated_on")],
)
def test_into_another_language_and_on_no_day_to_come(
    make: Make, work_as: WorkAs, changed: dict[str, Any], field: str
) -> None:
    filing = make.filing(language="es")
    given = {name: NOW.date() + value if isinstance(value, timedelta) else value for name, value in changed.items()}
    with pytest.raises(Invalid) as wrong, work_as("intake") as work:
        actions.add_translation(work, filing.id, ask(make, filing.id, **given))
    assert set(wrong.value.fields) == {field}
    assert make.all(Translation) == []


def test_words_that_are_not_of_this_complaint_are_not_there(make: Make, work_as: WorkAs) -> None:
    filing, other = make.filing(language="es"), make.filing(language="es")
    for of_id in (other.id, uuid4()):
        with pytest.raises(NotFound), work_as("intake") as work:
            actions.add_translation(work, filing.id, ask(make, of_id))


@pytest.mark.parametrize("role", ["liaison", "commissioner"])
def test_whoever_may_not_read_a_filing_translates_none(make: Make, work_as: WorkAs, role: str) -> None:
    filing = make.filing(language="es")
    with pytest.raises((NotAllowed, NotFound)), work_as(role) as work:
        actions.add_translation(work, filing.id, ask(make, filing.id))


def test_the_page_of_the_filing_and_of_the_case_show_both(make: Make, work_as: WorkAs, client_as: ClientAs) -> None:
    case = make.case(language="es")
    filing = make.filing(language="es", narrative="Me gritó en la calle.", case_id=case.id)
    client, home = client_as("intake"), f"/office/filings/{filing.id}"
    said = {
        "of_id": str(filing.id),
        "language": "en",
        "translator": "M. Sample",
        "translated_on": NOW.date().isoformat(),
        "body": "He shouted at me.",
    }
    wrong = client.submit(f"{home}/translations/add", **said | {"translator": ""})
    assert wrong.status_code == 422
    assert "He shouted at me." in wrong.text
    assert client.submit(f"{home}/translations/add", **said).status_code == 303
    page = client.get(home).text
    assert page.index("Me gritó en la calle.") < page.index("He shouted at me.")
    assert "M. Sample" in page
    assert "He shouted at me." in client_as("supervisor").get(f"/office/cases/{case.id}").text


def test_a_packet_holds_the_words_and_then_the_translation(make: Make, work_as: WorkAs) -> None:
    case = make.case(language="es", narrative="Me gritó.")
    filing = make.filing(language="es", narrative="Me gritó.", case_id=case.id)
    with work_as("intake") as work:
        actions.add_translation(work, filing.id, ask(make, filing.id))
    with work_as(Actor.system("test", Door.WORKER)) as work:
        told = next(each for each in case_sections(work, case.id) if each.heading == "What the complaint says")
    assert told.paragraphs[0] == "Me gritó."
    assert "M. Sample" in told.paragraphs[1]
    assert told.paragraphs[2] == "He shouted at me in the street."

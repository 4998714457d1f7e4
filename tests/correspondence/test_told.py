"""How a filer is told: a text message or a call only for whoever asked, and nothing of the matter in either."""

from dataclasses import replace

import pytest

from app.access.actor import Actor
from app.access.permissions import Role
from app.access.work import House, open_work
from app.correspondence.records import Call
from app.infra.texting import Texting
from app.intake.jobs import notice_words, tell_filer
from app.intake.records import Filing
from app.policy.model.letters import Letter as LetterText
from tests.conftest import ClientAs, WorkAs
from tests.correspondence.test_mail import file
from tests.infra.test_texting import gateway
from tests.make import Make

PHONE = "+15550100"


def run(house: House, filing: Filing) -> None:
    with open_work(house, Actor.system("tell_filer")) as work:
        tell_filer(work, filing.id)


def with_phone(make: Make, work_as: WorkAs, way: str, **more: str) -> Filing:
    return file(make, work_as, name="Ada Sample", phone=PHONE, email="ada@example.org", contact_preference=way, **more)


def test_a_text_message_says_only_that_something_waits(house: House, make: Make, work_as: WorkAs) -> None:
    filing = with_phone(make, work_as, "text")
    with gateway() as (address, taken):
        run(replace(house, texting=Texting(f"http://{address}/?from=50123")), filing)
    (sent,) = taken
    assert (sent["to"], sent["from"]) == (PHONE, "50123")
    kept = (filing.number, "Sample", "complaint", make.book.name.to("en"), str(make.book.meta.city))
    assert [each for each in kept if each.lower() in sent["text"].lower()] == []
    assert f"{house.base_url}/my" in sent["text"]
    assert make.tags()[-1] == "correspondence:notice:texted"


@pytest.mark.parametrize("way", ["", "portal", "email", "phone", "mail"])
def test_no_text_goes_to_whoever_did_not_ask_for_it(house: House, make: Make, work_as: WorkAs, way: str) -> None:
    filing = with_phone(make, work_as, way)
    with gateway() as (address, taken):
        run(replace(house, texting=Texting(f"http://{address}/")), filing)
    assert taken == []


def test_without_a_gateway_or_a_number_no_text_goes_and_no_name_is_opened(
    house: House, make: Make, work_as: WorkAs
) -> None:
    filing = with_phone(make, work_as, "text")
    before = make.tags()
    run(house, filing)
    assert make.tags() == before


def test_a_gateway_that_refuses_leaves_no_trace_so_that_the_job_tries_again(
    house: House, make: Make, work_as: WorkAs
) -> None:
    filing = with_phone(make, work_as, "text")
    before = make.tags()
    with gateway(500) as (address, _), pytest.raises(Exception, match="status 500"):
        run(replace(house, texting=Texting(f"http://{address}/")), filing)
    assert make.tags() == before


def test_the_neutral_words_of_a_rulebook_can_name_no_number(make: Make) -> None:
    notice = next(each for each in make.book.letter_texts if each.kind == "notice" and each.language == "en")
    assert isinstance(notice, LetterText)
    assert notice.places <= {"status_link", "tracking_link"}


def test_whoever_wants_a_call_stands_on_the_list_once_with_what_makes_it_safe_first(
    house: House, make: Make, work_as: WorkAs, client_as: ClientAs
) -> None:
    filing = with_phone(make, work_as, "phone")
    for _ in range(2):
        run(house, filing)
    (call,) = make.all(Call)
    office = client_as("intake")
    page = office.get("/office/calls").text
    assert filing.number in page
    assert PHONE not in page
    assert "Ada" not in page
    assert office.submit(f"/office/calls/{call.id}/log", version="1", result="no_answer").status_code == 303
    assert office.submit(f"/office/calls/{call.id}/log", version="1", result="reached").status_code == 409
    assert filing.number in office.get("/office/calls").text
    assert office.submit(f"/office/calls/{call.id}/log", version="2", result="reached").status_code == 303
    assert "Nobody waits for a call." in office.get("/office/calls").text
    assert make.tags().count("correspondence:call:tried") == 2


def test_rules_of_safe_contact_stand_before_the_rest(
    house: House, make: Make, work_as: WorkAs, client_as: ClientAs
) -> None:
    filing = with_phone(make, work_as, "phone")
    rule = make.book.intake.contact_rules[0]
    with make.owner() as session:
        row = session.get(Filing, filing.id)
        assert row is not None
        row.answers = {**row.answers, "contact_rules": [rule.code], "safe_contact": "Ask for Ada."}
        session.commit()
    run(house, filing)
    page = client_as("intake").get("/office/calls").text
    assert page.index(rule.label.to("en")) < page.index("Waiting since")
    assert "Ask for Ada." in page


@pytest.mark.parametrize("role", [Role.ANALYST, Role.AUDITOR, Role.ADMINISTRATOR])
def test_the_call_list_is_of_those_who_write_to_filers(client_as: ClientAs, role: Role) -> None:
    assert client_as(role).get("/office/calls").status_code == 403


def test_nobody_calls_about_a_case_that_is_kept_from_them(
    house: House, make: Make, work_as: WorkAs, client_as: ClientAs
) -> None:
    filing = with_phone(make, work_as, "phone")
    run(house, filing)
    (call,) = make.all(Call)
    case = make.case()
    with make.owner() as session:
        row = session.get(Filing, filing.id)
        assert row is not None
        row.case_id = case.id
        session.commit()
    make.wall(case, make.actor(Role.INTAKE))
    office = client_as("intake")
    assert filing.number not in office.get("/office/calls").text
    assert office.submit(f"/office/calls/{call.id}/log", version="1", result="reached").status_code == 404


@pytest.mark.parametrize(("language", "words"), [("en", "A message is waiting for you"), ("es", "Hay un mensaje")])
def test_the_notice_is_in_the_filers_language(
    house: House, make: Make, work_as: WorkAs, language: str, words: str
) -> None:
    filing = file(make, work_as, language)
    with open_work(house, Actor.system("tell_filer")) as work:
        subject, _ = notice_words(work, filing)
    assert words in subject

"""What the form asks beside the story: the short way, who is protected, who saw it, and what is kept apart."""

import json
from typing import Any
from uuid import uuid4

import pytest

from app.access.actor import Actor
from app.access.permissions import Role
from app.cases.events import FilerKept
from app.intake.actions import name_filer, open_filer, own_by_passphrase, submit_filing
from app.intake.commands import NameFiler, OpenIdentity, SubmitFiling
from app.intake.records import Filing, FilingDemographics, FilingOfficer, FilingWitness
from app.intake.rules.filing import AnonymityKind
from app.kernel.errors import Invalid, NotFound
from app.people.records import Identity, Person, VaultUse
from app.people.rules import OpeningReason, Who
from app.policy.vocabulary import MOST_PAGES
from tests.conftest import ClientAs, WorkAs
from tests.intake.test_actions import anyone as anyone_of
from tests.intake.test_filing_pages import Phone, begun
from tests.intake.test_following import screened
from tests.make import Make

OPEN = OpenIdentity(reason=OpeningReason.CONTACT)


def body(**changed: Any) -> SubmitFiling:
    return SubmitFiling.model_validate(
        {
            "language": "en",
            "anonymity": "named",
            "filer": {"relationship": "self", "name": "Ada Sample"},
            "incident": {"date": None, "location": "", "narrative": "He shouted at me."},
        }
        | changed
    )


# -- the pages --------------------------------------------------------------------------------------


def test_who_knows_only_what_happened_passes_seven_pages(client_as: ClientAs, make: Make) -> None:
    phone = Phone(client_as())
    answers = {
        "": {"language": "en"},
        "about_this": {"kind": "complaint", "relationship": "self"},
        "anonymity": {"anonymity": "anonymous"},
        "what_happened": {"narrative": "He shouted at me."},
    }
    pages, at = 1, ""
    while at != "check":
        phone.send(go="next", **answers.get(at, {}))
        assert phone.page.status_code == 200
        at, pages = phone.at(), pages + 1
    assert phone.send("send").page.status_code == 200
    assert len(make.all(Filing)) == 1
    assert pages <= MOST_PAGES


def test_who_files_as_an_officer_is_told_who_alone_can_open_the_name(client_as: ClientAs) -> None:
    phone = Phone(client_as()).send(language="en").send(go="next", kind="complaint", relationship="officer")
    assert "Only the director of this office can open your name." in phone.text
    assert "For a child" not in phone.text


def test_fears_are_answered_before_anything_is_asked(client_as: ClientAs) -> None:
    phone = Phone(client_as())
    before = phone.text.split('name="language"')[0]
    assert "Your immigration status" in phone.text
    begun(phone, relationship="parent", anonymity="")
    assert phone.at() == "anonymity"
    for words in ("You have the same rights here as anyone else.", "Charter 12.07(f)", "For a child"):
        assert words in phone.text
    assert "Which language" in before


def test_another_door_is_named_where_it_fits_and_not_else(client_as: ClientAs) -> None:
    for matters, is_named in (("crisis", True), ("words", False)):
        phone = begun(Phone(client_as()), anonymity="anonymous").send(go="next", narrative="x", matters=matters)
        while phone.at() != "more":
            phone.send(go="next")
        assert ("Riverbend Crisis Line" in phone.text) is is_named
        assert ("Others who may help you now" in phone.text) is is_named


def test_an_answer_on_a_page_that_is_shown_no_more_is_not_sent(client_as: ClientAs, make: Make) -> None:
    phone = begun(Phone(client_as()), anonymity="anonymous")
    phone.send(go="next", narrative="x", matters="force")
    phone.send(go="next", injuries="A broken arm")
    phone.send(go="next")
    phone.send(go="next", tell_more="witnesses").send(go="next", witness_saw="The driver")
    assert phone.at() == "check"
    phone.send(go="change:what_happened:0").send(go="next", narrative="x", matters="words")
    assert phone.at() == "words_said"
    phone.send(go="next", words_used="Bad ones")
    phone.send(go="change:more:0").send(go="next")
    assert "broken arm" not in phone.text
    assert phone.send("send").page.status_code == 200
    (kept,) = make.all(Filing)
    assert (kept.answers.get("injuries"), kept.answers["matters"]) == (None, ["words"])
    assert kept.answers["more"]["words_used"] == "Bad ones"
    assert b"broken arm" not in kept.canonical
    assert make.all(FilingWitness) == []


def test_several_witnesses_are_added_and_taken_away(client_as: ClientAs, make: Make) -> None:
    phone = begun(Phone(client_as()), anonymity="anonymous").send(go="next", narrative="x")
    phone.send(go="next").send(go="next", tell_more="witnesses")
    phone.send(go="again", witness_saw="The driver").send(go="again", witness_name="Ben Sample")
    phone.send(go="drop:0").send(go="next").send("send")
    assert [(w.position, w.saw, w.person_id is not None) for w in make.all(FilingWitness)] == [(1, "", True)]


# -- what is kept -----------------------------------------------------------------------------------


def test_who_is_protected_is_kept_for_one_role_from_the_first_moment(
    make: Make, work_as: WorkAs, client_as: ClientAs
) -> None:
    with work_as(anyone_of(make)) as work:
        submit_filing(work, body(filer={"relationship": "officer", "name": "Ada Sample"}), repeat_key="k")
    (filing,) = make.all(Filing)
    assert [each.compartments for each in make.all(Identity)] == [["whistleblower"]]
    for role, opens in ((Role.INTAKE, False), (Role.SUPERVISOR, False), (Role.DIRECTOR, True)):
        page = client_as(role).get(f"/office/filings/{filing.id}").text
        assert ("I work for the police department" in page) is opens
        assert ("No name and no contact were given." in page) is not opens
        with work_as(role) as work:
            assert open_filer(work, filing.id, OPEN) == (Who("Ada Sample") if opens else Who())


def test_who_is_protected_and_names_themselves_later_is_kept_alike(
    make: Make, work_as: WorkAs, client_as: ClientAs
) -> None:
    with work_as(anyone_of(make)) as work:
        told = body(anonymity="anonymous", filer={"relationship": "officer"})
        words = submit_filing(work, told, repeat_key="k").passphrase.words
    with work_as(anyone_of(make)) as work:
        own_by_passphrase(work, words)
        name_filer(work, NameFiler(anonymity=AnonymityKind.NAMED, name="Ada Sample"))
    assert [each.compartments for each in make.all(Identity)] == [["whistleblower"]]
    (filing,) = make.all(Filing)
    with work_as(Role.INTAKE) as work:
        assert open_filer(work, filing.id, OPEN) == Who()


def test_whom_the_office_keeps_apart_is_kept_also_where_the_name_comes_later(make: Make, work_as: WorkAs) -> None:
    with work_as(anyone_of(make)) as work:
        words = submit_filing(work, body(anonymity="anonymous", filer={"relationship": "self"}), repeat_key="k")
    (filing,) = make.all(Filing)
    case_id = screened(make, filing)
    with work_as(Actor.system("keep_filer_apart")) as work:
        work.happened(FilerKept(case_id=case_id), kept_in=["whistleblower"])
    with work_as(anyone_of(make)) as work:
        own_by_passphrase(work, words.passphrase.words)
        name_filer(work, NameFiler(anonymity=AnonymityKind.NAMED, name="Ada Sample"))
    assert [each.compartments for each in make.all(Identity)] == [["whistleblower"]]


def test_by_the_api_who_is_protected_is_kept_alike(client_as: ClientAs, make: Make) -> None:
    told = body(filer={"relationship": "officer", "phone": "555 0100"}).model_dump(mode="json")
    answer = client_as().post("/api/v1/filings", json=told, headers={"idempotency-key": "k"})
    assert answer.status_code == 201
    assert [each.compartments for each in make.all(Identity)] == [["whistleblower"]]


def test_what_is_said_for_figures_is_read_by_nobody_and_proved_by_nothing(make: Make, work_as: WorkAs) -> None:
    with work_as(anyone_of(make)) as work:
        submit_filing(work, body(demographics={"race": ["black", "asian"], "age": "from_18"}), repeat_key="k")
    (kept,) = make.all(FilingDemographics)
    assert (kept.race, kept.age, kept.gender) == (["black", "asian"], "from_18", "")
    (filing,) = make.all(Filing)
    assert b"asian" not in filing.canonical
    assert "asian" not in json.dumps(filing.answers)


def test_names_of_others_are_sealed_and_opened_one_by_one(make: Make, work_as: WorkAs, client_as: ClientAs) -> None:
    told = body(
        anonymity="anonymous",
        filer={"relationship": "witness"},
        witnesses=[{"saw": "All of it"}, {"name": "Ben Sample", "phone": "555 0111", "saw": "How it began"}],
    )
    with work_as(anyone_of(make)) as work:
        submit_filing(work, told, repeat_key="k")
    (filing,) = make.all(Filing)
    assert b"Ben" not in filing.canonical
    assert b"How it began" in filing.canonical
    (person,) = make.all(Person)
    assert (person.role, person.label) == ("witness", "W2")
    role = Role.INTAKE
    page = client_as(role).get(f"/office/filings/{filing.id}").text
    assert "How it began" in page
    assert "Ben Sample" not in page
    with work_as(role) as work:
        who = open_filer(work, filing.id, OPEN.model_copy(update={"person_id": person.id}))
    assert who is not None
    assert who.name == "Ben Sample"
    assert [use.person_id for use in make.all(VaultUse)] == [person.id]
    with work_as(role) as work, pytest.raises(NotFound):
        open_filer(work, filing.id, OPEN.model_copy(update={"person_id": uuid4()}))


def test_how_to_reach_somebody_safely_stands_before_everything(
    make: Make, work_as: WorkAs, client_as: ClientAs
) -> None:
    filer = {
        "relationship": "self",
        "phone": "555 0100",
        "contact_rules": ["no_voicemail"],
        "contact_times": "After six",
        "safe_contact": "Ask for Ada, never for me.",
    }
    with work_as(anyone_of(make)) as work:
        submit_filing(work, body(filer=filer, officers=[{"car": "12"}]), repeat_key="k")
    (filing,) = make.all(Filing)
    page = client_as(Role.INTAKE).get(f"/office/filings/{filing.id}").text
    assert page.index("Never leave a voicemail") < page.index("He shouted at me.")
    assert "After six" in page
    assert "Ask for Ada" not in page + filing.canonical.decode()
    assert [officer.car for officer in make.all(FilingOfficer)] == ["12"]


def test_the_page_of_the_case_says_it_too(make: Make, client_as: ClientAs) -> None:
    case = make.case()
    make.filing(case_id=case.id, answers={"contact_rules": ["no_voicemail"], "contact_times": "After six"})
    page = client_as(Role.INTAKE).get(f"/office/cases/{case.id}").text
    assert "Never leave a voicemail" in page
    assert "After six" in page


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"kind": "praise"}, "kind"),
        ({"mediation": "perhaps"}, "mediation"),
        ({"demographics": {"race": ["purple"]}}, "demographics.race"),
        ({"filer": {"relationship": "self", "contact_rules": ["never"]}}, "filer.contact_rules"),
        ({"anonymity": "anonymous", "filer": {"relationship": "self", "contact_times": "x"}}, "filer.contact_times"),
        (
            {"anonymity": "anonymous", "filer": {"relationship": "parent"}, "affected": {"name": "Eve"}},
            "affected.name",
        ),
    ],
)
def test_what_is_not_offered_or_gives_somebody_away_is_refused(
    make: Make, work_as: WorkAs, changed: dict[str, Any], place: str
) -> None:
    with pytest.raises(Invalid) as refusal, work_as(anyone_of(make)) as work:
        submit_filing(work, body(**changed), repeat_key="k")
    assert list(refusal.value.fields) == [place]
    assert make.all(Filing) == []
    assert make.all(Person) == []


def test_a_filing_without_the_new_fields_has_the_bytes_it_had(make: Make, work_as: WorkAs) -> None:
    with work_as(anyone_of(make)) as work:
        submit_filing(work, body(), repeat_key="k")
    (filing,) = make.all(Filing)
    said = json.loads(filing.canonical)["said"]
    assert said == {
        "anonymity": "named",
        "filer": {"relationship": "self"},
        "incident": {"date": None, "location": "", "narrative": "He shouted at me."},
    }

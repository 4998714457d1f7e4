"""Codes of an app and codes on paper: each good once, shown once, told to their person."""

import re
from datetime import timedelta
from typing import Any

import pyotp
import pytest

from app.access.actor import Actor
from app.access.records import CodeSecret, RecoveryCode, SignedIn
from app.access.work import House
from app.administration import jobs
from app.infra import codes
from app.infra.mail import Mail
from tests.administration.conftest import PASSWORD, code_of, field_of
from tests.conftest import ClientAs, WorkAs
from tests.make import Make

SHOWN, ADDED, USED = "administration:codes:shown", "administration:factor:added", "administration:recovery:used"
REFUSED = "administration:factor:refused"


def answer(person: Any, code: str) -> Any:
    """Name and password, then this code."""
    page = person.knock().text
    return person.door.submit("/sign-in/second", step=field_of(page, "step"), code=code)


def test_an_app_counts_once_its_first_code_was_right(person_as: Any, make: Make) -> None:
    person = person_as("director")
    page = person.desk.submit("/office/account/ways-in/app/begin")
    assert 'src="data:image/svg+xml' in page.text
    app = field_of(page.text, "app")
    secret = re.findall(r'<code class="secret">([A-Z2-7 ]+)</code>', page.text)[0].replace(" ", "")
    (row,) = make.all(CodeSecret)
    assert secret.encode() not in row.sealed
    wrong = person.desk.submit("/office/account/ways-in/app/confirm", app=app, code="000000")
    assert wrong.status_code == 422
    assert secret in wrong.text.replace(" ", "")
    assert person.knock().status_code == 303
    person.secret = secret
    assert person.desk.submit("/office/account/ways-in/app/confirm", app=app, code=person.code(0)).status_code == 303
    assert make.tags()[-1] == ADDED
    person.door.cookies.clear()
    assert person.knock().status_code == 200
    again = person.desk.submit("/office/account/ways-in/app/confirm", app=app, code=person.code(1))
    assert again.status_code == 404


def test_a_code_works_once_and_only_near_its_time(person_as: Any, make: Make) -> None:
    person = person_as("director")
    person.add_app()
    assert answer(person, person.code(0)).status_code == 401  # used up by setting it up
    assert answer(person, person.code(2)).status_code == 401
    assert answer(person, person.code(-1)).status_code == 401
    assert make.tags()[-3:] == [REFUSED] * 3


def test_the_next_code_opens_and_none_opens_twice(person_as: Any, make: Make) -> None:
    person = person_as("director")
    person.add_app()
    good = answer(person, f" {person.code(1)[:3]} {person.code(1)[3:]} ")
    assert good.headers["location"] == "/office"
    assert "code" in {row.factor for row in make.all(SignedIn)}
    person.door.cookies.clear()
    assert answer(person, person.code(1)).status_code == 401


def test_a_question_takes_few_answers_and_strangers_wait(person_as: Any) -> None:
    person = person_as("director")
    person.add_app()
    step = field_of(person.knock().text, "step")
    statuses = [person.door.submit("/sign-in/second", step=step, code="000000").status_code for _ in range(6)]
    assert statuses[:3] == [401] * 3
    assert 429 in statuses
    held = person.door.submit("/sign-in/second", step=step, code=person.code(1))
    assert held.status_code == 429
    assert int(held.headers["retry-after"]) >= 1


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "١٢٣٤٥٦", "x" * 41, "00000-00000", "'; drop table", "\u202e1"]
)
def test_what_is_no_code_is_refused(person_as: Any, code: str) -> None:
    person = person_as("director")
    person.add_app()
    assert answer(person, code).status_code == 401


@pytest.mark.parametrize("off", range(-4, 5))
def test_the_half_minutes_that_a_code_is_taken_in(off: int) -> None:
    secret, now = codes.new_secret(), 1_800_000_000
    code = pyotp.TOTP(secret).at(now + 30 * off)
    assert (codes.step_of(secret, code, now, 0) is not None) is (abs(off) <= 1)
    assert codes.step_of(secret, code, now, now // 30 + off) is None


def test_another_app_takes_the_place_of_the_first(person_as: Any, make: Make) -> None:
    person = person_as("director")
    person.add_app()
    old = person.code(1)
    person.add_app()
    assert make.tags() == [SHOWN, ADDED, SHOWN, "administration:factor:removed", ADDED]
    if old != person.code(1):
        assert answer(person, old).status_code == 401
    assert answer(person, person.code(1)).status_code == 303


def test_the_last_app_stays_where_a_role_needs_it(person_as: Any, make: Make) -> None:
    person, other = person_as("director"), person_as("counsel")
    person.add_app()
    other.add_app()
    assert person.desk.submit("/office/account/ways-in/app/remove").status_code == 409
    assert other.desk.submit("/office/account/ways-in/app/remove").status_code == 303
    assert make.tags()[-1] == "administration:factor:removed"


def test_paper_codes_are_shown_once_and_each_works_once(person_as: Any, make: Make) -> None:
    person = person_as("director")
    assert person.desk.submit("/office/account/ways-in/paper/make").status_code == 409
    person.add_passkey()
    codes_ = person.paper()
    assert len(set(codes_)) == 10
    assert all(code.encode() not in row.code_hash for code in codes_ for row in make.all(RecoveryCode))
    assert codes_[0] not in person.desk.get("/office/account/ways-in").text
    assert answer(person, codes_[0].lower().replace("-", " ")).status_code == 303
    assert make.tags()[-4:] == [
        "administration:recovery:made",
        USED,
        "administration:session:opened",
        "administration:device:new",
    ]
    assert "9 of your codes are unused" in person.desk.get("/office/account/ways-in").text
    person.door.cookies.clear()
    assert answer(person, codes_[0]).status_code == 401
    new = person.paper()
    assert answer(person, codes_[1]).status_code == 401
    assert answer(person, new[0]).status_code == 303


def test_anothers_paper_code_opens_nothing(person_as: Any) -> None:
    person, other = person_as("director"), person_as("supervisor")
    person.add_passkey()
    other.add_passkey()
    assert answer(person, other.paper()[0]).status_code == 401


def test_a_program_sends_the_code_along(person_as: Any, make: Make) -> None:
    person = person_as("director")
    person.add_app()

    name = person.account.name
    without = person.door.post("/api/v1/auth/token", data={"username": name, "password": PASSWORD})
    assert (without.status_code, without.json()["type"]) == (401, "second-factor-needed")
    wrong = person.door.post("/api/v1/auth/token", data={"username": name, "password": PASSWORD, "otp": "000000"})
    assert (wrong.status_code, wrong.json()["type"]) == (401, "about:blank")
    fields = {"username": name, "password": PASSWORD, "otp": person.code(1)}
    right = person.door.post("/api/v1/auth/token", data=fields)
    assert right.status_code == 200
    bearer = {"authorization": f"Bearer {right.json()['access_token']}"}
    assert person.door.get("/api/v1/cases", headers=bearer).status_code == 200


def test_who_owes_a_second_step_sees_nothing_else(person_as: Any, make: Make) -> None:
    person = person_as("director")
    assert person.knock().status_code == 303
    for path in ("/office", "/office/cases", "/office/releases"):
        asked = person.door.get(path)
        assert (asked.status_code, asked.headers["location"]) == (303, "/office/account/ways-in")
    page = person.door.get("/office/account/ways-in")
    assert "First a second step" in page.text
    fields = {"username": person.account.name, "password": PASSWORD}
    token = person.door.post("/api/v1/auth/token", data=fields).json()["access_token"]
    refused = person.door.get("/api/v1/cases", headers={"authorization": f"Bearer {token}"})
    assert (refused.status_code, refused.json()["type"]) == (403, "second-factor-needed")
    person.desk = person.door
    assert person.add_app().status_code == 303
    assert person.door.get("/office/cases").status_code == 200


@pytest.mark.parametrize(("role", "owes"), [("counsel", False), ("commissioner", True), ("intake", True)])
def test_who_owes_one_is_said_in_the_rules(person_as: Any, role: str, owes: bool) -> None:
    person = person_as(role)
    person.knock()
    assert ("First a second step" in person.door.get("/office/account/ways-in").text) is owes


def test_a_demonstration_log_in_needs_none(person_as: Any, make: Make) -> None:
    person = person_as("director")
    with make.owner() as session:
        session.merge(person.account).is_demonstration = True
        session.commit()
    person.knock()
    assert person.door.get("/office/cases").status_code == 200


def test_a_reset_link_alone_does_not_pass_the_second_step(person_as: Any, client_as: ClientAs, make: Make) -> None:
    person, admin = person_as("director"), client_as("administrator")
    person.add_app()
    page = admin.submit(f"/office/users/{person.account.id}/reset").text
    secret = re.findall(r"/welcome/([\w-]+)", page)[0]
    code = code_of(client_as("secretary"), person.account.id)
    new = "seven lanterns on a slow river"
    asked = person.door.submit(f"/welcome/{secret}/choose", password=new, again=new, code=code)
    assert asked.status_code == 200
    assert "candor=" not in asked.headers.get("set-cookie", "")
    step = field_of(asked.text, "step")
    assert person.door.submit("/sign-in/second", step=step, code=person.code(1)).status_code == 303


def test_the_mail_says_that_something_happened_and_not_what(
    person_as: Any, make: Make, work_as: WorkAs, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, str, str]] = []
    monkeypatch.setattr(Mail, "send", lambda _, to, subject, text: sent.append((to, subject, text)))
    monkeypatch.setattr(Mail, "is_on", True)
    person, auditor = person_as("director"), person_as("auditor")
    with make.owner() as session:
        session.merge(person.account).email = "rosalind@city.example"
        session.merge(auditor.account).email = "lionel@city.example"
        session.commit()
    with work_as(Actor.system("tell")) as work:
        jobs.tell_account(work, person.account.id)
        jobs.tell_auditors(work)
    assert [to for to, _, _ in sent] == ["rosalind@city.example", "lionel@city.example"]
    told = " ".join(subject + text for _, subject, text in sent)
    for word in (person.account.display_name, person.account.name, "passkey", "recovery"):
        assert word not in told


def test_a_new_device_is_told_and_a_known_one_is_not(person_as: Any, make: Make) -> None:
    person = person_as("counsel")
    person.knock()
    person.door.cookies.delete("candor")
    person.knock()
    tags = make.tags()
    assert tags.count("administration:session:opened") == 2
    assert tags.count("administration:device:new") == 1


def test_the_account_page_shows_devices_and_what_happened(person_as: Any) -> None:
    person = person_as("counsel")
    person.door.headers["user-agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0 <b>"
    person.knock()
    page = person.door.get("/office/account").text
    assert "Firefox on Linux" in page
    assert "Gecko" not in page
    assert "Signed in from a device that is new for them." in page


def test_limits_are_those_of_the_tightest_role(person_as: Any, make: Make, house: House) -> None:
    person = person_as("administrator")
    with make.owner() as session:
        for row in session.query(SignedIn):
            row.seen_at = person.now - timedelta(minutes=31)
        session.commit()
    assert person.desk.get("/office/account").headers["location"].startswith("/sign-in")
    other = person_as("counsel")
    with make.owner() as session:
        for row in session.query(SignedIn).filter_by(account_id=other.account.id):
            row.seen_at = person.now - timedelta(minutes=31)
        session.commit()
    assert other.desk.get("/office/account").status_code == 200

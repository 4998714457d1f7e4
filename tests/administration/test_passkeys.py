"""Passkeys: made, named, removed, used after a password and in its place; every bad answer is refused alike."""

from datetime import timedelta
from typing import Any

import pytest

from app.access.records import Passkey, SignedIn, SignInChallenge
from tests.administration.authenticator import PRESENT, VERIFIED, Authenticator, b64
from tests.administration.conftest import field_of, options_of

ADDED, OPENED = "administration:factor:added", "administration:session:opened"
REFUSED, FAILED = "administration:factor:refused", "administration:session:refused"


def alone(person: Any, **other: Any) -> Any:
    """In by a passkey and nothing else."""
    page = person.door.submit("/sign-in/passkey").text
    answer = person.key.use(options_of(page), **other)
    return person.door.submit("/sign-in/passkey/answer", step=field_of(page, "step"), credential=answer)


def after_password(person: Any, key: Authenticator | None = None, **other: Any) -> Any:
    page = person.knock().text
    answer = (key or person.key).use(options_of(page), **other)
    return person.door.submit("/sign-in/second", step=field_of(page, "step"), credential=answer)


def test_one_is_made_named_and_removed(person_as: Any, make: Any) -> None:
    person = person_as("counsel")
    assert person.add_passkey().status_code == 303
    (key,) = make.all(Passkey)
    assert (key.account_id, key.credential_id, key.name) == (
        person.account.id,
        person.key.credential_id,
        "My telephone",
    )
    assert "My telephone" in person.desk.get("/office/account/ways-in").text
    assert make.tags() == [ADDED]
    here = "/office/account/ways-in/passkeys"
    assert person.desk.submit(f"{here}/rename", passkey=str(key.id), name="Blue <key>").status_code == 303
    assert "Blue &lt;key&gt;" in person.desk.get("/office/account/ways-in").text
    assert person.desk.submit(f"{here}/remove", passkey=str(key.id)).status_code == 303
    assert person.desk.submit(f"{here}/remove", passkey=str(key.id)).status_code == 404
    assert make.tags() == [ADDED, "administration:passkey:renamed", "administration:factor:removed"]
    assert person.knock().status_code == 303


def test_after_the_password_it_is_asked_for(person_as: Any, make: Any) -> None:
    person = person_as("director")
    person.add_passkey()
    page = person.knock()
    assert page.status_code == 200
    assert "set-cookie" not in page.headers
    answer = after_password(person)
    assert (answer.status_code, answer.headers["location"]) == (303, "/office")
    assert [row.factor for row in make.all(SignedIn)].count("passkey") == 2
    assert make.tags()[-2:] == [OPENED, "administration:device:new"]
    assert person.door.get("/office/cases").status_code == 200


def test_it_opens_the_door_alone(person_as: Any, make: Any) -> None:
    person = person_as("director")
    person.add_passkey()
    assert alone(person).headers["location"] == "/office"
    assert person.door.get("/office/cases").status_code == 200
    assert make.all(SignInChallenge) == []


BAD = {
    "another challenge": {"challenge": b64(b"x" * 32)},
    "another site": {"origin": "https://evil.example"},
    "the site by its number": {"origin": "http://127.0.0.1:8000"},
    "another name of the site": {"rp_id": "evil.example"},
    "nobody verified": {"flags": PRESENT},
    "nobody present": {"flags": VERIFIED},
    "made, not used": {"type": "webauthn.create"},
    "changed on the way": {"tampered": True},
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_a_bad_answer_opens_nothing(person_as: Any, make: Any, bad: dict[str, Any]) -> None:
    person = person_as("director")
    person.add_passkey()
    first = alone(person, **bad)
    assert (first.status_code, first.headers.get("location")) == (401, None)
    second = after_password(person, **bad)
    assert second.status_code == 401
    assert make.tags() == [ADDED, FAILED, REFUSED]
    assert len(make.all(SignedIn)) == 1


@pytest.mark.parametrize(
    "bad", [each for name, each in BAD.items() if name not in ("made, not used", "changed on the way")]
)
def test_a_bad_new_one_is_not_kept(person_as: Any, make: Any, bad: dict[str, Any]) -> None:
    person = person_as("counsel")
    page = person.desk.submit("/office/account/ways-in/passkeys/begin").text
    made = person.key.make(options_of(page), **bad)
    step = field_of(page, "step")
    answer = person.desk.submit("/office/account/ways-in/passkeys/add", step=step, credential=made, name="x")
    assert answer.status_code == 409
    assert make.all(Passkey) == []
    assert make.tags() == []


@pytest.mark.parametrize("text", ["{}", "null", "[]", "x", '{"id": 1}', "{" * 900, "x" * 15_000])
def test_nonsense_in_its_place_is_refused_in_words(person_as: Any, text: str) -> None:
    person = person_as("counsel")
    page = person.desk.submit("/office/account/ways-in/passkeys/begin").text
    step = field_of(page, "step")
    answer = person.desk.submit("/office/account/ways-in/passkeys/add", step=step, credential=text, name="x")
    assert answer.status_code == 409
    page = person.door.submit("/sign-in/passkey").text
    answer = person.door.submit("/sign-in/passkey/answer", step=field_of(page, "step"), credential=text)
    assert answer.status_code == 401


def test_an_answer_is_taken_once(person_as: Any) -> None:
    person = person_as("director")
    person.add_passkey()
    page = person.door.submit("/sign-in/passkey").text
    fields = {"step": field_of(page, "step"), "credential": person.key.use(options_of(page))}
    assert person.door.submit("/sign-in/passkey/answer", **fields).status_code == 303
    person.door.cookies.clear()
    assert person.door.submit("/sign-in/passkey/answer", **fields).status_code == 401


def test_a_question_is_over_after_minutes(person_as: Any, make: Any) -> None:
    person = person_as("director")
    person.add_passkey()
    page = person.door.submit("/sign-in/passkey").text
    with make.owner() as session:
        for row in session.query(SignInChallenge):
            row.expires_at = person.now - timedelta(seconds=1)
        session.commit()
    fields = {"step": field_of(page, "step"), "credential": person.key.use(options_of(page))}
    assert person.door.submit("/sign-in/passkey/answer", **fields).status_code == 401


def test_a_question_of_one_kind_answers_no_other(person_as: Any) -> None:
    person = person_as("director")
    person.add_passkey()
    page = person.door.submit("/sign-in/passkey").text
    fields = {"step": field_of(page, "step"), "credential": person.key.use(options_of(page))}
    assert person.door.submit("/sign-in/second", **fields).status_code == 401


def test_another_persons_passkey_is_no_second_step(person_as: Any, make: Any) -> None:
    person, other = person_as("director"), person_as("supervisor")
    person.add_passkey()
    other.add_passkey()
    assert after_password(person, other.key).status_code == 401
    assert make.tags()[-1] == REFUSED


def test_one_that_counts_backwards_is_refused_and_journalled(person_as: Any, make: Any) -> None:
    person = person_as("director")
    person.add_passkey()
    assert alone(person, count=9).status_code == 303
    person.door.cookies.clear()
    assert alone(person, count=9).status_code == 401
    assert make.tags()[-2:] == ["administration:passkey:suspected", FAILED]
    assert make.all(Passkey)[0].sign_count == 9
    assert alone(person, count=10).status_code == 303


def test_one_that_never_counts_is_taken_each_time(person_as: Any) -> None:
    person = person_as("director")
    person.add_passkey()
    for _ in range(2):
        assert alone(person, count=0).status_code == 303
        person.door.cookies.clear()


def test_a_removed_one_opens_nothing(person_as: Any, make: Any) -> None:
    person = person_as("counsel")
    person.add_passkey()
    (key,) = make.all(Passkey)
    person.desk.submit("/office/account/ways-in/passkeys/remove", passkey=str(key.id))
    assert alone(person).status_code == 401


def test_the_last_that_a_role_needs_stays(person_as: Any, make: Any) -> None:
    person = person_as("director")
    person.add_passkey()
    (key,) = make.all(Passkey)
    refused = person.desk.submit("/office/account/ways-in/passkeys/remove", passkey=str(key.id))
    assert refused.status_code == 409
    assert "Set up another one first" in refused.text
    assert make.all(Passkey)[0].removed_at is None
    assert person.add_app().status_code == 303
    assert person.desk.submit("/office/account/ways-in/passkeys/remove", passkey=str(key.id)).status_code == 303


def test_somebody_elses_is_not_found(person_as: Any, make: Any) -> None:
    person, other = person_as("director"), person_as("counsel")
    person.add_passkey()
    (key,) = make.all(Passkey)
    here = "/office/account/ways-in/passkeys"
    assert other.desk.submit(f"{here}/remove", passkey=str(key.id)).status_code == 404
    assert other.desk.submit(f"{here}/rename", passkey=str(key.id), name="mine").status_code == 404
    assert make.tags() == [ADDED]


def test_adding_and_removing_ask_for_a_fresh_proof(person_as: Any, make: Any) -> None:
    person = person_as("director")
    person.add_passkey()
    (key,) = make.all(Passkey)
    with make.owner() as session:
        for row in session.query(SignedIn):
            row.proved_at = None
        session.commit()
    here = "/office/account/ways-in"
    for path, fields in (
        ("/passkeys/begin", {}),
        ("/passkeys/remove", {"passkey": str(key.id)}),
        ("/app/begin", {}),
        ("/app/remove", {}),
        ("/paper/make", {}),
    ):
        answer = person.desk.submit(here + path, **fields)
        assert answer.status_code == 403
        assert "Confirm it is you" in answer.text
    assert make.tags() == [ADDED]


def test_a_passkey_is_a_fresh_proof(person_as: Any, make: Any) -> None:
    person = person_as("director")
    person.add_passkey()
    with make.owner() as session:
        for row in session.query(SignedIn):
            row.proved_at = None
        session.commit()
    page = person.desk.submit("/office/confirm/passkey", next="/office/account/ways-in").text
    fields = {"step": field_of(page, "step"), "credential": person.key.use(options_of(page))}
    answer = person.desk.submit("/office/confirm", next="/office/account/ways-in", **fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/office/account/ways-in")
    assert make.tags()[-1] == "administration:session:proved"
    assert person.desk.submit("/office/confirm", **fields).status_code == 403

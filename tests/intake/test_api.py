"""Filing and following over the API: one answer for one complaint, and a clear one for whatever is wrong."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event  # noqa: TID251 - statements are counted here, nothing is changed

from app.intake.records import Filing
from app.people.records import Identity
from tests.conftest import Client, ClientAs
from tests.make import Make, in_one_minute

BODY: dict[str, Any] = {
    "language": "en",
    "anonymity": "anonymous",
    "filer": {"relationship": "self"},
    "incident": {"date": "2026-03-01", "location": "Oak Street", "narrative": "He shouted at me."},
}


def file(client: Client, body: object = BODY, key: str | None = "k-1", **headers: str) -> Any:
    sent = {"content-type": "application/json"} | ({"idempotency-key": key} if key is not None else {}) | headers
    content = body if isinstance(body, (bytes, str)) else json.dumps(body)
    return client.post("/api/v1/filings", content=content, headers=sent)


def incident(**changed: object) -> dict[str, Any]:
    return BODY | {"incident": BODY["incident"] | changed}


def test_a_complaint_is_filed_and_acknowledged(client_as: ClientAs, make: Make) -> None:
    answer = file(client_as())
    assert answer.status_code == 201
    got = answer.json()
    assert set(got) == {"number", "passphrase", "received_at", "receipt"}
    assert len(got["passphrase"].split()) == 6
    assert got["receipt"].startswith("candor1.")
    (kept,) = make.all(Filing)
    assert (kept.number, kept.narrative, kept.channel) == (got["number"], "He shouted at me.", "api")
    assert make.tags() == ["intake:filing:received"]


def test_the_same_key_and_body_get_the_same_answer(client_as: ClientAs, make: Make) -> None:
    client = client_as()
    first, again = file(client), file(client)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert len(make.all(Filing)) == 1


def test_another_body_under_the_same_key_is_refused_and_told_nothing(client_as: ClientAs, make: Make) -> None:
    client = client_as()
    first = file(client).json()
    refused = file(client, incident(narrative="Something else."))
    assert refused.status_code == 409
    assert refused.headers["content-type"] == "application/problem+json"
    assert first["number"] not in refused.text
    assert len(make.all(Filing)) == 1


@pytest.mark.parametrize("key", [None, "", " ", "k" * 201, "with space"])
def test_without_a_usable_key_nothing_is_filed(client_as: ClientAs, make: Make, key: str | None) -> None:
    assert file(client_as(), key=key).status_code == 400
    assert make.all(Filing) == []


@pytest.mark.parametrize("field", ["name", "email", "phone"])
def test_an_anonymous_filing_with_an_identity_is_refused_and_stored_nowhere(
    client_as: ClientAs, make: Make, field: str
) -> None:
    refused = file(client_as(), BODY | {"filer": {"relationship": "self", field: "ada@example.org"}})
    assert refused.status_code == 422
    assert list(refused.json()["fields"]) == [f"filer.{field}"]
    assert "ada@example.org" not in refused.text
    assert (make.all(Filing), make.all(Identity), make.tags()) == ([], [], [])


def test_the_name_is_in_the_vault_and_nowhere_in_the_filing(client_as: ClientAs, make: Make) -> None:
    named = BODY | {"anonymity": "named", "filer": {"relationship": "self", "name": "Ada Sample"}}
    assert file(client_as(), named).status_code == 201
    (kept,) = make.all(Filing)
    assert b"Ada" not in kept.canonical
    assert len(make.all(Identity)) == 1


DEEP = '{"a":' * 20_000 + "1" + "}" * 20_000
STRANGE: dict[str, object] = {
    "nothing": "",
    "no JSON": "{",
    "a list": [],
    "a number": 7,
    "null": "null",
    "not UTF-8": b'{"language": "\xff"}',
    "NaN": json.dumps(BODY).replace('"2026-03-01"', "NaN"),
    "infinity": json.dumps(BODY).replace('"2026-03-01"', "-Infinity"),
    "1e400": json.dumps(BODY).replace('"2026-03-01"', "1e400"),
    "a very long number": json.dumps(BODY).replace('"2026-03-01"', "9" * 5000),
    "a doubled key": json.dumps(BODY)[:-1] + ', "anonymity": "named"}',
    "deep nesting": DEEP,
    "an unknown field": BODY | {"case_id": 1},
    "an unknown inner field": BODY | {"filer": {"relationship": "self", "role": "admin"}},
    "an unknown field named strangely": json.dumps(BODY)[:-1] + ', "\\ud800": 1}',
    "a field named with NUL": json.dumps(BODY)[:-1] + ', "\\u0000": 1}',
    "no narrative": incident(narrative=""),
    "a narrative of blanks": incident(narrative="   \n "),
    "a narrative too long": incident(narrative="x" * 50_001),
    "a narrative that is a number": incident(narrative=7),
    "a narrative with NUL": incident(narrative="a\x00b"),
    "half a character": json.dumps(BODY).replace("shouted", "\\ud83d"),
    "half a character in the date": json.dumps(BODY).replace("2026-03-01", "\\ud83d"),
    "half a character in the language": json.dumps(BODY).replace('"en"', '"\\ud83d"'),
    "a place on two lines": incident(location="Oak\nStreet"),
    "a place too long": incident(location="x" * 501),
    "a day that never was": incident(date="2026-02-29"),
    "tomorrow's news": incident(date="2027-01-01"),
    "a date in words": incident(date="last week"),
    "a date that is a number": incident(date=20260301),
    "another language": BODY | {"language": "<script>"},
    "another anonymity": BODY | {"anonymity": "secret"},
    "too many officers": BODY | {"officers": [{"badge": "1"}] * 21},
    "an officer that is a word": BODY | {"officers": ["Sample"]},
}


@pytest.mark.parametrize("body", STRANGE.values(), ids=STRANGE.keys())
def test_what_cannot_be_read_is_refused_in_words_and_not_kept(client_as: ClientAs, make: Make, body: object) -> None:
    refused = file(client_as(), body)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert set(refused.json()) == {"type", "title", "status", "detail", "fields"}
    assert make.all(Filing) == []


GOOD: dict[str, dict[str, Any]] = {
    "thirty thousand characters": incident(narrative="ñ" * 30_000),
    "emoji": incident(narrative="He hit me 😢👩‍👧‍👦"),
    "a right-to-left mark": incident(narrative="a\u202eb"),
    "Arabic": BODY | {"language": "ar", "incident": BODY["incident"] | {"narrative": "دفعني الشرطي"}},
    "a month": incident(date="2026-02"),
    "a year": incident(date="2025"),
    "no date": incident(date=None),
    "29 February of a leap year": incident(date="2024-02-29"),
    "no place": incident(location=""),
    "an officer by description": BODY | {"officers": [{"description": "Tall, grey hair, car 12"}]},
}


@pytest.mark.parametrize("body", GOOD.values(), ids=GOOD.keys())
def test_what_people_really_send_is_kept(client_as: ClientAs, make: Make, body: dict[str, Any]) -> None:
    assert file(client_as(), body).status_code == 201
    (kept,) = make.all(Filing)
    assert len(kept.narrative) == len(body["incident"]["narrative"].replace("\u202e", ""))


def test_a_body_too_large_is_refused_before_it_is_read(client_as: ClientAs) -> None:
    assert file(client_as(), incident(narrative="x" * 600_000)).status_code == 413


def test_without_the_type_of_json_the_body_is_not_guessed_at(client_as: ClientAs) -> None:
    assert file(client_as(), **{"content-type": "text/plain"}).status_code == 422


@contextmanager
def limited(client: Client, name: str, most: int) -> Iterator[None]:
    """A small limit for one test, in a minute that does not end."""
    state = client.app.state  # type: ignore[attr-defined]
    before = getattr(state, name)
    setattr(state, name, in_one_minute(most))
    try:
        yield
    finally:
        setattr(state, name, before)


def test_sixty_filings_a_minute_pass_and_the_next_is_told_when_to_come_back(client_as: ClientAs, make: Make) -> None:
    client = client_as()
    with limited(client, "filings_limit", 60):
        first = [file(client, key=None).status_code for _ in range(60)]
        last = file(client)
    assert set(first) == {400}
    assert last.status_code == 429
    assert 1 <= int(last.headers["retry-after"]) <= 60
    assert last.headers["content-type"] == "application/problem+json"


def status(client: Client, passphrase: object) -> Any:
    return client.post("/api/v1/filings/status", json={"passphrase": passphrase})


def test_the_passphrase_opens_the_status_by_words_and_by_digits(client_as: ClientAs, make: Make) -> None:
    client = client_as()
    filed = file(client).json()
    got = status(client, filed["passphrase"])
    assert got.status_code == 200
    first = make.book.first_stage
    assert got.json()["number"] == filed["number"]
    assert got.json()["stage"] == first.public_label.to("en")
    assert got.json()["text"] == first.public_text.to("en")
    assert got.json()["next"] == first.public_next.to("en")
    assert got.json()["next_by"] is not None
    assert status(client, filed["passphrase"].upper().replace(" ", "-")).json() == got.json()


def test_the_status_speaks_the_language_of_the_filing(client_as: ClientAs, make: Make) -> None:
    client = client_as()
    filed = file(client, BODY | {"language": "es"}).json()
    assert status(client, filed["passphrase"]).json()["stage"] == make.book.first_stage.public_label.to("es")


@pytest.mark.parametrize("passphrase", ["wrong", "1234 5678 9012 3456 7890 1234", "\u202e", "😀" * 200])
def test_an_unknown_passphrase_finds_nothing(client_as: ClientAs, passphrase: str) -> None:
    assert status(client_as(), passphrase).status_code in {404, 422}


@pytest.mark.parametrize("passphrase", ["", None, 7, "x" * 257, "a\x00b"])
def test_what_cannot_be_a_passphrase_is_refused(client_as: ClientAs, passphrase: object) -> None:
    assert status(client_as(), passphrase).status_code == 422


def test_look_ups_have_a_limit_of_their_own(client_as: ClientAs) -> None:
    client = client_as()
    with limited(client, "lookups_limit", 2):
        assert [status(client, "wrong").status_code for _ in range(3)] == [404, 404, 429]


def test_an_anonymous_filing_takes_few_statements(client_as: ClientAs, make: Make) -> None:
    client, seen = client_as(), []
    connection = make.databases.connection

    def count(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "SET LOCAL ROLE", "RESET")):
            seen.append(statement)

    event.listen(connection, "before_cursor_execute", count)
    try:
        assert file(client).status_code == 201
    finally:
        event.remove(connection, "before_cursor_execute", count)
    assert len(seen) <= 8, seen


def test_the_openapi_document_says_what_the_routes_answer(client_as: ClientAs) -> None:
    document = client_as().get("/api/openapi.json").json()
    post = document["paths"]["/api/v1/filings"]["post"]
    assert post["operationId"] == "submit_filing"
    # 401 and 403 are told to another intake system that shows a token; nobody else needs one.
    assert set(post["responses"]) == {"201", "400", "401", "403", "409", "413", "422", "429"}
    assert [(p["name"], p["required"]) for p in post["parameters"]] == [("Idempotency-Key", True)]
    refused = post["responses"]["422"]["content"]["application/problem+json"]["schema"]
    assert set(refused["properties"]) == {"type", "title", "status", "detail", "fields"}
    look = document["paths"]["/api/v1/filings/status"]["post"]
    assert set(look["responses"]) == {"200", "400", "404", "413", "422", "429"}

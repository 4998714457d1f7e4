"""Signing in and out through the door."""

from datetime import timedelta
from typing import Any

import pytest

from app.access.records import Account, OneTimeLink, SignedIn, SignInDelay
from app.access.sessions import hash_of
from app.administration import rules
from app.infra.passwords import hash_password
from app.web.doors import DEVICE_COOKIE, SESSION_COOKIE
from tests.conftest import Client, ClientAs
from tests.make import Make

PASSWORD = "violet tram over harbour"
NEW = "seven lanterns on a slow river"


@pytest.fixture(scope="module")
def hashed() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def person(make: Make, hashed: str) -> Account:
    return make.account("counsel", "theo", password_hash=hashed)


def knock(client: Client, name: str = "theo", password: str = PASSWORD, **more: str) -> Any:
    return client.submit("/sign-in", username=name, password=password, **more)


def put(client: Client, name: str, value: str) -> Client:
    """As the server itself would set it, so that it can be set again."""
    client.cookies.set(name, value, domain="testserver.local", path="/")
    return client


def test_the_right_password_opens_the_door_one_belongs_to(client_as: ClientAs, make: Make, person: Account) -> None:
    client = client_as()
    answer = knock(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/office")
    session = [line for line in answer.headers.get_list("set-cookie") if line.startswith(f"{SESSION_COOKIE}=")]
    assert len(session) == 1
    assert "HttpOnly" in session[0]
    assert "samesite=lax" in session[0].lower()
    (row,) = make.all(SignedIn)
    assert row.secret_hash == hash_of(client.cookies[SESSION_COOKIE])
    assert row.account_id == person.id
    assert make.tags() == ["administration:session:opened", "administration:device:new"]
    assert client.get("/office/cases").status_code == 200


@pytest.mark.parametrize(
    ("role", "home"), [("commissioner", "/commission"), ("liaison", "/department"), ("analyst", "/office")]
)
def test_each_is_led_to_their_own_door(client_as: ClientAs, make: Make, hashed: str, role: str, home: str) -> None:
    make.account(role, "somebody", password_hash=hashed)
    assert knock(client_as(), "somebody").headers["location"] == home


def test_a_name_is_found_however_it_is_capitalised(client_as: ClientAs, person: Account) -> None:
    assert knock(client_as(), " THEO ").status_code == 303


def test_wrong_unknown_and_disabled_are_answered_alike(client_as: ClientAs, make: Make, hashed: str) -> None:
    make.account("intake", "open", password_hash=hashed)
    make.account("intake", "shut", password_hash=hashed, status="disabled")
    make.account("intake", "asked", status="invited")
    answers = [
        knock(client_as(), "open", "something else entirely"),
        knock(client_as(), "nobody"),
        knock(client_as(), "shut"),
        knock(client_as(), "asked"),
        knock(client_as(), "'; drop table accounts; --"),
        knock(client_as(), "open", "x" * 1500),
    ]
    texts = {
        answer.text.replace(f'value="{name}"', 'value="?"').replace("&#39;", "'").split("<main")[1]
        for answer, name in zip(answers[:4], ("open", "nobody", "shut", "asked"), strict=True)
    }
    assert [answer.status_code for answer in answers] == [401] * 6
    assert len(texts) == 1
    assert rules.WRONG in texts.pop()
    assert make.all(SignedIn) == []
    assert set(make.tags()) == {"administration:session:refused"}


def test_a_failure_keeps_neither_name_nor_password(client_as: ClientAs, make: Make, person: Account) -> None:
    answer = knock(client_as(), "theo", "mistyped password here")
    assert "mistyped" not in answer.text
    assert 'value="theo"' in answer.text
    from app.audit.records import JournalEntry

    (entry,) = make.all(JournalEntry)
    assert b"theo" not in entry.body
    assert entry.actor_id is None


@pytest.mark.parametrize("field", ["username", "password"])
@pytest.mark.parametrize("bad", ["", "\x00", "\u202etxt", "🙂" * 3000, "x" * 5000])
def test_bad_input_is_answered_and_opens_nothing(client_as: ClientAs, make: Make, field: str, bad: str) -> None:
    typed = {"username": "theo", "password": PASSWORD} | {field: bad}
    assert client_as().submit("/sign-in", **typed).status_code in (401, 422)
    assert make.all(SignedIn) == []


def test_an_unknown_field_is_refused(client_as: ClientAs, person: Account) -> None:
    assert knock(client_as(), role="administrator").status_code == 422


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/office/cases?stage=open", "/office/cases?stage=open"),
        ("//evil.example", "/office"),
        ("/\\evil.example", "/office"),
        ("https://evil.example", "/office"),
        ("/\t/evil.example", "/office"),
        ("/office\\@evil", "/office"),
        ("javascript:alert(1)", "/office"),
        ("/sign-in?next=/office", "/office"),
        ("", "/office"),
    ],
)
def test_signing_in_leads_only_to_this_very_site(client_as: ClientAs, person: Account, wanted: str, led: str) -> None:
    assert knock(client_as(), next=wanted).headers["location"] == led


def test_where_one_wanted_to_go_survives_a_wrong_password(client_as: ClientAs, person: Account) -> None:
    client = client_as()
    sent = client.get("/office/cases").headers["location"]
    assert sent == "/sign-in?next=/office/cases"
    assert 'value="/office/cases"' in client.get(sent).text
    assert 'value="/office/cases"' in knock(client, password="not this one", next="/office/cases").text


def test_signing_in_again_ends_the_session_of_before(client_as: ClientAs, make: Make, person: Account) -> None:
    client = client_as()
    knock(client)
    before = client.cookies[SESSION_COOKIE]
    knock(client)
    after = client.cookies[SESSION_COOKIE]
    assert before != after
    standing = {row.secret_hash: row.revoked_at is None for row in make.all(SignedIn)}
    assert standing == {hash_of(before): False, hash_of(after): True}


def test_a_session_planted_by_somebody_else_is_never_taken_over(
    client_as: ClientAs, make: Make, person: Account
) -> None:
    client = put(client_as(), SESSION_COOKIE, "planted")
    knock(client)
    assert client.cookies[SESSION_COOKIE] != "planted"
    assert hash_of("planted") not in {row.secret_hash for row in make.all(SignedIn)}


def test_the_form_of_another_site_is_refused(client_as: ClientAs, make: Make, person: Account) -> None:
    answer = client_as().post(
        "/sign-in", data={"username": "theo", "password": PASSWORD}, headers={"sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403
    assert make.all(SignedIn) == []


def test_signing_out_ends_the_session_and_empties_the_browser(client_as: ClientAs, make: Make, person: Account) -> None:
    client = client_as()
    knock(client)
    secret = client.cookies[SESSION_COOKIE]
    answer = client.submit("/sign-out")
    assert answer.headers["location"] == "/sign-in?done=out"
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert SESSION_COOKIE not in client.cookies
    assert put(client, SESSION_COOKIE, secret).get("/office/cases").status_code == 303
    assert make.tags()[-1] == "administration:session:closed"


def test_signing_out_by_a_link_does_nothing(client_as: ClientAs, person: Account) -> None:
    assert client_as("intake").get("/sign-out").status_code == 405


class TestDelays:
    def test_strangers_wait_longer_and_longer(self, client_as: ClientAs, make: Make, person: Account) -> None:
        for _ in range(rules.FREE_TRIES + 1):
            assert knock(client_as(), password="guess").status_code == 401
        answer = knock(client_as())
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) >= 1
        assert "Wait 1 seconds" in answer.text or "Wait" in answer.text
        (delay,) = make.all(SignInDelay)
        assert delay.failures == rules.FREE_TRIES + 1
        assert b"theo" not in delay.key

    def test_a_try_while_waiting_is_not_looked_at_and_leaves_no_trace(
        self, client_as: ClientAs, make: Make, person: Account
    ) -> None:
        for _ in range(rules.FREE_TRIES + 1):
            knock(client_as(), password="guess")
        before = make.tags()
        knock(client_as())
        assert make.tags() == before

    def test_an_unknown_name_is_delayed_just_so(self, client_as: ClientAs) -> None:
        for _ in range(rules.FREE_TRIES + 1):
            knock(client_as(), "nobody")
        assert knock(client_as(), "nobody").status_code == 429

    def test_a_device_used_before_is_never_held_up_by_strangers(
        self, client_as: ClientAs, make: Make, person: Account
    ) -> None:
        mine = client_as()
        knock(mine)
        mine.submit("/sign-out")
        for _ in range(rules.FREE_TRIES + 3):
            knock(client_as(), password="guess")
        assert knock(client_as()).status_code == 429
        assert knock(mine).status_code == 303

    def test_a_known_device_that_guesses_is_delayed_itself(self, client_as: ClientAs, person: Account) -> None:
        mine = client_as()
        knock(mine)
        mine.submit("/sign-out")
        for _ in range(rules.FREE_TRIES + 1):
            knock(mine, password="guess")
        assert knock(mine).status_code == 429
        assert knock(client_as()).status_code == 303

    def test_a_mark_for_one_person_helps_nobody_guess_another(
        self, client_as: ClientAs, make: Make, person: Account, hashed: str
    ) -> None:
        make.account("intake", "insider", password_hash=hashed)
        insider = client_as()
        knock(insider, "insider")
        insider.submit("/sign-out")
        for _ in range(rules.FREE_TRIES + 1):
            knock(insider, "theo", "guess")
        assert knock(client_as(), "theo").status_code == 429

    @pytest.mark.parametrize("forged", ["", "x", "a" * 22 + "." + "b" * 22, "-" * 45])
    def test_a_forged_mark_is_a_strangers(self, client_as: ClientAs, person: Account, forged: str) -> None:
        for _ in range(rules.FREE_TRIES + 1):
            knock(client_as(), password="guess")
        client = put(client_as(), DEVICE_COOKIE, forged)
        assert knock(client).status_code == 429

    def test_one_stranger_who_guesses_holds_up_few_of_the_others(
        self, client_as: ClientAs, make: Make, person: Account
    ) -> None:
        guesser, same, other = (self.from_lane(client_as(), lane) for lane in (3, 3, 11))
        for _ in range(rules.FREE_TRIES + 3):
            knock(guesser, password="guess")
        assert knock(same).status_code == 429
        assert knock(other).status_code == 303
        assert all(b"theo" not in delay.key for delay in make.all(SignInDelay))

    def from_lane(self, client: Client, lane: int) -> Client:
        """A browser at an address that falls into this lane."""
        limit = client.app.state.sign_ins_limit  # type: ignore[attr-defined]
        address = next(one for one in (f"10.0.{n >> 8}.{n & 255}" for n in range(9999)) if limit.lane(one) == lane)
        client._transport.client = (address, 5)  # noqa: SLF001 - where it comes from
        return client

    def test_after_a_success_the_count_is_forgotten(self, client_as: ClientAs, make: Make, person: Account) -> None:
        for _ in range(rules.FREE_TRIES):
            knock(client_as(), password="guess")
        knock(client_as())
        assert make.all(SignInDelay) == []


class TestLinks:
    def link(self, make: Make, account: Account, purpose: str = "invitation", **given: Any) -> str:
        secret = f"secret-{purpose}"
        expires = given.get("expires_at", make.now + timedelta(days=3650))
        make.row(
            OneTimeLink(
                secret_hash=hash_of(secret),
                account_id=account.id,
                purpose=purpose,
                expires_at=expires,
                used_at=given.get("used_at"),
            )
        )
        return secret

    def test_a_link_lets_a_person_choose_a_password_once(self, client_as: ClientAs, make: Make) -> None:
        account = make.account("counsel", "wanda", status="invited")
        secret = self.link(make, account)
        client = client_as()
        assert "wanda" in client.get(f"/welcome/{secret}").text
        answer = client.submit(f"/welcome/{secret}/choose", password=NEW, again=NEW)
        assert (answer.status_code, answer.headers["location"]) == (303, "/office")
        assert make.tags() == [
            "administration:password:chosen",
            "administration:session:opened",
            "administration:device:new",
        ]
        assert client.get("/office/cases").status_code == 200
        assert client_as().get(f"/welcome/{secret}").status_code == 404
        assert client_as().submit(f"/welcome/{secret}/choose", password=NEW, again=NEW).status_code == 404
        assert knock(client_as(), "wanda", NEW).status_code == 303

    @pytest.mark.parametrize(
        ("password", "again", "words"),
        [
            ("short", "short", "at least 12"),
            ("passwordpassword", "passwordpassword", "others would try"),
            ("qwertyuiop1234", "qwertyuiop1234", "others would try"),
            ("riverbendriverbend", "riverbendriverbend", "others would try"),
            (NEW, NEW + "!", "not the same"),
            ("x y" * 500, "x y" * 500, "too long"),
            ("", "", "Please answer"),
        ],
    )
    def test_a_password_that_will_not_do_comes_back_with_words_and_the_link_stands(
        self, client_as: ClientAs, make: Make, password: str, again: str, words: str
    ) -> None:
        secret = self.link(make, make.account("intake", "wanda", status="invited"))
        answer = client_as().submit(f"/welcome/{secret}/choose", password=password, again=again)
        assert answer.status_code == 422
        assert words in answer.text
        assert make.tags() == []
        assert client_as().get(f"/welcome/{secret}").status_code == 200

    def test_a_late_used_or_unknown_link_or_one_of_a_disabled_account_opens_nothing(
        self, client_as: ClientAs, make: Make
    ) -> None:
        late = self.link(make, make.account("intake"), "late", expires_at=make.now - timedelta(days=1))
        used = self.link(make, make.account("intake"), "used", used_at=make.now)
        shut = self.link(make, make.account("intake", status="disabled"), "shut")
        for secret in (late, used, shut, "unknown"):
            assert client_as().get(f"/welcome/{secret}").status_code == 404
            assert client_as().submit(f"/welcome/{secret}/choose", password=NEW, again=NEW).status_code == 404
        assert make.tags() == []

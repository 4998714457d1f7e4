"""Single sign-on against a provider on this machine, honest and hostile: in by its word alone, and only the invited."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest

from app.access.factors import KEY_NAME
from app.access.permissions import Role
from app.access.records import Account, AccountRole, OneTimeLink, ProviderSubject, RecoveryCode, SignedIn
from app.access.work import House
from app.administration.actions import accounts
from app.administration.actions.letting_in import agree_to_link
from app.administration.commands import InviteUser
from app.infra.codes import new_paper_code, paper_hash
from app.infra.passwords import hash_password
from app.infra.provider import Provider
from tests.administration.provider import CLIENT, FOREIGN, KEY, FakeProvider, by_hmac, give, unsigned
from tests.conftest import Client, ClientAs, WorkAs
from tests.make import Make

LOG_OUT: dict[str, Any] = {"http://schemas.openid.net/event/backchannel-logout": {}}
PASSWORD = "violet tram over harbour"


@pytest.fixture
def fake() -> Iterator[FakeProvider]:
    found = FakeProvider()
    yield found
    found.close()


@dataclass
class City:
    """An office whose people sign in by the fake provider."""

    fake: FakeProvider
    make: Make
    client: Client
    fresh: Callable[[], Client]

    def link(self, account: Account, subject: str = "s-1") -> None:
        row = ProviderSubject(
            id=account.id, account_id=account.id, issuer=self.fake.issuer, subject=subject, linked_at=self.make.now
        )
        self.make.row(row)

    def begin(self, client: Client | None = None, /, **fields: str) -> dict[str, str]:
        page = (client or self.client).submit("/sign-in/provider", **fields)
        assert page.status_code == 200, page.text
        found = re.search(r'class="usa-button" href="([^"]+)"', page.text)
        assert found
        assert page.headers["refresh"] == f"0; url={unescape(found.group(1))}"
        return self.fake.seen(unescape(found.group(1)))

    def back(self, asked: dict[str, str], client: Client | None = None, **more: str) -> Any:
        given = {"state": asked["state"], "code": "c-1"} | more
        query = "&".join(f"{name}={quote(value)}" for name, value in given.items())
        return (client or self.client).get(f"/sign-in/provider/back?{query}")

    def enter(self, **fields: str) -> Any:
        return self.back(self.begin(None, **fields))

    def roles(self, account: Account) -> set[str]:
        return {row.role for row in self.make.all(AccountRole, account_id=account.id)}


@pytest.fixture
def city(fake: FakeProvider, house: House, make: Make, client_as: ClientAs) -> Callable[..., City]:
    def opened(**rules: Any) -> City:
        provider = Provider(fake.issuer, CLIENT, "secret", "RS256", "your city account")
        sso = house.access.single_sign_on.model_copy(
            update={"groups": {"investigators": frozenset({Role.INVESTIGATOR})}} | rules
        )
        access = house.access.model_copy(update={"single_sign_on": sso})
        make.house = replace(house, provider=provider, access=access)

        def client() -> Client:
            found = client_as()
            found.app.state.house = make.house  # type: ignore[attr-defined]
            return found

        return City(fake, make, client(), client)

    return opened


def test_somebody_who_is_linked_comes_in_with_the_roles_of_their_groups(city: Any, make: Make) -> None:
    here, account = city(second_factor=frozenset({"mfa"})), make.account("investigator")
    here.link(account)
    here.fake.changed = {"amr": ["mfa"]}
    answer = here.enter(next="/office/cases")
    assert (answer.status_code, answer.headers["location"]) == (303, "/office/cases")
    assert here.client.get("/office/cases").status_code == 200
    assert [row.kind for row in make.all(SignedIn, account_id=account.id)] == ["single sign-on"]
    assert here.roles(account) == {"investigator"}


def test_the_browser_is_asked_with_a_state_a_nonce_and_a_hashed_verifier(city: Any) -> None:
    asked = city().begin()
    assert asked["code_challenge_method"] == "S256"
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    assert asked["redirect_uri"].endswith("/sign-in/provider/back")


def test_nobody_comes_in_uninvited_by_name_or_address(city: Any, make: Make) -> None:
    here = city()
    account = make.account("investigator", email="amara@city.example")
    here.fake.changed = {"email": account.email, "email_verified": True, "preferred_username": account.name}
    assert here.enter().status_code == 401
    assert make.all(ProviderSubject) == []
    assert make.all(SignedIn, account_id=account.id) == []


def test_an_invited_person_is_linked_by_their_one_time_link(city: Any, make: Make, work_as: WorkAs) -> None:
    here = city()
    with work_as("administrator") as work:
        invited = accounts.invite_user(
            work, InviteUser(name="amara.osei", display_name="Amara Osei", roles=("investigator",))
        )
    with work_as("director") as work:
        code = agree_to_link(work, invited.account.id)
    secret = invited.link.rpartition("/")[2]
    with make.owner() as session:
        session.query(OneTimeLink).update({"expires_at": make.now.replace(year=2036)})
        session.commit()
    assert here.client.submit("/sign-in/provider", link=secret, second="AAAAA-AAAAA").status_code == 401
    answer = here.enter(link=secret, second=code)
    assert answer.status_code == 303
    assert [row.subject for row in make.all(ProviderSubject)] == ["s-1"]
    assert make.all(Account, id=invited.account.id)[0].status == "active"
    assert here.fresh().get(f"/welcome/{secret}").status_code == 404
    assert "administration:subject:linked" in make.tags()


def settled(here: City, role: str, account_id: Any, verb: str = "agree") -> int:
    client = here.fresh().signed_in(here.make.secret_of(here.make.actor(role)))
    assert ("groups of the city" in client.get("/office/ways-back").text) == (role != "supervisor")
    return int(client.submit(f"/office/ways-back/{verb}", account=str(account_id), what="groups").status_code)


def test_without_an_invitation_only_where_the_rules_say_so_and_once_somebody_agreed(city: Any, make: Make) -> None:
    """Whoever runs the provider puts anybody into a group: the first time, a person of the office says yes to it."""
    here = city(without_invitation=True)
    waits = here.enter()
    assert (waits.status_code, "must agree" in waits.text) == (401, True)
    (subject,) = make.all(ProviderSubject)
    # Nor is that whoever manages accounts: they may run the provider, too.
    assert settled(here, "administrator", subject.account_id) == 403
    assert settled(here, "supervisor", subject.account_id) == 403
    here.fake.used.clear()
    assert here.enter().status_code == 401
    assert make.tags().count("administration:groups:waiting") == 1
    assert settled(here, "director", subject.account_id) == 303
    here.fake.used.clear()
    assert here.enter().status_code == 303
    assert {row.role for row in make.all(AccountRole, account_id=subject.account_id)} == {"investigator"}


def test_a_group_gives_one_who_is_in_no_more_before_somebody_agreed(city: Any, make: Make) -> None:
    here, account = city(groups={"staff": frozenset({Role.INTAKE, Role.SUPERVISOR})}), make.account("intake")
    here.link(account)
    here.fake.changed = {"groups": ["staff"]}
    assert here.enter().status_code == 303
    assert here.roles(account) == {"intake"}
    assert settled(here, "director", account.id, "turn-down") == 303
    assert make.tags()[-1] == "administration:groups:refused"
    here.fake.used.clear()
    assert here.enter().status_code == 303
    assert settled(here, "secretary", account.id) == 303
    here.fake.used.clear()
    assert here.enter().status_code == 303
    assert here.roles(account) == {"intake", "supervisor"}


def test_whoever_left_their_groups_has_no_roles_and_no_sessions(city: Any, make: Make) -> None:
    here, account = city(second_factor=frozenset({"mfa"})), make.account("investigator")
    here.link(account)
    here.fake.changed = {"amr": ["mfa"]}
    assert here.enter().status_code == 303
    assert here.client.get("/office/cases").status_code == 200
    here.fake.changed = {"groups": ["gardeners"]}
    here.fake.used.clear()
    other = here.fresh()
    assert here.back(here.begin(other), other).status_code == 401
    assert here.roles(account) == set()
    assert here.client.get("/office/cases").status_code == 303
    assert "administration:roles:followed" in make.tags()


def test_the_last_administrator_stays_one(city: Any, make: Make) -> None:
    here, account = city(), make.account("administrator")
    here.link(account)
    assert here.enter().status_code == 303
    assert here.roles(account) == {"administrator"}


def test_the_providers_second_step_counts_only_where_it_is_named(city: Any, make: Make) -> None:
    account = make.account("investigator")
    for factors, kept in ((frozenset(), "none"), (frozenset({"mfa"}), "provider")):
        here = city(second_factor=factors)
        if not make.all(ProviderSubject):
            here.link(account)
        here.fake.changed, here.fake.used = {"amr": ["pwd", "mfa"]}, set()
        assert here.enter().status_code == 303
        assert kept in {row.factor for row in make.all(SignedIn, account_id=account.id)}


def test_passwords_can_be_switched_off_but_an_administrators_never_is(city: Any, make: Make) -> None:
    here = city(local_passwords="administrators")
    for role, status in (("investigator", 401), ("administrator", 303)):
        account = make.account(role, password_hash=hash_password(PASSWORD))
        here.link(account, f"s-{role}")
        answer = here.fresh().submit("/sign-in", username=account.name, password=PASSWORD)
        assert answer.status_code == status


HOSTILE: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "x" * 43},
    "no nonce": {"nonce": ...},
    "another audience": {"aud": "somebody"},
    "audiences without azp": {"aud": [CLIENT, "somebody"]},
    "azp of somebody": {"azp": "somebody"},
    "another issuer": {"iss": "https://evil.example"},
    "expired": {"exp": int(time.time()) - 100},
    "no exp": {"exp": ...},
    "exp as text": {"exp": "9999999999"},
    "old": {"iat": int(time.time()) - 4000},
    "of the future": {"iat": int(time.time()) + 4000},
    "no subject": {"sub": ...},
    "a number as subject": {"sub": 7},
}


@pytest.mark.parametrize("changed", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_token_that_does_not_answer_this_question_opens_nothing(
    city: Any, make: Make, changed: dict[str, Any]
) -> None:
    here, account = city(), make.account("investigator")
    here.link(account)
    here.fake.changed = changed
    refused(here.enter(), make, account)


FORGED: dict[str, Callable[[FakeProvider, dict[str, Any]], str]] = {
    "none": lambda _, claims: unsigned(claims),
    "HS256 with the DER key": lambda _, claims: by_hmac(claims, KEY.public_der),
    "HS256 with the client's secret": lambda _, claims: by_hmac(claims, b"secret"),
    "HS256 with nothing": lambda _, claims: by_hmac(claims, b""),
    "a key that it does not publish": lambda fake, claims: fake.sign(claims, FOREIGN),
    "another key under its name": lambda fake, claims: fake.sign(claims, FOREIGN, kid=KEY.kid),
    "its own key in the header": lambda fake, claims: fake.sign(claims, jwk=FOREIGN.jwk),
    "a place for keys in the header": lambda fake, claims: fake.sign(claims, jku="http://127.0.0.1:1/keys"),
    "crit": lambda fake, claims: fake.sign(claims, crit=["b64"]),
    "a token for something else": lambda fake, claims: fake.sign(claims, typ="at+jwt"),
    "cut": lambda fake, claims: fake.sign(claims)[:-9],
    "no token": lambda *_: "",
    "20,000 letters": lambda fake, claims: fake.sign(claims) + "A" * 20_000,
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
def test_a_forged_token_opens_nothing(city: Any, make: Make, forge: Callable[..., str]) -> None:
    here, account = city(), make.account("investigator")
    here.link(account)
    here.fake.token = lambda claims: forge(here.fake, claims)
    refused(here.enter(), make, account)


LYING_KEYS: dict[str, Any] = {
    "none": {"keys": []},
    "of another kind": {"keys": [KEY.jwk | {"kty": "oct", "k": "c2VjcmV0"}]},
    "for another algorithm": {"keys": [KEY.jwk | {"alg": "HS256"}]},
    "for sealing": {"keys": [KEY.jwk | {"use": "enc"}]},
    "swapped": {"keys": [FOREIGN.jwk | {"kid": KEY.kid}]},
    "twice": {"keys": [KEY.jwk, FOREIGN.jwk | {"kid": KEY.kid}]},
    "too many": {"keys": [KEY.jwk | {"kid": str(number)} for number in range(60)]},
    "not a list": {"keys": "k1"},
    "not an object": [],
}


@pytest.mark.parametrize("keys", LYING_KEYS.values(), ids=LYING_KEYS.keys())
def test_keys_that_do_not_fit_open_nothing(city: Any, make: Make, keys: Any) -> None:
    here, account = city(), make.account("investigator")
    here.link(account)
    here.fake.lies["/keys"] = lambda asked: give(asked, keys)
    refused(here.enter(), make, account)


def refused(answer: Any, make: Make, account: Account) -> None:
    assert answer.status_code == 401
    assert make.all(SignedIn, account_id=account.id) == []
    assert make.tags()[-1] == "administration:session:refused"


def test_too_large_led_elsewhere_broken_and_silent_are_said_in_words(city: Any, make: Make) -> None:
    elsewhere = "http://127.0.0.1:9/keys"
    for lie in (
        lambda asked: give(asked, b'{"keys": "' + b"A" * 600_000 + b'"}'),
        lambda asked: give(asked, b"", 302, location=elsewhere),
        lambda asked: give(asked, b"no json"),
        lambda asked: give(asked, b"[" * 100_000),
        lambda asked: give(asked, {}, 500),
    ):
        here = city()
        here.fake.lies["/keys"], here.fake.used = lie, set()
        answer = here.enter()
        assert answer.status_code == 401
        assert "does not answer" in answer.text


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "http://127.0.0.1:9"},
        {"token_endpoint": "http://127.0.0.1:9/token"},
        {"authorization_endpoint": "https://evil.example/authorize"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": None},
    ],
)
def test_what_it_says_of_itself_leads_nowhere_else(city: Any, said: dict[str, Any]) -> None:
    here = city()
    here.fake.said = said
    page = here.client.submit("/sign-in/provider")
    assert page.status_code == 401
    assert "does not answer" in page.text
    assert "User name" in page.text


def test_a_provider_that_is_down_leaves_the_way_of_ours(city: Any, make: Make) -> None:
    here = city()
    here.fake.close()
    assert "does not answer" in here.client.submit("/sign-in/provider").text
    account = make.account("investigator", password_hash=hash_password(PASSWORD))
    assert here.fresh().submit("/sign-in", username=account.name, password=PASSWORD).status_code == 303


def test_a_code_comes_back_once_in_the_same_browser_from_the_same_provider(city: Any, make: Make) -> None:
    here, account = city(), make.account("investigator")
    here.link(account)
    asked = here.begin()
    assert here.back(asked, here.fresh()).status_code == 401  # another browser
    assert here.back(asked).status_code == 401  # and what it used up stays so
    asked = here.begin()
    assert here.back(asked, iss="https://evil.example").status_code == 401
    assert here.back(here.begin(), state="x" * 43).status_code == 401
    assert here.back(here.begin(), code="").status_code == 401
    asked = here.begin()
    assert here.back(asked, iss=here.fake.issuer).status_code == 303
    assert here.back(asked).status_code == 401  # replayed
    assert here.back(here.begin(here.fresh()), here.fresh()).status_code == 401  # a used code, too


def log_out_token(fake: FakeProvider, **changed: Any) -> str:
    now = int(time.time())
    whole = {
        "iss": fake.issuer,
        "aud": CLIENT,
        "sub": "s-1",
        "jti": "j-1",
        "iat": now,
        "exp": now + 100,
        "events": LOG_OUT,
    }
    return fake.sign({name: value for name, value in (whole | changed).items() if value is not ...}, typ="logout+jwt")


def test_the_provider_ends_a_persons_sessions_and_each_of_its_tokens_counts_once(city: Any, make: Make) -> None:
    here, account = city(second_factor=frozenset({"mfa"})), make.account("investigator")
    here.link(account)
    here.fake.changed = {"amr": ["mfa"]}
    assert here.enter().status_code == 303
    assert here.client.get("/office/cases").status_code == 200
    assert here.client.get("/office/cases").status_code == 200
    path, outside = "/api/v1/auth/provider/log-out", here.fresh()
    for bad in (
        log_out_token(here.fake, nonce="n"),
        log_out_token(here.fake, events=...),
        log_out_token(here.fake, events={"x": {}}),
        log_out_token(here.fake, sub=...),
        log_out_token(here.fake, sub=..., sid=""),
        log_out_token(here.fake, sub=..., sid=7),
        log_out_token(here.fake, sid="a\x00b"),
        log_out_token(here.fake, sub=7, sid="b-1"),
        log_out_token(here.fake, jti=...),
        log_out_token(here.fake, aud="somebody"),
        log_out_token(here.fake, iat=int(time.time()) - 4000),
        here.fake.sign(here.fake.claims()),
        "x",
    ):
        assert outside.post(path, data={"logout_token": bad}).status_code == 400
    assert here.client.get("/office/cases").status_code == 200
    good = log_out_token(here.fake)
    assert outside.post(path, data={"logout_token": good}).status_code == 204
    assert here.client.get("/office/cases").status_code == 303
    assert outside.post(path, data={"logout_token": good}).status_code == 400
    assert make.tags().count("administration:session:ended") == 1


def test_one_that_names_a_session_alone_ends_that_one(city: Any, make: Make) -> None:
    here, account = city(second_factor=frozenset({"mfa"})), make.account("investigator")
    here.link(account)
    desk, phone = here.client, here.fresh()
    for client, sid in ((desk, "b-1"), (phone, "b-2")):
        here.fake.changed, here.fake.used = {"amr": ["mfa"], "sid": sid}, set()
        assert here.back(here.begin(client), client).status_code == 303
    path, outside = "/api/v1/auth/provider/log-out", here.fresh()
    nobodys = log_out_token(here.fake, sub=..., sid="b-3", jti="j-3")
    assert outside.post(path, data={"logout_token": nobodys}).status_code == 204
    assert desk.get("/office/cases").status_code == 200
    good = log_out_token(here.fake, sub=..., sid="b-1")
    assert outside.post(path, data={"logout_token": good}).status_code == 204
    assert desk.get("/office/cases").status_code == 303
    assert phone.get("/office/cases").status_code == 200
    assert outside.post(path, data={"logout_token": good}).status_code == 400
    assert make.tags().count("administration:session:ended") == 1


def test_a_second_step_of_ours_keeps_what_the_provider_calls_the_session(city: Any, make: Make) -> None:
    here, account = city(), make.account("investigator")
    here.link(account)
    here.fake.changed = {"sid": "b-1"}
    code = new_paper_code()
    hashed = paper_hash(make.house.keys.derive(KEY_NAME), account.id.bytes, code)
    make.row(RecoveryCode(code_hash=hashed, account_id=account.id, made_at=make.now))
    asked = here.enter()
    step = re.search(r'name="step" value="([^"]+)"', asked.text)
    assert step
    assert here.client.submit("/sign-in/second", step=unescape(step.group(1)), code=code).status_code == 303
    assert [row.provider_sid for row in make.all(SignedIn, account_id=account.id)] == ["b-1"]


def test_a_sid_that_is_no_plain_word_is_refused_with_its_token(city: Any, make: Make) -> None:
    here, account = city(), make.account("investigator")
    here.link(account)
    here.fake.changed = {"sid": "a\x00b"}
    refused(here.enter(), make, account)


def test_without_a_provider_there_is_no_such_way(client_as: ClientAs) -> None:
    client = client_as()
    assert "city account" not in client.get("/sign-in").text
    assert client.submit("/sign-in/provider").status_code == 404
    assert client.get("/sign-in/provider/back?state=x&code=y").status_code == 404
    assert client.post("/api/v1/auth/provider/log-out", data={"logout_token": "x"}).status_code == 404

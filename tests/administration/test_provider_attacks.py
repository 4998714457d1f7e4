"""Hostile ways into single sign-on: links that are over, second steps passed by, words no database takes, silence."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from app.access.records import Account, OneTimeLink, Passkey, ProviderSubject, SignedIn
from app.access.sessions import hash_of
from app.infra.provider import Provider, ProviderSilent
from tests.administration.provider import CLIENT, FakeProvider, give
from tests.administration.test_provider import City, city, fake, log_out_token
from tests.make import Make

__all__ = ["city", "fake"]
SECRET = "l" * 43
OUT = "/api/v1/auth/provider/log-out"
Opened = Callable[..., City]


def invited(make: Make, role: str = "administrator", **link: Any) -> Account:
    account = make.account(role)
    with make.owner() as session:
        session.get_one(Account, account.id).status = "invited"
        session.commit()
    given = {"expires_at": make.now.replace(year=2036), "purpose": "invitation", "waits": False} | link
    make.row(OneTimeLink(secret_hash=hash_of(SECRET), account_id=account.id, **given))
    return account


def change_link(make: Make, given: dict[Any, Any]) -> None:
    with make.owner() as session:
        session.query(OneTimeLink).update(given)
        session.commit()


def test_one_link_links_one_subject_though_two_browsers_were_sent_with_it(city: Opened, make: Make) -> None:
    here, account = city(), invited(make)
    first, second = here.fresh(), here.fresh()
    asked = here.begin(first, link=SECRET)
    late = here.begin(second, link=SECRET)
    here.fake.asked = asked
    assert here.back(asked, first).status_code == 303
    here.fake.changed, here.fake.asked = {"sub": "s-2"}, late
    assert here.back(late, second, code="c-2").status_code == 401
    assert [(row.account_id, row.subject) for row in make.all(ProviderSubject)] == [(account.id, "s-1")]


@pytest.mark.parametrize("over", ["late", "used", "waits"])
def test_a_link_that_is_over_when_the_browser_comes_back_links_nobody(city: Opened, make: Make, over: str) -> None:
    here, account = city(), invited(make)
    asked = here.begin(None, link=SECRET)
    ends: dict[str, dict[Any, Any]] = {
        "late": {"expires_at": make.now.replace(year=2020)},
        "used": {"used_at": make.now},
        "waits": {"waits": True},
    }
    change_link(make, ends[over])
    assert here.back(asked).status_code == 401
    assert make.all(ProviderSubject) == []
    assert make.all(Account, id=account.id)[0].status == "invited"


def test_a_used_link_is_marked_so_that_the_database_asks_who_agreed(city: Opened, make: Make) -> None:
    here = city()
    invited(make)
    assert here.enter(link=SECRET).status_code == 303
    assert make.all(OneTimeLink)[0].used_at is not None


def test_a_link_alone_does_not_pass_by_a_second_step_of_ours(city: Opened, make: Make) -> None:
    """Else whoever made the link comes in by their own account there, and their own second step there."""
    here, account = city(second_factor=frozenset({"mfa"})), invited(make)
    key = Passkey(
        id=account.id,
        account_id=account.id,
        credential_id=b"k",
        public_key=b"p",
        sign_count=0,
        name="key",
        made_at=make.now,
    )
    make.row(key)
    here.fake.changed = {"amr": ["mfa"]}
    assert here.enter(link=SECRET).status_code == 401
    assert make.all(ProviderSubject) == []
    assert make.all(SignedIn, account_id=account.id) == []


@pytest.mark.parametrize("subject", ["s\x00", "s\ud800", "x" * 256, "s-\u202e1", " "])
def test_a_subject_that_is_no_plain_word_is_refused_and_nothing_breaks(city: Opened, make: Make, subject: str) -> None:
    here = city(without_invitation=True)
    here.fake.changed = {"sub": subject}
    assert here.enter().status_code == 401
    assert make.all(ProviderSubject) == []
    token = log_out_token(here.fake, sub=subject)
    assert here.fresh().post(OUT, data={"logout_token": token}).status_code == 400
    token = log_out_token(here.fake, jti=subject)
    assert here.fresh().post(OUT, data={"logout_token": token}).status_code == 400


@pytest.mark.parametrize(
    "claims",
    [
        {"groups": {"investigators": 1}},
        {"groups": [["investigators"]]},
        {"groups": None},
        {"groups": ["Investigators "]},
    ],
)
def test_groups_of_another_shape_give_nothing(city: Opened, make: Make, claims: dict[str, Any]) -> None:
    here = city(without_invitation=True)
    here.fake.changed = claims
    assert here.enter().status_code == 401
    assert make.all(ProviderSubject) == []


def test_nobody_disabled_or_locked_comes_in_by_the_provider(city: Opened, make: Make) -> None:
    here, account = city(), make.account("investigator")
    here.link(account)
    states: list[dict[Any, Any]] = [{"status": "disabled"}, {"status": "active", "locked_at": make.now}]
    for number, state in enumerate(states):
        with make.owner() as session:
            session.query(Account).filter_by(id=account.id).update(state)
            session.commit()
        asked = here.begin()
        assert here.back(asked, code=f"c-{number}").status_code == 401
    assert make.all(SignedIn, account_id=account.id) == []


@pytest.mark.parametrize(
    "where", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\t/evil.example"]
)
def test_after_it_nobody_is_led_to_another_site(city: Opened, make: Make, where: str) -> None:
    here, account = city(second_factor=frozenset({"mfa"})), make.account("investigator")
    here.link(account)
    here.fake.changed = {"amr": ["mfa"]}
    answer = here.enter(next=where)
    assert (answer.status_code, answer.headers["location"]) == (303, "/office")


def test_nobody_comes_in_who_did_not_begin_here(city: Opened, make: Make) -> None:
    here, account = city(), make.account("investigator")
    here.link(account)
    for query in (
        "",
        "?code=c-1",
        "?state=&code=c-1",
        "?state=%00&code=c-1",
        f"?state={'x' * 43}&code=c-1&id_token=a.b.c",
    ):
        assert here.client.get(f"/sign-in/provider/back{query}").status_code in (401, 422)
    assert make.all(SignedIn, account_id=account.id) == []


def test_a_provider_that_was_silent_is_left_alone_for_a_moment(fake: FakeProvider) -> None:
    """Else anybody, with words that only look like a token, keeps every thread waiting for it."""
    asked: list[float] = []

    def broken(request: Any) -> None:
        asked.append(time.monotonic())
        give(request, {}, 500)

    fake.lies["/keys"] = broken
    provider = Provider(fake.issuer, CLIENT, "secret", "RS256")
    for _ in range(5):
        with pytest.raises(ProviderSilent):
            provider.keys("nobody")
    assert len(asked) == 1


def test_the_end_of_one_persons_sessions_ends_nobody_elses(city: Opened, make: Make) -> None:
    here, one, other = (
        city(second_factor=frozenset({"mfa"})),
        make.account("investigator"),
        make.account("investigator"),
    )
    here.link(one)
    here.link(other, "s-2")
    here.fake.changed = {"amr": ["mfa"]}
    assert here.enter().status_code == 303
    assert here.fresh().post(OUT, data={"logout_token": log_out_token(here.fake, sub="s-2")}).status_code == 204
    assert here.client.get("/office/cases").status_code == 200
    for bad in (
        {"iss": "https://evil.example"},
        {"exp": int(time.time()) - 60},
        {"aud": [CLIENT, "x"]},
        {"events": "x"},
    ):
        token = log_out_token(here.fake, jti="j-2", **bad)
        assert here.fresh().post(OUT, data={"logout_token": token}).status_code == 400
    assert here.client.get("/office/cases").status_code == 200

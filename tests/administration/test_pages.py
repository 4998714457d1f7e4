"""The pages of those who run and audit the installation, and one's own account."""

from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import DBAPIError

from app.access.records import Account, AccountRole, OneTimeLink, SignedIn
from app.access.sessions import hash_of
from app.administration.actions.sessions import sign_in
from app.administration.commands import SignIn
from app.infra.passwords import hash_password
from app.infra.schema import head
from tests.administration.conftest import code_of
from tests.conftest import ClientAs, WorkAs
from tests.make import ENTRY, Make

OLD = "violet tram over harbour"
NEW = "seven lanterns on a slow river"


def secret_in(page: str) -> str:
    return page.split("/welcome/", 1)[1].split("<", 1)[0].strip()


def invitation(**changed: Any) -> dict[str, Any]:
    return {"name": "amara.osei", "display_name": "Amara Osei", "title": "", "roles": ["intake", "analyst"]} | changed


class TestOwnAccount:
    def test_a_new_password_needs_the_old_one_and_ends_every_other_session(
        self, client_as: ClientAs, make: Make
    ) -> None:
        client = client_as("analyst")
        me = make.actor("analyst")
        with make.owner() as session:
            session.get_one(Account, me.id).password_hash = hash_password(OLD)
            session.commit()
        _, other = make.sign_in(make.all(Account, id=me.id)[0], "analyst")
        wrong = client.submit("/office/account/password/change", current="not this", password=NEW, again=NEW)
        assert (wrong.status_code, "not your password of today" in wrong.text) == (422, True)
        changed = client.submit("/office/account/password/change", current=OLD, password=NEW, again=NEW)
        assert changed.status_code == 303
        standing = {row.secret_hash: row.revoked_at is None for row in make.all(SignedIn)}
        assert standing == {me.session_hash: True, hash_of(other): False}
        tried = ["administration:proof:refused", "administration:session:proved"]
        assert make.tags() == [*tried, "administration:password:changed"]

    def test_one_of_ones_sessions_is_ended_and_a_strangers_is_not_found(self, client_as: ClientAs, make: Make) -> None:
        client, me = client_as("commissioner"), make.actor("commissioner")
        _, other = make.sign_in(make.all(Account, id=me.id)[0], "commissioner")
        stranger = make.actor("intake")
        assert stranger.session_hash is not None
        page = client.get("/office/account").text
        assert hash_of(other).hex() in page
        assert stranger.session_hash.hex() not in page
        refused = client.submit("/office/account/sessions/revoke", session=stranger.session_hash.hex())
        assert refused.status_code == 404
        assert client.submit("/office/account/sessions/revoke", session="x").status_code == 422
        assert make.tags() == []
        assert client.submit("/office/account/sessions/revoke", session=hash_of(other).hex()).status_code == 303
        assert make.tags() == ["administration:session:revoked"]
        assert client_as().signed_in(other).get("/office/account").status_code == 303

    def test_all_others_are_ended_at_once(self, client_as: ClientAs, make: Make) -> None:
        client, me = client_as("liaison"), make.actor("liaison")
        for _ in range(2):
            make.sign_in(make.all(Account, id=me.id)[0], "liaison")
        assert client.submit("/office/account/sessions/revoke-others").status_code == 303
        assert [row.secret_hash for row in make.all(SignedIn) if row.revoked_at is None] == [me.session_hash]


def agrees(client: Any, account_id: UUID) -> int:
    """What the second person of a link is answered."""
    answer: int = client.submit("/office/ways-back/agree", account=str(account_id)).status_code
    return answer


class TestUsers:
    def test_an_invited_person_gets_a_link_that_is_shown_once(self, client_as: ClientAs, make: Make) -> None:
        client = client_as("administrator")
        page = client.submit("/office/users/invite", **invitation()).text
        secret = secret_in(page)
        (link,) = make.all(OneTimeLink)
        assert link.secret_hash == hash_of(secret)
        assert secret not in client.get("/office/users").text
        assert make.tags() == ["administration:account:invited"]
        assert client_as().submit(f"/welcome/{secret}/choose", password=NEW, again=NEW).status_code == 404
        code = code_of(client_as("director"), link.account_id)
        assert make.tags()[-1] == "administration:link:agreed"
        # Whoever made the link knows it; without what the second person hands over it opens nothing.
        for wrong in ("", "AAAAA-AAAAA", "x"):
            alone = client_as().submit(f"/welcome/{secret}/choose", password=NEW, again=NEW, code=wrong)
            assert (alone.status_code, "not the code" in alone.text) == (422, True)
        joined = client_as().submit(f"/welcome/{secret}/choose", password=NEW, again=NEW, code=code.lower())
        assert joined.status_code == 303

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"name": ""}, "Please answer"),
            ({"name": "Amara Osei"}, "small letters"),
            ({"name": "x" * 41}, "too long"),
            ({"display_name": "\x00"}, "cannot"),
            ({"display_name": ""}, "Please answer"),
            ({"roles": []}, "Please answer"),
            ({"roles": ["mayor"]}, "at least one role"),
            ({"roles": ["filer"]}, "at least one role"),
            ({"roles": ["liaison"]}, "Choose the department"),
            ({"roles": ["liaison", "intake"], "department_id": "rpd"}, "no other role"),
            ({"department_id": "rpd"}, "Only a liaison"),
            ({"email": "nowhere"}, "cannot be read"),
        ],
    )
    def test_what_cannot_be_is_told_and_writes_nothing(
        self, client_as: ClientAs, make: Make, changed: dict[str, Any], words: str
    ) -> None:
        client = client_as("administrator")
        answer = client.submit("/office/users/invite", **invitation(**changed))
        assert answer.status_code == 422
        assert words in answer.text
        assert len(make.all(Account)) == 1
        assert make.tags() == []

    def test_a_name_is_given_once(self, client_as: ClientAs, make: Make) -> None:
        make.account("intake", "amara.osei")
        answer = client_as("administrator").submit("/office/users/invite", **invitation())
        assert "of this name already" in answer.text

    def test_a_disabled_person_can_do_nothing_from_the_next_click_on(self, client_as: ClientAs, make: Make) -> None:
        theirs = client_as("intake")
        assert theirs.get("/office/cases").status_code == 200
        person = make.actor("intake")
        answer = client_as("administrator").submit(f"/office/users/{person.id}/disable")
        assert answer.status_code == 303
        assert theirs.get("/office/cases").status_code == 303
        assert make.tags()[-1] == "administration:account:disabled"

    def test_a_reset_ends_everything_and_every_administrator_is_told(self, client_as: ClientAs, make: Make) -> None:
        theirs, person = client_as("intake"), make.actor("intake")
        assert person.id is not None
        page = client_as("administrator").submit(f"/office/users/{person.id}/reset").text
        secret = secret_in(page)
        assert theirs.get("/office/cases").status_code == 303
        other = make.account("administrator", "second")
        with_other = client_as().signed_in(make.sign_in(other, "administrator")[1])
        assert "Access was reset" in with_other.get("/office/users").text
        assert client_as().get(f"/welcome/{secret}").status_code == 404
        code = code_of(with_other, person.id)
        chosen = client_as().submit(f"/welcome/{secret}/choose", password=NEW, again=NEW, code=code)
        assert chosen.status_code == 303
        assert "administration:account:reset" in make.tags()

    def test_nobody_lets_in_a_second_self(self, client_as: ClientAs, make: Make) -> None:
        """Not whoever made the link, nor the one it lets in, nor by SQL: and then it opens nothing."""
        client = client_as("administrator")
        secret = secret_in(client.submit("/office/users/invite", **invitation(roles=["director"])).text)
        (link,) = make.all(OneTimeLink)
        assert link.account_id is not None
        assert agrees(client, link.account_id) == 403
        assert agrees(client_as("supervisor"), link.account_id) == 403
        with pytest.raises(DBAPIError, match="in one's own name"), make.owner() as session:
            session.execute(update(OneTimeLink).values(agreed_by_id=make.actor("director").id, agreed_at=make.now))
        with pytest.raises(DBAPIError, match="by two"), make.owner() as session:
            session.execute(update(OneTimeLink).values(used_at=make.now, waits=False))
        assert client_as().get(f"/welcome/{secret}").status_code == 404
        page = client.get("/office/ways-back").text
        assert "You made this link" in page
        turned = client_as("director").submit("/office/ways-back/turn-down", account=str(link.account_id))
        assert turned.status_code == 303
        assert make.tags()[-1] == "administration:link:refused"
        assert agrees(client_as("director"), link.account_id) == 404

    @pytest.mark.parametrize("role", ["administrator", "auditor"])
    def test_whoever_reads_no_case_is_let_in_by_two_as_well(self, client_as: ClientAs, make: Make, role: str) -> None:
        """Else a second administrator, made by the first, would agree to whatever the first one makes."""
        client = client_as("administrator")
        page = client.submit("/office/users/invite", **invitation(roles=[role])).text
        assert "waits for a second person" in page
        secret = secret_in(page)
        (link,) = make.all(OneTimeLink)
        assert client_as().get(f"/welcome/{secret}").status_code == 404
        with pytest.raises(DBAPIError, match="by two"), make.owner() as session:
            session.execute(update(OneTimeLink).values(used_at=make.now, waits=False))
        assert agrees(client, link.account_id) == 403
        assert agrees(client_as("director"), link.account_id) == 200
        assert client_as().get(f"/welcome/{secret}").status_code == 200

    def test_whoever_was_disabled_comes_in_by_no_other_way_before_two_let_them(
        self, client_as: ClientAs, make: Make, work_as: WorkAs
    ) -> None:
        """Their passkey, or the city's account, would open the door that one person alone has unlocked."""
        client, person = client_as("administrator"), make.account("director", status="disabled")
        secret = secret_in(client.submit(f"/office/users/{person.id}/reset").text)
        assert [row.status for row in make.all(Account, id=person.id)] == ["invited"]
        with pytest.raises(DBAPIError, match="by its owner"), work_as("administrator") as work:
            work.session.execute(update(Account).where(Account.id == person.id).values(status="active"))
        code = code_of(client_as("secretary"), person.id)
        chosen = client_as().submit(f"/welcome/{secret}/choose", password=NEW, again=NEW, code=code)
        assert chosen.status_code == 303
        assert [row.status for row in make.all(Account, id=person.id)] == ["active"]
        with pytest.raises(DBAPIError, match="opens once"), work_as("administrator") as work:
            work.session.execute(update(OneTimeLink).values(used_at=None))

    @pytest.mark.parametrize(
        "given", [{"outsider": "clerk"}, {"is_demonstration": True}, {"kind": "machine"}, {"email": "me@city.example"}]
    )
    def test_by_sql_as_well_nobody_makes_somebody_who_is_in_another(
        self, make: Make, work_as: WorkAs, given: dict[str, Any]
    ) -> None:
        """Whoever goes by a name of the rulebook reads what it sends to that name."""
        me = make.actor("administrator").id
        with pytest.raises(DBAPIError, match="who somebody is"), work_as("administrator") as work:
            work.session.execute(update(Account).where(Account.id == me).values(**given))

    def test_by_sql_as_well_nobody_gives_a_role_to_who_is_in(self, make: Make, work_as: WorkAs) -> None:
        me, other = make.actor("administrator"), make.account("intake")
        for whom in (me.id, other.id):
            with pytest.raises(DBAPIError, match="given by two"), work_as("administrator") as work:
                work.session.execute(insert(AccountRole).values(account_id=whom, role="director", last_entry_id=ENTRY))

    def test_a_second_link_makes_the_first_void(self, client_as: ClientAs, make: Make) -> None:
        client, person = client_as("administrator"), make.account("intake")
        first = secret_in(client.submit(f"/office/users/{person.id}/reset").text)
        second = secret_in(client.submit(f"/office/users/{person.id}/reset").text)
        assert agrees(client_as("director"), person.id) == 200
        assert client_as().get(f"/welcome/{first}").status_code == 404
        assert client_as().get(f"/welcome/{second}").status_code == 200

    @pytest.mark.parametrize("verb", ["disable", "reset"])
    def test_nobody_does_it_to_themselves(self, client_as: ClientAs, make: Make, verb: str) -> None:
        client = client_as("administrator")
        make.account("administrator", "second")
        answer = client.submit(f"/office/users/{make.actor('administrator').id}/{verb}")
        assert answer.status_code == 409
        assert "own account" in answer.text
        assert make.tags() == []
        assert client.get("/office/users").status_code == 200

    @pytest.mark.parametrize("role", ["intake", "director", "auditor", "commissioner", "liaison"])
    def test_nobody_else_manages_users(self, client_as: ClientAs, make: Make, role: str) -> None:
        client, person = client_as(role), make.account("intake")
        assert client.get("/office/users").status_code == 403
        assert client.submit(f"/office/users/{person.id}/reset").status_code == 403
        assert make.all(OneTimeLink) == []
        assert set(make.tags()) == {"access:permission:refused"}


class TestJournal:
    def test_entries_are_told_in_sentences_and_filtered(self, client_as: ClientAs, make: Make, work_as: WorkAs) -> None:
        with work_as("investigator") as work:
            from app.cases.actions import read_case

            case = make.case(number="2026-ABCD")
            read_case(work, case.id)
        client_as("analyst").get("/office/users")
        auditor = client_as("auditor")
        page = auditor.get("/office/journal").text
        assert "Opened the case file.</td>" in page
        assert "Was refused administration:user:manage." in page
        only = auditor.get("/office/journal", params={"case": "2026-ABCD"}).text
        assert "Opened the case file." in only
        assert "Was refused administration" not in only
        mine = auditor.get("/office/journal", params={"user": make.actor("analyst").name}).text
        assert ("Opened the case file.</td>" in mine, "Was refused" in mine) == (False, True)
        assert "No entry fits" in auditor.get("/office/journal", params={"user": "nobody"}).text
        assert "No entry fits" in auditor.get("/office/journal", params={"until": "2001-01-01"}).text
        kind = auditor.get("/office/journal", params={"kind": "cases:case:read", "since": "2001-01-01"}).text
        assert kind.count("Opened the case file.</td>") == 1

    def test_pages_follow_by_key_and_show_each_entry_once(self, client_as: ClientAs, make: Make) -> None:
        client = client_as("analyst")
        for _ in range(60):
            client.get("/office/users")
        auditor, seen, following = client_as("auditor"), [], "/office/journal"
        while following:
            page = auditor.get(following).text
            links = [part.split('"', 1)[0] for part in page.split('href="/office/journal/')[1:]]
            seen += [link for link in links if not link.startswith("entries.csv")]
            more = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"', 1)[0] if 'rel="next"' in page else ""
            following = more.replace("&amp;", "&")
        assert len(seen) == 60
        assert len(set(seen)) == 60

    def test_an_entry_shows_its_bytes_and_says_when_it_is_not_sealed(self, client_as: ClientAs, make: Make) -> None:
        client_as("analyst").get("/office/users")
        from app.audit.records import JournalEntry

        (entry,) = make.all(JournalEntry)
        auditor = client_as("auditor")
        page = auditor.get(f"/office/journal/{entry.id}").text
        assert "access:permission:refused" in page
        assert "Not sealed yet" in page
        assert auditor.get(f"/office/journal/{entry.id}/proof.json").status_code == 409
        assert auditor.get("/office/journal/00000000-0000-0000-0000-000000000000").status_code == 404

    @pytest.mark.parametrize(
        "query",
        [
            "before=x",
            "since=yesterday",
            "case=%00",
            "before=-1",
            "before=99999999999999999999",
            "until=9999-12-31",
            "other=1",
        ],
    )
    def test_a_question_that_cannot_be_read_is_answered(self, client_as: ClientAs, query: str) -> None:
        assert client_as("auditor").get(f"/office/journal?{query}").status_code in (200, 422)

    @pytest.mark.parametrize("role", ["administrator", "director", "investigator", "commissioner"])
    def test_nobody_but_the_auditor_reads_it(self, client_as: ClientAs, role: str) -> None:
        assert client_as(role).get("/office/journal").status_code == 403


def test_the_rulebook_is_read_in_plain_language(client_as: ClientAs, make: Make) -> None:
    page = unescape(client_as("counsel").get("/office/rulebook").text)
    for stage in make.book.stages:
        assert stage.label.to("en") in page
    for finding in make.book.findings:
        assert finding.definition.to("en") in page
    assert any(clock.authority and clock.authority in page for clock in make.book.deadlines)


def test_the_health_page_says_what_is_missing(client_as: ClientAs) -> None:
    page = client_as("administrator").get("/office/health").text
    assert "Has not been heard of for a while" in page
    assert "Not protected by HTTPS" in page
    assert f"At {head()}" in page


def test_an_old_session_opens_nothing(client_as: ClientAs, make: Make) -> None:
    client = client_as("intake")
    with make.owner() as session:
        for row in session.query(SignedIn):
            row.expires_at = make.now - timedelta(days=1)
        session.commit()
    assert client.get("/office/account").status_code == 303


def test_signing_in_counts_before_it_looks(make: Make, work_as: WorkAs) -> None:
    from app.access.actor import Actor
    from app.access.permissions import Role
    from app.access.records import SignInDelay
    from app.infra.db import Door

    anyone = Actor.anyone(Door.OFFICE, make.house.access.of(frozenset({Role.ANYONE})))
    with work_as(anyone) as work:
        assert sign_in(work, SignIn(username="nobody", password="x")) is None
    (delay,) = make.all(SignInDelay)
    assert delay.failures == 1

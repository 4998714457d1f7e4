"""The vault: what is sealed opens at its place alone, each opening is told, and look-up finds exactly what it may."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.access.actor import Actor
from app.access.records import CaseSide
from app.access.work import House
from app.audit.records import JournalEntry
from app.infra.db import hidden_key
from app.infra.keyholder import KeysAway
from app.infra.sealing import SealingError, blind_index
from app.intake import actions as intake
from app.intake.commands import OpenIdentity
from app.intake.records import Filing
from app.kernel.errors import Invalid, NotAllowed, Refused, StepUpNeeded
from app.people import actions, queries
from app.people.commands import LookUp
from app.people.events import IdentityOpened
from app.people.records import Identity, IdentityKey, Person, VaultUse
from app.people.rules import LEAST_UNUSUAL, MOST_IN_AN_HOUR, LookUpReason, OpeningReason, Pace, Who, unusual
from tests.conftest import KEYS, NOW, WorkAs
from tests.make import Make

ADA = Who("Ada Quill", "ada@example.org", "212 555 0147")
REASON = OpenIdentity(reason=OpeningReason.CONTACT, refers_to="call of Monday")
BYTES = {"identities": ("sealed",), "identity_keys": ("wrapped_key",)}


def kept(make: Make, work_as: WorkAs, who: Who = ADA, **given: Any) -> Filing:
    """A filing whose filer is in the vault."""
    filing = make.filing(anonymity="named", **given)
    with work_as(Actor.system("test")) as work:
        person = actions.keep_filer(work, filing.id, who)
        person.case_id = filing.case_id
        work.happened(IdentityOpened(case_id=filing.case_id, person_id=person.id, reason="test"))
    return filing


def person_of(make: Make, filing: Filing) -> UUID:
    (person,) = make.all(Person, filing_id=filing.id)
    found: UUID = person.id
    return found


def read(work_as: WorkAs, person_id: UUID) -> Who:
    with work_as("investigator") as work:
        return queries.read_identity(work, person_id)


def test_every_column_swapped_between_every_two_rows_opens_nothing(make: Make, work_as: WorkAs) -> None:
    people = [person_of(make, kept(make, work_as, Who(name))) for name in ("Ada", "Bo", "Cy")]
    pairs = [(one, other) for one in people for other in people if one != other]
    for one, other in pairs:
        for table, columns in BYTES.items():
            for column in columns:
                with make.owner() as session:
                    connection = session.connection()
                    was = connection.exec_driver_sql(f"SELECT {column} FROM {table} WHERE person_id = '{one}'").scalar()
                    swap = f"UPDATE {table} SET {column} = (SELECT {column} FROM {table} WHERE person_id = '{other}')"
                    connection.exec_driver_sql(f"{swap} WHERE person_id = '{one}'")
                    session.commit()
                with pytest.raises(SealingError):
                    read(work_as, one)
                with make.owner() as session:
                    back = f"UPDATE {table} SET {column} = %s WHERE person_id = '{one}'"
                    session.connection().exec_driver_sql(back, (was,))
                    session.commit()
                assert not read(work_as, one).is_empty


def test_one_column_put_into_another_and_another_keys_name_open_nothing(make: Make, work_as: WorkAs) -> None:
    person = person_of(make, kept(make, work_as))
    for spoil in (
        "UPDATE identities i SET sealed = (SELECT wrapped_key FROM identity_keys k WHERE k.person_id = i.person_id)",
        "UPDATE identities SET key_id = '0000000000000000'",
        "UPDATE identities SET sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1)",
        "UPDATE identity_keys SET wrapped_key = set_byte(wrapped_key, 0, 2)",
        "UPDATE identity_keys k SET wrapped_key = (SELECT sealed FROM identities i WHERE i.person_id = k.person_id)",
        "UPDATE identity_keys SET key_id = '0000000000000000'",
    ):
        with make.owner() as session:
            inner = session.begin_nested()
            session.connection().exec_driver_sql(spoil)
            session.flush()
            opened = queries_as(make, session, person)
            assert opened in (SealingError, KeysAway), spoil
            inner.rollback()
    assert read(work_as, person) == ADA


def queries_as(make: Make, session: Any, person_id: UUID) -> object:
    """What reading says of rows that only this session sees."""
    from app.access.work import Work

    try:
        return queries.read_identity(Work(make.house, Actor.system("test"), session, NOW), person_id)
    except (SealingError, KeysAway) as wrong:
        return type(wrong)


def test_an_opening_is_noted_with_reason_and_told_to_the_filer_by_role_and_day(make: Make, work_as: WorkAs) -> None:
    case = make.case(lead_id=make.actor("investigator").id)
    filing = kept(make, work_as, case_id=case.id)
    with work_as("investigator") as work:
        assert intake.open_filer(work, filing.id, REASON) == ADA
    (use,) = make.all(VaultUse)
    assert (use.kind, use.role, use.reason, use.refers_to) == ("opened", "investigator", "contact", "call of Monday")
    assert (use.account_id, use.case_id, use.unusual) == (make.actor("investigator").id, case.id, "")
    (entry,) = [
        each for each in make.all(JournalEntry) if each.tag == "people:identity:opened" and b"contact" in each.body
    ]
    assert b"Quill" not in entry.body
    assert b"Monday" not in entry.body
    filer = Actor.filer(filing.lookup or b"", frozenset())
    with work_as(filer) as work:
        (seen,) = queries.seen_by_filer(work, filing.id)
        assert (seen.role, seen.is_unusual) == ("investigator", False)
    with work_as(Actor.filer(b"x" * 32, frozenset())) as work:
        assert queries.seen_by_filer(work, filing.id) == []


@pytest.mark.parametrize("side", ["criminal", "defence"])
def test_a_reading_by_somebody_on_a_side_is_never_told_to_the_filer(make: Make, work_as: WorkAs, side: str) -> None:
    case = make.case(lead_id=make.actor("investigator").id)
    filing = kept(make, work_as, case_id=case.id)
    for role in ("investigator", "supervisor"):
        with work_as(role) as work:
            intake.open_filer(work, filing.id, REASON)
    reader = make.actor("investigator").id
    named = {"reason": "Works on it.", "named_by_id": make.actor("director").id, "named_at": NOW}
    make.row(CaseSide(id=hidden_key(), case_id=case.id, account_id=reader, side=side, **named))
    with work_as(Actor.filer(filing.lookup or b"", frozenset())) as work:
        assert [each.role for each in queries.seen_by_filer(work, filing.id)] == ["supervisor"]


def test_who_does_not_work_on_the_case_is_told_of_to_others_and_never_looks_at_their_own(
    make: Make, work_as: WorkAs
) -> None:
    filing = kept(make, work_as, case_id=make.case().id)
    for role in ("investigator", "supervisor"):
        with work_as(role) as work:
            intake.open_filer(work, filing.id, REASON)
    with work_as("supervisor") as work:
        (use,) = queries.unusual_uses(work)
        assert use.account_id == make.actor("investigator").id
        assert use.unusual == "unassigned"
        panel = queries.uses_to_look_at(work)
        assert panel is not None
        actions.look_at_use(work, use.id)
    with work_as("auditor") as work:
        (left,) = queries.unusual_uses(work)
        assert left.account_id == make.actor("supervisor").id
    with work_as(Actor.filer(filing.lookup or b"", frozenset())) as work:
        assert all(each.is_unusual for each in queries.seen_by_filer(work, filing.id))
    for role in ("investigator", "analyst", "counsel"):
        with work_as(role) as work, pytest.raises(NotAllowed):
            queries.unusual_uses(work)
    with work_as("administrator") as work:
        assert queries.uses_to_look_at(work) is None


def test_screening_a_filing_is_ordinary_and_leading_the_case_once_was_too(make: Make, work_as: WorkAs) -> None:
    filing = kept(make, work_as)
    with work_as("intake") as work:
        intake.open_filer(work, filing.id, REASON)
    with work_as("investigator") as work:
        intake.open_filer(work, filing.id, REASON)
    assert {use.role: use.unusual for use in make.all(VaultUse)} == {"intake": "", "investigator": "unassigned"}


@pytest.mark.parametrize(
    ("pace", "is_theirs", "said"),
    [
        (Pace(0, 0, 0), True, ""),
        (Pace(0, 0, 0), False, "unassigned"),
        (Pace(0, LEAST_UNUSUAL - 1, 0), True, ""),
        (Pace(0, LEAST_UNUSUAL, 0), True, "many"),
        (Pace(0, 29, 10), True, ""),
        (Pace(0, 30, 10), True, "many"),
    ],
)
def test_what_is_out_of_the_ordinary(pace: Pace, is_theirs: bool, said: str) -> None:
    assert unusual(pace, is_theirs=is_theirs) == said


def used(make: Make, who: str, count: int, kind: str = "opened", days_ago: int = 0) -> None:
    at = NOW - timedelta(days=days_ago, minutes=5)
    for _ in range(count):
        make.row(
            VaultUse(id=hidden_key(), kind=kind, account_id=make.actor(who).id, role=who, reason="contact", used_at=at)
        )


def test_nobody_opens_names_in_bulk(make: Make, work_as: WorkAs) -> None:
    filing = kept(make, work_as, case_id=make.case(lead_id=make.actor("investigator").id).id)
    used(make, "investigator", LEAST_UNUSUAL)
    with work_as("investigator") as work:
        intake.open_filer(work, filing.id, REASON)
    assert [use.unusual for use in make.all(VaultUse, filing_id=filing.id)] == ["many"]
    used(make, "investigator", MOST_IN_AN_HOUR)
    with work_as("investigator") as work, pytest.raises(Refused, match="very often"):
        intake.open_filer(work, filing.id, REASON)
    assert len(make.all(VaultUse, filing_id=filing.id)) == 1
    with work_as("investigator", NOW + timedelta(hours=2)) as work:
        assert intake.open_filer(work, filing.id, REASON) == ADA


def test_the_pace_is_that_of_the_middle_day_and_of_oneself_alone(make: Make, work_as: WorkAs) -> None:
    for days_ago, count in ((1, 4), (2, 6), (3, 50), (40, 90)):
        used(make, "investigator", count, days_ago=days_ago)
    used(make, "supervisor", 20)
    used(make, "investigator", 3)
    with work_as("investigator") as work:
        assert queries.pace_of(work, "opened") == Pace(3, 3, 6)
        assert queries.pace_of(work, "looked_up") == Pace(0, 0, 0)


def test_without_a_fresh_proof_nothing_is_opened_or_noted(make: Make, work_as: WorkAs) -> None:
    filing = kept(make, work_as)
    stale = replace(make.actor("intake"), proved_at=None)
    with work_as(stale) as work, pytest.raises(StepUpNeeded):
        intake.open_filer(work, filing.id, REASON)
    assert make.all(VaultUse) == []


def test_while_the_keeper_is_away_an_opening_is_refused_in_words(make: Make, work_as: WorkAs, house: House) -> None:
    filing = kept(make, work_as)
    with work_as("intake") as work:
        work.house = replace(work.house, keys=type(KEYS)(b"m" * 32))
        with pytest.raises(KeysAway, match="not here"):
            intake.open_filer(work, filing.id, REASON)
        work.restart()
    assert make.all(VaultUse) == []


# -- look-up --------------------------------------------------------------------------------------


def ask(**given: str) -> LookUp:
    return LookUp(reason=LookUpReason.REPEAT, **given)


def test_exactly_the_same_name_mail_or_telephone_is_found_however_it_is_written(make: Make, work_as: WorkAs) -> None:
    filing = kept(make, work_as)
    kept(make, work_as, Who("Ada Quills", "ada@example.com", "212 555 0148"))
    for given in ({"name": "ADA  quill"}, {"email": " Ada@Example.org"}, {"phone": "+1 (212) 555-0147"}):
        with work_as("intake") as work:
            (found,) = intake.look_up_filer(work, ask(**given))
            assert found.filing_id == filing.id
    for given in ({"name": "Ada"}, {"name": "Quill"}, {"email": "ada"}, {"phone": "555 0147"}):
        with work_as("intake") as work:
            assert intake.look_up_filer(work, ask(**given)) == []
    entries = [each.body for each in make.all(JournalEntry) if each.tag == "people:identity:looked_up"]
    assert len(entries) == len(make.all(VaultUse)) == 7
    # Three digits alone stand in a random id now and then.
    words = (b"uill", b"example", b"5550147", b"555-0147", b"555 0147")
    assert not any(word in body for word in words for body in entries)


def test_a_look_up_shows_and_counts_nothing_behind_a_wall(make: Make, work_as: WorkAs) -> None:
    open_case, walled = make.case(), make.case()
    seen = kept(make, work_as, case_id=open_case.id)
    kept(make, work_as, case_id=walled.id)
    make.wall(walled, make.actor("investigator"))
    with work_as("investigator") as work:
        assert [each.filing_id for each in intake.look_up_filer(work, ask(name="Ada Quill"))] == [seen.id]
    (use,) = make.all(VaultUse)
    assert use.hits == 1
    with work_as("supervisor") as work:
        assert len(intake.look_up_filer(work, ask(name="Ada Quill"))) == 2


@pytest.mark.parametrize(
    "role", ["counsel", "analyst", "administrator", "auditor", "liaison", "commissioner", "secretary"]
)
def test_others_look_nobody_up(make: Make, work_as: WorkAs, role: str) -> None:
    kept(make, work_as)
    with work_as(role) as work, pytest.raises(NotAllowed):
        queries.filings_of_person(work, {"name": "Ada Quill"})


def test_a_look_up_without_anything_to_look_for_is_refused(work_as: WorkAs) -> None:
    with work_as("intake") as work, pytest.raises(Invalid):
        intake.look_up_filer(work, ask())


def test_many_look_ups_are_told_and_too_many_refused(make: Make, work_as: WorkAs) -> None:
    used(make, "intake", LEAST_UNUSUAL, "looked_up")
    with work_as("intake") as work:
        intake.look_up_filer(work, ask(name="Ada Quill"))
    assert [use.unusual for use in make.all(VaultUse, hits=0)] == ["many"]
    used(make, "intake", MOST_IN_AN_HOUR, "looked_up")
    with work_as("intake") as work, pytest.raises(Refused, match="very often"):
        intake.look_up_filer(work, ask(name="Ada Quill"))


def test_each_column_has_a_key_of_its_own_and_dates_have_none(make: Make, work_as: WorkAs) -> None:
    kept(make, work_as, Who("same", "same", "5550147"))
    (row,) = make.all(Identity)
    assert row.email_index != row.name_index
    assert row.email_index == blind_index(KEYS.derive("index:email"), "email", "same")
    assert {name for name in Identity.__table__.columns.keys() if name.endswith("_index")} == {  # noqa: SIM118
        "email_index",
        "phone_index",
        "name_index",
    }


def test_marks_of_the_older_kind_are_found_too_and_made_new_by_the_job(make: Make, work_as: WorkAs) -> None:
    filing = kept(make, work_as)
    old = blind_index(KEYS.derive("index"), "email", ADA.email)
    with make.owner() as session:
        row = session.get(Identity, person_of(make, filing))
        assert row is not None
        fresh = row.email_index
        row.email_index, row.index_version, row.name_index = old, 1, None
        session.commit()
    with work_as("intake") as work:
        assert len(intake.look_up_filer(work, ask(email=ADA.email))) == 1
    with work_as(Actor.system("index")) as work:
        assert actions.index_identities(work) == 1
    with work_as(Actor.system("index")) as work:
        assert actions.index_identities(work) == 0
    (row,) = make.all(Identity)
    assert (row.email_index, row.index_version) == (fresh, 2)
    assert row.name_index is not None
    assert "people:identities:indexed" in make.tags()


# -- the second lock ------------------------------------------------------------------------------


@pytest.mark.parametrize("door", ["public", "commission", "department", "publisher", "sealer"])
@pytest.mark.parametrize("table", ["identities", "identity_keys", "vault_uses", "holds", "erasures"])
def test_no_other_door_has_a_way_to_the_vault(make: Make, door: str, table: str) -> None:
    role = make.databases.role(door)
    with make.owner() as session:
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            may = session.connection().exec_driver_sql(
                f"SELECT has_any_column_privilege('{role}', '{table}', '{right}')"
                if right != "DELETE"
                else f"SELECT has_table_privilege('{role}', '{table}', '{right}')"
            )
            assert may.scalar() is False, (door, right)


def test_the_office_sees_no_use_of_a_name_behind_its_wall(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    filing = kept(make, work_as, case_id=case.id)
    with work_as("investigator") as work:
        intake.open_filer(work, filing.id, REASON)
    make.wall(case, make.actor("supervisor"))
    with work_as("supervisor") as work:
        assert queries.unusual_uses(work) == queries.latest_uses(work) == []
    assert len(make.all(IdentityKey)) == 1

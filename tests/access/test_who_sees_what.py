"""Canary words in each compartment, read as each role over the pages of a case; the tab of walls; a kept filer."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.access.actor import Actor
from app.access.compartments import KeptItem, KeptWhole, Kind
from app.access.records import CaseSide
from app.allegations.records import Allegation
from app.audit.records import JournalEntry
from app.cases import actions, queries
from app.cases.commands import KeepCase
from app.cases.records import Case, CaseLink, ContactAttempt, MilestoneRecord, Note, Task
from app.config import PROJECT
from app.evidence.records import CustodyEvent, EvidenceItem
from app.infra.db import Record
from app.intake import actions as intake
from app.intake.commands import OpenIdentity
from app.intake.events import FilerNamed
from app.kernel.errors import NotAllowed, NotFound, Refused
from app.people.actions import keep_filer
from app.people.records import Identity
from app.people.rules import OpeningReason, Who
from tests.access.test_compartments import INSIDE, READERS
from tests.conftest import ClientAs, WorkAs
from tests.make import Make

ITEM_KINDS: list[Kind] = [kind for kind in Kind if kind != Kind.WHISTLEBLOWER]
REASON = OpenIdentity(reason=next(iter(OpeningReason)))


def canary(kind: str, table: str) -> str:
    return f"zx{kind.replace('_', '')}{table.replace('_', '')}"


def sow(make: Make, case: Case, kind: str) -> None:
    """A word of its own in each row that can be kept and that a page shows."""
    by, at, officer, other = make.actor("administrator").id, make.now, make.officer(), make.case()
    key = {"case_id": case.id, "compartments": [kind]}
    kept = make.house.storage.put(b"x", limit=10)
    make.row(Note(id=uuid4(), reader="team", body=canary(kind, "notes"), written_by_id=by, written_at=at, **key))
    make.row(Task(id=uuid4(), title=canary(kind, "tasks"), assignee_id=by, version=1, **key))
    attempt = {"made_at": at, "channel": "phone", "result": "reached", "made_by_id": by}
    make.row(ContactAttempt(id=uuid4(), remark=canary(kind, "contact_attempts"), **attempt, **key))
    file = {"media_type": "text/plain", "size": 1, "sha256": kept.sha256, "object_name": kept.name}
    file |= {"wrapped_key": kept.wrapped_key, "stored_at": at, "received_from": canary(kind, "custody")}
    label = canary(kind, "evidence_items")
    item = make.row(EvidenceItem(id=uuid4(), label=label, file_name=f"{label}.txt", **file, **key))
    make.row(CustodyEvent(id=uuid4(), item_id=item.id, kind="received", by_id=by, at=at, **key))
    allegation = make.allegation(case, officer, wording=canary(kind, "allegations"), compartments=[kind], position=9)
    make.finding(allegation, reasons=canary(kind, "findings"), compartments=[kind])
    link = {"other_id": other.id, "kind": "related", "linked_by_id": by, "linked_at": at}
    make.row(CaseLink(reason=canary(kind, "case_links"), **link, **key))
    day = {
        "code": "complaint_signed",
        "happened_on": make.today - timedelta(days=ITEM_KINDS.index(Kind(kind))),
        "recorded_by_id": by,
        "recorded_at": at,
        "reason": "",
    }
    make.row(MilestoneRecord(id=uuid4(), proof=canary(kind, "milestones"), **day, **key))


def pages_of(make: Make, case: Case) -> list[str]:
    home = f"/office/cases/{case.id}"
    own = [home, f"{home}?readings=yes", f"{home}/evidence", f"{home}/allegations", f"{home}/milestones"]
    own += [f"{home}/links", f"{home}/walls", f"{home}/discipline", f"{home}/reports", "/office", "/office/cases"]
    return [*own, *(f"{home}/allegations/{each.id}" for each in make.all(Allegation))]


@pytest.mark.parametrize("role", READERS)
def test_a_word_is_found_by_nobody_outside_its_compartment(make: Make, client_as: ClientAs, role: str) -> None:
    case = make.case()
    for kind in ITEM_KINDS:
        sow(make, case, kind)
    client = client_as(role)
    said = "".join(client.get(page).text for page in pages_of(make, case))
    for kind in ITEM_KINDS:
        word = f"zx{kind.replace('_', '')}"
        assert client.get(f"/office/cases?q={canary(kind, 'notes')}").text.count(case.number) == 0
        assert (word in said) == (role in INSIDE[kind]), (role, kind)
    if role in INSIDE[Kind.COMPELLED]:
        for table in ("notes", "tasks", "contact_attempts", "evidence_items", "allegations", "findings", "case_links"):
            assert canary("compelled", table) in said, table


def test_counts_and_history_are_those_of_a_case_without_it(make: Make, client_as: ClientAs, work_as: WorkAs) -> None:
    case, plain = make.case(), make.case()
    sow(make, case, "mediation")
    with work_as("analyst") as work:
        shown, like = (queries.get_case(work, each.id) for each in (case, plain))
        counts = [[tab[3:] for tab in queries.case_frame(work, each)["tabs"]] for each in (shown, like)]
        assert counts[0] == counts[1]
        assert queries.activity_of(work, shown) == queries.activity_of(work, like)


# --- a whole case ---


def test_whoever_keeps_a_case_says_why_and_may_lose_it(make: Make, work_as: WorkAs) -> None:
    case = make.case()
    with work_as("supervisor") as work:
        actions.keep_case(work, case.id, KeepCase(keep="court_sealed", reason="Order of March 2."))
    assert make.tags()[-1] == "cases:case:kept"
    assert [note.body for note in make.all(Note)] == ["Order of March 2."]
    with pytest.raises(NotFound), work_as("supervisor") as work:
        queries.get_case(work, case.id)
    with pytest.raises(Refused, match="already"), work_as("director") as work:
        actions.keep_case(work, case.id, KeepCase(keep="court_sealed", reason="x"))
    with work_as("director") as work:
        actions.lift_case(work, case.id, KeepCase(keep="court_sealed", reason="Unsealed."))
    with work_as("supervisor") as work:
        assert queries.get_case(work, case.id).compartments == []
    with pytest.raises(NotAllowed), work_as("investigator") as work:
        actions.keep_case(work, case.id, KeepCase(keep="juvenile", reason="x"))


# --- who filed, where they work for the department ---


def test_a_kept_filer_is_known_to_the_director_alone_and_to_others_as_one_without_a_name(
    make: Make, work_as: WorkAs, client_as: ClientAs
) -> None:
    case = make.case()
    filing = make.filing(case_id=case.id, screened_at=make.now, anonymity="confidential")
    with work_as(Actor.system("worker")) as work:
        keep_filer(work, filing.id, Who("Ines Marlow", "", ""))
        work.happened(FilerNamed(filing_id=filing.id, anonymity="confidential"))
    with make.owner() as session:
        session.execute(text("UPDATE persons SET case_id = :case"), {"case": case.id})
        session.commit()
    with work_as("supervisor") as work:
        actions.keep_filer(work, case.id)
    with work_as(Actor.system("keep_filer_apart")) as work:
        actions.keep_filer_apart(work, case.id)
    assert [each.compartments for each in make.all(Identity)] == [["whistleblower"]]
    for role in ("intake", "investigator", "supervisor"):
        assert "No name and no contact were given" in client_as(role).get(f"/office/filings/{filing.id}").text
        with work_as(role) as work:
            for table in ("identities", "identity_keys"):
                assert work.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0
            tags = {entry.tag for entry in work.session.query(JournalEntry)}
            assert "cases:filer:kept" not in tags
            assert queries.get_case(work, case.id).number in client_as(role).get("/office/cases").text
    with work_as("director") as work:
        assert intake.open_filer(work, filing.id, REASON) == Who("Ines Marlow", "", "")
    with work_as("supervisor") as work:
        tags = {entry.tag for entry in work.session.query(JournalEntry)}
        assert "people:identity:opened" not in tags
        assert work.session.execute(text("SELECT count(*) FROM vault_uses")).scalar_one() == 0


# --- the tab ---


def test_the_tab_says_who_sees_what_and_is_for_whoever_assigns(make: Make, client_as: ClientAs) -> None:
    case = make.case()
    sow(make, case, "compelled")
    shown = client_as("supervisor").get(f"/office/cases/{case.id}/walls").text
    assert "nobody on the criminal side" in shown
    assert "Kept file 1, of " in shown
    assert canary("compelled", "evidence_items") not in shown
    assert client_as("investigator").get(f"/office/cases/{case.id}/walls").status_code == 403
    assert "/walls" not in client_as("investigator").get(f"/office/cases/{case.id}").text


def test_the_forms_of_the_tab(make: Make, client_as: ClientAs) -> None:
    case = make.case()
    home = f"/office/cases/{case.id}/walls"
    client = client_as("director")
    lent = make.account("investigator")
    bad = client.submit(f"{home}/sides/name", account_id=str(lent.id), side="other", reason="Typed with care")
    assert (bad.status_code, "Typed with care" in bad.text) == (422, True)
    named = client.submit(f"{home}/sides/name", account_id=str(lent.id), side="criminal", reason="Lent.")
    assert (named.status_code, "Lent." in client.get(home).text) == (303, True)
    (side,) = make.all(CaseSide)
    assert client.submit(f"{home}/sides/{side.id}/end").status_code == 303
    assert client.submit(f"{home}/keep", keep="juvenile", reason="A child.").status_code == 303
    assert "About a child" in client.get(f"/office/cases/{case.id}").text
    assert client.submit(f"{home}/lift", keep="juvenile", reason="Of age.").status_code == 303
    assert client.submit(f"{home}/filer/keep").status_code == 303
    sealed = client_as("supervisor").submit(f"{home}/keep", keep="court_sealed", reason="An order.")
    assert sealed.headers["location"] == "/office/cases?done=kept"
    assert client_as("supervisor").get(home).status_code == 404


def test_a_note_and_a_file_ask_who_may_see_them_and_say_so(make: Make, client_as: ClientAs) -> None:
    case = make.case()
    home = f"/office/cases/{case.id}"
    client = client_as("investigator")
    assert "Who may see this?" in client.get(home).text
    assert (
        client.submit(f"{home}/notes/write", reader="team", body="Ordered to speak.", keep="compelled").status_code
        == 303
    )
    shown = client.get(home).text
    assert "Ordered to speak." in shown
    assert "nobody on the criminal side" in shown
    assert "Made from something kept?" in client.get(f"{home}/evidence").text
    for role in ("intake", "analyst"):
        outside = client_as(role).get(home).text
        assert "Ordered to speak." not in outside
        assert "criminal side" not in outside.split('id="activity"')[0].split('name="keep"')[0]


# --- nothing new is forgotten ---

# Words on a case that are kept by nothing of their own, and why that is right.
EXCUSED = {
    "additions": "the filer's own words, put to a filing and there as it is",
    "calls": "days and codes, kept with the filing",
    "campaign_filings": "no words",
    "contact_wishes": "how a filer may be reached, kept with the filing",
    "filer_requests": "the filer's own words, kept with the filing",
    "filing_demographics": "read by nobody of the office",
    "filing_likenesses": "numbers of two filings",
    "filing_links": "a code of two filings",
    "filing_sketches": "numbers, read by the worker alone",
    "filing_witnesses": "the filer's own words, kept with the filing",
    "new_words": "hashes and codes of questions",
    "scribings": "how a filing was told, kept with it",
    "agreements": "what both sides agreed of a clock: law, read by whoever reads the clock",
    "amendments": "the filer's own words, kept with the filing",
    "assignments": "no words",
    "closed_sessions": "planned for a meeting, on a ground of the rulebook",
    "disputes": "between the commission and the department, read by both",
    "erasures": "of names alone",
    "holds": "of names alone",
    "session_words": "said in a closed session, which has readers of its own",
    "vault_uses": "reasons from a list",
    "clock_changes": "the machinery's own words on a clock",
    "clock_starts": "days of a clock",
    "clock_warnings": "words on a warning, read by whoever reads the clock",
    "clocks": "codes and days",
    "demands": "read by the department: a demand that names what is kept is refused",
    "demographics": "no words of the case",
    "docket_items": "said in a meeting",
    "extensions": "law, read by whoever reads the clock",
    "filing_files": "kept with the filing",
    "filing_officers": "kept with the filing",
    "letters": "read outside: what they are made of names nothing that is kept",
    "messages": "read by the filer: a message that names what is kept is refused",
    "motions": "put and read in a meeting",
    "other_numbers": "the number at another body",
    "pauses": "law, read by whoever reads the clock",
    "persons": "labels; who somebody is, is kept in identities",
    "recommendations": "read by the department: reasons that name what is kept are refused",
    "recusals": "a ground of the rulebook",
    "reports_to_others": "read outside",
    "second_halves": "asked of a second person, who reads the question alone",
    "special_routes": "codes",
    "start_choices": "why a day was chosen: law",
    "translations": "kept with the filing",
    "votes": "cast in a meeting",
    "walls": "codes",
    "compartment_readings": "codes",
    "case_sides": "read by whoever may change them",
}
HANGS_ON = {"case_id", "filing_id", "clock_id", "allegation_id", "item_id"}


def tables_of(base: type[Any]) -> set[str]:
    return {kind.__tablename__ for kind in base.__subclasses__()}


def test_every_table_with_words_on_a_case_can_be_kept_or_says_why_not() -> None:
    kept = tables_of(KeptItem) | tables_of(KeptWhole)
    hanging = {
        mapper.local_table.name  # type: ignore[attr-defined]
        for mapper in Record.registry.mappers
        if HANGS_ON & {column.key for column in mapper.columns}
    }
    forgotten = hanging - kept - set(EXCUSED) - set(ELSEWHERE)
    assert forgotten == set(), f"{forgotten}: take KeptItem (app/access/compartments.py), or say here why not"
    assert set(EXCUSED) & kept == set()


ELSEWHERE = {"journal_entries": "a column of its own", "held_jobs": "ids only", "imported_rows": "a source's own row"}


def test_every_row_that_can_be_kept_has_its_policy_and_its_trigger(make: Make) -> None:
    kept = tables_of(KeptItem)
    with make.owner() as session:
        policies = session.execute(
            text("SELECT polrelid::regclass::text AS name, polpermissive FROM pg_policy WHERE polname = 'compartments'")
        ).all()
        triggers = session.execute(text("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'stays_kept'"))
        assert set(triggers.scalars()) == kept
    assert {row.name for row in policies} == kept | {"journal_entries", "identities", "identity_keys", "vault_uses"}
    assert not any(row.polpermissive for row in policies)


def test_the_words_for_it_are_in_the_glossary() -> None:
    glossary = (PROJECT / "docs" / "glossary.md").read_text("utf-8")
    for word in ("compartment", "compelled statement", "criminal side"):
        assert word in glossary.casefold()

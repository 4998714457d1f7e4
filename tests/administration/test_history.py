"""The journal in sentences: for whoever audits, of one case, and of oneself; and what each may not see."""

import csv
import io

from sqlalchemy import text

from app.access.history import HistoryView, kinds
from app.administration.queries.tree import journal_checks
from tests.conftest import ClientAs, WorkAs
from tests.make import Make

READ = "<td>Opened the case file.</td>"


def test_kinds_are_told_in_sentences_and_not_in_tags() -> None:
    found = kinds()
    assert len(found) > 50
    assert all(":" not in words.split("…")[0][:3] and "{" not in words and "_" not in words for _, words in found)


def test_a_case_has_its_history_and_who_looked(client_as: ClientAs, make: Make) -> None:
    case = make.case()
    office = client_as("supervisor")
    office.get(f"/office/cases/{case.id}")
    page = office.get(f"/office/cases/{case.id}/history").text
    assert READ in page
    assert "Nothing fits this search." in office.get(f"/office/cases/{case.id}/history?until=1999-01-01").text


def test_the_history_of_a_case_behind_a_wall_is_not_there(client_as: ClientAs, make: Make) -> None:
    case = make.case()
    for role in ("administrator", "auditor"):
        assert client_as(role).get(f"/office/cases/{case.id}/history").status_code in (403, 404)


def test_everybody_sees_what_was_done_under_their_own_name_and_nothing_of_others(
    client_as: ClientAs, make: Make, work_as: WorkAs
) -> None:
    case = make.case()
    office, other = client_as("supervisor"), client_as("investigator")
    office.get(f"/office/cases/{case.id}")
    assert READ in office.get("/office/account/history").text
    assert READ not in other.get("/office/account/history").text


def test_the_auditor_takes_the_entries_as_a_table_and_that_is_an_entry(client_as: ClientAs, make: Make) -> None:
    case = make.case()
    client_as("supervisor").get(f"/office/cases/{case.id}")
    auditor = client_as("auditor")
    answer = auditor.get("/office/journal/entries.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == ["when", "who", "what", "case", "kind", "entry"]
    assert any(row[2].startswith("Opened the case") for row in rows[1:])
    assert "entries of the journal as a table" in auditor.get("/office/journal").text
    assert client_as("supervisor").get("/office/journal/entries.csv").status_code == 403


def test_pages_follow_one_another_by_a_mark(make: Make, work_as: WorkAs, client_as: ClientAs) -> None:
    case = make.case()
    office = client_as("supervisor")
    for _ in range(55):
        office.get(f"/office/cases/{case.id}")
    first = office.get("/office/account/history").text
    assert "before=" in first
    assert HistoryView(before=1).before == 1


def test_a_tree_that_was_altered_and_a_sealer_that_sleeps_are_told(make: Make, work_as: WorkAs) -> None:
    with work_as("administrator") as work:
        assert {check.name: check.ok for check in journal_checks(work)}["journal tree"]
    with make.databases.as_owner() as session:
        session.execute(text("INSERT INTO checkpoints (size, root, note) VALUES (7, 'x', 'no note')"))
        session.commit()
    with work_as("administrator") as work:
        found = {check.name: check for check in journal_checks(work)}
    assert not found["journal tree"].ok
    assert "altered" in found["journal tree"].words

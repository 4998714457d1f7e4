"""Sources that change: who reads them again by when, which open cases a change touches, and who is told."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.access.actor import Actor
from app.access.work import House
from app.administration.actions import sources as actions
from app.administration.commands import ReadSourceAgain, TouchedView
from app.administration.queries import sources as queries
from app.administration.queries import touched
from app.administration.records import ChangeSeen, SourceReading
from app.cases.records import NO_DATE, Case
from app.kernel.errors import NotAllowed, NotFound, Refused, Stale
from app.policy.loader import Rulebooks
from app.policy.model import Rulebook
from tests.conftest import NOW, ClientAs, WorkAs
from tests.make import Make
from tests.rulebooks import from_files

HOME = "/office/rulebook/sources"
TODAY = date(2026, 3, 16)
LATER = date(2026, 9, 1)
WithBooks = Callable[[Sequence[Rulebook]], None]


@pytest.fixture
def with_books(house: House) -> WithBooks:
    """From here on the house reads these."""

    def change(books: Sequence[Rulebook]) -> None:
        object.__setattr__(house, "policies", Rulebooks(books))

    return change


def riverbend(book: Rulebook, *changes: tuple[str, str], begins: date | None = None) -> Rulebook:
    """The demonstration's rulebook with other words, or from another day."""
    written = book.files["rulebook.yaml"].decode()
    for old, new in changes:
        assert old in written
        written = written.replace(old, new, 1)
    return from_files(book.id, begins or book.effective_from, {**book.files, "rulebook.yaml": written.encode()})


def due_on(book: Rulebook, day: str) -> Rulebook:
    """Every source that has no day of its own is to be read again by then; the others never."""
    never = [("reread_on: 2026-09-01", "reread_on: 2999-01-01"), ("reread_on: 2027-06-01", "reread_on: 2999-01-01")]
    ends = ("to_on: 2026-12-31", "to_on: 2999-12-31")
    return riverbend(book, ("{reread_on: 2027-01-04", "{reread_on: " + day), *never, ends)


def ask(**given: Any) -> ReadSourceAgain:
    return ReadSourceAgain(
        **{"number": 0, "read_on": TODAY, "outcome": "unchanged", "note": "", "next_on": LATER} | given
    )


def read(work_as: WorkAs, code: str = "charter", who: str | Actor = "counsel", **given: Any) -> SourceReading:
    with work_as(who) as work:
        return actions.read_source_again(work, code, ask(**given))


def changed(work_as: WorkAs, code: str = "charter", **given: Any) -> SourceReading:
    return read(work_as, code, outcome="changed", note="The limit is shorter now.", **given)


def led(make: Make, **given: Any) -> Case:
    """An open case that the investigator leads."""
    return make.case(lead_id=make.actor("investigator").id, **given)


class TestReading:
    def test_its_owner_records_a_reading_and_the_next_one_is_due_when_it_says(
        self, work_as: WorkAs, make: Make
    ) -> None:
        with work_as("counsel") as work:
            assert queries.source_line(work, "charter").read_by == date(2027, 1, 4)
        reading = read(work_as)
        (kept,) = make.all(SourceReading)
        assert (kept.id, kept.number, kept.outcome, kept.read_on, kept.next_on, kept.policy_id) == (
            reading.id,
            1,
            "unchanged",
            TODAY,
            LATER,
            make.book.policy_id,
        )
        assert make.tags() == ["administration:source:read"]
        with work_as("auditor") as work:
            line = queries.source_line(work, "charter")
            assert (line.read_by, line.last_read_on, line.changed) == (LATER, TODAY, None)

    def test_nobody_but_its_owner_or_an_administrator_records_it(self, work_as: WorkAs, make: Make) -> None:
        for role in ("director", "auditor", "commissioner"):
            with pytest.raises(NotAllowed), work_as(role) as work:
                actions.read_source_again(work, "charter", ask())
        assert (make.all(SourceReading), make.tags()) == ([], [])
        assert read(work_as, who="administrator").number == 1
        assert read(work_as, "standards", who="analyst").number == 1

    def test_of_two_who_record_it_at_once_the_second_is_told(self, work_as: WorkAs, make: Make) -> None:
        read(work_as)
        with pytest.raises(Stale):
            read(work_as)
        assert read(work_as, number=1).number == 2
        assert len(make.all(SourceReading)) == 2

    def test_a_source_that_does_not_exist_is_not_found(self, work_as: WorkAs) -> None:
        with pytest.raises(NotFound):
            read(work_as, "nowhere")

    def test_the_words_of_a_reading_are_not_in_the_journal(self, work_as: WorkAs, make: Make) -> None:
        from app.audit.records import JournalEntry

        changed(work_as)
        (entry,) = make.all(JournalEntry)
        assert b"shorter" not in entry.body

    def test_the_database_lets_nobody_read_in_anothers_name_or_change_a_reading(
        self, work_as: WorkAs, make: Make
    ) -> None:
        reading, other = read(work_as), make.actor("director").id
        columns = {name: value for name, value in vars(reading).items() if not name.startswith("_")}
        with work_as("counsel") as work:
            work.session.add(SourceReading(**columns | {"id": uuid4(), "number": 2, "read_by_id": other}))
            with pytest.raises(DBAPIError, match="row-level security"):
                work.session.flush()
            work.session.rollback()
        with pytest.raises(DBAPIError, match="permission denied"), work_as("counsel") as work:
            work.session.execute(text("UPDATE source_readings SET outcome = 'changed'"))


class TestTouched:
    def page(self, work_as: WorkAs, code: str = "charter", who: str = "director", **view: Any) -> Any:
        with work_as(who) as work:
            return touched.touched_page(work, code, TouchedView(**view))

    def test_open_cases_kept_by_a_version_that_cites_it_are_listed_with_why(self, work_as: WorkAs, make: Make) -> None:
        runs, moves, kept = (make.case(stage=stage) for stage in ("investigating", "before_commission", "screening"))
        stages = {stage.code for stage in make.book.stages}
        assert {runs.stage, moves.stage, kept.stage} <= stages
        make.case(closed_on=TODAY)
        clock = make.clock(runs, "finish_investigation")
        make.clock(kept, "preserve_evidence")
        make.clock(moves, "finish_investigation", stopped_on=TODAY)
        page = self.page(work_as)
        why = {row.case.id: (row.why, [each.id for each in row.clocks]) for row in page.rows}
        assert why == {
            runs.id: ("Runs by it: Finish the investigation", [clock.id]),
            moves.id: ("The next moves from its stage rest on it", []),
            kept.id: ("The rulebook it is kept by cites it", []),
        }
        assert (page.count, page.with_clocks) == (3, 1)
        assert [row.case.id for row in self.page(work_as, by="clocks").rows] == [runs.id]
        # The rules of the commission are cited by another clock.
        assert [row.case.id for row in self.page(work_as, "rules", by="clocks").rows] == [kept.id]

    def test_whoever_may_not_know_of_a_case_sees_and_counts_it_nowhere(self, work_as: WorkAs, make: Make) -> None:
        case = make.case()
        make.wall(case, make.actor("director"))
        page = self.page(work_as)
        assert (page.rows, page.count) == ([], 0)
        assert self.page(work_as, who="analyst").count == 1
        assert self.page(work_as, who="administrator") is None
        assert self.page(work_as, who="auditor") is None

    def test_a_version_written_after_the_change_was_read_is_not_touched(
        self, work_as: WorkAs, make: Make, with_books: WithBooks
    ) -> None:
        old, new = make.book, riverbend(make.book, begins=date(2026, 3, 17))
        with_books([old, new])
        make.case(policy_id=old.policy_id), make.case(policy_id=new.policy_id)
        assert self.page(work_as).count == 2
        changed(work_as)
        (row,) = self.page(work_as).rows
        assert row.case.policy_id == old.policy_id

    def test_a_change_stands_until_a_newer_rulebook_is_in_force(
        self, work_as: WorkAs, make: Make, with_books: WithBooks
    ) -> None:
        changed(work_as)
        read(work_as, number=1)
        with work_as("counsel") as work:
            line = queries.source_line(work, "charter")
            # The later reading found nothing new, and the rulebook still says what the source said at first.
            assert (line.last and line.last.outcome, line.changed and line.changed.number) == ("unchanged", 1)
        with_books([make.book, riverbend(make.book, begins=date(2026, 3, 17))])
        with work_as("counsel", now=NOW + timedelta(days=2)) as work:
            assert queries.source_line(work, "charter").changed is None

    def test_they_are_listed_a_page_at_a_time_by_key_and_each_once(
        self, work_as: WorkAs, make: Make, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(touched, "AT_ONCE", 3)
        monkeypatch.setattr(touched, "AT_MOST_COUNTED", 6)
        made = {make.case(due_on=TODAY + timedelta(days=n // 2)).id for n in range(5)} | {
            make.case().id,
            make.case().id,
        }
        seen: list[UUID] = []
        view: dict[str, Any] = {}
        while True:
            page = self.page(work_as, **view)
            seen += [row.case.id for row in page.rows]
            assert page.counts == ("more than 6", "0")
            if not page.next:
                break
            last = page.rows[-1].case
            assert f"after_day={last.queue_on}&after={last.id}" in page.next
            view = {"after_day": last.queue_on, "after": last.id}
        assert (len(seen), set(seen)) == (7, made)
        assert all(make.all(Case, id=key)[0].queue_on == NO_DATE for key in seen[-2:])

    def test_a_clock_counted_again_by_corrected_bytes_touches_its_case(
        self, work_as: WorkAs, make: Make, with_books: WithBooks, house: House
    ) -> None:
        plain = make.book
        cites = riverbend(plain, ("    authority: Charter 12.10(a)\n", "    authority: Order\n    source: ordinance\n"),
                          ("    rules:\n", "    ordinance: {title: An ordinance}\n    rules:\n"))  # fmt: skip
        object.__setattr__(house, "policies", Rulebooks([cites], stored=[plain]))
        case = make.case(policy_id=plain.policy_id)
        make.clock(case, "finish_investigation", policy_id=cites.policy_id)
        make.case(policy_id=plain.policy_id)
        assert [row.case.id for row in self.page(work_as, "ordinance").rows] == [case.id]


class TestTold:
    def panel(
        self, work_as: WorkAs, part: Callable[[Any], Any], who: str, now: datetime = NOW
    ) -> list[tuple[str, str]]:
        with work_as(who, now=now) as work:
            found = part(work)
            return [(row.label, row.note) for row in found.rows] if found else []

    def test_whoever_leads_a_case_is_told_of_a_change_until_they_have_taken_notice(
        self, work_as: WorkAs, make: Make
    ) -> None:
        make.actor("supervisor")
        led(make), led(make), led(make, closed_on=TODAY)
        assert self.panel(work_as, touched.changes_for_me, "investigator") == []
        changed(work_as)
        title = "Riverbend City Charter, chapter 12 (fictional)"
        assert self.panel(work_as, touched.changes_for_me, "investigator") == [
            (title, "2 of your open cases lean on it")
        ]
        assert self.panel(work_as, touched.changes_for_me, "supervisor") == []
        assert self.panel(work_as, touched.changes_for_me, "administrator") == []
        with work_as("investigator") as work:
            actions.see_change(work, "charter", 1)
        assert self.panel(work_as, touched.changes_for_me, "investigator") == []
        assert make.tags() == ["administration:source:read", "administration:source:noted"]
        with pytest.raises(Refused), work_as("investigator") as work:
            actions.see_change(work, "charter", 1)
        assert len(make.all(ChangeSeen)) == 1

    def test_a_source_that_did_not_change_is_told_to_nobody(self, work_as: WorkAs, make: Make) -> None:
        led(make)
        read(work_as)
        assert self.panel(work_as, touched.changes_for_me, "investigator") == []
        with pytest.raises(NotFound), work_as("investigator") as work:
            actions.see_change(work, "charter", 1)

    @pytest.mark.parametrize(
        ("day", "note"),
        [(date(2026, 12, 4), None), (date(2026, 12, 5), "due soon"), (date(2027, 1, 4), "due soon"),
         (date(2027, 1, 5), "overdue")],
    )  # fmt: skip
    def test_the_owner_is_told_within_a_month_and_afterwards(
        self, work_as: WorkAs, make: Make, day: date, note: str | None
    ) -> None:
        make.actor("administrator")
        now = NOW + (day - TODAY)
        rows = self.panel(work_as, queries.to_read_again, "counsel", now)
        assert [said for label, said in rows if "Charter" in label] == ([note] if note else [])
        assert self.panel(work_as, queries.to_read_again, "director", now) == []
        assert self.panel(work_as, queries.to_read_again, "administrator", now) == []
        assert self.panel(work_as, queries.to_read_again, "commissioner", now) == []

    def test_where_nobody_has_the_owners_role_an_administrator_is_told(self, work_as: WorkAs) -> None:
        late = NOW + timedelta(days=900)
        assert len(self.panel(work_as, queries.to_read_again, "administrator", late)) == 5


class TestPages:
    def test_what_is_overdue_stands_first_and_is_told_in_words(
        self, client_as: ClientAs, make: Make, with_books: WithBooks
    ) -> None:
        book = make.book
        with_books([due_on(book, "2000-01-01")])
        page = client_as("auditor").get(HOME).text
        assert "Overdue" in page
        assert page.index("City Charter") < page.index("Officers Guild")
        assert "changes only by a new folder" in page
        assert "nobody has this role" in page
        health = client_as("administrator").get("/office/health").text
        assert "3 overdue" in health
        with_books([due_on(book, "2999-01-01")])
        assert "Overdue" not in client_as("auditor").get(HOME).text
        assert "Are read again in their time" in client_as("administrator").get("/office/health").text

    def test_an_agreement_is_shown_with_its_articles_its_expiry_and_what_leans_on_it(
        self, client_as: ClientAs, make: Make, with_books: WithBooks
    ) -> None:
        with_books([riverbend(make.book, ("to_on: 2026-12-31", "to_on: 2025-12-31"))])
        page = client_as("investigator").get(f"{HOME}/guild").text
        for words in ("Last day in force", "Expired", "Interviews", "Guild agreement 12.2", "Goes before", "contract"):
            assert words in page
        assert "Record that you read it again" not in page
        assert client_as("investigator").get(f"{HOME}/nowhere").status_code == 404

    def test_a_reading_is_recorded_and_a_change_shows_whom_it_touches(self, client_as: ClientAs, make: Make) -> None:
        case = led(make)
        client = client_as("counsel")
        before = client.get(f"{HOME}/charter").text
        assert case.number in before
        answer = client.submit(f"{HOME}/charter/read", **typed(outcome="changed", note="A shorter limit."))
        assert answer.status_code == 303
        page = client.get(answer.headers["location"]).text
        assert "Saved." in page
        assert "This source has changed" in page
        assert "A shorter limit." in page
        told = client_as("investigator")
        assert "Sources of the law that changed" in told.get("/office").text
        assert told.submit(f"{HOME}/charter/changes/1/note").status_code == 303
        assert "Sources of the law that changed" not in told.get("/office").text
        assert told.submit(f"{HOME}/charter/changes/1/note").status_code == 409

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"read_on": "2999-01-01"}, "That day has not come yet."),
            ({"read_on": "2026-02-29"}, "Write the date as year-month-day"),
            ({"read_on": "20260301"}, "Write the date as year-month-day"),
            ({"read_on": ""}, "Please answer this."),
            ({"next_on": "2000-01-01"}, "Choose a day that is still to come."),
            ({"next_on": "9999-12-31"}, "This answer cannot be read."),
            ({"outcome": "burnt"}, "Choose one of the answers."),
            ({"outcome": ""}, "Please answer this."),
            ({"outcome": "changed", "note": ""}, "Say in a sentence what has changed."),
            ({"note": "x" * 4001}, "too long"),
            ({"note": "a\x00b"}, "cannot be kept (NUL)"),
            ({"number": "-1"}, "There is a problem"),
            ({"number": "many"}, "There is a problem"),
        ],
    )
    def test_what_cannot_be_is_told_and_writes_nothing(
        self, client_as: ClientAs, make: Make, given: dict[str, str], words: str
    ) -> None:
        answer = client_as("counsel").submit(f"{HOME}/charter/read", **typed(**{"note": "Kept words"} | given))
        assert (answer.status_code, words in answer.text) == (422, True)
        assert "Kept words" in answer.text or "note" in given
        assert (make.all(SourceReading), make.tags()) == ([], [])

    def test_words_in_any_script_are_kept_without_what_turns_them_round(self, client_as: ClientAs, make: Make) -> None:
        client = client_as("counsel")
        client.submit(f"{HOME}/charter/read", **typed(note="límite 🚓 \u202egnp"))
        assert [reading.note for reading in make.all(SourceReading)] == ["límite 🚓 gnp"]

    def test_a_page_open_for_too_long_is_stale_and_keeps_what_was_typed(self, client_as: ClientAs, make: Make) -> None:
        client = client_as("counsel")
        assert client.submit(f"{HOME}/charter/read", **typed()).status_code == 303
        again = client.submit(f"{HOME}/charter/read", **typed(note="Kept words"))
        assert (again.status_code, "Kept words" in again.text) == (409, True)
        assert len(make.all(SourceReading)) == 1

    def test_whoever_does_not_own_it_is_refused(self, client_as: ClientAs, make: Make) -> None:
        assert client_as("director").submit(f"{HOME}/charter/read", **typed()).status_code == 403
        assert client_as("auditor").submit(f"{HOME}/charter/read", **typed()).status_code == 403
        assert make.all(SourceReading) == []

    @pytest.mark.parametrize("query", ["by=all", "after=x", "after_day=2026-02-30", "after_day=20260301", "more=1"])
    def test_a_mark_that_cannot_be_read_is_refused(self, client_as: ClientAs, query: str) -> None:
        assert client_as("director").get(f"{HOME}/charter?{query}").status_code == 422


def typed(**given: str) -> dict[str, str]:
    return {"number": "0", "read_on": "2026-03-01", "outcome": "unchanged", "note": "", "next_on": "2999-01-01"} | given

"""The demonstration city: the same year for the same seed and day, every stage of it lived in, nobody real in it."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, text

from app import stages
from app.imports.city.people import dice, names, resident
from app.imports.city.plan import Complaint, plan_year, stories, words
from app.imports.demonstration import SEED, fill
from app.operations.database import owner_url
from app.operations.house import open_house
from app.operations.install import prepare_installation
from app.policy.model import Rulebook
from tests.installation import hasty_database, quiet

# The city is told once: in one process, however many there are.
pytestmark = pytest.mark.xdist_group("demonstration")
ANCHOR = date(2026, 6, 30)
ZONE = ZoneInfo("America/Chicago")


@pytest.fixture(scope="module")
def plan() -> tuple[Complaint, ...]:
    return plan_year(SEED, ANCHOR, ZONE).complaints


@dataclass(frozen=True)
class Told:
    """A city whose year was told, seen by the owner of its tables."""

    url: str
    book: Rulebook

    def rows(self, query: str, **given: Any) -> list[Any]:
        engine = create_engine(self.url)
        with engine.connect() as connection:
            found = list(connection.execute(text(query), given))
        engine.dispose()
        return found

    def one(self, query: str, **given: Any) -> Any:
        return self.rows(query, **given)[0][0]

    def counts(self, query: str, **given: Any) -> dict[str, int]:
        return {row[0]: row[1] for row in self.rows(query, **given)}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder: Path = tmp_path_factory.mktemp("city")
    with hasty_database(folder / "data") as settings:
        told = partial(fill, jobs=stages.JOBS, anchor=ANCHOR)
        url = owner_url(settings)
        prepare_installation(settings, url, stages.WIRING, demo=True, progress=quiet, fill=told)
        house = open_house(settings, url, stages.WIRING)
        yield Told(url, house.policies.in_force(house.agency, ANCHOR))
        house.databases.dispose()


def test_the_same_seed_and_day_tell_the_same_year(plan: tuple[Complaint, ...]) -> None:
    assert plan_year(SEED, ANCHOR, ZONE).complaints == plan
    assert plan_year(SEED + 1, ANCHOR, ZONE).complaints != plan
    assert plan_year(SEED, ANCHOR + timedelta(days=1), ZONE).complaints != plan


def test_stories_are_many_varied_and_partly_in_spanish() -> None:
    assert len(stories("en")) + len(stories("es")) >= 70
    assert len(stories("es")) >= 8
    texts = [story["text"] for language in ("en", "es") for story in stories(language)]
    assert len(set(texts)) == len(texts)


def test_no_placeholder_is_left_in_what_people_say(plan: tuple[Complaint, ...]) -> None:
    for complaint in plan:
        assert not set("{}[]") & set(complaint.narrative), complaint.narrative
        assert len(complaint.narrative) > 60


def test_every_category_that_is_alleged_is_in_the_rulebook(city: Told) -> None:
    known = {each.code for each in city.book.allegations}
    told = {each for language in ("en", "es") for story in stories(language) for each in _categories(story)}
    assert told <= known


def _categories(story: Any) -> set[str]:
    return {story["category"], *story.get("also", ())}


def test_names_come_from_our_own_lists_alone(plan: tuple[Complaint, ...]) -> None:
    lists = names()
    surnames = {front + back for front in lists["front"] for back in lists["back"]} | set(lists["last_es"])
    for officer in plan_year(SEED, ANCHOR, ZONE).officers:
        assert officer.last_name in surnames
    for number in range(50):
        person = resident(dice(number), "en")
        assert person.name.split()[-1] in surnames
        assert not person.email or person.email.endswith("@mail.example")
        assert not person.phone or person.phone.startswith("555-01")


def test_an_anonymous_filer_has_no_name_anywhere_in_the_plan(plan: tuple[Complaint, ...]) -> None:
    assert all((complaint.who is None) == (complaint.anonymity == "anonymous") for complaint in plan)


def test_what_the_office_writes_fits_the_words_of_the_rulebook(city: Told) -> None:
    assert {each.code for each in city.book.findings} <= set(words()["found"])
    for kind in city.book.demands.kinds:
        assert kind.code in words()["demands"]
        assert {each.code for each in kind.answers} <= set(words()["answers"])


def test_there_are_some_hundred_and_eighty_cases_over_a_year(city: Told) -> None:
    assert 165 <= city.one("SELECT count(*) FROM cases") <= 190
    first, last = city.rows("SELECT min(received_on), max(received_on) FROM cases")[0]
    assert timedelta(days=370) <= last - first <= timedelta(days=400)
    assert last <= ANCHOR


def test_every_stage_that_a_case_can_stand_at_is_lived_in(city: Told) -> None:
    stages_now = city.counts("SELECT stage, count(*) FROM cases GROUP BY stage")
    # Before a filing is screened there is no case: what waits at the first two stages are filings.
    of_cases = {each.code for each in city.book.stages if each.phase not in ("intake", "screening")}
    assert set(stages_now) == of_cases
    assert stages_now["investigating"] > 10
    assert city.one("SELECT count(*) FROM filings WHERE screened_at IS NULL") >= 3


def test_half_of_all_ended_cases_ended_without_a_finding_and_few_allegations_are_sustained(city: Told) -> None:
    early, ended = city.rows(
        "SELECT count(*) FILTER (WHERE closure <> ''), count(*) FROM cases WHERE closed_on IS NOT NULL"
    )[0]
    assert 0.4 <= early / ended <= 0.75
    board = city.counts("SELECT disposition, count(*) FROM findings WHERE life = 'board' GROUP BY 1")
    assert 0.05 <= board["sustained"] / sum(board.values()) <= 0.22
    assert {"not_sustained", "within_policy", "unfounded", "officer_unidentified"} <= set(board)
    assert {"training_failure", "policy_failure"} & set(board)


def test_a_third_of_the_filers_is_not_named(city: Told) -> None:
    known = city.counts("SELECT anonymity, count(*) FROM filings GROUP BY 1")
    assert 0.22 <= (known["anonymous"] + known["confidential"]) / sum(known.values()) <= 0.45
    hidden = city.one(
        "SELECT count(*) FROM identities i JOIN persons p ON p.id = i.person_id JOIN filings f ON f.id = p.filing_id "
        "WHERE f.anonymity = 'anonymous'"
    )
    assert hidden == 0


def test_spanish_filings_get_spanish_letters(city: Told) -> None:
    assert city.one("SELECT count(*) FROM filings WHERE language = 'es'") >= 8
    letters = city.rows(
        "SELECT l.language, l.body FROM letters l JOIN filings f ON f.id = l.filing_id WHERE f.language = 'es'"
    )
    assert len(letters) >= 15
    assert all(row.language == "es" and "queja" in row.body.lower() for row in letters)


def test_letters_of_every_case_bear_days_of_the_told_year(city: Told) -> None:
    assert city.one("SELECT max(written_at)::date FROM letters") <= ANCHOR + timedelta(days=1)
    unanswered = city.one(
        "SELECT count(*) FROM filings f WHERE screened_at IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM letters l WHERE l.filing_id = f.id)"
    )
    assert unanswered == 0
    closed = city.one(
        "SELECT count(*) FROM cases c WHERE stage = 'closed' AND NOT EXISTS "
        "(SELECT 1 FROM letters l WHERE l.case_id = c.id AND l.kind = 'closing')"
    )
    assert closed == 0


def test_some_clocks_are_overdue_some_are_near_and_one_stands_still(city: Told) -> None:
    late, soon, ahead = city.rows(
        "SELECT count(*) FILTER (WHERE due_on < :day), count(*) FILTER (WHERE due_on BETWEEN :day AND :day + 14), "
        "count(*) FILTER (WHERE due_on > :day + 14) FROM clocks WHERE stopped_on IS NULL",
        day=ANCHOR,
    )[0]
    assert 5 <= late <= 0.4 * (late + soon + ahead)
    assert soon >= 5
    assert city.one("SELECT count(*) FROM pauses WHERE kind = 'criminal_case'") >= 1


def test_a_filing_was_left_past_its_clock_and_another_is_near_it(city: Told) -> None:
    limit = city.book.clock("classify").amount or 0
    ages = [
        row[0]
        for row in city.rows("SELECT :day - received_at::date FROM filings WHERE screened_at IS NULL", day=ANCHOR)
    ]
    assert any(age > limit for age in ages)
    assert any(limit - 7 <= age <= limit for age in ages)


def test_unknown_officers_stay_unknown_or_get_a_name(city: Told) -> None:
    unknown, identified = city.rows("SELECT count(*), count(known_as_id) FROM officers WHERE is_unknown")[0]
    assert unknown > identified >= 1
    officers = city.counts("SELECT department_id, count(*) FROM officers WHERE NOT is_unknown GROUP BY 1")
    assert sum(officers.values()) == 45
    assert len(officers) == 2
    assert city.one("SELECT count(*) FROM postings") > 45


def test_allegations_have_lives_that_sometimes_differ(city: Told) -> None:
    sizes = city.counts(
        "SELECT n::text, count(*) FROM (SELECT count(*) n FROM allegations GROUP BY case_id) x GROUP BY 1"
    )
    assert set(sizes) <= {"1", "2", "3", "4"}
    assert len(sizes) >= 3
    lives = city.counts("SELECT life, count(*) FROM findings GROUP BY 1")
    assert {"investigator", "supervisor", "board", "department"} <= set(lives)
    differ = city.one(
        "SELECT count(*) FROM findings a JOIN findings b USING (allegation_id) "
        "WHERE a.life = 'investigator' AND b.life = 'board' AND a.disposition <> b.disposition "
        "AND a.superseded_at IS NULL AND b.superseded_at IS NULL"
    )
    assert differ >= 3


def test_demands_were_answered_in_time_late_in_the_negative_and_not_at_all(city: Told) -> None:
    rows = city.rows("SELECT answer, answered_on, due_on, department_id FROM demands")
    assert len({row.department_id for row in rows}) == 2
    assert any(row.answered_on and row.answered_on <= row.due_on for row in rows)
    assert any(row.answered_on and row.answered_on > row.due_on for row in rows)
    assert any(row.answer in ("none_exist", "refused", "overwritten") for row in rows)
    assert any(row.answered_on is None and row.due_on < ANCHOR for row in rows)
    assert any(row.answered_on is None and row.due_on >= ANCHOR for row in rows)
    assert {row.department_id for row in rows if row.answered_on} == {row.department_id for row in rows}


def test_files_came_with_filings_and_as_evidence_each_with_its_hash(city: Told) -> None:
    kinds = city.counts("SELECT media_type, count(*) FROM filing_files GROUP BY 1")
    assert set(kinds) == {"image/png", "application/pdf"}
    assert city.one("SELECT count(*) FROM evidence_items WHERE length(sha256) = 32") >= 20
    assert city.one("SELECT count(*) FROM evidence_items WHERE demand_id IS NOT NULL") >= 10


def test_messages_went_both_ways(city: Told) -> None:
    ways = {row[0]: row[1] for row in city.rows("SELECT is_from_filer, count(*) FROM messages GROUP BY 1")}
    assert ways[True] >= 10
    assert ways[False] >= 10


def test_somebody_without_their_words_told_more_and_it_waits_for_a_person(city: Told) -> None:
    assert city.one("SELECT count(*) FROM additions WHERE linked_at IS NULL") == 1


def test_what_came_of_a_call_or_a_letter_is_what_is_written_about_it(city: Told) -> None:
    for result, remark in city.rows("SELECT DISTINCT result, remark FROM contact_attempts"):
        assert remark in words()["contacts"][result]


def test_the_commission_has_an_empty_seat_a_failed_motion_and_a_recusal(city: Told) -> None:
    assert city.one("SELECT count(*) FROM seats WHERE until_on IS NULL") == 7
    assert city.one("SELECT count(*) FROM seats WHERE until_on IS NULL AND account_id IS NOT NULL") == 6
    outcomes = city.counts("SELECT outcome, count(*) FROM motions WHERE decided_at IS NOT NULL GROUP BY 1")
    assert outcomes["carried"] > 30
    assert outcomes["failed"] >= 1
    walls = city.one(
        "SELECT count(*) FROM recusals r JOIN walls w USING (account_id, case_id) "
        "WHERE w.kind = 'recusal' AND w.lifted_at IS NULL"
    )
    assert walls == city.one("SELECT count(*) FROM recusals") >= 1
    voted = city.one("SELECT count(*) FROM votes v JOIN recusals r USING (account_id, case_id)")
    assert voted == 0


def test_a_meeting_lies_ahead_with_its_docket_and_packets(city: Told) -> None:
    dockets = city.counts(
        "SELECT m.held_on::text, count(d.id) FROM meetings m LEFT JOIN docket_items d ON d.meeting_id = m.id "
        "WHERE m.state = 'ended' GROUP BY 1"
    )
    assert len(dockets) >= 8
    assert sum(count > 0 for count in dockets.values()) >= len(dockets) - 1
    held_on, cases, packets = city.rows(
        "SELECT m.held_on, count(DISTINCT d.id), count(DISTINCT p.id) FROM meetings m "
        "JOIN docket_items d ON d.meeting_id = m.id LEFT JOIN packets p ON p.docket_item_id = d.id "
        "WHERE m.state = 'scheduled' GROUP BY 1"
    )[0]
    assert ANCHOR < held_on <= ANCHOR + timedelta(days=14)
    assert cases == packets >= 2


def test_recommendations_were_accepted_refused_with_reasons_and_left_unanswered(city: Told) -> None:
    rows = city.rows("SELECT answer, answer_reasons, answered_on, due_on FROM recommendations")
    assert any(row.answer in ("agree", "agree_less") for row in rows)
    assert any(row.answer == "disagree" and row.answer_reasons for row in rows)
    assert any(row.answered_on is None and row.due_on < ANCHOR for row in rows)


def test_two_filings_joined_a_case_that_was_there(city: Told) -> None:
    joined = city.counts(
        "SELECT case_id::text, count(*) FROM filings WHERE case_id IS NOT NULL GROUP BY 1 HAVING count(*) > 1"
    )
    assert len(joined) == 2


def test_the_journal_tells_the_year_in_order_and_in_its_own_days(city: Told) -> None:
    # What a filer did is kept to the hour where they gave no name.
    query = "SELECT at, body FROM journal_entries WHERE case_id IS NOT NULL AND actor_kind <> 'filer' ORDER BY seq"
    rows = city.rows(query)
    assert all(json.loads(bytes(row.body))["at"] == row.at.astimezone(ZoneInfo("UTC")).isoformat() for row in rows)
    back = sum(1 for before, after in pairwise(rows) if after.at < before.at - timedelta(minutes=5))
    assert back == 0
    assert rows[-1].at.astimezone(ZONE).date() <= ANCHOR
    by_day = Counter(row.at.date() for row in rows)
    assert len(by_day) > 200


def test_everybody_did_only_what_is_theirs(city: Told) -> None:
    by = city.rows(
        "SELECT DISTINCT e.tag, r.role FROM journal_entries e JOIN account_roles r ON r.account_id = e.actor_id"
    )
    roles: dict[str, set[str]] = {}
    for tag, role in by:
        roles.setdefault(tag, set()).add(role)
    assert roles["commission:vote:cast"] == {"commissioner"}
    assert roles["evidence:demand:answered"] == {"liaison"}
    assert roles["cases:case:assigned"] == {"supervisor"}
    assert roles["discipline:answer:given"] == {"liaison"}


def test_nobody_is_still_signed_in_and_no_job_waits(city: Told) -> None:
    assert city.one("SELECT count(*) FROM sessions WHERE revoked_at IS NULL") == 0
    # What follows from keeping the rulebooks is the worker's first work, as in any installation.
    waiting = {row.task_name for row in city.rows("SELECT task_name FROM procrastinate_jobs")}
    assert waiting <= {"recount_after_rulebook"}

    assert city.one("SELECT count(*) FROM release.releases") == 1
    assert city.one("SELECT count(*) FROM release.release_tables WHERE row_count > 0") >= 3


def test_clocks_are_warned_of_answered_risen_and_lapsed(city: Told) -> None:
    states = city.counts(
        "SELECT CASE WHEN acknowledged_at IS NOT NULL THEN 'answered'"
        " WHEN level <> 'holder' THEN 'risen' ELSE 'open' END, count(*) FROM clock_warnings"
        " WHERE ended_on IS NULL GROUP BY 1"
    )
    assert min(states.get(state, 0) for state in ("answered", "risen", "open")) > 0, states
    assert city.one("SELECT count(*) FROM clock_warnings WHERE step = 0 AND cause <> ''") > 0
    assert city.one("SELECT count(*) FROM recounts WHERE kind = 'night' AND finished_at IS NOT NULL") == 5

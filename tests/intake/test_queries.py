"""What each door sees of filings, messages and letters: the walls hold in the query and again in the database."""

from typing import Any

import pytest

from app.access.actor import Actor
from app.access.permissions import Role
from app.cases.records import Case
from app.correspondence import queries as kept
from app.correspondence.records import Letter, Message
from app.intake import queries
from app.intake.records import Filing
from app.intake.rules import keyset
from app.kernel.errors import Invalid, NotAllowed, NotFound
from tests.conftest import WorkAs
from tests.make import Make


def told(make: Make, **given: Any) -> tuple[Case, Filing]:
    """A case with a filing, a message to its filer and a letter."""
    case = make.case()
    filing = make.filing(case_id=case.id, screened_at=make.now, **given)
    common = {"id": filing.id, "filing_id": filing.id, "body": "Words."}
    make.row(Message(**common, is_from_filer=False, sent_at=make.now))
    make.row(
        Letter(
            **common,
            case_id=case.id,
            kind="closing",
            language="en",
            addressee="filer",
            subject="Subject",
            written_at=make.now,
        )
    )
    return case, filing


def filer_of(make: Make, filing: Filing) -> Actor:
    return Actor.filer(filing.lookup or b"", make.house.access.of(frozenset({Role.FILER})))


def test_a_walled_case_hides_its_filings_messages_and_letters(make: Make, work_as: WorkAs) -> None:
    case, filing = told(make)
    make.wall(case, make.actor("investigator"))
    with work_as("investigator") as work:
        with pytest.raises(NotFound):
            queries.get_filing(work, filing.id)
        assert queries.filings_of_case(work, case.id) == []
        assert kept.messages_of(work, filing.id) == []
        assert kept.letters_of(work, filing.id) == []
    with work_as("supervisor") as work:
        assert queries.get_filing(work, filing.id).id == filing.id
        assert len(kept.messages_of(work, filing.id)) == len(kept.letters_of(work, filing.id)) == 1


def test_a_filer_sees_one_filing_and_what_followed_from_it(make: Make, work_as: WorkAs) -> None:
    _, mine = told(make)
    _, other = told(make)
    with work_as(filer_of(make, mine)) as work:
        own = queries.own_filing(work)
        assert own is not None
        assert own.id == mine.id
        assert len(kept.messages_of(work, mine.id)) == len(kept.letters_of(work, mine.id)) == 1
        assert kept.messages_of(work, other.id) == []
        assert kept.letters_of(work, other.id) == []
        with pytest.raises(NotFound):
            kept.get_letter(work, other.id, other.id)


def test_without_a_passphrase_nothing_is_shown(make: Make, work_as: WorkAs) -> None:
    _, filing = told(make)
    with work_as(filer_of(make, Filing(lookup=b"x" * 32))) as work:
        assert queries.own_filing(work) is None
        assert kept.messages_of(work, filing.id) == []


@pytest.mark.parametrize("role", ["analyst", "administrator", "auditor"])
def test_who_may_not_read_filings_asks_in_vain(make: Make, work_as: WorkAs, role: str) -> None:
    told(make)
    with work_as(role) as work, pytest.raises(NotAllowed):
        queries.list_unscreened(work)


def test_the_status_before_and_after_the_case_is_the_rulebooks(make: Make, work_as: WorkAs) -> None:
    waiting = make.filing()
    case, filing = told(make)
    due = make.today.replace(day=30)
    public = next(clock.code for clock in make.book.deadlines if clock.is_public)
    hidden = next(clock.code for clock in make.book.deadlines if not clock.is_public)
    make.clock(case, public, due_on=due)
    make.clock(case, hidden, due_on=make.today)
    with work_as(filer_of(make, waiting)) as work:
        own = queries.own_filing(work)
        assert own is not None
        status = queries.status_of(work, own)
        assert status.stage == make.book.first_stage.public_label.to("en")
        assert status.case_number == ""
    with work_as(filer_of(make, filing)) as work:
        own = queries.own_filing(work)
        assert own is not None
        status = queries.status_of(work, own)
        assert status.stage == make.book.stage(case.stage).public_label.to("en")
        assert (status.next_by, status.case_number) == (due, case.number)


def test_findings_are_told_when_the_case_is_over_and_not_before(make: Make, work_as: WorkAs) -> None:
    word = next(finding for finding in make.book.findings if "board" in finding.lives and finding.is_published)
    for stage, count in ((make.book.stages[2].code, 0), (make.book.final_stages[0].code, 1)):
        case = make.case(stage=stage)
        filing = make.filing(case_id=case.id)
        make.finding(make.allegation(case), life="board", disposition=word.code)
        with work_as(filer_of(make, filing)) as work:
            own = queries.own_filing(work)
            assert own is not None
            found = queries.status_of(work, own).found
        assert [(each.word, each.meaning) for each in found] == [
            (word.label.to("en"), word.definition.to("en"))
        ] * count


def test_the_mark_of_a_page_comes_back_as_it_was(make: Make) -> None:
    filing = make.filing()
    assert keyset.read(keyset.mark(filing.received_at, filing.id)) == (filing.received_at, filing.id)


@pytest.mark.parametrize("mark", ["", "x", "!!!!", "A" * 200, "////////", "ñ"])
def test_a_mark_that_is_none_is_refused(mark: str) -> None:
    with pytest.raises(Invalid):
        keyset.read(mark)

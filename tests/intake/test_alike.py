"""Filings that look alike: found by machine, decided by people, and hidden from whoever may not know of one of them."""

import json
from datetime import date, timedelta
from itertools import combinations
from uuid import uuid4

import pytest

from app.access.actor import Actor
from app.audit.records import JournalEntry
from app.intake import actions as submitted
from app.intake.actions import alike as actions
from app.intake.commands import LinkFilings, MarkCampaign, SendAnotherWay
from app.intake.queries import alike as queries
from app.intake.records import Campaign, CampaignFiling, Filing, FilingLink, FilingSketch, Likeness
from app.intake.rules import alike as rules
from app.intake.rules.alike import LinkKind
from app.kernel.errors import Invalid, NotFound
from tests.conftest import ClientAs, WorkAs
from tests.make import Make

TEMPLATE = (
    "I write about the meeting in the park on Saturday. Officers pushed people who stood on the grass with their "
    "children and told them to leave although the park was open. I ask the office to look into it."
)
OTHER = "My neighbour's car was towed while he was at work and nobody at the station could tell him where it is now."
KEY = b"k" * 32


# --- rules ---


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        (TEMPLATE, TEMPLATE, 100, 100),
        (TEMPLATE, TEMPLATE.upper().replace(".", " !"), 100, 100),
        (TEMPLATE, f"{TEMPLATE} My son was hurt at his arm.", 85, 99),
        (TEMPLATE, OTHER, 0, 40),
        ("警察在公园里推了我们的孩子", "警察在公园里推了我们的孩子和老人", 80, 99),
    ],
)
def test_how_alike_two_texts_are_is_how_much_of_their_words_is_the_same(
    one: str, other: str, least: int, most: int
) -> None:
    assert least <= rules.percent_alike(rules.words_of(one), rules.words_of(other)) <= most


def test_alike_texts_share_numbers_of_their_sketch_and_strangers_do_not() -> None:
    mine, copy, strange = (
        set(rules.sketch(KEY, rules.words_of(text))) for text in (TEMPLATE, f"{TEMPLATE} Please.", OTHER)
    )
    assert mine & copy
    assert not mine & strange
    assert mine.isdisjoint(rules.sketch(b"another key", rules.words_of(TEMPLATE)))


@pytest.mark.parametrize("text", ["", "🚓", "He was rude to me.", "\x00"])
def test_a_few_words_that_anybody_says_have_no_sketch(text: str) -> None:
    assert rules.sketch(KEY, rules.words_of(text)) == []


def test_a_group_is_what_hangs_together_and_two_are_none() -> None:
    a, b, c, d, e = (uuid4() for _ in range(5))
    assert rules.groups([(a, b), (c, d), (b, e)]) == [{a, b, e}]
    assert rules.groups([]) == []


@pytest.mark.parametrize(
    ("latest", "counts", "is_wave"), [(9, [], False), (10, [], True), (12, [4] * 28, False), (17, [4] * 28, True)]
)
def test_many_at_once_is_far_more_than_a_usual_day(latest: int, counts: list[int], is_wave: bool) -> None:
    by_day = {date(2026, 3, 1) - timedelta(days=at): count for at, count in enumerate(counts)}
    assert rules.is_wave(latest, by_day, 28) is is_wave


# --- in the house ---


@pytest.fixture
def copies(make: Make, work_as: WorkAs) -> list[Filing]:
    """Three of one template and one that is not, compared."""
    rows = [
        make.filing(number=f"F-{at}", narrative=f"{TEMPLATE} I am number {at}.", location=f"Park {at}")
        for at in range(3)
    ]
    make.filing(number="F-OTHER", narrative=OTHER, location="Elsewhere")
    with work_as(Actor.system("compare")) as work:
        assert actions.compare_filings(work) == 4
    return rows


def test_what_came_is_compared_once_and_each_pair_is_found(copies: list[Filing], make: Make, work_as: WorkAs) -> None:
    pairs = {frozenset((row.filing_id, row.other_id)): row.percent for row in make.all(Likeness)}
    assert set(pairs) == {frozenset(pair) for pair in combinations([row.id for row in copies], 2)}
    assert min(pairs.values()) >= 90
    with work_as(Actor.system("compare")) as work:
        assert actions.compare_filings(work) == 0
    assert len(make.all(FilingSketch)) == 4


def test_intake_sees_what_looks_alike_in_the_list_and_says_what_it_is(
    copies: list[Filing], client_as: ClientAs, make: Make
) -> None:
    intake = client_as("intake")
    listed = intake.get("/office/filings").text
    assert "looks like F-" in listed
    assert listed.count("% alike, and 1 more") == 3
    first, second, third = copies
    page = intake.get(f"/office/filings/{first.id}").text
    assert f"/office/filings/{second.id}" in page
    linked = intake.submit(f"/office/filings/{first.id}/alike/link", other_id=str(second.id), kind="duplicate")
    assert linked.status_code == 303
    intake.submit(f"/office/filings/{third.id}/alike/link", other_id=str(first.id), kind="not_alike")
    links = {frozenset((row.filing_id, row.other_id)): row.kind for row in make.all(FilingLink)}
    assert links == {frozenset((first.id, second.id)): "duplicate", frozenset((third.id, first.id)): "not_alike"}
    assert said(make, "intake:filings:linked", "kind") == ["duplicate", "not alike"]
    assert intake.get("/office/filings").text.count("and 1 more") == 1
    # Nothing is dropped: all still wait.
    assert all(row.screened_at is None for row in make.all(Filing))


def test_the_last_word_about_two_filings_counts(copies: list[Filing], make: Make, work_as: WorkAs) -> None:
    one, other, _ = copies
    for kind in (LinkKind.DUPLICATE, LinkKind.NOT_ALIKE):
        with work_as("intake") as work:
            actions.link_filings(work, other.id, LinkFilings(other_id=one.id, kind=kind))
    assert [row.kind for row in make.all(FilingLink)] == ["not_alike"]


def test_a_filing_is_not_linked_with_itself_or_with_nothing(copies: list[Filing], make: Make, work_as: WorkAs) -> None:
    for other_id, refusal in ((copies[0].id, Invalid), (uuid4(), NotFound)):
        with pytest.raises(refusal), work_as("intake") as work:
            actions.link_filings(work, copies[0].id, LinkFilings(other_id=other_id, kind=LinkKind.DUPLICATE))
    assert make.all(FilingLink) == []


def test_a_group_is_marked_as_one_campaign_and_each_filing_stays_to_be_screened(
    copies: list[Filing], client_as: ClientAs, make: Make
) -> None:
    intake = client_as("intake")
    assert "3 filings, at least 9" in intake.get("/office/campaigns").text
    ids = [str(row.id) for row in copies]
    refused = intake.submit("/office/campaigns/mark", filing_ids=ids, title=" ")
    assert refused.status_code == 422
    marked = intake.submit("/office/campaigns/mark", filing_ids=ids, title="Saturday in the park")
    page = intake.get(marked.headers["location"]).text
    assert all(row.number in page for row in copies)
    assert said(make, "intake:campaign:marked", "count") == [3]
    assert "3 filings, at least" not in intake.get("/office/campaigns").text
    assert "Part of the campaign" in intake.get(f"/office/filings/{copies[0].id}").text
    campaign = make.all(Campaign)[0]
    intake.submit(f"/office/campaigns/{campaign.id}/filings/{ids[0]}/take-out")
    left = {row.filing_id: row.left_at is not None for row in make.all(CampaignFiling)}
    assert left == {row.id: row is copies[0] for row in copies}
    assert all(row.screened_at is None for row in make.all(Filing))


@pytest.mark.parametrize("title", ["", " ", "x" * 201, "two\nlines", "null\x00byte"])
def test_a_campaign_has_a_title_of_one_clean_line(title: str, copies: list[Filing], client_as: ClientAs) -> None:
    ids = [str(row.id) for row in copies]
    assert client_as("intake").submit("/office/campaigns/mark", filing_ids=ids, title=title).status_code == 422


def test_whoever_only_reads_decides_nothing(copies: list[Filing], client_as: ClientAs, make: Make) -> None:
    reader = client_as("investigator")
    for path, fields in (
        (f"/office/filings/{copies[0].id}/alike/link", {"other_id": str(copies[1].id), "kind": "duplicate"}),
        ("/office/campaigns/mark", {"filing_ids": str(copies[0].id), "title": "x"}),
    ):
        assert reader.submit(path, **fields).status_code == 403
    assert make.all(FilingLink) + make.all(Campaign) == []


def said(make: Make, tag: str, name: str) -> list[object]:
    """What the entries of this kind say under this name."""
    entries = [json.loads(entry.body) for entry in make.all(JournalEntry) if entry.tag == tag]
    return [entry["facts"][name] for entry in entries]


def test_whoever_may_not_know_of_a_filing_finds_no_likeness_no_campaign_and_no_count_of_it(
    copies: list[Filing], client_as: ClientAs, make: Make, work_as: WorkAs
) -> None:
    with work_as("intake") as work:
        campaign = actions.mark_campaign(work, MarkCampaign(title="Park", filing_ids=[copies[0].id])).id
    with work_as("intake") as work:
        actions.link_filings(work, copies[0].id, LinkFilings(other_id=copies[1].id, kind=LinkKind.DUPLICATE))
    intake = client_as("intake")
    with work_as("intake") as work:
        submitted.send_another_way(work, copies[0].id, SendAnotherWay(route="office"))
    listed = intake.get("/office/filings").text
    assert copies[0].number not in listed
    assert "more" not in listed.split("looks like", 1)[1].split("</a>", 1)[0]
    assert copies[0].number not in intake.get(f"/office/filings/{copies[1].id}").text
    page = intake.get("/office/campaigns").text
    assert "3 filings" not in page
    assert "Park</a>" not in page
    assert intake.get(f"/office/campaigns/{campaign}").status_code == 404
    with work_as("intake") as work:
        assert queries.campaigns(work) == []
        assert work.session.query(FilingLink).count() == 0
        assert work.session.query(CampaignFiling).count() == 0
        assert work.session.query(Likeness).count() == 1

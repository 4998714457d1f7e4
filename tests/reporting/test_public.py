"""The public pages and API: what is published, for anyone, without script."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from app.access.actor import Actor
from app.infra.db import Door
from app.publication import actions
from app.publication.commands import BuildRelease
from app.publication.records import Bulletin
from app.publication.rules.manifest import Manifest
from app.reporting.letters.charts import draw
from app.reporting.rules.blocks import sections_of
from app.reporting.rules.view import View
from tests.conftest import Client, ClientAs, WorkAs
from tests.make import Make
from tests.publication.small_city import THROUGH, fill

Publish = Callable[[], str]


@pytest.fixture
def release_id(make: Make, work_as: WorkAs) -> str:
    """A published release of the small city, with its charts and without its reports."""
    wiring = make.house.wiring
    parts = {**wiring.parts, "release_files": [charts_only]}
    object.__setattr__(make.house, "wiring", replace(wiring, parts=parts))
    fill(make)
    with work_as(Actor.system("release")) as work:
        built = actions.build_release(work, BuildRelease(through=THROUGH))
    with work_as(Actor.system("publication", Door.PUBLISHER)) as work:
        published: Manifest = actions.publish_release(work, built.files)
    return published.id


def charts_only(_: Any, files: Any) -> Any:
    for section in sections_of(View(files)):
        for block in section.blocks:
            if block.chart == "columns":
                yield f"charts/{block.id}.en.svg", "image/svg+xml", draw(block).encode()


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    assert "<script" not in answer.text
    assert "style=" not in answer.text
    text: str = answer.text
    assert text.count("<h1") == 1
    return text


def test_the_first_page_has_three_ways_in_and_is_small(client_as: ClientAs) -> None:
    text = page(client_as(), "/")
    for address in ("/file?", "/my?", "/data?"):
        assert f'href="{address}lang=en"' in text
    assert len(text.encode()) < 8_000


def test_before_the_first_release_the_pages_say_so(client_as: ClientAs) -> None:
    client = client_as()
    assert "No figures are published yet." in page(client, "/data")
    assert "No report is published yet." in page(client, "/reports")
    assert "No agenda is published yet." in page(client, "/calendar")
    assert client.get("/api/v1/public/releases").json() == {"releases": []}


def test_the_dashboard_shows_figures_with_their_definitions_and_charts_as_files(
    client_as: ClientAs, release_id: str
) -> None:
    client = client_as()
    text = page(client, "/data")
    assert "Complaints received" in text
    assert "so this share is higher than the one of all allegations" in text
    assert "It is not proof" in text
    assert f'href="/data/{release_id}/tables/figures.csv"' in text
    picture = f"/data/{release_id}/files/charts/complaints-by-year.en.svg"
    assert picture in text
    drawn = client.get(picture)
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert "sandbox" in drawn.headers["content-security-policy"]
    assert "immutable" in drawn.headers["cache-control"]
    assert b"<script" not in drawn.content


def test_a_reader_of_a_language_that_no_report_is_printed_in_sees_the_english_charts(
    client_as: ClientAs, release_id: str
) -> None:
    assert f"/data/{release_id}/files/charts/complaints-by-year.en.svg" in page(client_as(), "/data?lang=zh-Hans")


def test_a_year_of_its_own_shows_only_that_year(client_as: ClientAs, release_id: str) -> None:
    text = page(client_as(), f"/data/{release_id}?year=2024")
    assert 'aria-current="page">2024' in text
    assert ">8<" in text
    assert 'aria-current="page">All years' in page(client_as(), f"/data/{release_id}?year=1999")


def test_in_spanish_every_word_of_ours_is_spanish(client_as: ClientAs, release_id: str) -> None:
    text = page(client_as(), f"/data/{release_id}?lang=es")
    assert "Quejas recibidas" in text
    for english in ("Complaints received", "Key figures", "The figures as a table", "Divided by", "Sustained"):
        assert english not in text, english
    assert "Presentar una queja" in page(client_as(), "/?lang=es")


def test_whoever_has_the_page_already_gets_304(client_as: ClientAs, release_id: str) -> None:
    client = client_as()
    for path in (f"/data/{release_id}", "/data", "/", f"/api/v1/public/releases/{release_id}/tables/cases"):
        tag = client.get(path).headers["etag"]
        again = client.get(path, headers={"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b""), path
        assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", ["/data/none", "/data/2026-01-01-aaaaaaaaaa/tables/cases.csv", "/calendar/none"])
def test_what_is_not_published_is_404(path: str, client_as: ClientAs) -> None:
    assert client_as().get(path).status_code == 404


def test_the_api_gives_a_table_as_json_or_as_the_exact_csv(client_as: ClientAs, release_id: str) -> None:
    client, base = client_as(), f"/api/v1/public/releases/{release_id}"
    assert client.get("/api/v1/public/releases").json()["releases"][0]["id"] == release_id
    assert client.get(base).json()["manifest"]["protected"] is True
    table = client.get(f"{base}/tables/cases").json()
    assert table["columns"] == ["year", "department", "outcome", "complaints"]
    assert table["rows"][0] == ["2024", "rpd", "open", "8"]
    by_suffix = client.get(f"{base}/tables/cases.csv")
    by_accept = client.get(f"{base}/tables/cases", headers={"accept": "text/csv"})
    assert by_suffix.content == by_accept.content == client.get(f"/data/{release_id}/tables/cases.csv").content
    assert by_accept.headers["content-type"].startswith("text/csv")
    assert client.get(f"{base}/tables/cases", headers={"accept": "application/json, text/csv"}).json() == table


@pytest.mark.parametrize(
    ("path", "status"), [("/none", 404), ("/UPPER", 422), ("/x/tables/cases", 404), ("/x/tables/..%2fmanifest", 404)]
)
def test_the_api_refuses_with_a_problem_document(path: str, status: int, client_as: ClientAs) -> None:
    answer = client_as().get(f"/api/v1/public/releases{path}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_agenda_that_was_published_stands_in_the_calendar(client_as: ClientAs, make: Make) -> None:
    make.row(
        Bulletin(
            number="B-1",
            kind="agenda",
            title="Meeting of March 20",
            body="One.\n\n<b>Two</b>",
            note="",
            published_at=datetime(2026, 3, 1, tzinfo=UTC),
        )
    )
    client = client_as()
    assert "Meeting of March 20" in page(client, "/calendar")
    text = page(client, "/calendar/B-1")
    assert "&lt;b&gt;Two" in text

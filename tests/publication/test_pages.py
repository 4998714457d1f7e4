"""The office's page of releases."""

from app.publication.records import ReleaseBuild
from tests.conftest import ClientAs
from tests.make import Make


def test_an_analyst_asks_for_a_release_and_sees_it_waiting(client_as: ClientAs, make: Make) -> None:
    client = client_as("analyst")
    assert client.submit("/office/releases/ask", through="2026-03-01").status_code == 303
    assert "Waiting" in client.get("/office/releases").text
    assert [build.state for build in make.all(ReleaseBuild)] == ["waiting"]


def test_what_is_no_day_or_a_day_to_come_is_shown_again_with_the_reason(client_as: ClientAs, make: Make) -> None:
    client = client_as("analyst")
    for wrong in ("2026-02-29", "2027-01-01", "", "x" * 5000, "2026-03-01\u202e", "😀"):
        refused = client.submit("/office/releases/ask", through=wrong)
        assert refused.status_code == 422, wrong
    assert make.all(ReleaseBuild) == []


def test_who_may_not_build_sees_nothing_of_it(client_as: ClientAs) -> None:
    assert client_as("investigator").get("/office/releases").status_code == 403


def test_an_analyst_may_not_publish(client_as: ClientAs, make: Make) -> None:
    client = client_as("analyst")
    client.submit("/office/releases/ask", through="2026-03-01")
    build = make.all(ReleaseBuild)[0]
    assert client.submit(f"/office/releases/{build.id}/publish").status_code == 403
    refused = client_as("director").submit(f"/office/releases/{build.id}/publish")
    assert refused.status_code == 409
    assert "built" in refused.text

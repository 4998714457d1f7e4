"""Each protected word comes back where the matrix says so, and nowhere else, also not in what is left behind."""

import os
import re
from pathlib import Path

import pytest

from app.access.permissions import Permission, Role
from app.config import PROJECT
from app.main import create_app
from app.operations.backup import backup
from tests.canaries.city import City
from tests.canaries.crawl import FACTS, Crawler, readable
from tests.canaries.seeds import STAFF

pytestmark = pytest.mark.xdist_group("canaries")

MATRIX = PROJECT / "docs" / "canary-matrix.md"
WRITE = "CANDOR_WRITE_CANARIES"
# Written in the clear nowhere on the disk, also not by the database.
SEALED = re.compile(r".*: (name|e-mail|phone)|content of .*|draft")


@pytest.fixture(scope="module")
def crawled(city: City) -> City:
    """Everybody has asked for everything: first all that can be read, then all that could be changed."""
    app = create_app(city.installed.settings, city.installed.url)
    asked = Crawler(app, {}, {}).unplaced
    crawler = Crawler(app, city.places(asked), city.words | city.secrets)
    for person in city.people.values():
        crawler.read(person)
    for person in city.people.values():
        crawler.send(person)
    return city


def matrix(city: City) -> str:
    labels = list(city.people)
    lines = [
        "# Who is shown what",
        "",
        "Made by `tests/canaries`: in each compartment stands one word that is nowhere else, and everybody asks every",
        "route, by every method and in every format. A dot says that the word came back. Compared by every test run.",
        "What is opened by a step of its own, such as an identity, is shown to nobody who only reads.",
        "The step before a file that no scanner found clean is one that everybody takes here.",
        "",
        f"| compartment | {' | '.join(labels)} |",
        f"|---|{'|'.join(':-:' for _ in labels)}|",
    ]
    for compartment in city.words:
        marks = ["•" if compartment in city.people[label].seen else "" for label in labels]
        lines.append(f"| {compartment} | {' | '.join(marks)} |")
    return "\n".join(lines) + "\n"


def test_every_word_is_shown_to_those_the_matrix_names_and_to_nobody_else(crawled: City) -> None:
    now = matrix(crawled)
    if os.environ.get(WRITE):
        MATRIX.write_text(now, "utf-8")
    assert MATRIX.read_text("utf-8") == now, {
        label: {word: sorted(places)[:3] for word, places in person.seen.items()}
        for label, person in crawled.people.items()
    }


def test_the_crawler_finds_what_is_there(crawled: City) -> None:
    """A crawler that is shut out everywhere would find every house tight."""
    investigator = set(crawled.people["investigator"].seen)
    assert {"narrative", "note", "private note", "label of a file", "content of a file"} <= investigator
    assert "demand" in crawled.people["liaison"].seen
    assert "message to the filer" in crawled.people["filer"].seen
    assert {"narrative of a walled case", "note in a walled case"} <= set(crawled.people["supervisor"].seen)
    assert "narrative against the office" in crawled.people["city clerk"].seen


def test_nothing_that_anybody_asked_broke_the_house(crawled: City) -> None:
    assert {label: person.failures for label, person in crawled.people.items() if person.failures} == {}


def test_no_secret_of_anybody_comes_back(crawled: City) -> None:
    shown = {
        (label, secret): sorted(person.seen[secret])
        for label, person in crawled.people.items()
        for secret in crawled.secrets
        if secret in person.seen
    }
    # The passphrase stands on the receipt, which comes before all this; a cookie is set by signing in.
    assert shown == {}


def test_a_name_is_never_read_in_passing(crawled: City) -> None:
    told = {
        (label, word) for label, person in crawled.people.items() for word in person.seen if word.startswith("filer")
    }
    assert {each for each in told if each[0] != "filer"} == set()


def test_whoever_may_open_a_name_is_shown_it_and_the_wall_holds_also_then(crawled: City) -> None:
    rules, numbers = crawled.installed.house.access, dict(crawled.rows("SELECT case_id::text, id::text FROM filings"))
    for label, person in crawled.people.items():
        role = Role(STAFF[label].rstrip("0123456789")) if label in STAFF else Role.ANYONE
        may = Permission.IDENTITY_OPEN in rules.of(frozenset({role}))
        for case, compartment in (("open", "filer: name"), ("walled", "filer of a walled case: name")):
            path = f"/office/filings/{numbers[crawled.cases[case]]}/identity/open"
            fields = {"csrf_token": person.token, "reason": "contact"}
            got = person.ask("POST", path, data=fields, follow_redirects=True).text
            expected = may and role is not Role.OUTSIDER and (case, label) != ("walled", "investigator")
            assert (crawled.words[compartment] in got) == expected, (label, case)


@pytest.mark.parametrize(("who", "case", "finds"), [("supervisor", "walled", True), ("investigator", "walled", False)])
def test_a_search_by_its_words_finds_no_case_behind_a_wall(crawled: City, who: str, case: str, finds: bool) -> None:
    person, word = crawled.people[who], crawled.words["narrative of a walled case"]
    pages = [person.ask("GET", "/office/cases", params={"q": word}).text]
    pages.append(person.ask("GET", "/api/v1/cases", params={"q": word}).text)
    assert [crawled.cases[case] in page for page in pages] == [finds, finds]


def test_what_a_photo_hides_is_told_where_the_photo_is_opened_and_nowhere_else(crawled: City) -> None:
    hidden = [name for name in crawled.words if name.startswith("content of a photo")]
    places = {place for person in crawled.people.values() for name in hidden for place in person.seen.get(name, ())}
    assert len(hidden) == 2
    assert any(place.startswith(FACTS) for place in places)
    assert [place for place in places if not place.startswith((FACTS, "original of"))] == []


# --- what is left behind ---


def test_jobs_and_journal_hold_no_word_of_anybody(crawled: City) -> None:
    jobs = crawled.rows("SELECT args::text FROM procrastinate_jobs")
    entries = crawled.rows("SELECT convert_from(body, 'UTF8') FROM journal_entries")
    assert len(jobs) > 5
    assert len(entries) > 50
    assert found_in("\n".join(row[0] for row in (*jobs, *entries)), crawled) == set()


def test_logs_mails_and_temporary_files_hold_no_word_of_anybody(crawled: City) -> None:
    left = [path for path in crawled.temporary.rglob("*") if path.is_file()]
    assert found_in("\n".join(readable(path.read_bytes()) for path in left), crawled) == set()
    assert found_in(crawled.logged.getvalue(), crawled) == set()
    # An address stands on the envelope, and nothing of anybody inside.
    assert crawled.mails
    assert found_in("\n".join(crawled.mails), crawled) == set()


def test_what_the_database_shows_of_itself_holds_no_word_of_anybody(crawled: City) -> None:
    shown = crawled.rows("SELECT query FROM pg_stat_activity WHERE query IS NOT NULL AND pid <> pg_backend_pid()")
    assert found_in("\n".join(row[0] for row in shown), crawled) == set()


def bytes_of(path: Path) -> bytes:
    """What a thief finds in it; the running database takes some of its files away meanwhile."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def test_a_thief_with_the_disk_reads_no_identity_no_file_and_no_secret(crawled: City) -> None:
    """Not in tables, indexes, write-ahead log, server log or storage; the folder of keys lies elsewhere in earnest."""
    sealed = {name: word for name, word in crawled.words.items() if SEALED.fullmatch(name)}
    assert len(sealed) > 10
    looked = (sealed | crawled.secrets).items()
    files = [path for path in crawled.installed.settings.data_dir.rglob("*") if path.is_file()]
    assert len(files) > 100
    stolen = ((path.name, bytes_of(path)) for path in files)
    found = {(name, file) for file, data in stolen for name, word in looked if word.encode() in data}
    assert found == set()


def test_the_server_s_log_holds_no_word_of_anybody(crawled: City) -> None:
    logs = [path for path in crawled.installed.settings.data_dir.rglob("*.log") if path.is_file()]
    assert logs
    assert found_in("\n".join(path.read_text("utf-8", "replace") for path in logs), crawled) == set()


def test_a_thief_with_a_backup_reads_nothing(crawled: City, tmp_path: Path) -> None:
    backup(crawled.installed.house, tmp_path / "backup", crawled.installed.settings.secrets_dir, lambda _: None)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in written) > 10_000
    assert found_in("\n".join(path.read_bytes().decode("latin-1") for path in written), crawled) == set()


def found_in(text: str, city: City) -> set[str]:
    """The compartments and secrets whose word stands in a text."""
    return {name for name, word in (city.words | city.secrets).items() if word.casefold() in text.casefold()}

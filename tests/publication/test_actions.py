"""A release is built from rows, checked from outside, and published only if it may be."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.access.actor import Actor
from app.access.permissions import Role
from app.cases.records import Case
from app.clocks.records import Clock, ClockWarning
from app.discipline.records import Recommendation
from app.infra.db import Door
from app.infra.keys import Keys
from app.kernel.errors import Invalid, NotFound, Refused
from app.people.records import Demographic
from app.publication import actions
from app.publication.actions.building import signer_of
from app.publication.commands import AskForRelease, BuildRelease
from app.publication.jobs import build_release as build_job
from app.publication.jobs import publish_release as publish_job
from app.publication.records import PublishedFile, PublishedRelease, PublishedTable, ReleaseBuild
from app.publication.rules.figures import Figure, read_figures
from app.publication.rules.manifest import FIGURES, MANIFEST, NOTE, listed, manifest_bytes, read_manifest
from app.reporting.rules.view import View
from tests.conftest import KEYS, WorkAs
from tests.make import Make
from tests.publication.small_city import THROUGH, fill

PUBLISHER = Actor.system("publication", Door.PUBLISHER)
WORKER = Actor.system("release")
Files = dict[str, bytes]


def built(work_as: WorkAs, **given: object) -> Files:
    with work_as(WORKER) as work:
        return dict(actions.build_release(work, BuildRelease(**({"through": THROUGH} | given))).files)


def figures(files: Files) -> dict[tuple[str, str, str], Figure]:
    return {(f.measure, f.by, f.group): f for f in read_figures(files[FIGURES])}


def publish(work_as: WorkAs, files: Mapping[str, bytes]) -> None:
    with work_as(PUBLISHER) as work:
        actions.publish_release(work, files)


@pytest.fixture
def quick(make: Make, work_as: WorkAs, monkeypatch: pytest.MonkeyPatch) -> WorkAs:
    """Publishing without the charts and reports, which have tests of their own."""
    wiring = make.house.wiring
    parts = {name: part for name, part in wiring.parts.items() if name != "release_files"}
    object.__setattr__(make.house, "wiring", replace(wiring, parts=parts))
    return work_as


def test_a_release_counts_what_was_received_and_found_and_verifies_from_outside(make: Make, work_as: WorkAs) -> None:
    fill(make)
    files = built(work_as, unprotected=True)
    found = figures(files)
    assert found[("complaints", "all", "all")].numerator == 24
    assert found[("complaints", "year", "2024")][3:5] == (8, 24)
    assert found[("allegations", "class", "sustained")][3:5] == (8, 24)
    assert found[("officer_allegations", "all", "all")].numerator == 20
    assert found[("sustained_of_officer_allegations", "all", "all")][3:5] == (4, 20)
    assert found[("complaints_sustained", "all", "all")][3:5] == (8, 24)
    assert found[("complaints_sustained_officer", "all", "all")][3:5] == (4, 24)
    assert found[("complainants", "complainant_race", "black")][3:5] == (12, 24)
    assert found[("officers", "all", "all")].numerator == 4
    assert found[("penalties", "answer", "accepted")][3:5] == (4, 4)
    assert found[("demands", "state", "overdue")][3:5] == (1, 3)
    assert found[("complaints", "month", "2025-02")].numerator == 2
    checked = actions.verify_release(files)
    assert (checked.problems, checked.recomputed) == ([], checked.figures)
    assert "publication:release:built" in make.tags()


KEPT = ("in time", "late", "lapsed", "ended with the case", "still running")


def test_deadlines_are_counted_as_kept_late_or_lapsed_and_lapses_by_their_reason(make: Make, work_as: WorkAs) -> None:
    fill(make)
    case = make.all(Case)[0]
    due = date(2025, 6, 10)
    for stopped in (due, date(2025, 6, 11), date(2026, 3, 20), None):
        make.clock(case, "finish_investigation", started_on=date(2025, 1, 2), due_on=due, stopped_on=stopped)
    make.clock(case, "update_filer", started_on=date(2025, 1, 2), due_on=date(2026, 12, 1))
    make.clock(case, "update_filer", started_on=date(2026, 3, 17), due_on=date(2026, 12, 1))
    make.clock(case, "finish_investigation", started_on=date(2025, 1, 2), due_on=due, stopped_on=due, ended_early=True)
    make.clock(case, "finish_investigation", started_on=date(2025, 1, 2), due_on=None)
    lapsed = make.all(Clock, stopped_on=None, due_on=due, rule="finish_investigation")[0]
    lapse = {"clock_id": lapsed.id, "case_id": case.id, "step": 0, "due_on": due, "raised_on": due, "level": "holder"}
    make.row(ClockWarning(id=uuid4(), cause="staffing", **lapse))
    make.row(ClockWarning(id=uuid4(), cause="undone", **lapse | {"ended_on": due}))
    found = figures(built(work_as, unprotected=True))
    kept = {group: found[("clocks", "kept", group)].numerator for group in KEPT}
    assert kept == {"in time": 1, "late": 1, "lapsed": 2, "ended with the case": 1, "still running": 1}
    assert found[("clocks", "year,kept", "2025 | lapsed")][3:5] == (2, 5)
    assert found[("clocks", "clock,kept", "update_filer | still running")].numerator == 1
    assert {f.group: f.numerator for f in found.values() if (f.measure, f.by) == ("lapses", "cause")} == {"staffing": 1}


def test_an_answer_that_never_came_is_published_as_none(make: Make, work_as: WorkAs) -> None:
    fill(make)
    told: list[dict[str, Any]] = [
        {"due_on": date(2025, 7, 1)},
        {"due_on": date(2025, 7, 1), "answered_on": date(2026, 3, 2), "answer": "disagree"},
        {"due_on": date(2026, 3, 2)},
    ]
    sent: dict[str, Any] = {"sent_on": date(2025, 6, 1), "department_id": "rpd", "measure": "training", "version": 1}
    for number, given in enumerate(told):
        make.row(Recommendation(id=uuid4(), case_id=make.case().id, number=f"R-S{number}", **sent, **given))
    now = figures(built(work_as, unprotected=True))
    assert now[("penalties", "answer", "no answer")][3:5] == (2, 7)
    assert now[("penalties", "year,answer", "2025 | no answer")].numerator == 2
    assert now[("penalties", "answer", "disagree")].numerator == 1
    files = built(work_as, through=date(2026, 3, 1), unprotected=True)
    before = figures(files)
    assert before[("penalties", "answer", "no answer")].numerator == 2
    assert before[("penalties", "answer", "not yet due")].numerator == 1
    assert ("penalties", "answer", "disagree") not in before
    assert [View(files, language).label("answer", "no answer") for language in ("en", "es")] == [
        "No answer",
        "Sin respuesta",
    ]


def test_what_came_after_the_day_of_the_release_is_not_in_it(make: Make, work_as: WorkAs) -> None:
    make.case(received_on=date(2026, 3, 10))
    make.case(received_on=date(2025, 3, 10), closed_on=date(2025, 6, 1), stage=make.book.final_stages[0].code)
    found = figures(built(work_as, through=date(2025, 4, 1), unprotected=True))
    assert found[("complaints", "all", "all")].numerator == 1
    assert found[("complaints", "outcome", "open")].numerator == 1


def test_closures_that_the_rulebook_does_not_publish_are_left_out(make: Make, work_as: WorkAs) -> None:
    make.case(closure=make.book.publication.excluded_closures[0])
    make.case()
    assert figures(built(work_as))[("complaints", "all", "all")].numerator == 1


def test_a_finding_that_is_not_published_yet_is_not_counted(make: Make, work_as: WorkAs) -> None:
    allegation = make.allegation(make.case())
    make.finding(allegation, life="investigator")
    found = figures(built(work_as, unprotected=True))
    assert found[("allegations", "disposition", "(blank)")].numerator == 1


def test_an_empty_installation_gives_a_release_that_verifies_withstands_and_can_be_published(quick: WorkAs) -> None:
    files = built(quick)
    assert actions.verify_release(files).ok
    assert actions.attack_files(files) == []
    publish(quick, files)


def test_a_protected_release_holds_no_words_of_a_person_and_withstands(make: Make, work_as: WorkAs) -> None:
    fill(make)
    files = built(work_as)
    assert actions.attack_files(files) == []
    everything = b"".join(files.values())
    assert b"Nobody publishes" not in everything
    assert all(case.number.encode() not in everything for case in make.all(type(make.case())))
    races = {group for measure, by, group in figures(files) if by == "complainant_race" and measure == "complainants"}
    assert races == {"black", "(all other groups)"}


def test_a_published_release_is_copied_whole_with_one_event_and_not_twice(make: Make, quick: WorkAs) -> None:
    fill(make)
    files = built(quick)
    publish(quick, files)
    (release,) = make.all(PublishedRelease)
    assert release.manifest == json.loads(files[MANIFEST])
    tables = {table.name: table.csv for table in make.all(PublishedTable)}
    assert tables["figures"] == files[FIGURES]
    assert tables["cases"] == files["tables/cases.csv"]
    assert {file.name: file.body for file in make.all(PublishedFile)}[NOTE] == files[NOTE]
    assert make.tags()[-1] == "publication:release:published"
    with pytest.raises(Refused, match="public already"):
        publish(quick, files)


def resigned(make: Make, files: Files, **changed: object) -> Files:
    """The same with another manifest, signed by the installation's own key as if it were protected."""
    manifest = read_manifest(files[MANIFEST])
    kept = {name: content for name, content in files.items() if name not in (MANIFEST, NOTE, "verifier.key")}
    manifest = manifest.model_copy(update={"files": listed(kept), **changed})
    content = manifest_bytes(manifest)
    signer = signer_of(make.house.keys, manifest.agency, protected=True)
    note = signer.sign(len(manifest.files), hashlib.sha256(content).digest())
    return {**kept, MANIFEST: content, NOTE: note.encode(), "verifier.key": signer.verifier_key.encode()}


def test_an_unprotected_release_is_never_published_whatever_is_made_of_it(make: Make, quick: WorkAs) -> None:
    fill(make)
    files = built(quick, unprotected=True)
    manifest = read_manifest(files[MANIFEST])
    assert all("UNPROTECTED" in entry.file for entry in manifest.tables)
    with pytest.raises(Refused, match="never published"):
        publish(quick, files)
    claimed = manifest_bytes(manifest.model_copy(update={"protected": True, "id": "2026-01-01-aaaaaaaaaa"}))
    with pytest.raises(Refused, match="never published"):
        publish(quick, files | {MANIFEST: claimed})
    renamed = {
        name.replace("UNPROTECTED-", ""): content for name, content in files.items() if name != "UNPROTECTED.txt"
    }
    with pytest.raises(Refused, match="does not verify"):
        publish(quick, renamed | {MANIFEST: claimed})
    tables = tuple(t.model_copy(update={"file": t.file.replace("UNPROTECTED-", "")}) for t in manifest.tables)
    signed = resigned(make, renamed, protected=True, id="2026-01-01-aaaaaaaaaa", tables=tables)
    with pytest.raises(Refused, match=r"does not (verify|withstand)"):
        publish(quick, signed)
    assert make.all(PublishedRelease) == []
    assert "publication:release:published" not in make.tags()


CHANGES = {
    "a figure": lambda files: files.update({FIGURES: files[FIGURES].replace(b",24,", b",25,", 1)}),
    "a table": lambda files: files.update({"tables/cases.csv": files["tables/cases.csv"] + b"2026,rpd,open,1\r\n"}),
    "a file more": lambda files: files.update({"tables/more.csv": b"a,b\r\n1,2\r\n"}),
    "a file less": lambda files: files.pop("tables/cases.csv"),
    "the manifest": lambda files: files.update({MANIFEST: files[MANIFEST].replace(b'"threshold":5', b'"threshold":2')}),
    "no manifest": lambda files: files.pop(MANIFEST),
    "the note": lambda files: files.update({NOTE: files[NOTE][:-8] + b"AAAAAA=\n"}),
    "the key": lambda files: files.update({"verifier.key": b"candor/riverbend/release+00000000+AAAA"}),
    "a name": lambda files: files.update({"../x": b""}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_changed_in_a_release_is_found(change: str, make: Make, work_as: WorkAs) -> None:
    fill(make)
    files = built(work_as)
    CHANGES[change](files)
    assert not actions.verify_release(files).ok


def test_a_figure_that_does_not_follow_from_the_tables_is_found_though_it_is_signed(
    make: Make, work_as: WorkAs
) -> None:
    fill(make)
    files = built(work_as)
    files[FIGURES] = files[FIGURES].replace(b"complaints,all,all,24", b"complaints,all,all,23")
    problems = actions.verify_release(resigned(make, files)).problems
    assert any("does not follow" in problem for problem in problems)


def test_a_release_signed_by_another_key_is_not_published(make: Make, quick: WorkAs) -> None:
    fill(make)
    with quick(WORKER) as work:
        object.__setattr__(work.house, "keys", Keys(b"x" * 32))
        files = dict(actions.build_release(work, BuildRelease(through=THROUGH)).files)
        object.__setattr__(work.house, "keys", KEYS)
    assert actions.verify_release(files).ok
    with pytest.raises(Refused, match="does not verify"):
        publish(quick, files)


def test_a_later_release_withholds_what_would_show_a_few_new_complainants(make: Make, quick: WorkAs) -> None:
    fill(make)
    publish(quick, built(quick))
    case = make.case()
    make.row(Demographic(id=uuid4(), case_id=case.id, position=1, race="black", sex="female"))
    later = built(quick)
    withheld = {entry.name: entry.withheld for entry in read_manifest(later[MANIFEST]).tables if entry.withheld}
    assert withheld["complainants_by_race"] == "close_to_an_earlier_release"
    publish(quick, later)


def test_the_public_role_reads_what_is_published_and_nothing_else(make: Make, work_as: WorkAs) -> None:
    make.case()
    anyone = Actor.anyone(Door.PUBLIC, make.house.access.of(frozenset({Role.ANYONE})))
    tables = ("public.cases", "public.allegations", "public.persons", "public.journal_entries", "public.release_builds")
    with work_as(anyone) as work:
        assert work.session.execute(text("SELECT count(*) FROM release.releases")).scalar() == 0
    for table in tables:
        with pytest.raises(ProgrammingError, match="permission denied"), work_as(anyone) as work:
            work.session.execute(text(f"SELECT 1 FROM {table}"))
    with pytest.raises(ProgrammingError, match="permission denied"), work_as(anyone) as work:
        work.session.execute(text("INSERT INTO release.bulletins VALUES ('1', 'a', 'b', 'c', 'd', now())"))


def test_the_publisher_reads_no_case_and_changes_nothing_that_is_published(make: Make, work_as: WorkAs) -> None:
    make.case()
    for statement in ("SELECT 1 FROM cases", "UPDATE release.releases SET note = ''", "DELETE FROM release.releases"):
        with pytest.raises(ProgrammingError, match="permission denied"), work_as(PUBLISHER) as work:
            work.session.execute(text(statement))


def test_the_office_asks_the_worker_builds_and_a_second_person_publishes(make: Make, quick: WorkAs) -> None:
    fill(make)
    with quick("analyst") as work:
        build_id = actions.ask_for_release(work, AskForRelease(through=THROUGH)).id
    with quick(Actor.system("build_release")) as work:
        build_job(work, build_id)
    (build,) = make.all(ReleaseBuild)
    assert (build.state, build.verified, build.findings["findings"]) == ("built", True, [])
    with quick(Actor.system("build_release")) as work:
        build_job(work, build_id)
    assert make.all(ReleaseBuild)[0].release_id == build.release_id
    with quick("director") as work:
        actions.ask_to_publish(work, build_id)
    for _ in range(2):
        with quick(Actor.system("publish_release")) as work:
            publish_job(work, build_id)
    assert make.all(ReleaseBuild)[0].state == "published"
    assert [release.id for release in make.all(PublishedRelease)] == [build.release_id]


def test_nobody_publishes_the_release_that_they_asked_for(make: Make, quick: WorkAs) -> None:
    with quick("director") as work:
        build_id = actions.ask_for_release(work, AskForRelease(through=THROUGH)).id
    with quick(Actor.system("build_release")) as work:
        build_job(work, build_id)
    before = make.tags()
    with pytest.raises(Refused, match="other than the person"), quick("director") as work:
        actions.ask_to_publish(work, build_id)
    assert (make.all(ReleaseBuild)[0].state, make.tags()) == ("built", before)


def test_a_day_to_come_is_refused_on_the_page_and_cut_to_today_on_the_command_line(make: Make, work_as: WorkAs) -> None:
    with pytest.raises(Invalid), work_as("analyst") as work:
        actions.ask_for_release(work, AskForRelease(through=date(2026, 3, 17)))
    assert make.all(ReleaseBuild) == []
    assert read_manifest(built(work_as, through=date(2030, 1, 1))[MANIFEST]).through == make.today


def test_a_folder_is_written_whole_and_never_over_another(tmp_path: Path) -> None:
    files = {"manifest.json": b"{}", "tables/a.csv": b"x"}
    actions.write_folder(tmp_path / "one", files)
    assert actions.read_folder(tmp_path / "one") == files
    with pytest.raises(Refused, match="there already"):
        actions.write_folder(tmp_path / "one", files)
    with pytest.raises(NotFound):
        actions.read_folder(tmp_path / "none")
    with pytest.raises(NotFound, match="no release"):
        actions.read_folder(tmp_path)
    (tmp_path / "one" / "link").symlink_to("/etc/hosts")
    with pytest.raises(Refused, match="links"):
        actions.read_folder(tmp_path / "one")
    assert actions.unpack(actions.pack(files)) == files

"""A report is made of a release alone, is tagged, and can be checked against it."""

import io
import json
from typing import Any

import pikepdf
import pytest

from app.access.actor import Actor
from app.infra.pdf import render_pdf
from app.kernel.errors import NotFound, Refused
from app.kernel.translations import APPROVED, English, fingerprint
from app.publication import actions
from app.publication.commands import BuildRelease
from app.publication.rules.manifest import DEFINITIONS, FIGURES
from app.publication.rules.periods import parse_period
from app.publication.rules.tables import BLANK
from app.reporting.letters import Report, make_report, verify_report
from app.reporting.rules.blocks import key_figures, sections_of
from app.reporting.rules.specs import SPECS
from app.reporting.rules.view import View
from app.web.words import catalogue
from tests.conftest import WorkAs
from tests.make import Make
from tests.publication.small_city import THROUGH, fill

Files = dict[str, bytes]


@pytest.fixture
def files(make: Make, work_as: WorkAs) -> Files:
    fill(make)
    with work_as(Actor.system("release")) as work:
        return dict(actions.build_release(work, BuildRelease(through=THROUGH)).files)


def report(files: Files, period: str = "2025", language: str = "en", kind: str = "annual") -> Report:
    return make_report(files, kind, parse_period(period), language)


def test_an_annual_report_is_tagged_and_every_figure_in_it_is_in_the_release(files: Files) -> None:
    made = report(files)
    with pikepdf.open(io.BytesIO(made.pdf)) as paper:
        assert paper.Root.MarkInfo.Marked
        assert str(paper.Root.Lang) == "en"
        assert "pdfuaid" in str(paper.Root.Metadata.read_bytes())
        assert len(paper.pages) == made.pages
    done = verify_report(made.pdf, files)
    assert (done.problems, done.found) == ([], done.figures)
    assert done.figures == made.figures > 60


def test_a_report_in_spanish_has_no_english_word_of_ours_and_verifies(files: Files) -> None:
    made = report(files, "all", "es")
    assert verify_report(made.pdf, files).ok
    for english in ("Key figures", "Divided by", "Complaints", "withheld", "Share", "All years"):
        assert english not in made.html.split("</style>", 1)[1], english


def test_a_machine_s_word_for_a_finding_waits_for_a_person_beside_figures_too(files: Files) -> None:
    APPROVED.replace(())
    told = json.loads(files[DEFINITIONS])
    told["labels"]["disposition"] = {"sustained": {"en": "Sustained", "vi": "Có căn cứ", "es": "Comprobada"}}
    told["labels"]["category"] = {"force": {"en": "Force", "vi": "Vũ lực"}, "stop": {"en": "Stop"}}
    view = View({**files, DEFINITIONS: json.dumps(told).encode()}, "vi")
    assert view.label("category", "force") == "Vũ lực"
    found = view.label("disposition", "sustained")
    assert (found, type(found)) == ("Sustained", English)
    assert type(view.label("category", "stop")) is English
    assert view.label("category", "as a source wrote it") == "as a source wrote it"
    APPROVED.replace([fingerprint("vi", "Sustained", "Có căn cứ")])
    assert view.label("disposition", "sustained") == "Có căn cứ"
    APPROVED.replace(())
    assert (
        View({**files, DEFINITIONS: json.dumps(told).encode()}, "es").label("disposition", "sustained") == "Comprobada"
    )


def test_our_own_words_for_groups_come_from_the_catalogues(files: Files) -> None:
    APPROVED.replace(())
    view = View(files, "pt", catalogue("pt").pgettext)
    assert view.label("kept", "late") == "Com atraso"
    assert view.label("category", BLANK) == "Não informado"
    assert view.label("language", "es") == "Español"
    assert type(view.label("class", "not_sustained")) is English


def test_a_month_is_named_in_every_language_that_is_spoken_here(files: Files) -> None:
    named = {
        code: View(files, code).label("month", "2025-03") for code in ("en", "es", "ar", "zh-Hans", "zh-Hant", "ht")
    }
    assert named["ht"] == "mas 2025"
    assert named["en"] == "Mar 2025"
    assert named["zh-Hans"] == named["zh-Hant"] == "2025年3月"
    assert len(set(named.values())) == 5


@pytest.mark.parametrize("period", ["2025-H1", "2025-Q1", "2025-03", "all"])
def test_every_kind_of_period_has_a_report(period: str, files: Files) -> None:
    view = View(files)
    chosen = parse_period(period)
    blocks = [block for section in sections_of(view, chosen) for block in section.blocks]
    assert key_figures(view, chosen).rows
    assert {"complaints-by-classification", "allegations-by-category", "allegations-by-disposition"} & {
        b.id for b in blocks
    }


def test_a_period_of_which_the_release_knows_nothing_is_refused_with_what_it_knows(files: Files) -> None:
    with pytest.raises(Refused, match="2024 to 2025"):
        report(files, "1999")
    with pytest.raises(NotFound, match="annual"):
        report(files, kind="nonsense")
    with pytest.raises(Refused, match="no words"):
        report(files, language="fr")


def test_a_report_is_not_of_another_release(files: Files, work_as: WorkAs) -> None:
    made = report(files)
    with work_as(Actor.system("release")) as work:
        other = dict(actions.build_release(work, BuildRelease(through=THROUGH)).files)
    problems = verify_report(made.pdf, other).problems
    assert "not of" in problems[0]


def test_a_figure_that_the_release_does_not_have_is_found(files: Files) -> None:
    made = report(files)
    changed = files | {FIGURES: files[FIGURES].replace(b"complaints,year,2025,16", b"complaints,year,2025,17")}
    assert any("another figure" in problem for problem in verify_report(made.pdf, changed).problems)


def test_a_number_changed_on_the_paper_itself_is_found(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    def another_number(html: str, **given: Any) -> bytes:
        return render_pdf(html.replace(">16<", ">99<"), **given)

    monkeypatch.setattr("app.reporting.letters.report.render_pdf", another_number)
    made = report(files)
    assert any("not what the report shows" in problem for problem in verify_report(made.pdf, files).problems)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"x" * 5000])
def test_what_is_no_report_is_refused(content: bytes, files: Files) -> None:
    with pytest.raises(Refused):
        verify_report(content, files)


def test_a_withheld_breakdown_says_so_and_why(files: Files) -> None:
    head, _, rest = files[FIGURES].partition(b"complaints,channel,")
    lines = rest.split(b"\r\n", 1)[1]
    while lines.startswith(b"complaints,channel,"):
        lines = lines.split(b"\r\n", 1)[1]
    shown = head + b"complaints,channel,(every group),,,small_cell\r\n" + lines
    made = report(files | {FIGURES: shown}, "all")
    assert "Withheld: A group of the people who complained is so small" in made.html


def test_every_table_has_its_words(files: Files) -> None:
    view = View(files)
    assert {column.measure for spec in SPECS for column in spec.columns} <= set(view.measures)
    assert len({spec.id for spec in SPECS}) == len(SPECS)

"""The paper comes out tagged, named and the same each time; nothing from outside comes into it."""

import io
import sys
import time
from pathlib import Path

import pdfua
import pypdf
import pytest

from app.infra import pdf
from app.infra.pdf import PdfError, render_pdf

BODY = """<h1>Case 2026-1</h1><p>He shouted at me. Ñandú.</p>
<table><caption>Findings</caption><thead><tr><th scope="col">Allegation</th><th scope="col">Finding</th></tr></thead>
<tbody><tr><th scope="row">Force</th><td>Sustained</td></tr></tbody></table>"""
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8ffff3f0005fe02fea7"
    "3581d30000000049454e44ae426082"
)


def paper(body: str = BODY, head: str = "") -> str:
    return f'<!doctype html><html lang="en"><head><title>x</title>{head}</head><body>{body}</body></html>'


@pytest.fixture(scope="module")
def made() -> bytes:
    return render_pdf(paper(), title="Packet of the case 2026-1", language="es")


def test_a_paper_passes_the_checks_of_pdf_ua(made: bytes, tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(made)
    report = pdfua.validate(str(tmp_path / "paper.pdf"))
    assert [finding.message for finding in report.findings] == []


def test_its_title_and_language_are_what_was_asked_for(made: bytes) -> None:
    read = pypdf.PdfReader(io.BytesIO(made))
    assert read.metadata is not None
    assert read.metadata.title == "Packet of the case 2026-1"
    assert str(read.root_object["/Lang"]) == "es"
    assert "/StructTreeRoot" in read.root_object


def test_its_words_can_be_taken_out_again(made: bytes) -> None:
    words = pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text()
    assert "He shouted at me. Ñandú." in words
    assert "Sustained" in words


def test_the_same_paper_gives_the_same_bytes(made: bytes) -> None:
    assert render_pdf(paper(), title="Packet of the case 2026-1", language="es") == made


def test_a_picture_that_is_carried_along_is_set() -> None:
    with_dot = render_pdf(
        paper('<p><img src="asset:dot.png" alt="A dot"></p>'), title="t", language="en", assets={"dot.png": DOT}
    )
    assert b"/Image" in with_dot


@pytest.mark.parametrize(
    "body",
    [
        '<img src="file:///etc/passwd" alt="x">',
        '<img src="http://127.0.0.1:1/x.png" alt="x">',
        '<img src="https://example.org/x.png" alt="x">',
        '<img src="ftp://example.org/x.png" alt="x">',
        '<img src="asset:not-carried" alt="x">',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<a rel="attachment" href="file:///etc/passwd">x</a>',
        '<object data="file:///etc/passwd"></object>',
        "<style>@import url(http://127.0.0.1:1/x.css)</style>",
        "<style>@font-face { font-family: a; src: url(file:///etc/passwd) } p { font-family: a }</style><p>x</p>",
        "<style>p { background: url(file:///etc/passwd) }</style><p>x</p>",
    ],
)
def test_what_asks_for_something_from_outside_makes_no_paper(body: str) -> None:
    with pytest.raises(PdfError, match="from outside"):
        render_pdf(paper(body), title="t", language="en")


def test_a_paper_with_a_hole_in_it_is_not_handed_on() -> None:
    with pytest.raises(PdfError, match="cannot be set"):
        render_pdf(paper('<img src="relative.png" alt="x">'), title="t", language="en")


def test_a_paper_that_takes_too_long_is_given_up_and_leaves_nothing_running() -> None:
    begun = time.monotonic()
    with pytest.raises(PdfError, match="not ready after 2 seconds"):
        render_pdf(paper("<p>" + "word " * 400_000 + "</p>"), title="t", language="en", seconds=2)
    assert time.monotonic() - begun < 10


def test_a_paper_of_too_many_characters_is_refused_before_anything_starts() -> None:
    with pytest.raises(PdfError, match="characters"):
        render_pdf("x" * (pdf.MOST_HTML + 1), title="t", language="en")


def test_a_paper_of_too_many_pages_is_refused() -> None:
    page = '<p style="break-after: page">x</p>'
    with pytest.raises(PdfError, match="pages"):
        render_pdf(paper(page * (pdf.MOST_PAGES + 1)), title="t", language="en")


@pytest.mark.parametrize("body", ["<div>" * 3000, '<p style="font-size: 1e9px">x</p>'])
def test_what_breaks_the_renderer_breaks_only_the_child(body: str) -> None:
    with pytest.raises(PdfError):
        render_pdf(paper(body), title="t", language="en")


def test_a_machine_without_the_renderers_libraries_says_who_names_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code = "import sys; sys.modules['weasyprint'] = None; from app.infra import pdf; sys.exit(pdf.main())"
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{code}"\n')
    bare.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(bare))
    with pytest.raises(PdfError, match="doctor"):
        render_pdf(paper(), title="t", language="en")

"""The form, the cards and the phone script: every question of the rulebook, in each language, for every reader."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pdfua
import pytest
from pypdfium2 import PdfDocument  # type: ignore[import-untyped]

from app.intake.rules import printed
from tests.conftest import ClientAs
from tests.make import Make


def words_of(pdf: bytes) -> str:
    return " ".join(page.get_textpage().get_text_range() for page in PdfDocument(pdf)).replace("\r\n", " ")


def test_the_form_on_paper_asks_what_the_rulebook_asks(make: Make) -> None:
    for language in make.book.language_codes:
        parts = printed.pages(make.book, language, str)
        asked = [line.label for part in parts for line in part.lines]
        assert asked == [field.label.to(language) for page in make.book.form.pages for field in page.fields]
        assert all(
            line.options for part in parts for line in part.lines if line.kind in ("choice", "choices", "yes_no")
        )


def test_what_hangs_on_an_answer_says_so_in_words(make: Make) -> None:
    parts = printed.pages(make.book, "en", str)
    shown = {part.label: part.only for part in parts}
    hanging = [page for page in make.book.form.pages if page.shown_when is not None]
    assert hanging
    for page in hanging:
        asked = make.book.form.field(page.shown_when.field)
        assert asked is not None
        assert asked.label.to("en") in shown[page.label.to("en")]


@pytest.mark.parametrize("address", ["/file/print", "/file/card"])
def test_the_page_is_for_everybody_in_each_language(client_as: ClientAs, make: Make, address: str) -> None:
    client = client_as(None)
    for language in make.book.language_codes:
        got = client.get(f"{address}?lang={language}")
        assert got.status_code == 200
        assert f'lang="{language}"' in got.text
        assert make.book.name.to(language) in got.text
        assert "set-cookie" not in got.headers


def read(client: Any, address: str) -> SimpleNamespace:
    got = client.get(address)
    assert got.status_code == 200, got.text
    assert got.headers["content-type"] == "application/pdf"
    return SimpleNamespace(content=got.content, words=words_of(got.content))


def problems(folder: Path, paper: SimpleNamespace) -> list[str]:
    (folder / "paper.pdf").write_bytes(paper.content)
    return [finding.message for finding in pdfua.validate(str(folder / "paper.pdf")).findings]


def test_the_blank_form_is_tagged_and_says_where_to_send_it(client_as: ClientAs, make: Make, tmp_path: Path) -> None:
    paper = read(client_as(None), "/file/print/form.pdf?lang=es")
    assert problems(tmp_path, paper) == []
    assert "Adónde enviarlo" in paper.words
    assert make.book.form.title.to("es") in paper.words


def test_ten_cards_on_one_sheet_with_a_code(client_as: ClientAs, make: Make, tmp_path: Path) -> None:
    paper = read(client_as(None), "/file/card/sheet.pdf?lang=en")
    assert problems(tmp_path, paper) == []
    assert len(PdfDocument(paper.content)) == 1
    assert paper.words.count(make.house.base_url.partition("//")[2]) == 10


def test_the_phone_script_stands_beside_the_callers_language(client_as: ClientAs, make: Make) -> None:
    shown = client_as("intake").get("/office/filings/script?speak=es").text
    for page in make.book.form.pages:
        for field in page.fields:
            assert str(field.label) in shown or str(field.say or "") in shown
    assert 'lang="es"' in shown
    assert client_as("analyst").get("/office/filings/script").status_code == 403

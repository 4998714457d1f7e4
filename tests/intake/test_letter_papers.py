"""A letter as a paper: for its filer and for the office, tagged, in its own language, with whose it is on it."""

import io
from pathlib import Path
from uuid import uuid4

import pdfua
import pytest
from pypdf import PdfReader
from pypdfium2 import PdfDocument  # type: ignore[import-untyped]

from app.correspondence.records import Letter
from app.correspondence.rules import parts_of
from app.intake import letters
from tests.conftest import ClientAs, WorkAs
from tests.intake.test_pages import Filer, file, filing_of
from tests.make import Make

ENGLISH = "To the person who wrote to us\n\nThis is what was found:\n\n- Force: it happened.\n- Words: not proven."
ARABIC = "إلى من كتب إلينا\n\nأغلقنا شكواك.\n\n- القوة: حدث ذلك."


@pytest.fixture
def filer(client_as: ClientAs, make: Make, work_as: WorkAs) -> Filer:
    return Filer(client_as(), file(make, work_as).passphrase.words)


def letter_of(make: Make, language: str, subject: str, body: str) -> Letter:
    row = Letter(
        id=uuid4(),
        filing_id=filing_of(make).id,
        kind="closing",
        language=language,
        addressee="filer",
        subject=subject,
        body=body,
        written_at=make.now,
    )
    make.row(row)
    return row


def checked(paper: bytes, folder: Path) -> tuple[str, list[str]]:
    """Its words, and what the checks of PDF/UA find."""
    (folder / "letter.pdf").write_bytes(paper)
    words = " ".join(page.get_textpage().get_text_range() for page in PdfDocument(paper))
    return " ".join(words.split()), [each.message for each in pdfua.validate(str(folder / "letter.pdf")).findings]


def test_its_filer_takes_a_letter_as_a_tagged_paper_and_the_office_knows_that_it_arrived(
    filer: Filer, make: Make, tmp_path: Path
) -> None:
    letter = letter_of(make, "en", "It is closed", ENGLISH)
    assert f"/my/letters/{letter.id}/letter.pdf" in filer.client.get(f"/my/letters/{letter.id}").text
    got = filer.client.get(f"/my/letters/{letter.id}/letter.pdf")
    assert got.headers["content-type"] == "application/pdf"
    assert got.headers["cache-control"] == "no-store"
    words, wrong = checked(got.content, tmp_path)
    assert wrong == []
    for said in (make.book.name.to("en"), filing_of(make).number, "It is closed", "Force: it happened.", "1 / 1"):
        assert said in words
    assert make.tags()[-1] == "correspondence:letter:opened"


def test_the_office_takes_the_same_in_the_language_of_its_filer_and_it_is_an_opening(
    filer: Filer, make: Make, client_as: ClientAs, tmp_path: Path
) -> None:
    letter, filing = letter_of(make, "ar", "شكواك مغلقة", ARABIC), filing_of(make)
    path = f"/office/filings/{filing.id}/letters/{letter.id}/letter.pdf"
    assert path in client_as("intake").get(f"/office/filings/{filing.id}").text
    got = client_as("intake").get(path)
    words, wrong = checked(got.content, tmp_path)
    assert wrong == []
    assert "القوة" in words
    assert str(PdfReader(io.BytesIO(got.content)).root_object["/Lang"]) == "ar"
    assert make.tags()[-1] == "intake:filing:opened"
    assert client_as("analyst").get(path).status_code == 403
    assert client_as("intake").get(f"/office/filings/{filing.id}/letters/{uuid4()}/letter.pdf").status_code == 404


def test_where_many_are_being_made_the_page_says_so_and_the_letter_can_be_read(
    filer: Filer, make: Make, client_as: ClientAs, work_as: WorkAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = letter_of(make, "en", "It is closed", ENGLISH)
    path = f"/my/letters/{letter.id}/letter.pdf"
    monkeypatch.setattr(letters, "paper_now", lambda *_: None)
    got = filer.client.get(path)
    assert got.status_code == 503
    assert "The PDF is not ready yet" in got.text
    assert "it happened" in got.text
    other = Filer(client_as(), file(make, work_as, key="k2").passphrase.words)
    assert other.client.get(path).status_code == 404
    assert "passphrase" in client_as().get(path).text


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ("One.\nTwo.\n\nThree.", [(["One.", "Two."], False), (["Three."], False)]),
        ("Found:\n- a\n- b\nAnd so on.", [(["Found:"], False), (["a", "b"], True), (["And so on."], False)]),
        ("\n\n  \n\nx", [(["x"], False)]),
        ("", []),
    ],
)
def test_lines_with_a_dash_are_a_list(body: str, parts: list[tuple[list[str], bool]]) -> None:
    assert parts_of(body) == parts

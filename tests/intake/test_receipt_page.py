"""The receipt: shown once, in several forms, left only on purpose; nothing of it is kept here or in an address."""

import io
import re
from pathlib import Path
from typing import Any

import pdfua
import pytest
from PIL import Image
from pypdf import PdfReader

from app.intake.letters import receipt_picture
from tests.conftest import ClientAs
from tests.intake.test_drafts import filled, walked
from tests.intake.test_filing_pages import Phone

VALUE = re.compile(r'receipt__value"[^>]*>(?:<bdi[^>]*>)?([^<]+)<')


@pytest.fixture
def receipt(client_as: ClientAs) -> Phone:
    return filled(Phone(client_as())).send("send")


def test_it_shows_number_words_digits_and_a_picture(receipt: Phone) -> None:
    number, words, digits = VALUE.findall(receipt.text)
    assert number
    assert len(words.split()) == 6
    assert re.fullmatch(r"(\d{4} ){5}\d{4}", digits)
    assert 'src="data:image/png;base64,' in receipt.page.text
    assert receipt.page.url.query == b"lang=en"
    assert "case number" not in receipt.text.casefold()


def test_the_words_of_the_picture_are_not_said_twice_to_who_listens(receipt: Phone) -> None:
    _, words, digits = VALUE.findall(receipt.text)
    for alt in re.findall(r'alt="([^"]*)"', receipt.page.text):
        assert words not in alt
        assert digits not in alt


def test_the_picture_is_a_picture_and_differs_with_the_words() -> None:
    one = receipt_picture("F-1", "abacus abdomen abdominal abide abiding ability", "0000 0001 0002 0003 0004 0005")
    other = receipt_picture("F-1", "abacus abdomen abdominal abide abiding able", "0000 0001 0002 0003 0004 0006")
    assert Image.open(io.BytesIO(one)).width == 720
    assert one != other
    assert len(one) < 10_000


def test_nothing_leads_away_before_the_confirmation_but_the_quick_way_out(receipt: Phone) -> None:
    before, _, after = receipt.page.text.partition('name="written"')
    assert after
    ways = re.findall(r'href="(?!#)([^"]+)"', before.partition("<body")[2])
    assert [way for way in ways if not way.startswith(("/leav", "http"))] == []


@pytest.mark.parametrize(
    ("anonymity", "words"), [("anonymous", "nobody can give you new words"), ("named", "new words")]
)
def test_who_gave_no_name_is_told_that_it_cannot_be_replaced(client_as: ClientAs, anonymity: str, words: str) -> None:
    phone = filled(Phone(client_as()), anonymity=anonymity).send("send")
    assert words in phone.text
    assert ("nobody can give you new words" in phone.text) is (anonymity == "anonymous")


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_paper_holds_it_all_and_is_tagged(client_as: ClientAs, tmp_path: Path, language: str) -> None:
    phone = filled(Phone(client_as(), language)).send("send")
    _, words, digits = VALUE.findall(phone.text)
    paper: Any = phone.send("save/paper").page
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.headers["content-disposition"].startswith("attachment")
    (tmp_path / "receipt.pdf").write_bytes(paper.content)
    assert [fault.message for fault in pdfua.validate(str(tmp_path / "receipt.pdf")).findings] == []
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages).split())
    assert words in text
    assert digits in text


def test_picture_and_paper_are_made_of_what_the_page_holds_alone(receipt: Phone) -> None:
    for to in ("save", "save/picture", "save/paper", "finish"):
        answer = receipt.client.post(
            f"/file/{to}?lang=en", data={"receipt": "x" * 60}, headers={"sec-fetch-site": "same-origin"}
        )
        assert (answer.status_code, answer.headers["location"]) == (303, "/my")
    assert receipt.send("save/picture").page.content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("kind", "title", "after"),
    [
        ("compliment", "We have your thanks", "Your good words about the police are with us."),
        ("concern", "We have your worry", "What worries you is with us."),
        ("complaint", "We have your complaint", "Your complaint is with us."),
    ],
)
def test_what_was_sent_is_called_by_its_own_word(client_as: ClientAs, kind: str, title: str, after: str) -> None:
    phone = filled(Phone(client_as()), kind=kind).send("send")
    assert f"<h1>{title}</h1>" in phone.page.text
    assert after in phone.send("finish", written="yes").text


def test_whom_one_role_protects_is_offered_no_way_in_which_the_department_learns_the_name(client_as: ClientAs) -> None:
    officer = walked(Phone(client_as()), "anonymity", relationship="officer").text
    assert "Nobody else here sees it" in officer
    assert "Use my name" not in officer
    assert "Keep my name inside this office" in officer
    assert "Use my name" in walked(Phone(client_as()), "anonymity").text

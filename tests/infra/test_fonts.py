"""A paper carries the fonts of its own signs, on whatever machine it is made."""

import re

import pytest
from pypdfium2 import PdfDocument  # type: ignore[import-untyped]

from app.infra.directions import with_directions
from app.infra.fonts import with_fonts
from app.infra.pdf import render_pdf

HEAD = '<html lang="{0}"><head><style>html {{ font: 11pt "Candor Scripts", serif, "Candor Latin" }}</style></head>'
WORDS = {
    "ar": "شرطة",
    "ne": "उजुरी",
    "zh-Hans": "请告诉我们发生了什么事",
    "zh-Hant": "請告訴我們發生了什麼事",
    "vi": "Quý vị hãy cho chúng tôi biết chuyện gì",
}


def paper(language: str, words: str) -> str:
    return HEAD.format(language) + f"<body><p>{words}</p></body></html>"


@pytest.mark.parametrize(("language", "words"), WORDS.items())
def test_every_sign_of_a_language_has_a_font_that_is_carried(language: str, words: str) -> None:
    html, fonts = with_fonts(paper(language, words), language)
    named = {int(sign, 16) for sign in re.findall(r"U\+([0-9A-F]+)", html)}
    assert {ord(sign) for sign in words} <= named
    assert fonts
    assert all(f"asset:{name}" in html for name in fonts)
    assert "Candor Scripts" not in html


def test_a_joiner_among_the_punctuation_takes_no_letter_out_of_its_font() -> None:
    html, _ = with_fonts(paper("ne", "उजुरी र\u200dय – “२”"), "ne")
    (named,) = re.findall(r'family: "Candor noto-sans-devanagari[^}]*unicode-range: ([^;]+);', html)
    assert {f"U+{ord(sign):X}" for sign in "उजुरीरय२\u200d"} == set(named.split(", "))


@pytest.mark.parametrize(
    ("said", "runs"),
    [
        ('<p dir="auto">We wrote.</p>', "ltr"),
        ('<p dir="auto">كتبنا.</p>', "rtl"),
        ('<p dir="auto" class="x"><b>12.</b> <i>كتبنا</i> to you</p>', "rtl"),
        ('<p dir="auto">12 – 13</p>', "ltr"),
        ('<p dir="auto"></p>', "ltr"),
    ],
)
def test_words_run_as_their_first_letter_does(said: str, runs: str) -> None:
    assert with_directions(said) == said.replace("auto", runs)


def test_english_carries_its_letters_alone_and_none_before_the_papers_own() -> None:
    html, fonts = with_fonts(paper("en", "Tell us what happened."), "en")
    assert [name.rpartition("-wght")[0] for name in fonts] == ["font/noto-sans-latin"]
    assert 'font: 11pt serif, "Candor noto-sans-latin' in html


def test_one_paper_in_five_scripts_is_set_and_read_again() -> None:
    together = " ".join(WORDS.values())
    made = PdfDocument(render_pdf(paper("zh-Hans", together), title="Five", language="zh-Hans"))
    read = " ".join(made[0].get_textpage().get_text_range().split())
    assert all(WORDS[language] in read for language in ("ar", "zh-Hans", "zh-Hant", "vi"))
    assert {"\ufffd", "\u25a1"}.isdisjoint(read)

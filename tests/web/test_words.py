"""Every catalogue says what the English says, with its gaps and without more; what stands in English is marked."""

import re
from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from markupsafe import Markup

from app.config import PROJECT
from app.kernel.text import LocalText
from app.kernel.translations import APPROVED, English, Unchecked, fingerprint
from app.web import templates as kit
from app.web.english import OFFER_HERE, finalize, marked, settle
from app.web.shell import BY_SCRIPT, _offered
from app.web.templates import Page
from app.web.words import MACHINE, PROTECTED, TEMPLATES, Entry, Words, catalogue, direction

FILES = sorted(TEMPLATES.glob("*/locale/*.po"))
OFFERED = ("en", "es", "pt", "ht", "ne", "zh-Hans", "zh-Hant", "vi", "ar")
GAP = re.compile(r"%\(\w+\)s|\{\w+\}")
TAG = re.compile(r"</?[a-zA-Z][^>]*>")
# Whatever is in neither of these is written in the other script; 於 and 著 are in both, for names.
SCRIPTS = {"zh-Hans": ("gb2312", "於著"), "zh-Hant": ("big5", "")}
RULEBOOK = PROJECT / "policies/riverbend/2025-01-01"
TURNS_TEXT = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


@pytest.fixture(autouse=True)
def nothing_is_approved() -> None:
    APPROVED.replace(())


def parts(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def messages(path: Path) -> list[Message]:
    with path.open("rb") as source:
        return [each for each in read_po(source, locale=path.stem.replace("-", "_")) if each.id]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_a_catalogue_says_what_the_english_says(path: Path) -> None:
    with path.open("rb") as source:
        forms = read_po(source, locale=path.stem.replace("-", "_")).num_plurals
    wrong = []
    for message in messages(path):
        english, said = parts(message.id), parts(message.string or "")
        wanted, tags = set(GAP.findall("".join(english))), set(TAG.findall("".join(english)))
        counted = len(english) > 1
        wrong += [english[0] for each in said if not each.strip() or TURNS_TEXT.search(each)]
        wrong += [english[0] for each in said if not set(TAG.findall(each)) <= tags]
        # Of one or two, a language may say the number by a word.
        wrong += [english[0] for each in said if set(GAP.findall(each)) - wanted]
        wrong += [english[0] for each in said if not counted and set(GAP.findall(each)) != wanted]
        wrong += [english[0]] if counted and len(said) != forms else []
    assert wrong == []


@pytest.mark.parametrize("path", [each for each in FILES if each.stem != "es"], ids=str)
def test_what_no_person_has_read_says_so(path: Path) -> None:
    assert [message.id for message in messages(path) if MACHINE not in message.flags] == []


def said_in(code: str) -> list[str]:
    """Everything residents read in this language: our own words, the rulebook's and its letters."""
    ours = [
        words for path in FILES if path.stem == code for each in messages(path) for words in parts(each.string or "")
    ]
    return ours + [path.read_text() for path in [*RULEBOOK.glob(f"*/{code}.yaml"), *RULEBOOK.glob(f"*/*.{code}.txt")]]


@pytest.mark.parametrize("code", SCRIPTS)
def test_one_script_is_not_mixed_with_the_other(code: str) -> None:
    codec, foreign = SCRIPTS[code]
    letters = {each for each in "".join(said_in(code)) if "\u4e00" <= each <= "\u9fff"}
    assert len(letters) > 500
    assert sorted(each for each in letters if not each.encode(codec, "ignore") or each in foreign) == []


def test_arabic_has_one_kind_of_digits() -> None:
    said = said_in("ar")
    assert len(said) > 500
    assert [each for each in said if re.search("[\u0660-\u0669\u06f0-\u06f9]", each) and re.search("[0-9]", each)] == []


@pytest.mark.parametrize(
    ("code", "late"),
    [
        ("ar", "تأخر 3 أيام"),
        ("ar", "تأخر 11 يومًا"),
        ("zh-Hant", "逾期 1 天"),
        ("pt", "2 dias de atraso"),
        ("es", "1 día de atraso"),
    ],
)
def test_a_count_takes_the_form_of_its_language(code: str, late: str) -> None:
    with kit.rendering(Page(title="", agency="", lang=code)):
        assert kit.days_left(-int(re.findall(r"\d+", late)[0])) == late


def test_protected_words_of_a_machine_stand_in_english_until_they_are_approved() -> None:
    known_as = fingerprint("ht", "a right", "yon dwa")
    entry = Entry(PROTECTED, "a right", "a right", ("yon dwa",), is_machine=True, fingerprint=known_as)
    words = Words("ht", [entry, entry._replace(context="", words=("yon mo",))])
    assert words.gettext("a right") == "yon mo"
    found = words.pgettext(PROTECTED, "a right")
    assert (found, type(found)) == ("a right", English)
    APPROVED.replace([known_as])
    assert words.pgettext(PROTECTED, "a right") == "yon dwa"
    by_a_person = Words("es", [entry._replace(is_machine=False, fingerprint="")])
    assert by_a_person.pgettext(PROTECTED, "a right") == "yon dwa"


def test_a_text_of_the_rulebook_waits_in_the_same_way() -> None:
    text = LocalText({"en": "a right", "ht": Unchecked("yon dwa"), "es": "un derecho"})
    assert (text.to("es"), text.to("ht"), text.is_shown("ht")) == ("un derecho", "a right", False)
    assert type(text.to("ht")) is English
    assert type(text.to("en")) is str
    APPROVED.replace([fingerprint("ht", "a right", "yon dwa")])
    assert text.to("ht") == "yon dwa"


def test_what_stands_in_english_is_an_element_with_its_language() -> None:
    page = f'<title>{marked(English("A"))}</title><p title="{marked(English("B"))}">{finalize(English("C"))} d</p>'
    page += f"<option>{finalize(English('E'))}</option>{OFFER_HERE}"
    span = '<span class="in-english" lang="en" dir="ltr">C</span>'
    assert settle(page, lambda: "<i>offer</i>") == (
        f'<title>A</title><p title="B">{span} d</p><option>E</option><i>offer</i>'
    )
    assert settle(f"<p>nothing</p>{OFFER_HERE}", lambda: "<i>offer</i>") == "<p>nothing</p>"


def test_a_value_within_an_english_sentence_is_not_torn_apart_by_another_direction() -> None:
    assert "by \u2068%(day)s\u2069 at" in marked(English("You hear by %(day)s at the latest"))
    assert marked("Dites-le le %(day)s") == "Dites-le le %(day)s"


def test_two_english_sentences_side_by_side_are_one_element() -> None:
    shown = settle(f"<p>{marked(English('A.'))} {marked(English('B.'))}</p>", lambda: "")
    assert shown == '<p><span class="in-english" lang="en" dir="ltr">A. B.</span></p>'


@pytest.mark.parametrize("typed", ["\ufdd0<b>x</b>\ufdd1", "\ufdd0", "\ufdd1\ufdd0\ufdd0 x", "\ufdd2"])
def test_nobody_else_can_write_the_marks(typed: str) -> None:
    shown = settle(f"<p>{Markup.escape(typed)}</p>{OFFER_HERE}", lambda: "")
    assert not re.search("[\ufdd0-\ufdd2]", shown)
    assert shown.count("<span") == shown.count("</span>")


def test_a_page_in_english_has_no_marks() -> None:
    assert type(catalogue("en").gettext("No translation has this")) is str
    assert type(catalogue("ar").gettext("No translation has this")) is English


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("zh-TW", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("zh-CN", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("es-MX", "es"),
        ("pt-BR", "pt"),
        ("fr", ""),
        ("AR", "ar"),
    ],
)
def test_a_browser_gets_the_language_it_asks_for(asked: str, code: str) -> None:
    assert _offered(asked, OFFERED) == code


def test_every_language_has_dates_and_a_direction() -> None:
    assert [code for code in OFFERED if direction(code) == "rtl"] == ["ar"]
    assert all("2026" in kit.day(date(2026, 3, 5), code) for code in OFFERED)
    assert kit.day(date(2026, 3, 5), "ht", "medium") == "5 mas 2026"
    assert "/" not in kit.day(date(2026, 3, 5), "ar", "medium")
    assert set(BY_SCRIPT.values()) <= set(OFFERED)

"""Every template is safe to fill with anyone's words, and speaks the reader's language."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from jinja2 import nodes

from app.kernel.dates import ImpreciseDate
from app.web import templates as kit
from app.web.templates import Page
from app.web.words import TEMPLATES

SHELLS = {f"_kit/{name}.html" for name in ("base", "public", "resident", "office", "commission", "department")}
SHELLS |= {"_kit/paper.html", "_kit/letter.html", "_kit/report.html", "intake/receipt_own.html"}
ENV = kit.environment(asset=lambda name: f"/static/{name}", url=lambda name, *_: f"/{name}")
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))


# --- the lint ---

TAG = re.compile(r"""<([a-zA-Z][\w-]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>""")
ATTRIBUTE = re.compile(r"""([^\s"'=<>/]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
HOLE = "\ue000"  # stands where an expression stood
QUOTED = "\ue001"  # the same, within quotes
BARRED = re.compile(r"(data-)?hx-.*|style|on\w+")  # htmx only through hx(), the rest never
ADDRESSES = {"src", "href", "action", "formaction"}
AWAY = re.compile(r"""["'](https?:)?//|["']javascript:""")
NEEDED = {"script": ("src", "nonce"), "th": ("scope",), "img": ("alt",)}
OURS = re.compile(r"(hx|_described)\(")  # what may write whole attributes: our own, and escaped


def flatten(source: str) -> tuple[str, list[str]]:
    """The template as HTML with a hole for each expression, and the expressions."""
    html, said, inside = "", [], False
    for _, kind, value in ENV.lex(source):
        if kind == "variable_begin":
            said.append("")
            inside, html = True, html + HOLE
        elif kind == "variable_end":
            inside = False
        elif inside:
            said[-1] += value
        elif kind in {"data", "raw_data"}:
            html += value
    return html, [expression.strip() for expression in said]


def problems(source: str) -> Iterator[str]:
    tree = ENV.parse(source)
    if any(found.name in {"safe", "xmlattr"} for found in tree.find_all(nodes.Filter)):
        yield "|safe or |xmlattr"
    if any(getattr(call.node, "name", "") == "Markup" for call in tree.find_all(nodes.Call)):
        yield "Markup()"
    if list(tree.find_all(nodes.ScopedEvalContextModifier)):
        yield "autoescape switched"
    html, said = flatten(source)
    expressions = iter(said)
    place = 0
    for tag in TAG.finditer(html):
        for _ in range(html.count(HOLE, place, tag.start())):
            next(expressions)
        place = tag.end()
        here = [next(expressions) for _ in range(tag.group().count(HOLE))]
        yield from _tag_problems(tag.group(1).lower(), tag.group(2), here)
    yield from _form_problems(html, said)


def _tag_problems(name: str, attributes: str, here: list[str]) -> Iterator[str]:
    outside = re.sub(r""""[^"]*"|'[^']*'""", lambda quoted: QUOTED * quoted.group().count(HOLE), attributes)
    for expression, mark in zip(here, re.findall(f"[{HOLE}{QUOTED}]", outside), strict=True):
        if mark == HOLE and not OURS.match(expression):
            yield f"<{name}>: {{{{ {expression} }}}} outside quotes"
    given = {key.lower(): value for key, value in ATTRIBUTE.findall(attributes)}
    yield from (f"<{name}>: {key}" for key in given if BARRED.fullmatch(key))
    yield from (f"<{name}>: {key} leaves the house" for key in given if key in ADDRESSES and AWAY.match(given[key]))
    yield from (f"<{name}> without {key}" for key in NEEDED.get(name, ()) if key not in given)
    if name in {"iframe", "object", "embed", "base"}:
        yield f"<{name}>"


def _form_problems(html: str, said: list[str]) -> Iterator[str]:
    for form in re.finditer(r"<form\b.*?</form>", html, re.DOTALL):
        first = html.count(HOLE, 0, form.start())
        inside = said[first : first + form.group().count(HOLE)]
        if 'method="get"' not in form.group() and not any(word.startswith("csrf(") for word in inside):
            yield "a form without csrf()"


@pytest.mark.parametrize("name", NAMES)
def test_a_template_keeps_the_rules(name: str) -> None:
    source = (TEMPLATES / name).read_text()
    assert list(problems(source)) == []
    if "<style" in source:
        assert name == "_kit/paper.html"
    is_page = not name.startswith("_kit/") and not Path(name).name.startswith("_")
    if is_page:
        parents = [getattr(found.template, "value", "") for found in ENV.parse(source).find_all(nodes.Extends)]
        assert set(parents) & SHELLS, "a page extends a shell; a part is named _part.html"


@pytest.mark.parametrize(
    "source",
    [
        "{{ x|safe }}",
        "<a href={{ x }}>",
        "<a {{ x }}>",
        '<a title="a" {{ x|xmlattr }}>',
        '<div hx-get="{{ x }}">',
        '<div data-hx-get="/x">',
        '<div onclick="f()">',
        '<p style="color: {{ x }}">',
        "<script>let a = 1</script>",
        '<form method="post"><input name="a"></form>',
        '<form action="/x" method="{{ m }}"></form>',
        '<script src="https://elsewhere.example/x.js" nonce="{{ n }}"></script>',
        "{% autoescape false %}{{ x }}{% endautoescape %}",
        "<iframe></iframe>",
        "<th>Year</th>",
        '<img src="/x.png">',
    ],
)
def test_the_lint_finds(source: str) -> None:
    assert list(problems(source))


def test_the_lint_lets_good_markup_pass() -> None:
    form = '<form method="post" action="{{ a }}" {{ hx(post=a) }}>{{ csrf() }}<p class="{% if a %}b{% endif %}">'
    assert list(problems(form + "</form>")) == []


# --- words ---


def words(name: str) -> set[str]:
    """What a template says, in English."""
    found = ENV.extract_translations((TEMPLATES / name).read_text())  # type: ignore[attr-defined]
    return {
        text if isinstance(text, str) else text[function in {"pgettext", "npgettext"}] for _, function, text in found
    }


def spanish() -> dict[str, str]:
    heard: dict[str, str] = {}
    for path in TEMPLATES.glob("*/locale/es.po"):
        with path.open("rb") as source:
            heard |= {_first(one.id): _first(one.string or "") for one in read_po(source, locale="es")}
    return heard


def _first(text: str | list[str] | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


def test_a_resident_reads_no_english_in_spanish() -> None:
    """The kit, and every page of a stage behind the resident's door."""
    wanted = set(re.findall(r"""_n?gettext\(\s*"([^"]+)""", Path(kit.__file__).read_text()))
    for name in NAMES:
        if name.startswith("_kit/") or "_kit/resident.html" in (TEMPLATES / name).read_text():
            wanted |= words(name)
    heard = spanish()
    assert sorted(text for text in wanted if not heard.get(text)) == []


def test_a_translation_keeps_its_gaps() -> None:
    gap = re.compile(r"%\(\w+\)s")
    assert [said for said, heard in spanish().items() if set(gap.findall(said)) != set(gap.findall(heard))] == []


def test_dates_and_numbers_speak_the_language_of_the_page() -> None:
    with kit.rendering(Page(title="", agency="", lang="es", timezone="America/Los_Angeles")):
        assert kit.day(date(2026, 3, 5)) == "5 de marzo de 2026"
        assert kit.days_left(1) == "Queda 1 día"
        assert kit.days_left(-2) == "2 días de atraso"
    assert kit.day(date(2026, 3, 5), "en") == "March 5, 2026"
    assert kit.day(date(2026, 3, 5), style="medium") == "Mar 5, 2026"
    assert kit.day(ImpreciseDate.parse("2026-03")) == "March 2026"
    assert kit.day(ImpreciseDate.parse("2026")) == "2026"
    assert kit.day(None) == "not known"
    assert kit.days_left(0) == "Due today"
    assert kit.moment(datetime(2026, 3, 5, 3, 4, tzinfo=UTC), "America/Los_Angeles").startswith("March 4, 2026, 7:04")
    assert kit.number(1234567) == "1,234,567"
    assert kit.percent(0.185, 1) == "18.5%"
    assert [kit.filesize(size) for size in (1, 999, 48_210_000)] == ["1 byte", "999 bytes", "48.2 MB"]


@pytest.mark.parametrize("given", ["2026-03", date(2026, 3, 14), {"month": "3", "year": "2026"}, None, ""])
def test_a_date_fills_the_fields_as_far_as_it_is_known(given: Any) -> None:
    parts = kit.date_parts(given)
    assert parts["year"] == ("2026" if given else "")
    assert parts["month"] == ("3" if given else "")


@pytest.mark.parametrize(
    "given",
    [
        {"get": "//elsewhere.example"},
        {"get": "https://elsewhere.example"},
        {"get": "javascript:alert(1)"},
        {"post": '/x" onclick="y'},
        {"target": "body *"},
        {"trigger": "click[alert(1)]"},
        {"swap": "js:alert(1)"},
    ],
)
def test_hx_refuses_what_is_not_ours(given: dict[str, str]) -> None:
    with kit.rendering(Page(title="", agency="", nonce="abc")), pytest.raises(ValueError, match="hx"):
        kit.hx(**given)  # type: ignore[arg-type]

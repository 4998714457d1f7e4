"""A report as tagged PDF: only figures of the release, each table with its definitions, and a list of them inside."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import pikepdf
from jinja2 import Environment

from app.infra.pdf import PdfError, render_pdf
from app.kernel.canonical import canonical_json
from app.kernel.errors import NotFound, Refused
from app.publication.rules.figures import Figure
from app.publication.rules.manifest import MANIFEST, digest
from app.publication.rules.periods import Period
from app.reporting.letters.charts import draw
from app.reporting.rules.blocks import Block, Section, figures_used, key_figures, sections_of
from app.reporting.rules.specs import SECTIONS
from app.reporting.rules.view import View
from app.web.templates import Page, environment, render

ATTACHED = "figures.json"
WHOLE_YEAR = ("year", "half_year")


@dataclass(frozen=True)
class Report:
    """A report that was made."""

    pdf: bytes
    html: str
    pages: int
    figures: int
    release: str


@cache
def paper_environment() -> Environment:
    """Papers have no address and load nothing."""
    return environment(asset=_nothing, url=_nothing)


def _nothing(*_: object, **__: object) -> str:
    raise LookupError("a paper has no address and loads nothing")


def make_report(files: Mapping[str, bytes], kind: str, period: Period, language: str = "en") -> Report:
    """The report of one period, in one language of the release."""
    view = View(files, language)
    _check(view, kind, period)
    sections = _sections(view, kind, period)
    blocks = [key_figures(view, period), *(block for section in sections for block in section.blocks)]
    charts = {f"{block.id}.svg": draw(block).encode() for block in blocks if block.chart}
    used = figures_used(blocks)
    html = _html(view, kind, period, sections, blocks[0], digest(files[MANIFEST]))
    assets = charts | {ATTACHED: _listed(view, kind, period, used)}
    try:
        pdf = render_pdf(html, title=_title(view, kind, period), language=language, assets=assets)
    except PdfError as problem:
        raise Refused(str(problem)) from problem
    return Report(pdf, html, _pages(pdf), len(used), view.manifest.id)


def _check(view: View, kind: str, period: Period) -> None:
    reports = view.definitions["reports"]
    if kind not in reports and kind != "annual":
        raise NotFound(f"The rulebook has no report {kind!r}. It has: {', '.join(['annual', *reports])}.")
    known = view.figures("complaints", period.kind)
    if period.kind != "all" and not any(group == period.text for group in known):
        years = view.years()
        span = f"{years[0]} to {years[-1]}" if years else "no year at all"
        raise Refused(f"The release has no complaints received in {period.text}. It has figures of {span}.")
    if view.language not in view.definitions["languages"]:
        raise Refused(f"The release has no words in {view.language!r}.")


def _sections(view: View, kind: str, period: Period) -> list[Section]:
    """The sections that the rulebook asks for; a report of a whole year has the others after them."""
    report = view.definitions["reports"].get(kind, {"sections": [], "every": "year"})
    wanted = list(report["sections"])
    if report["every"] in WHOLE_YEAR:
        wanted += [code for code, _ in SECTIONS]
    return sections_of(view, period, wanted)


def _title(view: View, kind: str, period: Period) -> str:
    report = view.definitions["reports"].get(kind)
    name = view.text(report["label"]) if report else {"es": "Informe anual"}.get(view.language, "Annual report")
    return name if period.kind == "all" else f"{name} {period.text}"


def _html(view: View, kind: str, period: Period, sections: list[Section], key: Block, sha256: str) -> str:
    report = view.definitions["reports"].get(kind, {})
    page = Page(title=_title(view, kind, period), agency=view.agency, lang=view.language)
    return render(
        paper_environment(),
        "reporting/report.html",
        {
            "page": page,
            "view": view,
            "period": period,
            "sections": sections,
            "key": key,
            "introduction": view.text(report.get("introduction", {})),
            "terms": [view.text(term["text"]) for term in view.definitions["terms"]],
            "manifest": view.manifest,
            "sha256": sha256,
            "attached": ATTACHED,
            "short": _short_period(view, period),
        },
    )


def _short_period(view: View, period: Period) -> bool:
    """Whether the period was not over yet on the last day of the release."""
    through = view.manifest.through
    return period.kind != "all" and period.year == str(through.year) and (through.month, through.day) != (12, 31)


def _listed(view: View, kind: str, period: Period, used: list[tuple[Figure, str, str]]) -> bytes:
    """The machine's list of every number on the paper: from which figure, and how it is printed."""
    return canonical_json(
        {
            "format": 1,
            "release": view.manifest.id,
            "kind": kind,
            "period": period.text,
            "figures": [
                {
                    "measure": figure.measure,
                    "by": figure.by,
                    "group": figure.group,
                    "numerator": figure.numerator,
                    "denominator": figure.denominator,
                    "part": part,
                    "text": text,
                }
                for figure, part, text in used
            ],
        }
    )


def _pages(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as paper:
        return len(paper.pages)

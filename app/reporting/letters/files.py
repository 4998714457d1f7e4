"""What is published beside the tables of a release: the charts of the dashboard, and the annual report."""

from collections.abc import Iterator, Mapping

from app.access.work import Work
from app.publication.rules.periods import Period
from app.reporting.letters.charts import draw
from app.reporting.letters.report import make_report
from app.reporting.rules.blocks import sections_of
from app.reporting.rules.view import View

SVG, PDF = "image/svg+xml", "application/pdf"


def published_files(_: Work, files: Mapping[str, bytes]) -> Iterator[tuple[str, str, bytes]]:
    """Charts and reports in every language of the release; made once, when it is published."""
    view = View(files)
    for language in view.definitions["languages"]:
        for section in sections_of(View(files, language)):
            for block in section.blocks:
                if block.chart and block.on_page:
                    yield f"charts/{block.id}.{language}.svg", SVG, draw(block).encode()
        for period in _periods(view):
            made = make_report(files, "annual", period, language)
            yield f"reports/annual-{period.text}.{language}.pdf", PDF, made.pdf


def _periods(view: View) -> list[Period]:
    """The last year that is over; where the release has none, the year it stands in."""
    through, years = view.manifest.through, view.years()
    over = [year for year in years if int(year) < through.year or (through.month, through.day) == (12, 31)]
    chosen = (over or years)[-1:]
    return [Period(year, "year") for year in chosen]

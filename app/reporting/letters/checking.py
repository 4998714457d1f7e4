"""Checks a report against a release: every listed figure, and that the paper really says it, in this order."""

import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from app.kernel.errors import Refused
from app.publication.rules.figures import Figure
from app.reporting.rules.view import View

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?%?", re.ASCII)
MOST_PROBLEMS = 20


@dataclass
class ReportCheck:
    """What was checked and what is wrong."""

    figures: int = 0
    found: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Nothing is wrong."""
        return not self.problems


def verify_report(pdf: bytes, files: Mapping[str, bytes]) -> ReportCheck:
    """The figures listed inside the report, against the release; then their texts, against what the paper shows."""
    view, done = View(files), ReportCheck()
    listed = _listed_in(pdf)
    if listed.get("release") != view.manifest.id:
        done.problems.append(f"The report is of the release {listed.get('release')}, not of {view.manifest.id}.")
    shown = _numbers_in(pdf)
    place = 0
    for entry in listed["figures"]:
        done.figures += 1
        wrong = _wrong(view, entry)
        at = _next(shown, NUMBER.findall(entry["text"]), place)
        if wrong or at is None:
            done.problems.append(wrong or f"{_named(entry)}: {entry['text']} is not what the report shows.")
            continue
        place = at
        done.found += 1
    done.problems = done.problems[:MOST_PROBLEMS]
    return done


def _listed_in(pdf: bytes) -> dict[str, Any]:
    """The list that the report carries; refused where it has none."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as paper:
            for attachment in paper.attachments.values():
                listed = _read(attachment.get_file().read_bytes())
                if listed is not None:
                    return listed
    except pikepdf.PdfError as wrong:
        raise Refused("This is no PDF that can be read.") from wrong
    raise Refused("This is no report made by Candor: it carries no list of its figures.")


def _read(content: bytes) -> dict[str, Any] | None:
    """The list, or None where an attachment is something else."""
    try:
        listed = json.loads(content)
    except ValueError:
        return None
    is_list = isinstance(listed, dict) and listed.get("format") == 1 and isinstance(listed.get("figures"), list)
    return listed if is_list else None


def _wrong(view: View, entry: Mapping[str, Any]) -> str:
    figure = view.figures(entry["measure"], entry["by"]).get(entry["group"])
    said = Figure(entry["measure"], entry["by"], entry["group"], entry["numerator"], entry["denominator"])
    if figure != said:
        return f"{_named(entry)}: the release has another figure."
    if view.printed(figure, entry["part"]) != entry["text"]:
        return f"{_named(entry)}: {entry['text']} is not how this figure is printed."
    return ""


def _named(entry: Mapping[str, Any]) -> str:
    return f"{entry['measure']} by {entry['by']}, {entry['group']}"


def _numbers_in(pdf: bytes) -> list[str]:
    """Every number of the text layer, in the order of the pages."""
    import pypdfium2  # type: ignore[import-untyped]

    paper = pypdfium2.PdfDocument(pdf)
    try:
        texts = [page.get_textpage().get_text_range() for page in paper]
    finally:
        paper.close()
    return [number for text in texts for number in NUMBER.findall(text)]


def _next(shown: Sequence[str], wanted: Sequence[str], place: int) -> int | None:
    """Where these numbers stand next; None where they do not come any more."""
    for number in wanted:
        try:
            place = shown.index(number, place) + 1
        except ValueError:
            return None
    return place

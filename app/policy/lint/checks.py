"""Every check of a rulebook, in the order a reader would make them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from app.policy.lint import bodies, clocks, form, law, names, road, sources, words
from app.policy.lint.report import Report
from app.policy.model import Rulebook
from app.policy.problems import Problem
from app.policy.vocabulary import Vocabulary


def lint(book: Rulebook, vocabulary: Vocabulary | None = None, folder: str = "") -> list[Problem]:
    """All problems, by file and line. A road with a wrong name in it is not walked."""
    report = Report(book, vocabulary or Vocabulary(), folder)
    _run(names.CHECKS, report)
    if not report.problems:
        _run(road.CHECKS, report)
    _run((*sources.CHECKS, *clocks.CHECKS, *bodies.CHECKS, *law.CHECKS, *words.CHECKS, *form.CHECKS), report)
    return sorted(report.problems)


def expired_by(book: Rulebook, today: date, folder: str = "") -> list[Problem]:
    """Sources that have expired since the rulebook took effect: warnings that come with time, without any change."""
    report = Report(book, Vocabulary(), folder)
    sources.check_expired_by(report, today)
    return report.problems


def _run(checks: Iterable[Callable[[Report], None]], report: Report) -> None:
    for check in checks:
        check(report)

"""Every check of a rulebook, in the order a reader would make them."""

from __future__ import annotations

from app.policy.lint import form, law, names, road, words
from app.policy.lint.report import Report
from app.policy.model import Rulebook
from app.policy.problems import Problem
from app.policy.vocabulary import Vocabulary


def lint(book: Rulebook, vocabulary: Vocabulary | None = None, folder: str = "") -> list[Problem]:
    """All problems, by file and line."""
    report = Report(book, vocabulary or Vocabulary(), folder)
    for check in (*names.CHECKS, *road.CHECKS, *law.CHECKS, *words.CHECKS, *form.CHECKS):
        check(report)
    return sorted(report.problems)

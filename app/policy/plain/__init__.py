"""A rulebook in plain language, and the difference between two of them, as sentences."""

from app.policy.plain.book import open_questions, sections, sources, undone
from app.policy.plain.changes import Change, Kind, differences
from app.policy.plain.said import Entry, Question, Run, Said, Section, SourceLine, Undone

__all__ = [
    "Change",
    "Entry",
    "Kind",
    "Question",
    "Run",
    "Said",
    "Section",
    "SourceLine",
    "Undone",
    "differences",
    "open_questions",
    "sections",
    "sources",
    "undone",
]

"""The rulebook format, first version: what a city writes down instead of programming."""

from app.policy.model.book import Rulebook, UnknownName
from app.policy.model.text import RulebookText

__all__ = ["Rulebook", "RulebookText", "UnknownName"]

"""The rulebook format, first version: what a city writes down instead of programming."""

from app.policy.model.book import Rulebook, RulebookText, UnknownName

__all__ = ["Rulebook", "RulebookText", "UnknownName"]

"""What a report shows: its sections and tables."""

from app.reporting.rules.specs.columns import ALSO, KEY, SECTIONS, Column, Spec
from app.reporting.rules.specs.tables import SPECS

__all__ = ["ALSO", "KEY", "SECTIONS", "SPECS", "Column", "Spec"]

"""Filing and following a complaint as a program does it, and what programs of the office may do."""

from app.intake.api.filings import look_ups, router, scribings
from app.intake.api.following import router as following

__all__ = ["following", "look_ups", "router", "scribings"]

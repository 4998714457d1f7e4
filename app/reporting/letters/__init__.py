"""Papers and pictures made of a release: charts, reports, and what is published beside the tables."""

from app.reporting.letters.checking import ReportCheck, verify_report
from app.reporting.letters.files import published_files
from app.reporting.letters.report import Report, make_report

__all__ = ["Report", "ReportCheck", "make_report", "published_files", "verify_report"]

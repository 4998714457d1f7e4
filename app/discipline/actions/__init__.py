"""What is done about discipline: recommendations and answers, disputes, and reports to others."""

from app.discipline.actions.disputes import decide_dispute, follow_corrected_day, open_dispute
from app.discipline.actions.recommendations import (
    give_answer,
    keep_findings_letter,
    open_findings_letter,
    recommend_discipline,
    record_answer,
    send_recommendations,
)
from app.discipline.actions.reports import correct_report, record_report

__all__ = [
    "correct_report",
    "decide_dispute",
    "follow_corrected_day",
    "give_answer",
    "keep_findings_letter",
    "open_dispute",
    "open_findings_letter",
    "recommend_discipline",
    "record_answer",
    "record_report",
    "send_recommendations",
]

"""An invented filing in the very form that a real one is kept in, but without a receipt: nobody was given one."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.intake.rules.receipt import filing_bytes


def filing_row(case: Mapping[str, Any], filing_id: UUID, number: str, at: datetime, salt: bytes) -> dict[str, Any]:
    """The filing behind a case, or one that nobody has screened yet."""
    said = {
        "anonymity": case["anonymity"],
        "filer": {"relationship": "self"},
        "incident": {
            "date": case["incident_date"].isoformat(),
            "time": case["incident_time"],
            "location": case["place"],
            "narrative": case["narrative"],
        },
        "officers": [],
    }
    is_screened = case["id"] is not None
    return {
        "id": filing_id,
        "number": number,
        "policy_id": case["policy_id"],
        "channel": case["channel"],
        "language": case["language"],
        "anonymity": case["anonymity"],
        "relationship": "self",
        "incident_date": case["incident_date"],
        "incident_precision": case["incident_precision"],
        "incident_time": case["incident_time"],
        "location": case["place"],
        "narrative": case["narrative"],
        "answers": {},
        "canonical": filing_bytes(said, case["language"], at, []),
        "salt": salt,
        "receipt": "",
        "received_at": at,
        "screened_at": at + timedelta(days=1) if is_screened else None,
        "outcome": case["classification"] if is_screened else None,
        "case_id": case["id"],
    }

"""A case whose allegation the commission has sustained, at the stage where the department answers."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from app.allegations.records import Allegation
from app.cases.records import Case
from app.commission.records import DocketItem, Meeting
from app.discipline.records import Recommendation
from app.people.records import Officer
from tests.make import Make


@dataclass
class Sustained:
    """The case, its allegation and who is accused."""

    make: Make
    case: Case
    officer: Officer
    allegation: Allegation

    def sent(self, **given: Any) -> Recommendation:
        """A recommendation that has gone to the department."""
        return self.make.row(
            Recommendation(
                **{
                    "id": uuid4(),
                    "case_id": self.case.id,
                    "allegation_id": self.allegation.id,
                    "department_id": self.case.department_id,
                    "number": f"R-2026-{uuid4().hex[:8]}",
                    "measure": self.make.book.discipline.penalties[2].code,
                    "reasons": "The video shows it.",
                    "sent_on": self.make.today,
                    "due_on": date(2026, 4, 15),
                    "answer_reasons": "",
                    "imposed": "",
                    "version": 1,
                }
                | given
            )
        )

    def docket(self) -> DocketItem:
        """Puts the case on a docket, so that the commission's door sees it."""
        body = next(body.code for body in self.make.book.bodies if body.seats)
        meeting = self.make.row(
            Meeting(
                id=uuid4(),
                body=body,
                held_on=self.make.today,
                starts_at="18:00",
                place="Hall",
                state="ended",
                version=1,
            )
        )
        return self.make.row(
            DocketItem(id=uuid4(), meeting_id=meeting.id, case_id=self.case.id, position=1, sent_reason="")
        )


@pytest.fixture
def sustained(make: Make) -> Sustained:
    """At the stage of the rulebook where the department answers."""
    stage = next(stage.code for stage in make.book.stages if stage.phase == "answer")
    case = make.case(stage=stage, number="2026-SUSTAINED")
    officer = make.officer(last_name="Rivers", first_name="Pat")
    allegation = make.allegation(case, officer)
    word = next(finding.code for finding in make.book.findings if finding.calls_for_discipline)
    for life in ("investigator", "supervisor", "board"):
        make.finding(allegation, disposition=word, life=life)
    return Sustained(make, case, officer, allegation)

"""Draws one case whole: its rows in every table, as its rulebook would have let them come about."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from app.allegations.records import Allegation, Finding
from app.cases.records import NO_DATE, Assignment, Case, ContactAttempt, Note, Task
from app.cases.rules import CONTACT_CHANNELS, CONTACT_RESULTS
from app.clocks.records import Clock
from app.clocks.rules import Dated, earliest
from app.imports.plausible import timeline
from app.imports.plausible.filing import filing_row
from app.imports.plausible.law import Law
from app.imports.plausible.telling import Teller
from app.imports.plausible.timeline import SPOKEN_AT, Days
from app.infra.db import Table
from app.intake.records import Filing
from app.kernel.numbers import ALPHABET, RANDOM_LETTERS
from app.people.records import Demographic, Officer, Person
from app.people.rules import sort_name
from app.policy.model.decisions import LifeCode
from app.policy.model.process import Phase

ORIGIN = "generated"
RACES = ("", "", "Black", "Black", "White", "White", "Hispanic", "Asian", "Other")
SEXES = ("", "female", "male", "male")
LANGUAGES = ("en",) * 9 + ("es",)
ANONYMITY = ("named",) * 6 + ("confidential",) * 2 + ("anonymous",) * 2
AGREES = 0.9

Rows = defaultdict[type[Table], list[dict[str, Any]]]


@dataclass(frozen=True)
class Staff:
    """Who works here; the rows of cases name them."""

    leads: Sequence[UUID]
    supervisor: UUID | None


@dataclass(frozen=True)
class Plan:
    """What is settled before a case is drawn."""

    received_on: date
    is_open: bool
    has_filing: bool


@dataclass
class Drawing:
    """One source of cases; the same seed, day and rulebooks give the same rows, but for their journal entries."""

    draw: Random
    laws: Mapping[date, Law]
    staff: Staff
    today: date
    rows: Rows = field(default_factory=lambda: defaultdict(list))
    officers: list[tuple[UUID, str]] = field(default_factory=list)
    numbers: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.tell = Teller(self.draw)

    def officer(self) -> None:
        """Somebody on the roster."""
        department = self.draw.choice(self._law(self.today).book.departments).code
        last, first, badge = self.tell.surname(), self.tell.first_name(), str(self.draw.randint(1000, 99999))
        rank, unit = self.tell.rank_and_unit()
        officer_id = self._id()
        row = {
            "id": officer_id,
            "department_id": department,
            "last_name": last,
            "first_name": first,
            "sort_name": sort_name(last, first),
            "badge": badge,
            "rank": rank,
            "unit": unit,
            "race": self.draw.choice(RACES),
            "sex": self.draw.choice(SEXES),
            "status": "active",
            "is_unknown": False,
            "description": "",
        }
        self.rows[Officer].append(row)
        self.officers.append((officer_id, f"{last} {first}"))

    def case(self, plan: Plan) -> None:
        """A case and everything that hangs on it."""
        law = self._law(plan.received_on)
        days, facts = self._open(law, plan) if plan.is_open else self._closed(law, plan)
        case_id, number = self._id(), self._number(law.book.number_mask, days.received_on.year)
        subjects = self._subjects(days)
        ticking = timeline.clocks(law, days)
        if plan.is_open:
            known = [who for who in subjects if who[1]]
            ticking += [clock for who in known for clock in timeline.officer_clocks(law, self.draw, days, who[0])]
        due_on = earliest(Dated(clock.due_on) for clock in ticking if clock.stopped_on is None)
        self._clocks(law, case_id, ticking)
        dispositions = self._allegations(law, case_id, days, facts["phase"], subjects)
        lead = self._lead(case_id, days, plan)
        row = self._case_row(law, days, facts, subjects) | {
            "id": case_id,
            "number": number,
            "lead_id": lead,
            "due_on": due_on if plan.is_open else None,
            "queue_on": due_on if plan.is_open and due_on else NO_DATE,
            "result": law.result(dispositions),
        }
        self.rows[Case].append(row)
        self._people(case_id)
        if plan.is_open and lead is not None:
            self._work(case_id, lead, days)
        if plan.has_filing:
            self.rows[Filing].append(self._filing(law, row))

    def unscreened(self, received_on: date) -> None:
        """A filing that waits to be read."""
        law = self._law(received_on)
        days = Days(received_on, received_on, self.today)
        facts = {"stage": "", "classification": "", "closure": "", "phase": Phase.INTAKE}
        row = self._case_row(law, days, facts, []) | {"id": None, "number": ""}
        self.rows[Filing].append(self._filing(law, row))

    # -- the case itself --------------------------------------------------------------------------

    def _open(self, law: Law, plan: Plan) -> tuple[Days, dict[str, Any]]:
        stage, phase, classification = law.standing((self.today - plan.received_on).days)
        days = timeline.decided(self.draw, plan.received_on, self.today, phase)
        return days, {"stage": stage, "classification": classification, "closure": "", "phase": phase}

    def _closed(self, law: Law, plan: Plan) -> tuple[Days, dict[str, Any]]:
        end = law.end()
        if end.kind == "decided":
            days = timeline.decided(self.draw, plan.received_on, self.today, Phase.CLOSED)
        else:
            event = "case_referred" if end.kind == "referred" else "case_closed_early"
            days = timeline.cut_short(self.draw, plan.received_on, self.today, event)
        phase = Phase.CLOSED if end.kind == "decided" else Phase.INTAKE
        return days, {
            "stage": end.stage,
            "classification": end.classification,
            "closure": end.closure,
            "phase": phase,
            "closed_on": days.until,
        }

    def _case_row(
        self, law: Law, days: Days, facts: Mapping[str, Any], subjects: Sequence[tuple[UUID, str]]
    ) -> dict[str, Any]:
        book = law.book
        named = [name for _, name in subjects if name]
        incident = days.received_on - timedelta(days=int(self.draw.expovariate(0.1)))
        return {
            "policy_id": book.policy_id,
            "department_id": self.draw.choice(book.departments).code,
            "stage": facts["stage"],
            "classification": facts["classification"],
            "closure": facts["closure"],
            "closed_on": facts.get("closed_on"),
            "category": law.category(),
            "channel": self.draw.choice(book.intake.channels).code,
            "language": self.draw.choice(LANGUAGES),
            "anonymity": self.draw.choice(ANONYMITY),
            "received_on": days.received_on,
            "opened_on": days.opened_on,
            "incident_date": incident,
            "incident_precision": "day",
            "incident_time": f"{self.draw.randint(0, 23):02}:{self.draw.randint(0, 59):02}",
            "place": self.tell.street(),
            "district": self.tell.district(),
            "narrative": self.tell.account(named[0].split()[0] if named and self.draw.random() < 0.4 else ""),
            "search_words": " ".join(named),
            "origin": ORIGIN,
        }

    def _lead(self, case_id: UUID, days: Days, plan: Plan) -> UUID | None:
        is_new = plan.is_open and (self.today - days.opened_on).days < 10
        if not self.staff.leads or self.draw.random() < (0.4 if is_new else 0.03):
            return None
        lead = self.draw.choice(self.staff.leads)
        self.rows[Assignment].append(
            {
                "id": self._id(),
                "case_id": case_id,
                "account_id": lead,
                "from_at": self._at(days.opened_on),
                "until_at": None if plan.is_open else self._at(days.until),
            }
        )
        return lead

    def _clocks(self, law: Law, case_id: UUID, ticking: Sequence[timeline.Ticking]) -> None:
        policy_id = law.book.policy_id
        for clock in ticking:
            owner = law.owners[clock.rule]
            self.rows[Clock].append(
                {
                    "id": self._id(),
                    "case_id": case_id,
                    "officer_id": clock.officer_id,
                    "rule": clock.rule,
                    "policy_id": policy_id,
                    "started_by": clock.started_by,
                    "started_on": clock.started_on,
                    "due_on": clock.due_on,
                    "stopped_on": clock.stopped_on,
                    "whose_date": "office" if owner == "agency" else owner,
                }
            )

    # -- allegations ------------------------------------------------------------------------------

    def _subjects(self, days: Days) -> list[tuple[UUID, str]]:
        """The officers of a case: mostly one, sometimes several, sometimes one whose name is unknown."""
        count = 1 + (self.draw.random() < 0.22) + (self.draw.random() < 0.06)
        chosen = [self.draw.choice(self.officers) for _ in range(count)]
        if self.draw.random() < 0.12:
            chosen[-1] = (self._unknown_officer(days), "")
        return list(dict(chosen).items())

    def _unknown_officer(self, days: Days) -> UUID:
        officer_id = self._id()
        law = self._law(days.received_on)
        self.rows[Officer].append(
            {
                "id": officer_id,
                "department_id": law.book.departments[0].code,
                **dict.fromkeys(("last_name", "first_name", "sort_name", "badge", "rank", "unit", "race", "sex"), ""),
                "status": "",
                "is_unknown": True,
                "description": self.tell.look(),
            }
        )
        return officer_id

    def _allegations(
        self, law: Law, case_id: UUID, days: Days, phase: Phase, subjects: Sequence[tuple[UUID, str]]
    ) -> list[str]:
        """The allegations with their findings; what the last life found names the case."""
        last: list[str] = []
        position = 0
        for officer_id, _ in subjects:
            for _ in range(1 + (self.draw.random() < 0.2) + (self.draw.random() < 0.05)):
                position += 1
                allegation_id = self._id()
                self.rows[Allegation].append(
                    {
                        "id": allegation_id,
                        "case_id": case_id,
                        "position": position,
                        "officer_id": officer_id,
                        "category": law.category(),
                        "stated_on": days.opened_on,
                    }
                )
                last += self._findings(law, case_id, allegation_id, days, phase)
        return last

    def _findings(self, law: Law, case_id: UUID, allegation_id: UUID, days: Days, phase: Phase) -> list[str]:
        word = law.finding(LifeCode.INVESTIGATOR) if phase in timeline.REACHED else None
        last: list[str] = []
        for life in law.lives if word else ():
            is_spoken = timeline.REACHED[phase] >= SPOKEN_AT[life] and self.draw.random() < self._share(life)
            if not is_spoken:
                continue
            word = word if self.draw.random() < AGREES else law.finding(life)
            if word is None or life not in word.lives:
                continue
            self.rows[Finding].append(
                {
                    "id": self._id(),
                    "allegation_id": allegation_id,
                    "case_id": case_id,
                    "life": life,
                    "disposition": word.code,
                    "finding_class": str(word.canonical or ""),
                    "standard": str(word.standard or ""),
                    "found_on": timeline.found_on(days, life),
                    "found_by_id": self.staff.supervisor if life is LifeCode.SUPERVISOR else None,
                }
            )
            last = [word.code]
        return last

    @staticmethod
    def _share(life: LifeCode) -> float:
        return {LifeCode.DEPARTMENT: 0.5, LifeCode.APPEAL: 0.03}.get(life, 1.0)

    # -- people and work --------------------------------------------------------------------------

    def _people(self, case_id: UUID) -> None:
        self.rows[Person].append({"id": self._id(), "case_id": case_id, "role": "filer", "label": "C1"})
        if self.draw.random() < 0.6:
            self.rows[Demographic].append(
                {
                    "id": self._id(),
                    "case_id": case_id,
                    "position": 1,
                    "race": self.draw.choice(RACES),
                    "sex": self.draw.choice(SEXES),
                    "age": self.draw.randint(14, 85),
                }
            )

    def _work(self, case_id: UUID, lead: UUID, days: Days) -> None:
        """What an investigator left in an open case: tasks, notes, attempts to reach people."""
        age = (self.today - days.opened_on).days
        for _ in range(self.draw.randint(1, 5)):
            due_on = self.today + timedelta(days=self.draw.randint(-10, 40))
            done = self.draw.random() < 0.6
            self.rows[Task].append(
                {
                    "id": self._id(),
                    "case_id": case_id,
                    "title": self.tell.task(),
                    "due_on": due_on,
                    "assignee_id": lead,
                    "done_at": self._at(min(due_on, self.today)) if done else None,
                }
            )
        for _ in range(min(12, 1 + age // 20)):
            self.rows[Note].append(
                {
                    "id": self._id(),
                    "case_id": case_id,
                    "reader": "team",
                    "body": self.tell.note(),
                    "written_by_id": lead,
                    "written_at": self._some_time(days.opened_on, age),
                }
            )
        for _ in range(self.draw.randint(0, 3)):
            self.rows[ContactAttempt].append(
                {
                    "id": self._id(),
                    "case_id": case_id,
                    "made_at": self._some_time(days.opened_on, age),
                    "channel": self.draw.choice(tuple(CONTACT_CHANNELS)),
                    "result": self.draw.choice(tuple(CONTACT_RESULTS)),
                    "made_by_id": lead,
                }
            )

    def _filing(self, law: Law, row: Mapping[str, Any]) -> dict[str, Any]:
        number = self._number(law.book.filing_mask, row["received_on"].year)
        return filing_row(row, self._id(), number, self._at(row["received_on"]), self.draw.randbytes(32))

    # -- small things -----------------------------------------------------------------------------

    def _law(self, on: date) -> Law:
        return next((law for day, law in self.laws.items() if day <= on), list(self.laws.values())[-1])

    def _id(self) -> UUID:
        return UUID(int=self.draw.getrandbits(128), version=4)

    def _number(self, mask: str, year: int) -> str:
        while True:
            number = mask.format(year=year, random="".join(self.draw.choices(ALPHABET, k=RANDOM_LETTERS)))
            if number not in self.numbers:
                self.numbers.add(number)
                return number

    def _at(self, day: date) -> datetime:
        return datetime.combine(day, time(self.draw.randint(13, 21), self.draw.randint(0, 59)), UTC)

    def _some_time(self, start: date, days: int) -> datetime:
        return self._at(start + timedelta(days=self.draw.randint(0, max(0, days - 1))))

"""The house in which a scenario is told for real: its work, its jobs, its nights."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from app import stages
from app.access.actor import Actor
from app.access.work import House, Later, Work, begin
from app.allegations.records import Allegation
from app.cases.records import Case
from app.clocks import jobs as clock_jobs
from app.commission import actions as commission
from app.commission.commands import (
    EndMeeting,
)
from app.commission.records import Meeting
from app.commission.rules import meetings as meeting_rules
from app.kernel.errors import Invalid, Refusal
from app.operations.scenarios.happenings import Step
from tests.make import Make

WORKER = ("build_packet", "tell_filer")  # they make a paper and a mail, and change nothing of the case


class Inside:
    """One scenario in one database, and who does what is done there."""

    def __init__(self, house: House, make: Make, *, has_nights: bool = False) -> None:
        self.has_nights = has_nights
        self.jobs: list[tuple[str, dict[str, str]]] = []
        self.house = replace(house, wiring=replace(house.wiring, reactions=self._caught(house.wiring.reactions)))
        self.make = make
        self.today = make.today
        self.filings: dict[str, UUID] = {}
        self.passphrases: dict[str, str] = {}
        self.allegations: dict[str, UUID] = {}
        self.officers: dict[str, UUID] = {}
        self.demands: dict[str, UUID] = {}
        self.items: dict[str, tuple[str, UUID]] = {}
        self.people: dict[str, Actor] = {}
        self.members: list[Actor] = []
        self.liaisons: dict[str, Actor] = {}
        # Those whose liaisons are asked after each step what they read.
        self.departments: list[str] = []
        self.others: list[UUID] = []
        self.sitting: UUID | None = None
        self.case_id: UUID | None = None

    def _caught(self, reactions: Mapping[Any, Any]) -> dict[Any, Any]:
        """Jobs are kept until the action is committed, and then run here."""
        return {kind: [self._catch(each) for each in follow] for kind, follow in reactions.items()}

    def _catch(self, reaction: Any) -> Callable[[Work, Any], object]:
        if not isinstance(reaction, Later):
            return reaction  # type: ignore[no-any-return]

        def keep(work: Work, event: Any) -> None:
            given = {name: getattr(event, name) for name in reaction.fields}
            self.jobs.append((reaction.task, {name: str(value) for name, value in given.items()}))

        return keep

    @contextmanager
    def work(self, who: str | Actor) -> Iterator[Work]:
        actor = self.make.actor(who) if isinstance(who, str) else who
        now = datetime.combine(self.today, time(18), UTC)
        with self.house.databases.session(actor.door) as session:
            begin(session, actor, self.house.databases)
            work = Work(self.house, actor, session, now)
            try:
                yield work
                work.commit()
            except BaseException:
                session.rollback()
                raise

    def tell(self, step: Step) -> str:
        """One step with the jobs that follow; the words of its refusal."""
        self._new_day(step.on)
        if step.what is None:
            return ""
        name, told = step.what
        try:
            getattr(self, name)(step, told)
        except Invalid as refusal:
            self.jobs.clear()
            return " ".join(refusal.fields.values())
        except Refusal as refusal:
            self.jobs.clear()
            return refusal.words
        self._run_jobs()
        return ""

    def _new_day(self, on: date) -> None:
        """A meeting is over at the end of its day."""
        if on > self.today and self.sitting is not None:
            meeting = self._one(Meeting, id=self.sitting)
            if meeting.state == meeting_rules.IN_SESSION:
                with self.work("secretary") as work:
                    commission.end_meeting(work, meeting.id, EndMeeting(version=meeting.version))
                self.sitting = None
        while self.has_nights and self.today < on:
            self.today += timedelta(days=1)
            self._night()
        if self.today != on:
            self.today = on
            self._night()

    def _night(self) -> None:
        """All clocks are counted again, as the worker does before the first hour of work."""
        with self.work(Actor.system("count_clocks")) as work:
            clock_jobs.begin_night(work)
        self._run_jobs()

    def _run_jobs(self) -> None:
        while self.jobs:
            name, ids = self.jobs.pop(0)
            if name not in WORKER:
                with self.work(Actor.system(name)) as work:
                    stages.JOBS[name](work, **{key: UUID(value) for key, value in ids.items()})

    def _one(self, kind: Any, **where: Any) -> Any:
        (found,) = self.make.all(kind, **where)
        return found

    @property
    def case(self) -> Case:
        return self._one(Case, id=self.case_id)  # type: ignore[no-any-return]

    def _chosen(self, code: str | None) -> list[UUID]:
        if code:
            return [self.allegations[code]]
        standing = {row.id for row in self.make.all(Allegation) if row.withdrawn_at is None}
        return [key for key in self.allegations.values() if key in standing]

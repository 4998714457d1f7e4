"""Tells a scenario with the real actions, jobs and database, so that the pure telling can be held against it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from app import stages
from app.access.actor import Actor
from app.access.permissions import Role
from app.access.work import House, Later, Work, begin
from app.allegations import actions as allegations
from app.allegations import queries as findings
from app.allegations import rules as finding_rules
from app.allegations.commands import (
    IdentifyOfficer,
    RecommendFinding,
    ReviewFinding,
    StateAllegation,
    WithdrawAllegation,
)
from app.allegations.queries.lives import standing_lives as lives_now
from app.allegations.records import Allegation
from app.cases import actions as cases
from app.cases import queries as case_queries
from app.cases.commands import AssignCase, LogContact, MoveCase
from app.cases.records import Case
from app.clocks import actions as clocks
from app.clocks import jobs as clock_jobs
from app.clocks.commands import Acknowledge, AskExtension, EndPause, PauseClock
from app.clocks.records import Clock, ClockWarning
from app.commission import actions as commission
from app.commission.commands import (
    CallRoll,
    CastVote,
    CloseMotion,
    EndMeeting,
    MoveToSendBack,
    OpenMeeting,
    PutMotion,
    PutOnDocket,
    ScheduleMeeting,
    SendOn,
    WithdrawMotion,
)
from app.commission.records import Meeting, Recusal, Seat
from app.commission.rules import meetings as meeting_rules
from app.correspondence.records import Letter
from app.discipline import actions as discipline
from app.discipline.commands import GiveAnswer, RecommendDiscipline
from app.discipline.records import Recommendation
from app.evidence import actions as evidence
from app.evidence.commands import AnswerDemand, SendDemand
from app.evidence.records import Demand
from app.infra.db import Door
from app.intake import actions as intake
from app.intake import letters
from app.intake.commands import ScreenFiling, SubmitFiling
from app.intake.records import Filing
from app.intake.rules.filing import check_file_type
from app.kernel.errors import Invalid, Refusal
from app.operations.scenarios.happenings import Step
from tests.make import Make

WORKER = ("build_packet", "send_mail")  # they make a paper and a mail, and change nothing of the case
PLACE = "Oak Street"


class InTheHouse:
    """One scenario in one database."""

    def __init__(self, house: House, make: Make, *, has_nights: bool = False) -> None:
        self.has_nights = has_nights
        self.jobs: list[tuple[str, dict[str, str]]] = []
        self.house = replace(house, wiring=replace(house.wiring, reactions=self._caught(house.wiring.reactions)))
        self.make = make
        self.today = make.today
        self.filings: dict[str, UUID] = {}
        self.allegations: dict[str, UUID] = {}
        self.officers: dict[str, UUID] = {}
        self.demands: dict[str, UUID] = {}
        self.members: list[Actor] = []
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
            begin(session, actor)
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

    # --- intake ---

    def filed(self, step: Step, told: Any) -> None:
        ask = SubmitFiling.model_validate(
            {
                "language": told.language,
                "anonymity": told.anonymity,
                "filer": {"relationship": told.relationship, **dict.fromkeys(told.gives, "given")},
                "incident": {"date": str(told.incident) or None, "location": PLACE, "narrative": "He shouted."},
                "officers": [{"badge": "4711"}],
            }
        )
        anyone = Actor.anyone(Door.RESIDENT, self.house.access.of(frozenset({Role.ANYONE})))
        with self.work(anyone) as work:
            got = intake.submit_filing(work, ask, repeat_key=f"{uuid4()}", channel=told.channel)
        self.filings[told.as_] = self._one(Filing, number=got.number).id

    def added(self, step: Step, told: Any) -> None:
        filing = self._one(Filing, id=self.filings[told.filing])
        if told.file is not None:
            check_file_type(self.house.policies.named(filing.policy_id), told.file)

    def screened(self, step: Step, told: Any) -> None:
        filing = self._one(Filing, id=self.filings[told.filing])
        book = self.house.policies.named(filing.policy_id)
        ask = ScreenFiling(
            version=filing.version,
            classification=told.as_,
            department_id=told.department or book.departments[0].code,
            category=told.category or "",
            reason=step.reason,
            duplicate_of=self.case_id if told.joins else None,
        )
        with self.work(step.by or "intake") as work:
            intake.screen_filing(work, filing.id, ask)
        self.case_id = self._one(Filing, id=filing.id).case_id

    def written(self, step: Step, told: Any) -> None:
        with self.work(step.by or "intake") as work:
            letters.write_update(work, work.session.get_one(Filing, self.filings[told.filing]))

    # --- the case ---

    def assigned(self, step: Step, told: Any) -> None:
        lead = self.make.actor("investigator").id
        assert lead is not None
        with self.work(step.by or "supervisor") as work:
            cases.assign_case(work, self.case.id, AssignCase(version=self.case.version, account_id=lead))

    def moved(self, step: Step, told: Any) -> None:
        ask = MoveCase(version=self.case.version, to=told.to, reason=step.reason, closure=told.closure or "")
        with self.work(step.by or "supervisor") as work:
            if step.by == "secretary":
                commission.send_on(work, self.case.id, SendOn(to=told.to, reason=step.reason))
            else:
                cases.move_case(work, self.case.id, ask)

    def contacted(self, step: Step, told: Any) -> None:
        for _ in range(told.times):
            with self.work(step.by or "supervisor") as work:
                cases.log_contact(work, self.case.id, LogContact(channel="phone", result=told.result))

    def happened(self, step: Step, told: Any) -> None:
        with self.work(Actor.system("scenario")) as work:
            case = case_queries.get_case(work, self.case.id, for_update=True)
            officer_id = self.officers[told.officer] if told.officer else None
            cases.tick(work, case, told.event, self.today, officer_id=officer_id)

    def alleged(self, step: Step, told: Any) -> None:
        case = self.case
        known = self.officers.get(told.officer)
        if known is None and not told.is_unknown:
            known = self.make.officer(department_id=case.department_id).id
            self.officers[told.officer] = known
        description = "" if known else told.officer
        ask = StateAllegation(category=told.category, officer_id=known, description=description)
        with self.work("investigator") as work:
            made = allegations.state_allegation(work, case.id, ask)
            self.allegations[told.as_ or f"a{len(self.allegations) + 1}"] = made.id
        self.officers[told.officer] = self._one(Allegation, id=made.id).officer_id

    def identified(self, step: Step, told: Any) -> None:
        known = self.officers.get(told.officer) or self.make.officer(department_id=self.case.department_id).id
        with self.work("investigator") as work:
            ask = IdentifyOfficer(officer_id=known)
            allegations.identify_officer(work, self.case.id, self.officers[told.was], ask)
        self.officers[told.officer] = known

    def withdrawn(self, step: Step, told: Any) -> None:
        allegation = self._one(Allegation, id=self.allegations[told.allegation])
        with self.work("investigator") as work:
            ask = WithdrawAllegation(version=allegation.version, reason="no longer pursued")
            allegations.withdraw_allegation(work, allegation.id, ask)

    def found(self, step: Step, told: Any) -> None:
        for key in self._chosen(told.allegation):
            with self.work(step.by or "") as work:
                if told.life == "investigator":
                    ask = RecommendFinding(disposition=told.finding, reasons="Why.")
                    allegations.recommend_finding(work, key, ask)
                elif told.life == "supervisor":
                    review = ReviewFinding(agrees=told.agrees, disposition=told.finding or "", reasons="Why.")
                    allegations.review_finding(work, key, review)
                else:
                    self._found_otherwise(work, key, step, told)

    def _found_otherwise(self, work: Work, key: UUID, step: Step, told: Any) -> None:
        """Lives for which no page exists yet; the rule says who may, the action writes it."""
        case = self.case
        finding_rules.check_may_write(work.policies.named(case.policy_id), told.life, case.stage, [step.by or ""])
        allegation = findings.get_allegation(work, key, for_update=True)
        allegations.write_finding(
            work, allegation, case_queries.get_case(work, case.id), told.life, told.finding, "Why."
        )

    def _chosen(self, code: str | None) -> list[UUID]:
        if code:
            return [self.allegations[code]]
        standing = {row.id for row in self.make.all(Allegation) if row.withdrawn_at is None}
        return [key for key in self.allegations.values() if key in standing]

    def demanded(self, step: Step, told: Any) -> None:
        with self.work(step.by or "investigator") as work:
            made = evidence.send_demand(work, self.case.id, SendDemand(kind=told.kind, wording="All of it."))
            self.demands[told.as_ or f"d{len(self.demands) + 1}"] = made.id

    def demand_answered(self, step: Step, told: Any) -> None:
        rows = {row.id: row for row in self.make.all(Demand)}
        keys = [self.demands[told.demand]] if told.demand else list(self.demands.values())
        row = next((rows[key] for key in keys if rows[key].answered_on is None), rows[keys[0]])
        ask = AnswerDemand(version=row.version, answer=told.answer, words=step.reason or "Here.")
        with self.work("liaison") as work:
            evidence.answer_demand(work, row.id, ask)

    # --- clocks ---

    def _clock(self, told: Any) -> UUID:
        rows = [row for row in self.make.all(Clock) if row.rule == told.clock]
        wanted = self.officers[told.officer] if told.officer else None
        found = [row for row in rows if wanted is None or row.officer_id == wanted]
        return next((row.id for row in reversed(found) if row.stopped_on is None), found[-1].id)  # type: ignore[no-any-return]

    def paused(self, step: Step, told: Any) -> None:
        ask = PauseClock(kind=told.reason, reason="A letter.", from_on=told.from_ or self.today, until_on=told.until)
        with self.work(step.by or "director") as work:
            clocks.pause_clock(work, self._clock(told), ask)

    def extended(self, step: Step, told: Any) -> None:
        ask = AskExtension(more=told.kind or "", why=step.reason, days=told.days)
        with self.work(step.by or "director") as work:
            clocks.extend_clock(work, self._clock(told), ask)

    def acknowledged(self, step: Step, told: Any) -> None:
        clock_id = self._clock(told)
        (warning,) = [row for row in self.make.all(ClockWarning, clock_id=clock_id) if row.ended_on is None]
        with self.work(step.by or "director") as work:
            clocks.acknowledge(work, clock_id, warning.id, Acknowledge(plan="We hurry."))

    def pause_ended(self, step: Step, told: Any) -> None:
        with self.work(step.by or "director") as work:
            clocks.end_pause(work, self._clock(told), EndPause(until_on=told.until or self.today))

    # --- the commission ---

    def docketed(self, step: Step, told: Any) -> None:
        body = told.body or meeting_rules.voting_bodies(self.make.book)[0].code
        ask = ScheduleMeeting(body=body, held_on=told.meets_on or self.today, starts_at="18:00", place="Hall")
        with self.work("director") as work:
            meeting = commission.schedule_meeting(work, ask)
            work.flush()
            commission.put_on_docket(work, meeting.id, PutOnDocket(case_id=self.case.id))
        self.sitting = meeting.id

    def meeting(self, step: Step, told: Any) -> None:
        """Seats are filled as the story says; the last ones step aside."""
        assert self.sitting is not None
        meeting = self._one(Meeting, id=self.sitting)
        while len(self.members) < told.serving:
            account = self.make.account("commissioner")
            self.members.append(self.make.sign_in(account, "commissioner")[0])
        held = len(self.make.all(Seat))
        for position in range(held, told.seats if told.seats is not None else told.serving):
            holder = self.members[position].id if position < told.serving else None
            self.make.row(
                Seat(id=uuid4(), body=meeting.body, position=position + 1, account_id=holder, from_on=date(2000, 1, 1))
            )
        members = self.members[: told.serving]
        out = members[len(members) - told.recused :]
        for member in out:
            if not self.make.all(Recusal, case_id=self.case_id, account_id=member.id):
                self.make.row(
                    Recusal(
                        id=uuid4(),
                        case_id=self.case_id,
                        account_id=member.id,
                        ground="other",
                        declared_at=self.make.now,
                    )
                )
        here = [*members[: told.present], *out[: told.recused_present]]
        with self.work("secretary") as work:
            commission.open_meeting(work, meeting.id, OpenMeeting(version=meeting.version))
            work.flush()
            commission.call_roll(work, meeting.id, CallRoll(present=tuple(one.id for one in here if one.id)))

    def voted(self, step: Step, told: Any) -> None:
        if told.motion == meeting_rules.FINDING:
            for key in self._chosen(told.allegation):
                ask = PutMotion(subject_id=key, proposal=told.finding, moved_by=self.members[0].id)
                self._vote(told, partial(commission.put_motion, case_id=self.case.id, ask=ask))
                self._run_jobs()
        elif told.motion == meeting_rules.SEND_BACK:
            back = MoveToSendBack(more_work=step.reason or "more work", back_moved_by=self.members[0].id)
            self._vote(told, partial(commission.move_to_send_back, case_id=self.case.id, ask=back))

    def _vote(self, told: Any, put: Callable[[Work], Any]) -> None:
        with self.work("secretary") as work:
            motion = put(work)
        choices = ["yes"] * told.ayes + ["no"] * told.noes + ["abstain"] * told.abstain
        for member, choice in zip(self.members, choices, strict=False):
            with self.work(member) as work:
                commission.cast_vote(work, self.case.id, motion.id, CastVote.model_validate({"choice": choice}))
        try:
            with self.work("secretary") as work:
                commission.close_motion(work, self.case.id, motion.id, CloseMotion(version=motion.version))
        except Refusal:
            # What cannot be decided is not left hanging when the meeting ends.
            with self.work("secretary") as work:
                commission.withdraw_motion(work, self.case.id, motion.id, WithdrawMotion(version=motion.version))
            raise

    # --- discipline ---

    def recommended(self, step: Step, told: Any) -> None:
        ask = RecommendDiscipline(allegation_id=self._chosen(told.allegation)[0], measure=told.measure, reasons="Why.")
        with self.work(step.by or "secretary") as work:
            discipline.recommend_discipline(work, self.case.id, ask)

    def answered(self, step: Step, told: Any) -> None:
        keys = self._chosen(told.allegation)
        for row in self.make.all(Recommendation):
            if row.allegation_id in keys and row.answered_on is None:
                ask = GiveAnswer(version=row.version, answer=told.answer, reasons=step.reason, imposed=told.imposed)
                with self.work("liaison") as work:
                    discipline.give_answer(work, row.id, ask)
                self._run_jobs()

    # --- what came of it ---

    def stands(self) -> dict[str, Any]:
        """Everything that the pure telling keeps as well."""
        if self.case_id is None:
            return {}
        case, names = self.case, {key: name for name, key in self.officers.items()}
        with self.work("director") as work:
            lives = lives_now(work, case.id)
            facts = {name: fact(work, case.id) for name, fact in stages.FACTS.items()}
        codes = {key: code for code, key in self.allegations.items()}
        return {
            "pinned": case.policy_id,
            "stage": case.stage,
            "closure": case.closure,
            "overall": case.result,
            "closed_on": case.closed_on,
            "clocks": sorted(
                (
                    row.rule,
                    names.get(row.officer_id, ""),
                    row.started_by,
                    row.started_on,
                    row.due_on,
                    str(row.stopped_on),
                    row.stopped_by,
                )
                for row in self.make.all(Clock)
            ),
            "warnings": sorted(self._warnings()),
            "lives": {codes[key]: said for key, said in lives.items()},
            "letters": sorted((row.kind, row.language, str(row.filing_id is None)) for row in self.make.all(Letter)),
            "facts": facts,
        }

    def _warnings(self) -> list[Any]:
        """The warnings that stand on running clocks, where nights were counted."""
        running = {row.id: row.rule for row in self.make.all(Clock) if row.stopped_on is None}
        rows = [row for row in self.make.all(ClockWarning) if row.ended_on is None and row.clock_id in running]
        said = [(running[row.clock_id], row.step, row.level, row.acknowledged_at is not None) for row in rows]
        return said if self.has_nights else []

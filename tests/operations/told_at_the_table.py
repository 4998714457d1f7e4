"""What happens at the table: the body meets and votes, discipline is recommended and answered."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from app.access.actor import Actor
from app.access.work import Work
from app.commission import actions as commission
from app.commission import queries
from app.commission.commands import (
    CallRoll,
    CastVote,
    CloseMotion,
    MoveToClose,
    MoveToSendBack,
    OpenMeeting,
    PlanClosedSession,
    PutMotion,
    PutOnDocket,
    RecordWord,
    ScheduleMeeting,
    WithdrawMotion,
)
from app.commission.records import Meeting, Recusal, Seat
from app.commission.rules import closed
from app.commission.rules import meetings as meeting_rules
from app.discipline import actions as discipline
from app.discipline import rules as dispute_rules
from app.discipline.commands import DecideDispute, GiveAnswer, RecommendDiscipline
from app.discipline.records import DisputeRecord, Recommendation
from app.kernel.errors import Refusal, Refused
from app.operations.scenarios.happenings import Step
from app.people import queries as people
from tests.operations.told_behind_walls import BehindWalls


class AtTheTable(BehindWalls):
    """The happenings of the commission and of discipline."""

    # --- the commission ---

    def docketed(self, step: Step, told: Any) -> None:
        body = told.body or meeting_rules.voting_bodies(self.make.book)[0].code
        ask = ScheduleMeeting(body=body, held_on=told.meets_on or self.today, starts_at=told.meets_at, place="Hall")
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
        elif told.motion == closed.CLOSE:
            with self._as_told():
                ask_close = MoveToClose(close_moved_by=self.members[0].id)
                self._vote(told, partial(commission.move_to_close, case_id=self.case.id, ask=ask_close))

    # --- closed sessions ---

    def session_planned(self, step: Step, told: Any) -> None:
        with self.work("secretary") as work:
            commission.plan_closed_session(work, self.case.id, PlanClosedSession(ground=told.ground))

    def session_word(self, step: Step, told: Any) -> None:
        ask = RecordWord(
            officer_id=self.officers.get(told.officer) or uuid4(),
            kind=closed.Word(told.kind),
            told_on=self.today,
            told_at=told.at,
            proof="A signed letter.",
        )
        with self._as_told(), self.work("secretary") as work:
            commission.record_word(work, self.case.id, ask)

    def session_over(self, step: Step, told: Any) -> None:
        with self.work("secretary") as work:
            commission.end_closed_session(work, self.case.id)

    def session_stands(self) -> tuple[str, list[str]]:
        """How the closed session stands, and who hinders it, by the names of the story."""
        with self.work("secretary") as work:
            if not queries.is_on_a_docket(work, self.case.id):
                return "none", []
            one = queries.docketed(work, queries.item_of_case(work, self.case.id))
            if one.closing is None:
                return "none", []
            names = {key: name for name, key in self.officers.items()}
            spoken = queries.officers_spoken_of(work, one.closing, one.meeting)
            return str(one.closing.state), sorted(names[each.id] for each in spoken if each.is_hindered)

    @contextmanager
    def _as_told(self) -> Iterator[None]:
        """Refusals name an officer as the roster does; the story, by its own names."""
        try:
            yield
        except Refused as refusal:
            words = refusal.words
            with self.work("secretary") as work:
                labels = {
                    key: people.label(each)
                    for key, each in people.officers_by_id(work, set(self.officers.values())).items()
                }
            for name, key in self.officers.items():
                words = words.replace(labels[key], name)
            raise Refused(words) from refusal

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
            if row.allegation_id in keys and row.answered_on is None and told.department in (None, row.department_id):
                ask = GiveAnswer(version=row.version, answer=told.answer, reasons=step.reason, imposed=told.imposed)
                with self.work(self.liaison_of(row.department_id)) as work:
                    discipline.give_answer(work, row.id, ask)
                self._run_jobs()

    def liaison_of(self, department: str) -> Actor:
        if department not in self.liaisons:
            account = self.make.account("liaison", department_id=department)
            self.liaisons[department] = self.make.sign_in(account, "liaison")[0]
        return self.liaisons[department]

    def read_by(self, department: str) -> dict[str, list[str]]:
        """All that row security leaves the liaison of a department, by the names of the story."""
        names = {key: name for known in (self.demands, self.allegations, self.officers) for name, key in known.items()}
        with self.work(self.liaison_of(department)) as work:

            def rows(statement: str) -> list[str]:
                found = set(work.session.execute(text(statement)).scalars())
                return sorted(names.get(each, each) for each in found)

            return {
                "demands": rows("SELECT id FROM demands"),
                "recommended": rows("SELECT id FROM allegations"),
                "letters": sorted(work.session.execute(text("SELECT kind FROM letters")).scalars()),
                "officers": rows("SELECT id FROM officers"),
            }

    def decided(self, step: Step, told: Any) -> None:
        """By names, or by members; of these as many as the story says had stepped aside."""
        about = {self._one(Recommendation, id=row.recommendation_id).allegation_id: row for row in self._disputes()}
        keys = [self.allegations[told.allegation]] if told.allegation else list(about)
        rows = [about[key] for key in keys if key in about]
        if not rows:
            raise Refused("No dispute is open.")
        row = next((each for each in rows if each.decided_on is None), rows[-1])
        book = self.house.policies.named(self.case.policy_id)
        found = dispute_rules.dispute(book, row.dispute)
        many = found.deciders or 1
        names = told.deciders or [f"Decider {n}" for n in range(1, many + 1)]
        by_seat = dispute_rules.is_of_members(book, found)
        ask = DecideDispute(
            outcome=told.outcome,
            happened_on=self.today,
            proof="The decision.",
            holds=told.holds,
            deciders="" if by_seat else "\n".join(names),
            members=tuple(self._deciding(told.recused, many)) if by_seat else (),
        )
        with self.work(step.by or "director") as work:
            discipline.decide_dispute(work, self.case.id, row.id, ask)

    def _deciding(self, recused: int, many: int) -> list[UUID]:
        out = {row.account_id for row in self.make.all(Recusal, case_id=self.case_id)}
        known = [one.id for one in self.members if one.id is not None]
        aside = [key for key in known if key in out][:recused]
        return [*aside, *(key for key in known if key not in out)][:many]

    def _disputes(self) -> list[Any]:
        return sorted(self.make.all(DisputeRecord, case_id=self.case_id), key=lambda row: row.opened_on)

    def disputes_stand(self) -> list[Any]:
        return [(row.dispute, row.opened_on, row.outcome or "", str(row.decided_on)) for row in self._disputes()]

"""What happens at the table: the body meets and votes, discipline is recommended and answered."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from app.access.work import Work
from app.commission import actions as commission
from app.commission.commands import (
    CallRoll,
    CastVote,
    CloseMotion,
    MoveToSendBack,
    OpenMeeting,
    PutMotion,
    PutOnDocket,
    ScheduleMeeting,
    WithdrawMotion,
)
from app.commission.records import Meeting, Recusal, Seat
from app.commission.rules import meetings as meeting_rules
from app.discipline import actions as discipline
from app.discipline import rules as dispute_rules
from app.discipline.commands import DecideDispute, GiveAnswer, RecommendDiscipline
from app.discipline.records import DisputeRecord, Recommendation
from app.kernel.errors import Refusal, Refused
from app.operations.scenarios.happenings import Step
from tests.operations.told_inside import Inside


class AtTheTable(Inside):
    """The happenings of the commission and of discipline."""

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

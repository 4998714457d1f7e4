"""Tells a scenario with the real actions, jobs and database, so that the pure telling can be held against it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from app import stages
from app.access.actor import Actor
from app.access.permissions import Role
from app.access.work import Work
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
from app.cases.commands import AssignCase, LinkCase, LogContact, MoveCase, OpenOwnCase, RecordMilestone
from app.clocks import actions as clocks
from app.clocks.commands import (
    Acknowledge,
    AskExtension,
    ChooseStart,
    EndPause,
    NoteAgreement,
    NoteStart,
    PauseClock,
)
from app.clocks.records import Clock, ClockStart, ClockWarning
from app.commission import actions as commission
from app.commission.commands import (
    SendOn,
)
from app.correspondence.records import Letter
from app.discipline import actions as discipline
from app.discipline.commands import RecordReport
from app.discipline.records import ReportToOthers
from app.evidence import actions as evidence
from app.evidence.commands import AnswerDemand, SendDemand
from app.evidence.records import Demand
from app.infra.db import Door
from app.intake import actions as intake
from app.intake import letters
from app.intake.commands import AddTranslation, NameFiler, ScreenFiling, SubmitFiling
from app.intake.records import Filing
from app.intake.rules.filing import check_file_type
from app.operations.scenarios.happenings import Step
from app.people.records import Officer
from tests.operations.told_at_the_table import AtTheTable

PLACE = "Oak Street"


class InTheHouse(AtTheTable):
    """Every happening of a scenario, by the real actions."""

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
        with self.work(self._anyone()) as work:
            got = intake.submit_filing(work, ask, repeat_key=f"{uuid4()}", channel=told.channel)
        self.filings[told.as_] = self._one(Filing, number=got.number).id
        self.passphrases[told.as_] = got.passphrase.words

    def named(self, step: Step, told: Any) -> None:
        ask = NameFiler(anonymity=told.as_, **dict.fromkeys(told.gives, "given"))
        with self.work(self._anyone()) as work:
            intake.own_by_passphrase(work, self.passphrases[told.filing])
            intake.name_filer(work, ask)

    def translated(self, step: Step, told: Any) -> None:
        filing_id = self.filings[told.filing]
        ask = AddTranslation(
            of_id=filing_id,
            language=told.into,
            body="He shouted.",
            translator="The city's interpreter",
            translated_on=told.made_on or self.today,
        )
        with self.work("intake") as work:
            intake.add_translation(work, filing_id, ask)

    def _anyone(self) -> Actor:
        return Actor.anyone(Door.RESIDENT, self.house.access.of(frozenset({Role.ANYONE})))

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

    def opened(self, step: Step, told: Any) -> None:
        department = told.department or self.house.policies.newest(self.house.agency).departments[0].code
        ask = OpenOwnCase(
            kind=told.kind,
            department_id=department,
            category=told.category or "",
            incident_on=told.incident,
            place=PLACE,
            narrative="A shot was fired.",
            reason=step.reason or "The law says so.",
        )
        with self.work(step.by or "director") as work:
            self.case_id = cases.open_own_case(work, ask).id

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
        book = self.house.policies.named(self.case.policy_id)
        if (milestone := next((each for each in book.milestones if each.code == told.event), None)) is not None:
            self._put_on_file(step, told, milestone.by)
            return
        with self.work(Actor.system("scenario")) as work:
            case = case_queries.get_case(work, self.case.id, for_update=True)
            officer_id = self.officers[told.officer] if told.officer else None
            cases.tick(work, case, told.event, self.today, officer_id=officer_id)

    def _put_on_file(self, step: Step, told: Any, by: Sequence[str]) -> None:
        """By whoever the story names, if they have a desk in the office; else by the first of the rulebook who has."""
        role = next(role for role in (step.by, *by) if role in ("intake", "investigator", "supervisor", "director"))
        officer_id = self.officers[told.officer] if told.officer else None
        ask = RecordMilestone(
            milestone=told.event, officer_id=officer_id, happened_on=self.today, proof="The stamped copy."
        )
        with self.work(role) as work:
            cases.record_milestone(work, self.case.id, ask)

    def reported(self, step: Step, told: Any) -> None:
        book = self.house.policies.named(self.case.policy_id)
        entry = next(each for each in book.external_reports if each.code == told.report)
        ask = RecordReport(
            report=told.report,
            how=told.how or str(entry.fulfilled_by),
            holds=told.holds,
            happened_on=self.today,
            proof="The stamped copy.",
        )
        with self.work(step.by or "supervisor") as work:
            discipline.record_report(work, self.case.id, ask)

    def earlier(self, step: Step, told: Any) -> None:
        other = self.make.case(number=told.as_)
        if told.officer is not None:
            known = self.officers.get(told.officer) or self.make.officer(department_id=other.department_id).id
            self.officers[told.officer] = known
            self.make.allegation(other, self._one(Officer, id=known))
        for role in told.walled_from:
            self.make.wall(other, self.make.actor(role))
        self.others.append(other.id)

    def linked(self, step: Step, told: Any) -> None:
        with self.work(step.by or "supervisor") as work:
            ask = LinkCase(number=told.to, relation=told.relation, reason="She said so.")
            cases.link_case(work, self.case.id, ask)

    def _others_seen(self) -> dict[str, Any]:
        """What two roles may know of other cases, where the story has any."""
        seen = {}
        for role in ("investigator", "supervisor") if self.others else ():
            with self.work(role) as work:
                case = case_queries.get_case(work, self.case.id)
                links = [(each.case.number, each.relation) for each in case_queries.shown_links(work, case)]
                found = case_queries.links_view(work, case)["of_officers"]
                seen[role] = (sorted(links), sorted(each.number for each in found))
        return seen

    def alleged(self, step: Step, told: Any) -> None:
        case = self.case
        known = self.officers.get(told.officer)
        if known is None and not told.is_unknown:
            known = self.make.officer(department_id=told.department or case.department_id).id
            self.officers[told.officer] = known
        ask = StateAllegation(
            category=told.category,
            officer_id=known,
            description="" if known else told.officer,
            department_id="" if known else told.department or "",
        )
        with self.work("investigator") as work:
            made = allegations.state_allegation(work, case.id, ask)
            self.allegations[told.as_ or f"a{len(self.allegations) + 1}"] = made.id
        self.officers[told.officer] = self._one(Allegation, id=made.id).officer_id

    def identified(self, step: Step, told: Any) -> None:
        department = told.department or self._one(Officer, id=self.officers[told.was]).department_id
        known = self.officers.get(told.officer) or self.make.officer(department_id=department).id
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

    def demanded(self, step: Step, told: Any) -> None:
        with self.work(step.by or "investigator") as work:
            ask = SendDemand(kind=told.kind, wording="All of it.", department_id=told.department or "")
            made = evidence.send_demand(work, self.case.id, ask)
            self.demands[told.as_ or f"d{len(self.demands) + 1}"] = made.id

    def demand_answered(self, step: Step, told: Any) -> None:
        rows = {row.id: row for row in self.make.all(Demand)}
        keys = [self.demands[told.demand]] if told.demand else list(self.demands.values())
        row = next((rows[key] for key in keys if rows[key].answered_on is None), rows[keys[0]])
        ask = AnswerDemand(version=row.version, answer=told.answer, words=step.reason or "Here.")
        with self.work(self.liaison_of(row.department_id)) as work:
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

    def chosen(self, step: Step, told: Any) -> None:
        clock_id, party = self._clock(told), "" if told.party in (None, "office") else told.party
        rows = sorted(self.make.all(ClockStart, clock_id=clock_id), key=lambda row: (row.noted_on, row.day))
        found = [row.id for row in rows if row.party == party and told.start in (None, row.event)]
        with self.work(step.by or "director") as work:
            clocks.choose_start(work, clock_id, ChooseStart(start_id=found[-1], reason=step.reason or "It is so."))

    def dated(self, step: Step, told: Any) -> None:
        with self.work(step.by or "director") as work:
            clocks.note_start(work, self._clock(told), NoteStart(party=told.party, day=told.day, proof="A stamp."))

    def _agreed(self, step: Step, told: Any, ask: AskExtension) -> None:
        clock_id = self._clock(told)
        with self.work(step.by or "director") as work:
            asked = clocks.ask_extension(work, clock_id, ask).id
        for party in told.agreed_by:
            with self.work(step.by or "director") as work:
                agreement = NoteAgreement(party=party, agreed_on=self.today, proof="Signed.")
                clocks.note_agreement(work, clock_id, asked, agreement)

    def extended(self, step: Step, told: Any) -> None:
        ask = AskExtension(more=told.kind or "", why=step.reason, days=told.days)
        if told.agreed_by:
            self._agreed(step, told, ask)
            return
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
            "others": self._others_seen(),
            "disputes": sorted(self.disputes_stand()),
            "session": self.session_stands(),
            "kept": self.kept_stands(),
            "departments": {each: self.read_by(each) for each in self.departments},
            "reports": sorted((row.report, row.how) for row in self.make.all(ReportToOthers)),
        }

    def _warnings(self) -> list[Any]:
        """The warnings that stand on running clocks, where nights were counted."""
        running = {row.id: row.rule for row in self.make.all(Clock) if row.stopped_on is None}
        rows = [row for row in self.make.all(ClockWarning) if row.ended_on is None and row.clock_id in running]
        said = [(running[row.clock_id], row.step, row.level, row.acknowledged_at is not None) for row in rows]
        return said if self.has_nights else []

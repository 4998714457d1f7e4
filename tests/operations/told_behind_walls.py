"""What is kept, who is on which side, and who opens it: with the real actions and the database's own walls."""

import io
import json
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.work import Work, begin
from app.audit.records import JournalEntry
from app.cases import actions as cases
from app.cases.commands import NameSide, WriteNote
from app.cases.records import Note
from app.evidence import actions as evidence
from app.evidence import queries as files
from app.evidence.commands import AddFile
from app.kernel.errors import NotFound
from app.operations.scenarios.happenings import Step
from tests.operations.told_inside import Inside

OFFICE = ("intake", "investigator", "supervisor", "counsel", "director", "analyst", "mediator")


class BehindWalls(Inside):
    """The happenings of compartments and sides."""

    def who(self, name: str) -> Actor:
        """Somebody whom the story has named, or the one person of a role."""
        return self.people.get(name) or self.make.actor(name)

    @property
    def here(self) -> UUID:
        """The case, without a look at it: that would be the owner's, before whom no wall stands."""
        assert self.case_id is not None
        return self.case_id

    def kept(self, step: Step, told: Any) -> None:
        given = {"keep": told.keep or "", "made_from": tuple(self.items[code][1] for code in told.made_from)}
        with self.work(self.who(step.by or "")) as work:
            if told.what == "file":
                sent = evidence.keep_file(work, "said.txt", io.BytesIO(b"I did what I was told to."), limit=1000)
                ask = AddFile(label=f"Number {len(self.items)}", received_from="the officer", **given)
                key = evidence.add_file(work, self.here, ask, sent).id
            else:
                key = cases.write_note(work, self.here, WriteNote(reader="team", body="In short.", **given)).id
        self.items[told.as_] = (told.what, key)

    def sided(self, step: Step, told: Any) -> None:
        if told.role is not None and told.who not in self.people:
            self.people[told.who] = self.make.sign_in(self.make.account(told.role), told.role)[0]
        account_id = self.who(told.who).id
        assert account_id is not None
        with self.work(self.who(step.by or "")) as work:
            ask = NameSide(account_id=account_id, side=told.side, reason=step.reason or "Lent to the prosecutor.")
            cases.name_side(work, self.here, ask)

    def viewed(self, step: Step, told: Any) -> None:
        with self.work(self.who(step.by or "")) as work:
            work.need(Permission.FILE_OPEN)
            evidence.open_file(work, self.here, self.items[told.item][1])

    def kept_stands(self) -> dict[str, Any]:
        """Who finds each thing, of the office's roles and of those whom the story has named; and who tried in vain."""
        if not self.items:
            return {}
        everybody = [*OFFICE, *self.people]
        found = {code: sorted(who for who in everybody if self._finds(who, *self.items[code])) for code in self.items}
        return {"sees": found, "tried": self._tried()}

    def _finds(self, who: str, what: str, key: UUID) -> bool:
        """Looked at in a Work that is given up, so that nothing is on file as read."""
        actor = self.who(who)
        with self.house.databases.session(actor.door) as session:
            begin(session, actor, self.house.databases)
            try:
                return self._is_there(Work(self.house, actor, session, self.make.now), what, key)
            finally:
                session.rollback()

    def _is_there(self, work: Work, what: str, key: UUID) -> bool:
        if not work.may(Permission.CASE_READ):
            return False
        if what != "file":
            return work.session.scalar(select(Note.id).where(Note.id == key)) is not None
        try:
            return work.may(Permission.FILE_OPEN) and files.get_item(work, key) is not None
        except NotFound:
            return False

    def _tried(self) -> list[str]:
        names = {str(self.who(name).id): name for name in [*OFFICE, *self.people]}
        codes = {str(key): code for code, (_, key) in self.items.items()}
        entries = self.make.all(JournalEntry, tag="access:compartment:refused")
        return sorted(f"{names[str(each.actor_id)]} {codes[_item_of(each)]}" for each in entries)


def _item_of(entry: JournalEntry) -> str:
    return str(json.loads(entry.body)["facts"]["item_id"])

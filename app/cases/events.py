"""What happened to cases."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


class CaseOpened(Event):
    """A filing became a case."""

    tag: ClassVar[str] = "cases:case:opened"
    sentence: ClassVar[str] = "Opened the case under the rulebook {policy_id}, classified {classification}."

    filing_id: UUID
    policy_id: str
    classification: str
    department_id: str


class OwnCaseOpened(Event):
    """The office opened a case that nobody complained of."""

    tag: ClassVar[str] = "cases:case:opened_without_a_complaint"
    sentence: ClassVar[str] = "Opened the case without a complaint, as {kind}, under the rulebook {policy_id}."

    kind: str
    policy_id: str
    department_id: str


class FilingJoined(Event):
    """A second filing on the same matter was joined to a case."""

    tag: ClassVar[str] = "cases:filing:joined"
    sentence: ClassVar[str] = "Joined another filing to the case."

    filing_id: UUID


class CaseAssigned(Event):
    """Somebody leads the case from now on."""

    tag: ClassVar[str] = "cases:case:assigned"
    sentence: ClassVar[str] = "Assigned the case."

    account_id: UUID
    before_id: UUID | None = None


class CaseKept(Event):
    """The whole case is kept in a compartment."""

    tag: ClassVar[str] = "cases:case:kept"
    sentence: ClassVar[str] = "Kept the whole case in a compartment ({kind})."

    kind: str


class CaseNoLongerKept(Event):
    """The whole case is kept there no more."""

    tag: ClassVar[str] = "cases:case:no_longer_kept"
    sentence: ClassVar[str] = "The case is kept in that compartment no more ({kind})."

    kind: str


class FilerKept(Event):
    """Who filed is kept from everybody but one role; told to that role alone."""

    tag: ClassVar[str] = "cases:filer:kept"
    sentence: ClassVar[str] = "Kept who filed for one role alone."

    done: bool = False


class CaseMoved(Event):
    """The case went from one stage to another."""

    tag: ClassVar[str] = "cases:case:moved"
    sentence: ClassVar[str] = "Moved the case from {from_stage} to {to_stage}."

    from_stage: str
    to_stage: str
    note_id: UUID | None = None


class CaseClosed(Event):
    """The case came to a final stage."""

    tag: ClassVar[str] = "cases:case:closed"
    sentence: ClassVar[str] = "Closed the case as {stage}."

    stage: str
    closure: str = ""
    result: str = ""


class CaseOpenedForReading(Event):
    """Somebody opened the case file."""

    tag: ClassVar[str] = "cases:case:read"
    sentence: ClassVar[str] = "Opened the case file."


class NoteWritten(Event):
    """A note was written; who reads it was settled then."""

    tag: ClassVar[str] = "cases:note:written"
    sentence: ClassVar[str] = "Wrote a note for {reader}."

    note_id: UUID
    reader: str


class TaskAdded(Event):
    """Something is to be done."""

    tag: ClassVar[str] = "cases:task:added"
    sentence: ClassVar[str] = "Added a task, due {due_on}."

    task_id: UUID
    due_on: date | None = None


class TaskDone(Event):
    """It was done."""

    tag: ClassVar[str] = "cases:task:done"
    sentence: ClassVar[str] = "Finished a task."

    task_id: UUID


class ContactAttempted(Event):
    """Somebody tried to reach a person."""

    tag: ClassVar[str] = "cases:contact:attempted"
    sentence: ClassVar[str] = "Tried to reach a person by {channel}: {result}."

    attempt_id: UUID
    channel: str
    result: str


class CasesLinked(Event):
    """Two cases were linked; told on the tab of links alone, to whoever may know of both."""

    tag: ClassVar[str] = "cases:link:made"
    sentence: ClassVar[str] = "Linked the case with another one: {relation}."

    other_id: UUID
    relation: str


class LinkWithdrawn(Event):
    """Two cases do not belong together like this after all; told on the tab of links alone."""

    tag: ClassVar[str] = "cases:link:withdrawn"
    sentence: ClassVar[str] = "Withdrew a link of the case with another one: {relation}."

    other_id: UUID
    relation: str


class FilerSought(Event):
    """Somebody looked for other cases of the same filer."""

    tag: ClassVar[str] = "cases:filer:sought"
    sentence: ClassVar[str] = "Looked for other cases of the same filer."


class MilestoneRecorded(Event):
    """Something that happened outside was put on file, with its day."""

    tag: ClassVar[str] = "cases:milestone:recorded"
    sentence: ClassVar[str] = "Put on file: {milestone}, on {happened_on}."

    milestone_id: UUID
    milestone: str
    happened_on: date
    officer_id: UUID | None = None


class MilestoneCorrected(Event):
    """The day of a milestone was wrong; the right one takes its place, and the first stays as history."""

    tag: ClassVar[str] = "cases:milestone:corrected"
    sentence: ClassVar[str] = "Corrected what is on file of {milestone}: {was_on} became {happened_on}."

    milestone_id: UUID
    corrects_id: UUID
    milestone: str
    was_on: date
    happened_on: date
    officer_id: UUID | None = None


class MilestoneWithdrawn(Event):
    """What was on file of a milestone never happened; the row stays as history."""

    tag: ClassVar[str] = "cases:milestone:withdrawn"
    sentence: ClassVar[str] = "Withdrew what was on file of {milestone}, on {was_on}: it never happened."

    milestone_id: UUID
    milestone: str
    was_on: date
    officer_id: UUID | None = None

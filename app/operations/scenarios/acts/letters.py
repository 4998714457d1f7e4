"""The letters that follow from where a case comes to: as the jobs of cases, intake and discipline."""

from __future__ import annotations

from app.cases import rules as roads
from app.discipline import rules as discipline
from app.operations.scenarios import clocks
from app.operations.scenarios.acts import departments
from app.operations.scenarios.story import Filing, Story
from app.policy.model import Rulebook

FILER, DEPARTMENT = "filer", "department"


def receipt(story: Story, filing: Filing) -> None:
    for kind in _kinds(filing.book, "filing_received", FILER):
        send(story, filing, kind)


def acknowledgement(story: Story, filing: Filing) -> None:
    """As `write_acknowledgement`: a case that ended at once gets the letter about its end instead."""
    if ending(story) is None:
        for kind in _kinds(filing.book, "acknowledgement_sent", FILER):
            if kind not in [code for code, _ in filing.letters]:
                send(story, filing, kind)


def at_stage(story: Story) -> None:
    """As `write_stage_letter`: once to each filer."""
    event = None if story.law.stage(story.stage).final else roads.clock_event(story.law, story.stage)
    for filing in joined(story):
        for kind in _kinds(filing.book, event or "", FILER):
            if kind not in [code for code, _ in filing.letters]:
                send(story, filing, kind)


def closing(story: Story) -> None:
    """As `write_closing_letter`: a case closed again another day is told again."""
    event = ending(story)
    for filing in joined(story):
        for kind in _kinds(filing.book, event or "", FILER):
            if (kind, story.today) not in filing.letters:
                send(story, filing, kind)


def findings(story: Story) -> None:
    """As `discipline.jobs.send_findings`: recommendations go out, and the letter with them; once."""
    if not discipline.is_sent_at_once(story.law, story.stage):
        return
    unsent = [each for each in story.recommendations if each.sent_on is None]
    for each in unsent:
        each.sent_on, each.due_on = story.today, discipline.due_on(story.law, story.today)
        each.department = story.officers[story.allegation(each.allegation).officer]
    for department in departments.in_case(story):
        has_new = any(each.department == department for each in unsent)
        for kind in _kinds(story.law, "findings_sent", DEPARTMENT):
            if has_new or (kind, department) not in story.department_letters:
                to_department(story, kind, department)


def to_department(story: Story, kind: str, department: str) -> None:
    story.law.letter(kind)
    story.department_letters.append((kind, department))
    story.sent.append(kind if department == story.department else f"{kind} to {department}")


def send(story: Story, filing: Filing, kind: str) -> None:
    """A letter to the filer, and what it means to the clocks; as `cases.actions.letter_went_out`."""
    letter = filing.book.letter(kind, filing.language)
    filing.letters.append((kind, story.today))
    story.sent.append(kind if letter.language == "en" else f"{kind} in {letter.language}")
    if filing.has_joined:
        for event in roads.told_by_letter(story.law.letter_kind(kind).on):
            clocks.reached(story, event, story.today)


def ending(story: Story) -> str | None:
    """The event that ended the case; None while it goes on."""
    if not story.law.stage(story.stage).final:
        return None
    refers = roads.is_referral(story.law, story.stage)
    return roads.closed_how(story.law, story.stage, story.closure, refers=refers)


def joined(story: Story) -> list[Filing]:
    return [filing for filing in story.filings if filing.has_joined]


def _kinds(book: Rulebook, event: str, to: str) -> list[str]:
    return [kind.code for kind in book.letters if kind.on == event and kind.to == to]

"""The road of a case: its stages, who may move it on, and what must be true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from app.policy.model.process import Move, Owner, Stage
from app.policy.plain.grammar import clause, ended, listed, quoted, sentence
from app.policy.plain.names import Speaker, text_of
from app.policy.plain.said import Entry, Said, Section, section
from app.policy.plain.words import spoken


def road(speaker: Speaker) -> Section:
    book = speaker.book
    entries = (
        *(stage_entry(speaker, stage) for stage in book.stages),
        _completion(speaker),
        *(
            speaker.entry(str(m.label), f"milestones.{m.code}", m, milestone_text(speaker, m.code))
            for m in book.milestones
        ),
    )
    return section("road", "The road of a case", entries)


def stage_entry(speaker: Speaker, stage: Stage) -> Entry:
    moves = speaker.book.moves_from(stage.code)
    said = tuple(said for move in moves for said in _move(speaker, move))
    entry = speaker.entry(str(stage.label), f"stages.{stage.code}", None, stage_text(speaker, stage), *said)
    notes = tuple(speaker.without_codes(move.note) for move in moves if move.note)
    return Entry(entry.name, entry.place, entry.said, (*entry.notes, *notes))


def _move(speaker: Speaker, move: Move) -> Iterator[Said]:
    """A line of its own in the list of what may come next."""
    for said in speaker.say(move, move_text(speaker, move)):
        yield replace(said, is_item=True)
    yield from speaker.doubts(move)


def stage_text(speaker: Speaker, stage: Stage) -> Iterator[str]:
    first = "A case begins here. " if stage == speaker.book.first_stage else ""
    turn = spoken(stage.turn or Owner.AGENCY)
    yield f"{first}The case ends here." if stage.final else f"{first}It is the turn of {turn}."
    said = " ".join(ended(text_of(text)) for text in (stage.public_text, stage.public_next) if text)
    yield f"The person who complained reads: {quoted(f'{ended(text_of(stage.public_label))} {said}')}"
    if stage.visible_to:
        yield f"Only these bodies see cases here: {speaker.names(stage.visible_to, 'bodies')}."
    if stage.renamed_from:
        yield f"Its former name: {ended(stage.renamed_from)}"


def move_text(speaker: Speaker, move: Move) -> str:
    """Where it leads, who may make it, and what must be true."""
    named = f" ({quoted(clause(text_of(move.label)))})" if move.label else ""
    conditions = listed(_conditions(speaker, move))
    once = f", once {conditions}" if conditions else ""
    may = f"{speaker.who(move.by)} may move it to {speaker.name(move.to, 'stages')}{named}{once}"
    return sentence(f"{may}; a reason must be given" if move.needs_reason else may)


def _conditions(speaker: Speaker, move: Move) -> Iterator[str]:
    yield from (speaker.name(guard, "guards") for guard in move.only_if)
    yield from (speaker.when((code,)) for code in move.after)
    if move.power:
        yield f"somebody holds the power to {spoken(move.power)}"


def milestone_text(speaker: Speaker, code: str) -> Iterator[str]:
    milestone = speaker.book.milestone(code)
    by = f"; {speaker.who(milestone.by)} may put it on file" if milestone.by else ""
    yield sentence(f"it happens outside this system and is an act of {spoken(milestone.whose)}{by}")
    yield f"It is kept for {spoken(milestone.per)}."
    if milestone.proof:
        yield f"The proof: {ended(milestone.proof)}"
    if milestone.filed_with:
        yield f"It is filed with {speaker.name(milestone.filed_with, 'external_bodies')}."


def _completion(speaker: Speaker) -> Entry | None:
    completion = speaker.book.completion
    if completion is None:
        return None
    complete, final = speaker.when(completion.complete_on), speaker.when(completion.final_on)
    text = (
        f"By law an investigation is complete when {complete}.",
        f"The outcome can no longer change when {final}.",
        "Both days are kept.",
    )
    return speaker.entry("Completion and final outcome", "completion", completion, text)

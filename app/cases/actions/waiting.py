"""Pauses and more time that wait for a second person: on file from when they are asked for until they are decided."""

from app.access import halves
from app.access.acts import never_stopped
from app.access.work import Work
from app.clocks import queries as clocks
from app.clocks.events import (
    ClockPaused,
    ExtensionAsked,
    ExtensionGranted,
    ExtensionRefused,
    PauseAsked,
    PauseRefused,
)
from app.clocks.queries import told

FOLLOWS = "the machinery follows what was done"


@never_stopped(FOLLOWS)
def note_pause(work: Work, asked: PauseAsked) -> None:
    """A pause was asked for; whoever the rulebook names from outside sees it from now on."""
    book = work.policies.named(clocks.get_clock(work, asked.clock_id).policy_id)
    what = {"clock_id": str(asked.clock_id)}
    half = halves.note_first(work, book, halves.PAUSE, asked.pause_id, case_id=asked.case_id, what=what)
    if half is not None:
        half.last_entry_id = work.entries[-1]


@never_stopped(FOLLOWS)
def note_extension(work: Work, asked: ExtensionAsked) -> None:
    """More time was asked for."""
    book = work.policies.named(clocks.get_clock(work, asked.clock_id).policy_id)
    what = {"clock_id": str(asked.clock_id)}
    half = halves.note_first(work, book, halves.EXTENSION, asked.extension_id, case_id=asked.case_id, what=what)
    if half is not None:
        half.last_entry_id = work.entries[-1]


@never_stopped(FOLLOWS)
def settle_pauses(work: Work, done: ClockPaused | PauseRefused) -> None:
    """A pause was granted or refused: it waits no more. Written last, for whoever decided may now see it no longer."""
    work.flush()
    pauses, _ = told.requests_of(work, done.clock_id)
    for pause in pauses:
        if pause.state != clocks.ASKED:
            state = halves.GRANTED if pause.state == clocks.GRANTED else halves.REFUSED
            halves.settle(work, halves.PAUSE, pause.id, state)


@never_stopped(FOLLOWS)
def settle_extension(work: Work, done: ExtensionGranted | ExtensionRefused) -> None:
    """More time was granted or refused."""
    state = halves.GRANTED if isinstance(done, ExtensionGranted) else halves.REFUSED
    halves.settle(work, halves.EXTENSION, done.extension_id, state)

"""What is done with clocks: started, stopped, paused, extended, warned of, counted again."""

from app.clocks.actions.corrections import correct_start, correct_stop
from app.clocks.actions.digests import begin_digests, note_digest
from app.clocks.actions.extensions import ask_extension, decide_extension, extend_clock, note_agreement
from app.clocks.actions.lapses import acknowledge, explain_lapse
from app.clocks.actions.pauses import ask_pause, decide_pause, end_pause, pause_clock, try_pause
from app.clocks.actions.recounts import ask_recount, begin_for_rulebook, begin_night, count_batch, note_seen
from app.clocks.actions.running import begin_late, begin_letters, reached, run_again
from app.clocks.actions.starts import choose_start, note_start
from app.clocks.actions.withdrawals import End, withdraw

__all__ = [
    "End",
    "acknowledge",
    "ask_extension",
    "ask_pause",
    "ask_recount",
    "begin_digests",
    "begin_for_rulebook",
    "begin_late",
    "begin_letters",
    "begin_night",
    "choose_start",
    "correct_start",
    "correct_stop",
    "count_batch",
    "decide_extension",
    "decide_pause",
    "end_pause",
    "explain_lapse",
    "extend_clock",
    "note_agreement",
    "note_digest",
    "note_seen",
    "note_start",
    "pause_clock",
    "reached",
    "run_again",
    "try_pause",
    "withdraw",
]

"""When something is due, and how that date is arrived at, step by step."""

from app.kernel.deadlines.ahead import Round, WarningDay, next_round, round_due, warning_days
from app.kernel.deadlines.arithmetic import Span, add, due_on, merged, paused_days
from app.kernel.deadlines.elapsed import Elapsed, elapsed
from app.kernel.deadlines.explanation import Explanation, WhatIf, explain, what_if
from app.kernel.deadlines.terms import MAX_AMOUNT, Beginning, Extension, Pause, Roll, Rule, Unit, pauses_for
from app.kernel.deadlines.wording import Because, Step, StepKind, in_words, say_day

__all__ = [
    "MAX_AMOUNT",
    "Because",
    "Beginning",
    "Elapsed",
    "Explanation",
    "Extension",
    "Pause",
    "Roll",
    "Round",
    "Rule",
    "Span",
    "Step",
    "StepKind",
    "Unit",
    "WarningDay",
    "WhatIf",
    "add",
    "due_on",
    "elapsed",
    "explain",
    "in_words",
    "merged",
    "next_round",
    "paused_days",
    "pauses_for",
    "round_due",
    "say_day",
    "warning_days",
    "what_if",
]

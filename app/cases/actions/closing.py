"""Closing a case without a finding, where the rulebook wants two people: one asks, another one agrees."""

from collections.abc import Collection
from dataclasses import replace

from app.access import halves
from app.access.acts import never_stopped
from app.access.permissions import Role
from app.access.records import SecondHalf
from app.access.work import Work
from app.cases import queries, rules
from app.cases.commands import MoveCase
from app.cases.records import Case
from app.policy.model.process import Move


@never_stopped("part of what was let through")
def ask_to_close(work: Work, case: Case, move: Move, ask: MoveCase, acts_as: Collection[str]) -> SecondHalf:
    """The first half: everything is checked as if it closed now, and nothing moves until somebody else agrees."""
    book = work.policies.named(case.policy_id)
    attempts = len(queries.attempts_of(work, case.id))
    rules.check_closure(book, ask.closure, ask.reason, acts_as, attempts)
    others = tuple(guard for guard in move.only_if if guard != rules.CLOSURE_GUARD)
    rules.check_guards(move.model_copy(update={"only_if": others}), lambda guard: work.fact(guard, case.id))
    what = {"to": ask.to, "reason": ask.reason, "closure": ask.closure, "as": sorted(acts_as)}
    return halves.ask_second(work, book, halves.CLOSURE, case.id, case_id=case.id, what=what)


@never_stopped("part of what was let through")
def as_asked(work: Work, half: SecondHalf, case: Case) -> MoveCase:
    """From here on this Work is that of whoever asked: the move is theirs, and its reason is kept as theirs."""
    roles = frozenset(Role(name) for name in half.what["as"] if name in set(Role))
    work.actor = replace(work.actor, id=half.first_by_id, roles=roles)
    what = half.what
    return MoveCase(version=case.version, to=what["to"], reason=what["reason"], closure=what["closure"])

"""What each action is to the law: the act it carries out, so that a lost power stops it; or why nothing stops it.

Every public function of a stage's actions carries one of the two marks; a test walks them all.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from app.access.work import Work
from app.policy.model.powers import Act

P = ParamSpec("P")
T = TypeVar("T")
Action = Callable[Concatenate[Work, P], T]

# What each action said of itself, by its full name: the act, or the reason why none stops it.
MARKS: dict[str, Act | str] = {}


def stops_with(act: Act) -> Callable[[Action[P, T]], Action[P, T]]:
    """Refused, in the words of the rulebook in force today, while this act is stopped."""

    def mark(action: Action[P, T]) -> Action[P, T]:
        MARKS[_name(action)] = act

        @wraps(action)
        def checked(work: Work, /, *args: P.args, **given: P.kwargs) -> T:
            work.check_act(act)
            return action(work, *args, **given)

        return checked

    return mark


def asks_itself(act: Act) -> Callable[[Action[P, T]], Action[P, T]]:
    """Stopped only in part, or with care for what was begun: the action asks `check_act` or `stop_of` on its way."""

    def mark(action: Action[P, T]) -> Action[P, T]:
        MARKS[_name(action)] = act
        return action

    return mark


def never_stopped(why: str) -> Callable[[Action[P, T]], Action[P, T]]:
    """Goes on whatever the law took away, and says why."""

    def mark(action: Action[P, T]) -> Action[P, T]:
        MARKS[_name(action)] = why
        return action

    return mark


def _name(action: Callable[..., object]) -> str:
    return f"{action.__module__}.{action.__qualname__}"

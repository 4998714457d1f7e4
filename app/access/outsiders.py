"""What somebody from outside the office may do: what the rulebook in force names them for, and nothing else."""

from collections.abc import Mapping
from dataclasses import replace

from app.access.actor import Actor
from app.access.permissions import Permission
from app.policy.model import Rulebook

ALWAYS = frozenset({Permission.SESSION_OPEN, Permission.SESSION_OWN})
OF_STEP: Mapping[str, frozenset[Permission]] = {
    "pause": frozenset({Permission.CASE_READ, Permission.CLOCK_PAUSE}),
    "extension": frozenset({Permission.CASE_READ, Permission.CLOCK_EXTEND}),
    "finding_review": frozenset(
        {Permission.CASE_READ, Permission.FILING_READ, Permission.FILE_OPEN, Permission.FINDING_REVIEW}
    ),
    "release": frozenset({Permission.RELEASE_BUILD, Permission.RELEASE_PUBLISH}),
}


def as_named(actor: Actor, book: Rulebook) -> Actor:
    """The same person with the permissions of the steps that name them; whoever handles a complaint has all of it."""
    if actor.outsider is None:
        return actor
    handles = any(actor.outsider in route.handled_by for route in book.special_routes)
    needed = actor.permissions - OF_STEP["release"] if handles else ALWAYS
    named = [entry.code for entry in book.second_persons if actor.outsider in entry.by]
    needed = needed.union(*(OF_STEP.get(step, frozenset()) for step in named))
    return replace(actor, permissions=actor.permissions & needed)

"""Files and notes are kept, sides are named, files are opened: as the actions of access, cases and evidence."""

from __future__ import annotations

from app.kernel.compartments import (
    CHOOSE,
    NOT_THERE,
    OF_ITEMS,
    ON_IT_ALREADY,
    Compartment,
    Kind,
    inside,
    never_words,
    together,
)
from app.kernel.errors import Invalid, NotAllowed, NotFound, Refused
from app.operations.scenarios.kept import Access, Kept, Sided, Viewed
from app.operations.scenarios.story import Item, Story, Untold
from app.policy.acting import check_may
from app.policy.model.powers import Act

FILE = "file"
READS, OPENS, ASSIGNS = "cases:case:read", "evidence:file:open", "cases:case:assign"


def keep(story: Story, told: Kept) -> None:
    """As `evidence.actions.add_file` and `cases.actions.write_note`: nobody keeps what they could not see."""
    check_may(story.in_force, Act.CASEWORK, story.today)
    if told.as_ in story.items:
        raise Untold(f"There are two things named {told.as_}.")
    own = inside(_access(story).compartments, [_role(story, story.by)])
    if told.keep is not None and told.keep not in set(OF_ITEMS) & set(own):
        raise Invalid({"keep": CHOOSE})
    sources = [item(story, code) for code in told.made_from]
    if not all(each.marks and sees(story, story.by, code) for code, each in zip(told.made_from, sources, strict=True)):
        raise Invalid({"made_from": NOT_THERE})
    marks = together([told.keep] if told.keep else [], *(each.marks for each in sources))
    story.items[told.as_] = Item(told.what, tuple(marks))
    _was_read(story, told.as_)


def name_side(story: Story, told: Sided) -> None:
    """As `access.sides.name_side`: whoever has once read what that side must not know can never be put there."""
    if ASSIGNS not in _may(story, _role(story, story.by)):
        raise NotAllowed
    story.people.setdefault(told.who, told.role or told.who)
    _role(story, told.who)
    if (told.who, told.side) in story.sides:
        raise Refused(ON_IT_ALREADY)
    for (who, kind), day in story.read.items():
        rule = _rule(story, kind)
        if who == told.who and rule.never_side == told.side:
            raise Refused(never_words(rule.label, story.people[who], day, told.side))
    story.sides.append((told.who, told.side))


def view(story: Story, told: Viewed) -> None:
    """As `evidence.actions.open_file`: what is kept is not there, and trying from the far side is journalled."""
    if item(story, told.item).what != FILE:
        raise Untold(f"{told.item} is no file: only files are opened.")
    if OPENS not in _may(story, _role(story, story.by)):
        raise NotAllowed
    if sees(story, story.by, told.item):
        _was_read(story, told.item)
        return
    if any(_is_far(story, story.by, mark) for mark in item(story, told.item).marks):
        story.tried.append((story.by, told.item))
    raise NotFound


def sees(story: Story, who: str, code: str) -> bool:
    """Whether somebody finds a thing at all: by what they may do, by every compartment it is kept in, by their side."""
    role, thing = _role(story, who), item(story, code)
    needed = {READS, *([OPENS] if thing.what == FILE else [])}
    return needed <= _may(story, role) and all(_admits(story, who, mark) for mark in thing.marks)


def item(story: Story, code: str) -> Item:
    """A file or note of the story."""
    if code not in story.items:
        raise Untold(f"There is no file or note {code} in this scenario.")
    return story.items[code]


def tried(story: Story) -> list[str]:
    """Who tried to open what in vain, as the journal keeps it."""
    return sorted(f"{who} {code}" for who, code in story.tried)


def _admits(story: Story, who: str, mark: str) -> bool:
    is_inside = _rule(story, mark).admits({_role(story, who)}, leading=story.lead == who)
    return is_inside and not _is_far(story, who, mark)


def _is_far(story: Story, who: str, mark: str) -> bool:
    return (who, _rule(story, mark).never_side) in story.sides


def _was_read(story: Story, code: str) -> None:
    """The first time stays on file."""
    for mark in story.items[code].marks:
        story.read.setdefault((story.by, mark), story.today)


def _role(story: Story, who: str) -> str:
    """Somebody named on a side, or the one person of a role."""
    role = story.people.get(who, who)
    if role not in _access(story).may:
        raise Untold(f"There is nobody {who} in this scenario: name a role, or somebody on a side.")
    return role


def _may(story: Story, role: str) -> frozenset[str]:
    return _access(story).may[role]


def _rule(story: Story, kind: str) -> Compartment:
    return _access(story).compartments[Kind(kind)]


def _access(story: Story) -> Access:
    if story.access is None:
        raise Untold("This story is told without the rules of access.")
    return story.access

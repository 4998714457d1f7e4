"""What is made of what is kept is kept too, and never goes out: asked by every action that writes words of a case."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.access.permissions import Permission
from app.access.work import Work
from app.kernel.commands import Command
from app.kernel.compartments import CHOOSE, NOT_THERE, OF_ITEMS, Kind, together
from app.kernel.errors import Invalid, Refused
from app.kernel.text import SafeLine

# A shorter name, such as "Photo", stands in too many texts to say anything.
SHORTEST_NAME = 8


class MayBeKept(Command):
    """Who alone may see it, and from what of the kept matter of its case it is made."""

    keep: Annotated[SafeLine, Field(max_length=40)] = ""
    made_from: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()


@dataclass(frozen=True)
class Matter:
    """Something kept of a case, as whoever is inside sees it; each stage adds its own (part `kept_matter`)."""

    id: UUID
    label: str
    marks: Sequence[str]
    names: tuple[str, ...] = ()

    def is_named_in(self, words: str) -> bool:
        """True where a text says its id, or a name of it that is no everyday word."""
        said = words.casefold()
        names = (each.casefold() for each in self.names if len(each) >= SHORTEST_NAME)
        return str(self.id) in said or any(name in said for name in names)


def kept_matter(work: Work, case_id: UUID) -> list[Matter]:
    """What is kept in a case and this person may see of it; whoever reads no case has no such matter to name."""
    if not work.may(Permission.CASE_READ):
        return []
    return [each for part in work.parts("kept_matter") for each in part(work, case_id)]


def marks_for(work: Work, case_id: UUID, ask: MayBeKept | None, *words: str, also: Iterable[UUID] = ()) -> list[str]:
    """The compartments of something new: the one chosen for it, and those of all that it names or is made from."""
    chosen = _chosen(work, ask.keep) if ask is not None and ask.keep else []
    made_from = set(ask.made_from if ask is not None else ())
    sources, text = made_from | set(also), " ".join(filter(None, words))
    matter = kept_matter(work, case_id) if sources or text else []
    if made_from - {each.id for each in matter}:
        raise Invalid({"made_from": NOT_THERE})
    return together(chosen, *(each.marks for each in matter if each.id in sources or each.is_named_in(text)))


def check_goes_out(work: Work, case_id: UUID | None, *words: str) -> None:
    """What the filer, the department or anybody else outside reads names nothing that is kept."""
    if case_id is None:
        return
    text = " ".join(words)
    for each in kept_matter(work, case_id):
        if each.is_named_in(text):
            labels = ", ".join(labels_of(work, each.marks))
            raise Refused(f"These words name “{each.label}”, which is kept ({labels}). Write them without it.")


def _chosen(work: Work, keep: str) -> list[str]:
    """Nobody puts something where they could not see it themselves."""
    if keep not in {code for code, _ in choices(work)}:
        raise Invalid({"keep": CHOOSE})
    return [keep]


def choices(work: Work) -> list[tuple[str, str]]:
    """For a form: the compartments in which this person may put something, each with who sees it."""
    rules = work.house.access.compartments
    own = work.house.access.inside(work.actor.roles)
    return [(str(kind), f"{rules[kind].label}: {rules[kind].seen_by}") for kind in OF_ITEMS if kind in own]


def keeping_view(work: Work, case_id: UUID) -> dict[str, list[tuple[str, str]]]:
    """What a form asks about who may see something: the compartments, and what it may be made from."""
    matter = kept_matter(work, case_id)
    return {"keep_choices": choices(work), "kept_matter": [(str(each.id), each.label) for each in matter]}


def labels_of(work: Work, marks: Sequence[str] | None) -> list[str]:
    """The names of these compartments, for people."""
    return [work.house.access.compartments[Kind(mark)].label for mark in marks or ()]


def seen_by(work: Work, marks: Sequence[str] | None) -> str:
    """One line that says who sees something kept, and nobody else."""
    rules = (work.house.access.compartments[Kind(mark)] for mark in marks or ())
    return " · ".join(f"{rule.label}: {rule.seen_by}" for rule in rules)

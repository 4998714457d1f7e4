"""What access.yaml says in words: what a permission does, how far a role reaches, what stays closed, who stands in."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.infra.db import Door

# One plain sentence, that somebody reads who has never seen the program.
Sentence = Annotated[str, Field(min_length=10, max_length=400, pattern=r"[.!]$")]


class Weight(StrEnum):
    """What a permission touches that needs a reason of its own wherever it is given."""

    IDENTITY = "identity"
    DECISION = "decision"
    RELEASE = "release"
    ACCOUNT = "account"


class Reach(StrEnum):
    """Which cases a role's permissions reach; walls and compartments take away from each of these."""

    PUBLIC = "public"
    OWN = "own"
    INSTALLATION = "installation"
    ALL_CASES = "all_cases"
    DOCKET = "docket"
    ADDRESSED = "addressed"
    HANDLED = "handled"


class Terms(BaseModel):
    """What every part of these rules has: nothing unknown in it, and nothing that changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PermissionTerms(Terms):
    """What a permission lets a person do."""

    does: Sentence
    weighs: Weight | None = None


class Scope(Terms):
    """To which cases a role's permissions reach, by kind and in words."""

    kind: Reach
    words: Sentence


class FieldRule(Terms):
    """Something in a record that somebody does not see who sees the record."""

    record: str
    field: str
    kept_from: Annotated[frozenset[str], Field(min_length=1)]
    why: Sentence
    # Which permission opens it, which columns of which table hold it and which doors have no grant on them, and which
    # test shows it where grants cannot say it: at least one of these, so that the sentence can be checked.
    needs: str = ""
    table: str = ""
    columns: frozenset[str] = frozenset()
    doors: frozenset[Door] = frozenset()
    shown_by: str = ""

    @property
    def is_checkable(self) -> bool:
        """True where something can hold the sentence against the program."""
        return bool(self.needs or (self.table and self.doors) or self.shown_by)


class Group(Terms):
    """Roles whose people may stand in for each other."""

    why: Sentence
    roles: Annotated[frozenset[str], Field(min_length=1)]


class Deputies(Terms):
    """Who may stand in for whom, whose role is never lent, and who may say it for somebody else."""

    why: Sentence
    most_days: Annotated[int, Field(ge=1, le=366)]
    groups: Mapping[str, Group]
    never: Mapping[str, Sentence]
    said_by: Mapping[str, frozenset[str]]

    def lent(self, absent: frozenset[str], deputy: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
        """Which roles of the one the other may have, and by which of their own."""
        shared = [group.roles for group in self.groups.values() if group.roles & absent and group.roles & deputy]
        roles = frozenset[str]().union(*shared)
        return roles & absent, roles & deputy

    def may_say_for(self, own: frozenset[str], absent: frozenset[str]) -> bool:
        """Whether somebody of these roles may say it for somebody of those: for every role of theirs, or not at all."""
        for_whom = frozenset[str]().union(*(roles for role, roles in self.said_by.items() if role in own))
        return bool(absent) and absent <= for_whom

    @property
    def named(self) -> frozenset[str]:
        """Every role that is named here."""
        groups = (group.roles for group in self.groups.values())
        return frozenset(self.never).union(*groups, self.said_by, *self.said_by.values())

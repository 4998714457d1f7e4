"""What may be done, as `stage:thing:verb`, and which role may do it, as `policies/access.yaml` says."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.access.compartments import Compartment, Kind, inside
from app.access.gaps import gaps, unreadable
from app.access.terms import Deputies, FieldRule, PermissionTerms, Reach, Scope, Sentence
from app.infra.db import Door
from app.policy.documents import read_document
from app.policy.problems import RulebookError


class Role(StrEnum):
    """Who a person is to the office. `anyone` and `filer` need no account."""

    ANYONE = "anyone"
    FILER = "filer"
    INTAKE = "intake"
    INVESTIGATOR = "investigator"
    SUPERVISOR = "supervisor"
    COUNSEL = "counsel"
    DIRECTOR = "director"
    ANALYST = "analyst"
    MEDIATOR = "mediator"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    COMMISSIONER = "commissioner"
    SECRETARY = "secretary"
    LIAISON = "liaison"
    OUTSIDER = "outsider"


WITHOUT_ACCOUNT = {Role.ANYONE, Role.FILER}
COMMISSION_ROLES = {Role.COMMISSIONER, Role.SECRETARY}


def home_door(roles: frozenset[str]) -> Door:
    """The door a person comes in by after signing in."""
    if Role.LIAISON in roles:
        return Door.DEPARTMENT
    if roles and roles <= COMMISSION_ROLES:
        return Door.COMMISSION
    return Door.OFFICE


class Permission(StrEnum):
    """Everything a route may ask for. A route without one does not start."""

    RELEASE_READ = "publication:release:read"
    FILING_SUBMIT = "intake:filing:submit"
    FILING_TRACK = "intake:filing:track"
    SESSION_OPEN = "administration:session:open"
    SESSION_OWN = "administration:session:own"

    FILING_READ = "intake:filing:read"
    FILING_SCREEN = "intake:filing:screen"
    FILING_TAKE_DOWN = "intake:filing:take-down"
    IDENTITY_OPEN = "people:identity:open"
    IDENTITY_LOOK_UP = "people:identity:look-up"
    IDENTITY_ERASE = "people:identity:erase"
    VAULT_REVIEW = "people:vault:review"
    OFFICER_READ = "people:officer:read"
    OFFICER_IDENTIFY = "people:officer:identify"

    CASE_READ = "cases:case:read"
    CASE_ASSIGN = "cases:case:assign"
    CASE_WORK = "cases:case:work"
    CASE_MOVE = "cases:case:move"
    NOTE_WRITE = "cases:note:write"
    CLOCK_ASK = "clocks:clock:ask"
    CLOCK_PAUSE = "clocks:clock:pause"
    CLOCK_EXTEND = "clocks:clock:extend"
    CLOCK_RECOUNT = "clocks:clock:recount"
    START_CHOOSE = "clocks:start:choose"
    WARNING_ACKNOWLEDGE = "clocks:warning:acknowledge"

    MESSAGE_SEND = "correspondence:message:send"
    LETTER_SEND = "correspondence:letter:send"

    FILE_ADD = "evidence:file:add"
    FILE_OPEN = "evidence:file:open"
    DEMAND_SEND = "evidence:demand:send"
    DEMAND_ANSWER = "evidence:demand:answer"
    DEMAND_READ = "evidence:demand:read"

    ALLEGATION_STATE = "allegations:allegation:state"
    FINDING_RECOMMEND = "allegations:finding:recommend"
    FINDING_REVIEW = "allegations:finding:review"

    DOCKET_READ = "commission:docket:read"
    DOCKET_PREPARE = "commission:docket:prepare"
    PACKET_READ = "commission:packet:read"
    RECUSAL_DECLARE = "commission:recusal:declare"
    MOTION_PUT = "commission:motion:put"
    VOTE_CAST = "commission:vote:cast"

    RECOMMENDATION_SEND = "discipline:recommendation:send"
    RECOMMENDATION_READ = "discipline:recommendation:read"
    ANSWER_GIVE = "discipline:answer:give"
    DISPUTE_DECIDE = "discipline:dispute:record"

    RELEASE_BUILD = "publication:release:build"
    RELEASE_PUBLISH = "publication:release:publish"

    USER_MANAGE = "administration:user:manage"
    WAY_BACK_GIVE = "administration:wayback:give"
    JOURNAL_READ = "administration:journal:read"
    RULEBOOK_READ = "administration:rulebook:read"
    SOURCE_READ = "administration:source:read"
    TRANSLATION_APPROVE = "administration:translation:approve"
    HEALTH_READ = "administration:health:read"


class Factor(StrEnum):
    """What somebody has besides a password."""

    PASSKEY = "passkey"
    CODE = "code"


# Each stands for a second factor of ours: on paper, granted by two people for an evening, or the provider's own.
STANDS_FOR = frozenset({"recovery", "way_back", "provider"})


class Profile(StrEnum):
    """Whose rules of signing in hold."""

    STANDARD = "standard"
    CJIS = "cjis"


CJIS_IDLE = timedelta(minutes=30)  # AC-11 of the CJIS Security Policy 5.9.5


class AccessRule(BaseModel):
    """One role: why it is there, to which cases it reaches, what it may do, and why it may do what weighs most."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    why: str
    scope: Scope
    may: frozenset[Permission]
    because: Mapping[Permission, Sentence] = {}

    @property
    def all_cases(self) -> bool:
        """True where the role is not bound to single cases."""
        return self.scope.kind is Reach.ALL_CASES


class StepUp(BaseModel):
    """For what a person proves once more to be themselves, each with its reason, and for how long that holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    why: str
    minutes: Annotated[int, Field(ge=1, le=60)]
    permissions: Mapping[Permission, str]

    @property
    def holds(self) -> timedelta:
        """How long a proof is fresh."""
        return timedelta(minutes=self.minutes)


class FactorRule(BaseModel):
    """Which second factors will do, and why one is needed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    why: str
    kinds: Annotated[frozenset[Factor], Field(min_length=1)] = frozenset(Factor)


class Factors(BaseModel):
    """Who needs a second factor: by their role, or by what a role of theirs lets them do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    why: str
    demonstration: Literal["optional", "needed"]
    way_back_hours: Annotated[int, Field(ge=1, le=24)]
    roles: Mapping[Role, FactorRule]
    permissions: Mapping[Permission, FactorRule]

    def of(self, roles: frozenset[Role], permissions: frozenset[Permission]) -> list[FactorRule]:
        """Every rule that these roles fall under."""
        by_role = [rule for role, rule in self.roles.items() if role in roles]
        return by_role + [rule for permission, rule in self.permissions.items() if permission in permissions]


class Limits(BaseModel):
    """How long a session lasts unused, and at most."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    why: str
    idle_minutes: Annotated[int, Field(ge=5, le=480)]
    most_hours: Annotated[int, Field(ge=1, le=24)]


# All that a machine could ever be given: never a name, a vote, an account, or anything that asks for a person.
FOR_MACHINES = frozenset({Permission.FILING_SUBMIT, Permission.CASE_READ, Permission.HEALTH_READ})


class MachineRules(BaseModel):
    """What a machine may be given, each with its reason; for how long at most, and when its owner is warned."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    why: str
    most_days: Annotated[int, Field(ge=1, le=365)]
    warn_days: Annotated[int, Field(ge=1, le=90)]
    scopes: Mapping[Permission, str]

    @model_validator(mode="after")
    def _suitable(self) -> Self:
        unsuitable = set(self.scopes) - FOR_MACHINES
        if unsuitable:
            raise ValueError(f"policies/access.yaml, machines: not for a machine: {', '.join(sorted(unsuitable))}")
        return self


# Whoever has one of these belongs to a department or goes by a name of the rulebook: a group cannot say which.
NOT_BY_GROUP = {Role.ANYONE, Role.FILER, Role.LIAISON, Role.OUTSIDER}


class SingleSignOn(BaseModel):
    """What the groups of the provider mean here, and how much its word is worth."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    why: str
    groups_claim: str
    # A group and the roles it gives; whoever is in none of them has no access.
    groups: Mapping[str, frozenset[Role]]
    # Whether somebody of such a group whom nobody invited gets an account.
    without_invitation: bool
    # What of its `acr` and `amr` counts as a second step.
    second_factor: frozenset[str]
    # Who of those that it knows may also sign in by a password of ours. Administrators always may.
    local_passwords: Literal["everybody", "administrators"]

    @model_validator(mode="after")
    def _roles_of_the_office(self) -> Self:
        if NOT_BY_GROUP & frozenset().union(*self.groups.values()):
            raise ValueError("policies/access.yaml, single_sign_on: a group gives roles of the office or commission")
        return self

    def roles_of(self, groups: object) -> frozenset[Role]:
        """What a person's groups, as the provider names them, give here."""
        named = groups if isinstance(groups, list) else [groups]
        return frozenset().union(*(self.groups.get(name, frozenset()) for name in named if isinstance(name, str)))


class SessionRules(Limits):
    """The limits of every session, and the tighter ones of some roles."""

    roles: Mapping[Role, Limits] = {}

    def of(self, roles: frozenset[Role]) -> tuple[timedelta, timedelta]:
        """Idle and absolute: of several roles the tighter."""
        all_of = [self, *(limits for role, limits in self.roles.items() if role in roles)]
        idle = min(limits.idle_minutes for limits in all_of)
        most = min(limits.most_hours for limits in all_of)
        return timedelta(minutes=idle), timedelta(hours=most)


class AccessRules(BaseModel):
    """The whole of `policies/access.yaml`; every role must be there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    profile: Profile
    step_up: StepUp
    factors: Factors
    sessions: SessionRules
    machines: MachineRules
    single_sign_on: SingleSignOn
    compartments: Mapping[Kind, Compartment]
    permissions: Mapping[Permission, PermissionTerms]
    deputies: Deputies
    fields: tuple[FieldRule, ...]
    roles: Mapping[Role, AccessRule]

    @model_validator(mode="after")
    def _every_role(self) -> Self:
        missing = set(Role) - set(self.roles)
        if missing:
            raise ValueError(f"policies/access.yaml says nothing of {', '.join(sorted(missing))}")
        return self

    @model_validator(mode="after")
    def _every_compartment(self) -> Self:
        missing = set(Kind) - set(self.compartments)
        unknown = frozenset().union(*(rule.named for rule in self.compartments.values())) - set(Role)
        if missing or unknown:
            raise ValueError(f"policies/access.yaml, compartments: {', '.join(sorted(missing | unknown))}")
        return self

    @classmethod
    def load(cls, policies_dir: Path) -> Self:
        """Reads the file strictly; what is wrong is refused with its line and how to mend it."""
        document = read_document("policies/access.yaml", (policies_dir / "access.yaml").read_bytes())
        try:
            rules = cls.model_validate(document.data)
        except ValidationError as error:
            raise RulebookError(unreadable(error, document, [*Role, *Permission])) from error
        missing = gaps(rules, document, Permission, Role)
        if missing:
            raise RulebookError(missing)
        return rules

    def of(self, roles: frozenset[Role]) -> frozenset[Permission]:
        """All that these roles together may do."""
        return frozenset().union(*(self.roles[role].may for role in roles)) if roles else frozenset()

    @property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Role and permission, for the database's own policies."""
        return frozenset((str(role), str(one)) for role, rule in self.roles.items() for one in rule.may)

    def of_machine(self, scopes: frozenset[Permission], owner: frozenset[Role]) -> frozenset[Permission]:
        """What a machine may do: its scopes, and of these only what is on the list and its owner may do as well."""
        return scopes & frozenset(self.machines.scopes) & self.of(owner | {Role.ANYONE})

    def of_names(self, names: frozenset[str]) -> frozenset[Permission]:
        """The same for roles among other names, such as what the rulebook calls somebody from outside."""
        return self.of(frozenset(Role(name) for name in names if name in set(Role)))

    def inside(self, roles: frozenset[str]) -> list[str]:
        """The kinds of compartment that these roles may be inside of."""
        return inside(self.compartments, roles)

    @property
    def is_cjis(self) -> bool:
        """True under the profile that a partner of the police may ask for."""
        return self.profile is Profile.CJIS

    def kinds_needed(self, roles: frozenset[Role], *, demonstration: bool) -> frozenset[Factor]:
        """The second factors of which one is needed; empty where a password is enough."""
        if demonstration and self.factors.demonstration == "optional":
            return frozenset()
        rules = self.factors.of(roles, self.of(roles))
        kinds = frozenset(Factor).intersection(*(rule.kinds for rule in rules))
        return kinds if rules or self.is_cjis else frozenset()

    def session_limits(self, roles: frozenset[Role]) -> tuple[timedelta, timedelta]:
        """How long a session lasts unused, and at most."""
        idle, most = self.sessions.of(roles)
        return (min(idle, CJIS_IDLE), most) if self.is_cjis else (idle, most)

    def sees_all_cases(self, roles: frozenset[Role]) -> bool:
        """True where a role is not bound to the cases assigned to the person."""
        return any(self.roles[role].all_cases for role in roles)

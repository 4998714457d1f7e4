"""Tokens, who I am, what a monitor asks (alive, ready, how much), and whom to tell of a fault."""

import hmac
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import PlainTextResponse

from app.access.permissions import Permission, home_door
from app.access.tokens import LIFETIME, issue
from app.access.work import Work
from app.administration import rules
from app.administration.actions import machines as actions_of_machines
from app.administration.actions import proof as actions_of_proof
from app.administration.actions import provider as actions_of_provider
from app.administration.actions import sessions as actions
from app.administration.actions.entering import Caller, Entered, SecondStep, Waiting
from app.administration.commands import MakeMachine, Password, PasswordOrNone, Prove, SignIn
from app.administration.queries import health, machines
from app.kernel.errors import NotAllowed
from app.kernel.text import SafeLine
from app.web.limits import sign_in_lane, wait_for_sign_in
from app.web.problems import FACTOR, documented, problem
from app.web.strict_json import StrictRoute
from app.web.work import NotSignedIn, check_machine, house_of, machine_passes, machine_token, may, token_key

router = APIRouter(route_class=StrictRoute)

READINESS = health.Readiness()
COUNTS = health.EventCounts()

# Counted from the day on which it is read: whoever keeps a copy asks again before it is old.
CONTACT_HOLDS = timedelta(days=180)
NO_CONTACT = (
    "This office has set up no contact for faults of security yet.\n"
    "Tell the office itself, by the telephone or address on its pages, and say that it is about this site's security.\n"
)


class TokenForm(BaseModel):
    """The form of `POST /api/v1/auth/token`."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    username: Annotated[SafeLine, Field(min_length=1, max_length=200)]
    password: Password
    otp: Annotated[SafeLine, Field(max_length=40, description="A code of the app, or a recovery code.")] = ""
    device: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{0,200}$", description="What the last token came with.")] = ""


class Token(BaseModel):
    """A bearer token, how long it lasts in seconds, and by what this program is known the next time.

    A program that sends its `device` again is held up by its own wrong passwords alone, never by a stranger's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - the kind, not a secret
    expires_in: int
    device: str


class Me(BaseModel):
    """Whose token it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    display_name: str
    title: str
    roles: list[str]
    department_id: str | None
    door: str


class Alive(BaseModel):
    """The process answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    """Everything that is needed is there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Literal["ready"] = "ready"
    checks: dict[str, str]


@router.post(
    "/api/v1/auth/token",
    operation_id="issue_token",
    response_model=Token,
    responses=documented(400, 401, 403, 413, 422, 429),
    tags=["administration"],
)
def issue_token(
    request: Request,
    form: Annotated[TokenForm, Form()],
    work: Annotated[Work, may(Permission.SESSION_OPEN)],
) -> Token | Response:
    """A token for a name and password. It points at a session: when that ends, the token opens nothing."""
    # The form has been read by the same types; reading it twice could only find fault with what was let in.
    ask = SignIn.model_construct(username=form.username, password=form.password, otp=form.otp, next="")
    seconds = wait_for_sign_in(request)
    entered = Waiting(seconds) if seconds else _entered(request, work, ask, form.device)
    if isinstance(entered, Waiting):
        return problem(429, rules.wait_words(entered.seconds), headers={"retry-after": str(entered.seconds)})
    if isinstance(entered, SecondStep):
        return problem(401, rules.NEEDS_CODE, kind=FACTOR, headers={"www-authenticate": "Bearer"})
    if entered is None:
        return problem(401, rules.WRONG, headers={"www-authenticate": "Bearer"})
    key = token_key(work.house)
    token = issue(key, subject=str(entered.account_id), session=entered.secret, now=int(work.now.timestamp()))
    return Token(access_token=token, expires_in=LIFETIME, device=entered.device)


def _entered(request: Request, work: Work, ask: SignIn, device: str) -> Entered | SecondStep | Waiting | None:
    return actions.sign_in(work, ask, Caller(device, sign_in_lane(request), kind="token"))


class LogOutForm(BaseModel):
    """The form of `POST /api/v1/auth/provider/log-out`."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    logout_token: Annotated[str, Field(min_length=1, max_length=16_384)]


@router.post(
    "/api/v1/auth/provider/log-out",
    operation_id="end_by_provider",
    status_code=204,
    responses=documented(400, 401, 403, 404, 413, 422, 429),
    tags=["administration"],
)
def end_by_provider(
    request: Request, form: Annotated[LogOutForm, Form()], work: Annotated[Work, may(Permission.SESSION_OPEN)]
) -> Response:
    """The provider of single sign-on ends a person's sessions (back-channel log-out)."""
    seconds = wait_for_sign_in(request)
    if seconds:
        return problem(429, rules.wait_words(seconds), headers={"retry-after": str(seconds)})
    if not actions_of_provider.end_by_provider(work, form.logout_token):
        return problem(400, "This token was not taken.")
    return Response(status_code=204, headers={"cache-control": "no-store"})


class ProofForm(BaseModel):
    """The body of `POST /api/v1/auth/prove`."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    password: PasswordOrNone = ""
    otp: Annotated[SafeLine, Field(max_length=40, description="A code of the app, or a recovery code.")] = ""


class Proof(BaseModel):
    """For how many seconds the proof holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    holds_for: int


@router.post(
    "/api/v1/auth/prove",
    operation_id="prove",
    response_model=Proof,
    responses=documented(400, 401, 403, 404, 413, 422, 429),
    tags=["administration"],
)
def prove(ask: ProofForm, work: Annotated[Work, may(Permission.SESSION_OWN)]) -> Proof | Response:
    """Proves once more who holds the token; what was refused as `step-up-needed` may then be asked for again."""
    proved = actions_of_proof.prove(work, Prove.model_construct(password=ask.password, code=ask.otp))
    if isinstance(proved, Waiting):
        return problem(429, rules.wait_words(proved.seconds), headers={"retry-after": str(proved.seconds)})
    if not proved:
        return problem(403, rules.NOT_YOURS)
    return Proof(holds_for=int(work.house.access.step_up.holds.total_seconds()))


@router.get(
    "/api/v1/me", operation_id="show_me", response_model=Me, responses=documented(401, 403), tags=["administration"]
)
def show_me(work: Annotated[Work, may(Permission.SESSION_OWN)]) -> Me:
    """Who the bearer of this token is."""
    actor = work.actor
    return Me(
        name=actor.name,
        display_name=actor.display_name,
        title=actor.title,
        roles=sorted(actor.roles),
        department_id=actor.department_id,
        door=str(home_door(actor.roles)),
    )


class MachineAnswer(BaseModel):
    """A machine that has or had a token: who answers for it, what it may do, and when it was last here."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    name: str
    purpose: str
    owner: str
    scopes: list[str]
    hint: str
    waits: bool
    last_day: date
    used_on: date | None
    used_for: str
    ended_why: str | None


class MachineList(BaseModel):
    """Every machine; those that stand first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    items: list[MachineAnswer]


class MadeMachineAnswer(BaseModel):
    """A machine and its token, which is shown this once; `waits`: it opens nothing until a second person agreed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    token: str
    waits: bool


Manager = Annotated[Work, may(Permission.USER_MANAGE)]


@router.get(
    "/api/v1/machines",
    operation_id="list_machines",
    response_model=MachineList,
    responses=documented(401, 403),
    tags=["administration"],
)
def list_machines(work: Manager) -> MachineList:
    """Other systems that have or had a token."""
    return MachineList(items=[_machine(line) for line in machines.list_machines(work)])


@router.post(
    "/api/v1/machines",
    status_code=201,
    operation_id="make_machine",
    response_model=MadeMachineAnswer,
    responses=documented(400, 401, 403, 413, 422),
    tags=["administration"],
)
def make_machine(work: Manager, ask: MakeMachine) -> MadeMachineAnswer:
    """Gives another system a token; it needs a fresh proof of who asks."""
    made = actions_of_machines.make_machine(work, ask)
    return MadeMachineAnswer(id=made.account.id, token=made.token, waits=made.waits)


@router.post(
    "/api/v1/machines/{machine_id}/revoke",
    operation_id="revoke_machine",
    response_model=MachineAnswer,
    responses=documented(401, 403, 404, 409, 422),
    tags=["administration"],
)
def revoke_machine(work: Manager, machine_id: UUID) -> MachineAnswer:
    """From the next request on its token opens nothing."""
    actions_of_machines.revoke_machine(work, machine_id)
    work.flush()
    return _machine(machines.show_machine(work, machine_id))


def _machine(line: machines.MachineLine) -> MachineAnswer:
    return MachineAnswer(
        id=line.id,
        name=line.name,
        purpose=line.machine.purpose,
        owner=line.owner,
        scopes=line.machine.scopes,
        hint=line.machine.hint,
        waits=line.waits,
        last_day=line.last_day,
        used_on=line.used_on,
        used_for=line.used_for,
        ended_why=line.machine.ended_why,
    )


@router.get("/healthz", operation_id="show_alive", response_model=Alive, tags=["operation"])
def show_alive() -> Alive:
    """The process answers; it asks nobody else."""
    return Alive()


@router.get("/readyz", operation_id="show_ready", response_model=Ready, responses=documented(503), tags=["operation"])
def show_ready(request: Request) -> Ready | Response:
    """Database, migrations, storage and worker: 503 while one of them is missing."""
    checks = READINESS.of(house_of(request))
    missing = [f"The {check.name} {check.words}." for check in checks if not check.ok]
    if missing:
        return problem(503, " ".join(missing))
    return Ready(checks={check.name: check.words for check in checks})


@router.get("/metrics", include_in_schema=False)
def show_metrics(request: Request) -> Response:
    """Counts for a monitor, in Prometheus' text form; none of them is about a person."""
    machine_passes(request)
    if not _may_collect(request):
        return problem(403, "Metrics are given to this machine only, or to whoever has CANDOR_METRICS_TOKEN.")
    return PlainTextResponse(_text(health.figures(house_of(request), COUNTS)), media_type="text/plain; version=0.0.4")


@router.get("/.well-known/security.txt", include_in_schema=False)
def show_security_contact(request: Request) -> Response:
    """Whom to tell of a fault of security, as RFC 9116 has it. It never stands there without an address behind it."""
    settings = request.app.state.settings
    if settings.security_contact is None:
        return PlainTextResponse(NO_CONTACT, status_code=404)
    house = house_of(request)
    # Those that the office itself works in: nobody here reads what a machine translates for residents.
    languages = [each.code for each in house.policies.newest(house.agency).languages if each.is_complete]
    until = datetime.fromtimestamp(request.state.arrived, UTC).date() + CONTACT_HOLDS
    lines = [
        *(f"Contact: {one}" for one in settings.security_contact.split(" ")),
        f"Expires: {until.isoformat()}T00:00:00Z",
        f"Preferred-Languages: {', '.join(languages)}",
    ]
    if settings.is_https:
        lines.append(f"Canonical: {settings.base_url.rstrip('/')}/.well-known/security.txt")
    return PlainTextResponse("\n".join(lines) + "\n")


def _may_collect(request: Request) -> bool:
    """A token, or this very machine. Behind a proxy everybody seems to be this machine: there only the token counts."""
    if machine_token(request):
        return _is_watching(request)
    settings = request.app.state.settings
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else ""
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    is_near = request.client is not None and request.client.host in ("127.0.0.1", "::1")
    passed_on = any(name in request.headers for name in ("x-forwarded-for", "forwarded", "x-real-ip", "via"))
    return settings.is_loopback and is_near and not passed_on


def _is_watching(request: Request) -> bool:
    """A machine that may watch over the installation."""
    try:
        check_machine(request, Permission.HEALTH_READ)
    except (NotSignedIn, NotAllowed):
        return False
    return True


def _text(figures: health.Figures) -> str:
    lines = [
        "# HELP candor_events_total Journal entries by their tag.",
        "# TYPE candor_events_total counter",
        *(f'candor_events_total{{tag="{tag}"}} {count}' for tag, count in sorted(figures.events.items())),
        "# HELP candor_jobs Jobs by their state.",
        "# TYPE candor_jobs gauge",
        *(f'candor_jobs{{state="{state}"}} {count}' for state, count in figures.jobs.items()),
        "# HELP candor_journal_sealed Journal entries with a place in the tree.",
        "# TYPE candor_journal_sealed gauge",
        f"candor_journal_sealed {figures.sealed}",
        "# HELP candor_journal_unsealed Journal entries that wait for one.",
        "# TYPE candor_journal_unsealed gauge",
        f"candor_journal_unsealed {figures.unsealed}",
    ]
    return "\n".join(lines) + "\n"

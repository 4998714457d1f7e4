"""Making and ending the tokens of machines; those that are over, and those whose owner has gone."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID, uuid4

from app.access.machine_tokens import HINT, new_machine_token
from app.access.machines import OPENS_NOTHING
from app.access.permissions import Permission, Role
from app.access.records import Account, Machine, SignedIn
from app.access.sessions import MACHINE, hash_of
from app.access.signing_in import end_sessions_of
from app.access.work import Work
from app.administration import rules
from app.administration.commands import MakeMachine
from app.administration.events import (
    AccountDisabled,
    MachineEndsSoon,
    MachineExpired,
    MachineMade,
    MachineOrphaned,
    MachineRevoked,
)
from app.administration.queries import accounts
from app.administration.queries import machines as queries
from app.kernel.errors import Invalid, Refused


@dataclass(frozen=True)
class MadeMachine:
    """A machine and its token, which is shown once and kept nowhere."""

    account: Account
    machine: Machine
    token: str

    @property
    def waits(self) -> bool:
        """True where it opens nothing until a second person has agreed."""
        return not set(self.machine.scopes) <= OPENS_NOTHING


def make_machine(work: Work, ask: MakeMachine) -> MadeMachine:
    """Gives another system a token of its own; it has no role, and may never do more than its owner."""
    work.need(Permission.USER_MANAGE)
    work.need_step_up()
    owner = queries.owner_named(work, ask.owner.casefold(), [name for name, _ in queries.owners(work)])
    if owner is None:
        raise Invalid({"owner": "Choose a person of the office who has an account and answers for this machine."})
    house = work.house.access
    owner_may = house.of(accounts.roles_of(work, owner.id) | {Role.ANYONE})
    rules.check_machine(
        ask.scopes, house.machines.scopes, owner_may, ask.last_day, work.today, house.machines.most_days
    )
    token = new_machine_token()
    account = work.add(
        Account(
            id=uuid4(),
            name=f"machine-{uuid4().hex[:12]}",
            display_name=f"{ask.name} (machine)",
            title="Machine",
            status="active",
            created_at=work.now,
            kind=MACHINE,
        )
    )
    machine = work.add(
        Machine(
            account_id=account.id,
            owner_id=owner.id,
            made_by_id=work.actor.id,
            purpose=ask.purpose,
            scopes=sorted(set(ask.scopes)),
            hint=token[:HINT],
            made_at=work.now,
            expires_at=datetime.combine(ask.last_day + timedelta(days=1), time(), work.house.zone),
        )
    )
    work.vouch(account.id)
    work.session.add(
        SignedIn(
            secret_hash=hash_of(token),
            account_id=account.id,
            kind=MACHINE,
            created_at=work.now,
            seen_at=work.now,
            expires_at=machine.expires_at,
        )
    )
    work.happened(
        MachineMade(machine_id=account.id, owner_id=owner.id, scopes=tuple(machine.scopes), last_day=ask.last_day)
    )
    return MadeMachine(account, machine, token)


def revoke_machine(work: Work, machine_id: UUID) -> None:
    """From the next request on its token opens nothing; another one is another machine."""
    machine = queries.get_machine(work, machine_id, for_update=True)
    work.need_step_up()
    if machine.ended_at is not None:
        raise Refused("This token has ended already.")
    _end(work, machine, "revoked")
    work.happened(MachineRevoked(machine_id=machine.account_id, owner_id=machine.owner_id))


def end_machines_of(work: Work, event: AccountDisabled) -> None:
    """What somebody answered for ends with their account."""
    for machine in queries.standing_machines_of(work, event.account_id):
        _end(work, machine, "owner")
        work.happened(MachineOrphaned(machine_id=machine.account_id, owner_id=machine.owner_id))


def look_after_machines(work: Work) -> None:
    """Notes what is over, and tells owners of what soon is; once each."""
    for machine in queries.orphaned_machines(work):
        machine.ended_at, machine.ended_why = work.now, "owner"
        work.happened(MachineOrphaned(machine_id=machine.account_id, owner_id=machine.owner_id))
    soon = work.now + timedelta(days=work.house.access.machines.warn_days)
    for machine in queries.ending_machines(work, soon):
        if machine.expires_at <= work.now:
            machine.ended_at, machine.ended_why = machine.expires_at, "expired"
            work.happened(MachineExpired(machine_id=machine.account_id, owner_id=machine.owner_id))
        elif machine.warned_at is None:
            machine.warned_at = work.now
            work.happened(
                MachineEndsSoon(
                    machine_id=machine.account_id,
                    owner_id=machine.owner_id,
                    last_day=queries.last_day_of(work, machine),
                )
            )


def _end(work: Work, machine: Machine, why: str) -> None:
    machine.ended_at, machine.ended_why = work.now, why
    end_sessions_of(work, machine.account_id)

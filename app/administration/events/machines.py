"""Machines with a token, from their making to their end."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from app.kernel.events import Event


class MachineMade(Event):
    """Another system was given a token."""

    tag: ClassVar[str] = "administration:machine:made"
    sentence: ClassVar[str] = "Made a token for a machine ({scopes}), good until {last_day}."

    machine_id: UUID
    owner_id: UUID
    scopes: tuple[str, ...]
    last_day: date


class MachineAgreed(Event):
    """A second person agreed to a machine's token."""

    tag: ClassVar[str] = "administration:machine:agreed"
    sentence: ClassVar[str] = "Agreed as the second person to the token of a machine, which opens from now on."

    machine_id: UUID
    owner_id: UUID


class MachineRefused(Event):
    """A second person did not agree to a machine's token."""

    tag: ClassVar[str] = "administration:machine:refused"
    sentence: ClassVar[str] = "Did not agree to the token of a machine, which ended without having opened anything."

    machine_id: UUID
    owner_id: UUID


class MachineRevoked(Event):
    """An administrator ended a machine's token."""

    tag: ClassVar[str] = "administration:machine:revoked"
    sentence: ClassVar[str] = "Ended the token of a machine."

    machine_id: UUID
    owner_id: UUID


class MachineOrphaned(Event):
    """Whoever answered for a machine has no account any more; its token ended with that."""

    tag: ClassVar[str] = "administration:machine:orphaned"
    sentence: ClassVar[str] = "A machine’s token ended with the account of its owner."

    machine_id: UUID
    owner_id: UUID


class MachineExpired(Event):
    """A machine's token is over."""

    tag: ClassVar[str] = "administration:machine:expired"
    sentence: ClassVar[str] = "The time of a machine’s token was over."

    machine_id: UUID
    owner_id: UUID


class MachineEndsSoon(Event):
    """Its owner is told that a machine's token is over soon."""

    tag: ClassVar[str] = "administration:machine:warned"
    sentence: ClassVar[str] = "A machine’s token is over on {last_day}; its owner is told."

    machine_id: UUID
    owner_id: UUID
    last_day: date

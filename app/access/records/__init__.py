"""Accounts, their roles and sessions, one-time links, walls round cases, and steps that wait for a second person."""

from app.access.records.accounts import Account, AccountRole, RolePermission
from app.access.records.factors import CodeSecret, Passkey, ProviderSubject, RecoveryCode, WayBack
from app.access.records.halves import SecondHalf, TranslationApproval
from app.access.records.machines import Machine, MachineUse
from app.access.records.sessions import OneTimeLink, SignedIn, SignInChallenge, SignInDelay, Vouching
from app.access.records.walls import CaseSide, CompartmentReading, KeptApart, SpecialRoute, Wall

__all__ = [
    "Account",
    "AccountRole",
    "CaseSide",
    "CodeSecret",
    "CompartmentReading",
    "KeptApart",
    "Machine",
    "MachineUse",
    "OneTimeLink",
    "Passkey",
    "ProviderSubject",
    "RecoveryCode",
    "RolePermission",
    "SecondHalf",
    "SignInChallenge",
    "SignInDelay",
    "SignedIn",
    "SpecialRoute",
    "TranslationApproval",
    "Vouching",
    "Wall",
    "WayBack",
]

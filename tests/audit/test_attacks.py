"""Whoever owns the database, and even the sealer's key, cannot alter what a checkpoint outside covers unseen."""

import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.audit.checkpoints import Signer, Verifier
from app.operations.journal_attacks import Field, attack_again_and_again, attacks, fill, is_found, rebuild
from app.operations.proof import Verified, verify_on
from tests.audit.conftest import Connect

SIGNER = Signer("test/journal", Ed25519PrivateKey.from_private_bytes(b"k" * 32))
VERIFIER = Verifier(SIGNER.verifier_key)


@pytest.fixture
def field(connect: Connect) -> Field:
    """A small journal of which one checkpoint has left the house."""
    conn, dice = connect(), random.Random(4)
    return Field(conn, SIGNER, dice, fill(conn, SIGNER, dice, 600))


def verified(field: Field) -> Verified:
    with field.conn.transaction():
        return verify_on(field.conn, VERIFIER, outside=[field.outside])


def test_every_kind_of_attack_is_found_and_an_untouched_journal_is_clean_before_and_after(field: Field) -> None:
    before = verified(field)
    assert (before.differences, before.entries >= 600) == ((), True)
    outcome = attack_again_and_again(field, max(30, len(attacks())))
    assert outcome.missed == []
    assert outcome.total == len(outcome.tried) >= 30
    assert verified(field).differences == ()


def test_with_the_stolen_key_it_is_the_checkpoint_outside_that_tells(field: Field) -> None:
    """Why checkpoints must leave the house: without one, a journal signed anew is as good as the first."""
    attack = attacks()["swap_places, rebuilt and signed with the stolen key"]
    assert is_found(field, attack)
    moved = Field(field.conn, SIGNER, field.dice, field.outside)

    def but_for_it(held: Field) -> None:
        attack(held)
        # Whoever kept nothing has only what lies inside to compare with.
        differences = verify_on(held.conn, VERIFIER).differences
        assert all("order" in each.what for each in differences)

    assert is_found(moved, but_for_it)


def test_what_happened_after_the_last_checkpoint_outside_is_not_yet_protected_from_the_key(field: Field) -> None:
    """Written down, not hidden: the interval of publication is what a thief of the key has."""

    def cut_the_very_end(held: Field) -> None:
        held.run("DELETE FROM journal_leaves WHERE index >= %s", held.outside.size)
        held.run(
            "DELETE FROM journal_entries e WHERE NOT EXISTS (SELECT FROM journal_leaves l WHERE l.entry_id = e.id)"
        )

        rebuild(held, sign=True)

    assert not is_found(field, cut_the_very_end)

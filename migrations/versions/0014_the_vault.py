"""The vault of identities: rotation, shredding, blind index."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [target], name=name, initially="DEFERRED", deferrable=True)


def upgrade() -> None:
    op.add_column("identities", sa.Column("index_version", sa.Integer(), server_default="1", nullable=False))
    op.create_index(
        "ix_identities_to_index", "identities", ["person_id"], postgresql_where=sa.text("index_version < 2")
    )
    _uses()
    _holds()
    _erasures()


def _uses() -> None:
    table = "vault_uses"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("filing_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("refers_to", sa.Text(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unusual", sa.Text(), nullable=False),
        sa.Column("looked_by_id", sa.Uuid(), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('opened', 'looked_up')", name=op.f("ck_vault_uses_kind")),
        sa.CheckConstraint("looked_by_id <> account_id", name=op.f("ck_vault_uses_two_people")),
        _reference(table, "account_id", "accounts.id"),
        _reference(table, "person_id", "persons.id"),
        _reference(table, "filing_id", "filings.id"),
        _reference(table, "case_id", "cases.id"),
        _reference(table, "looked_by_id", "accounts.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vault_uses")),
    )
    op.create_index("ix_vault_uses_account", table, ["account_id", "kind", "used_at"])
    op.create_index("ix_vault_uses_person", table, ["person_id", "used_at"])
    op.create_index("ix_vault_uses_filing", table, ["filing_id"])
    op.create_index("ix_vault_uses_case", table, ["case_id"])
    op.create_index("ix_vault_uses_latest", table, ["used_at", "id"])
    op.create_index(
        "ix_vault_uses_unusual",
        table,
        ["used_at", "id"],
        postgresql_where=sa.text("unusual <> '' AND looked_at IS NULL"),
    )


def _holds() -> None:
    table = "holds"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lift_asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("lifted_by_id", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("num_nonnulls(person_id, case_id) = 1", name=op.f("ck_holds_of_one_thing")),
        sa.CheckConstraint("lifted_by_id <> lift_asked_by_id", name=op.f("ck_holds_two_people")),
        sa.CheckConstraint(
            "lifted_at IS NULL OR (lifted_by_id IS NOT NULL AND lift_asked_by_id IS NOT NULL)",
            name=op.f("ck_holds_lifted"),
        ),
        _reference(table, "person_id", "persons.id"),
        _reference(table, "case_id", "cases.id"),
        _reference(table, "set_by_id", "accounts.id"),
        _reference(table, "lift_asked_by_id", "accounts.id"),
        _reference(table, "lifted_by_id", "accounts.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    for key in ("person", "case"):
        op.create_index(f"ix_holds_{key}", table, [f"{key}_id"], postgresql_where=sa.text("lifted_at IS NULL"))


def _erasures() -> None:
    table = "erasures"
    op.create_table(
        table,
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("filing_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("half_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("refers_to", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("agreed_by_id", sa.Uuid(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("backups_end_on", sa.Date(), nullable=False),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("asked_by_id <> agreed_by_id", name=op.f("ck_erasures_two_people")),
        _reference(table, "person_id", "persons.id"),
        _reference(table, "filing_id", "filings.id"),
        _reference(table, "case_id", "cases.id"),
        _reference(table, "half_id", "second_halves.id"),
        _reference(table, "asked_by_id", "accounts.id"),
        _reference(table, "agreed_by_id", "accounts.id"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_erasures")),
    )


def downgrade() -> None:
    raise NotImplementedError("An installation goes back by its backup, not by undoing a migration.")

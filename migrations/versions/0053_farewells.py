"""That a guest has died, and who is to be told in person."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0053_farewells"
down_revision = "0052_figures"
branch_labels = None
depends_on = None


def _to(table: str, column: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=ondelete)


def _index(table: str, *columns: str) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        for column in columns:
            batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)


def upgrade() -> None:
    farewell = op.create_table(
        "farewell",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by", sa.String(length=60), nullable=False),
        sa.Column("undoable_id", sa.Uuid(), nullable=True),
        _to("farewell", "house_id", "house"),
        _to("farewell", "guest_id", "guest"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_farewell")),
        sa.UniqueConstraint("guest_id", name=op.f("uq_farewell_guest_id")),
    )
    _index("farewell", "house_id")
    op.create_table(
        "person_to_tell",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("farewell_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_by", sa.String(length=60), nullable=True),
        sa.Column("asked_id", sa.Uuid(), nullable=True),
        sa.Column("answered", sa.Boolean(), nullable=False),
        _to("person_to_tell", "house_id", "house"),
        _to("person_to_tell", "farewell_id", "farewell", "CASCADE"),
        _to("person_to_tell", "person_id", "person"),
        _to("person_to_tell", "asked_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_to_tell")),
        sa.UniqueConstraint("farewell_id", "person_id", name=op.f("uq_person_to_tell_farewell_id_person_id")),
        sa.CheckConstraint("(told_at IS NULL) = (told_by IS NULL)", name=op.f("ck_person_to_tell_told_by_somebody")),
        sa.CheckConstraint("asked_id IS NULL OR told_at IS NOT NULL", name=op.f("ck_person_to_tell_told_before_asked")),
    )
    _index("person_to_tell", "house_id", "farewell_id", "person_id", "asked_id")
    _those_known(farewell)


def _those_known(farewell: sa.Table) -> None:
    """Of whom texting knew it already."""
    known = sa.text(
        "SELECT guest.id, guest.house_id FROM guest JOIN correspondent"
        " ON correspondent.subject_id = guest.id AND correspondent.house_id = guest.house_id"
        " WHERE correspondent.state = 'died'"
    ).columns(id=sa.Uuid(), house_id=sa.Uuid())
    rows = [
        {
            "id": uuid.uuid4(),
            "house_id": row.house_id,
            "guest_id": row.id,
            "said_at": datetime.now(UTC),
            "said_by": _WHO,
        }
        for row in op.get_bind().execute(known)
    ]
    if rows:
        op.bulk_insert(farewell, rows)


_WHO = f"command:{uuid.UUID(int=0)}"


def downgrade() -> None:
    op.drop_table("person_to_tell")
    op.drop_table("farewell")

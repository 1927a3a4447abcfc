"""Hard moments: facts with how they read before, guests' own accounts, and the talk that is offered to who was on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042_hard_moments"
down_revision = "0041_word_of_a_promise"
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
    op.create_table(
        "hard_moment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("title_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("put_away_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("put_away_by", sa.String(length=60), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _to("hard_moment", "house_id", "house"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hard_moment")),
    )
    _index("hard_moment", "house_id", "began_at")
    op.create_table(
        "moment_fact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("moment_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _to("moment_fact", "house_id", "house"),
        _to("moment_fact", "moment_id", "hard_moment", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moment_fact")),
    )
    _index("moment_fact", "house_id", "moment_id")
    op.create_table(
        "moment_fact_earlier",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fact_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=60), nullable=False),
        _to("moment_fact_earlier", "fact_id", "moment_fact", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moment_fact_earlier")),
    )
    _index("moment_fact_earlier", "fact_id")
    op.create_table(
        "moment_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("moment_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=True),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _to("moment_account", "house_id", "house"),
        _to("moment_account", "moment_id", "hard_moment", "CASCADE"),
        _to("moment_account", "guest_id", "guest"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moment_account")),
        sa.UniqueConstraint("moment_id", "guest_id", name=op.f("uq_moment_account_moment_id_guest_id")),
    )
    _index("moment_account", "house_id", "moment_id", "guest_id")
    op.create_table(
        "support_offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("moment_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("later", sa.Boolean(), nullable=False),
        sa.Column("asked_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        _to("support_offer", "house_id", "house"),
        _to("support_offer", "moment_id", "hard_moment", "CASCADE"),
        _to("support_offer", "person_id", "person"),
        _to("support_offer", "asked_id", "person"),
        sa.CheckConstraint("(asked_id IS NULL) = (asked_at IS NULL)", name=op.f("ck_support_offer_asked_at_a_time")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_offer")),
        sa.UniqueConstraint("moment_id", "person_id", name=op.f("uq_support_offer_moment_id_person_id")),
    )
    _index("support_offer", "house_id", "moment_id", "person_id", "asked_id")
    op.create_table(
        "moment_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("keep_years", sa.Integer(), nullable=False),
        sa.Column("line_name", sa.String(length=80), nullable=False),
        sa.Column("line_phone", sa.String(length=20), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _to("moment_rules", "house_id", "house"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moment_rules")),
        sa.UniqueConstraint("house_id", name=op.f("uq_moment_rules_house_id")),
    )


def downgrade() -> None:
    for table in (
        "moment_rules",
        "support_offer",
        "moment_account",
        "moment_fact_earlier",
        "moment_fact",
        "hard_moment",
    ):
        op.drop_table(table)

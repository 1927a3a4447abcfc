"""Groups and activities, their days, and houses that share their calendar."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036_activities"
down_revision = "0035_yes_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("open_to", sa.String(length=10), nullable=False),
        sa.Column("weekly", sa.Boolean(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("begins", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("led_by_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_activity_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_activity_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    op.create_table(
        "activity_day",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.Column("word", sa.String(length=80), nullable=False),
        sa.Column("came", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("came IS NULL OR came BETWEEN 0 AND 500", name=op.f("ck_activity_day_some_came")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_activity_day_house_id_house")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_activity_day_activity_id_activity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_day")),
        sa.UniqueConstraint("activity_id", "day", name=op.f("uq_activity_day_activity_id_day")),
    )
    for table, columns in (("activity", ("house_id",)), ("activity_day", ("house_id", "activity_id"))):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)
    op.create_table(
        "shared_calendar",
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_shared_calendar_house_id_house")),
        sa.PrimaryKeyConstraint("house_id", name=op.f("pk_shared_calendar")),
    )


def downgrade() -> None:
    for table in ("shared_calendar", "activity_day", "activity"):
        op.drop_table(table)

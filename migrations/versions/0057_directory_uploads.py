"""Files that are sent in a browser, until they are loaded, and what came of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0057_directory_uploads"
down_revision = "0056_resource_cards"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "directory_upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("mapping", sa.String(length=60), nullable=True),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("report", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.String(length=60), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_upload")),
    )
    op.create_index(op.f("ix_directory_upload_sent_at"), "directory_upload", ["sent_at"])


def downgrade() -> None:
    op.drop_table("directory_upload")

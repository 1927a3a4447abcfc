"""A service that was corrected by hand is the house's own since then."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0058_written_by_hand"
down_revision = "0057_directory_uploads"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("directory_service", sa.Column("ours_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("directory_service", "ours_since")

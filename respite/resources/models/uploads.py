"""A file that was sent in a browser, until it is loaded, and what came of it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, kept, key


class Upload(Base):
    """Loaded is one with `loaded_at`; its file is gone by then. `report` is what came of it, or what would.

    The file is sealed: by mistake it may be another than the one that was meant.
    """

    __tablename__ = "directory_upload"

    id: Mapped[uuid.UUID] = key()
    file_name: Mapped[str] = kept(Kept.HOUSE, sa.String(200))
    source: Mapped[str] = kept(Kept.HOUSE, sa.String(60))
    whole: Mapped[bool] = kept(Kept.HOUSE)
    mapping: Mapped[str | None] = kept(Kept.HOUSE, sa.String(60))
    content_sealed: Mapped[bytes | None] = kept(Kept.HOUSE, sa.LargeBinary)
    report: Mapped[dict[str, Any] | None] = kept(Kept.HOUSE, sa.JSON(none_as_null=True))
    sent_at: Mapped[datetime] = kept(Kept.WORKING, index=True)
    sent_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
    loaded_at: Mapped[datetime | None] = kept(Kept.WORKING)

    content = Sealed("content_sealed")

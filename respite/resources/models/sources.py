"""Where entries come from, and what every row of the directory has."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr

from respite.core.db import Base, Kept, Versioned, kept, key


class Source(Base):
    """One file or package that is loaded again and again under the same name."""

    __tablename__ = "directory_source"

    id: Mapped[uuid.UUID] = key()
    name: Mapped[str] = kept(Kept.HOUSE, sa.String(60), unique=True)
    loaded_at: Mapped[datetime | None] = kept(Kept.WORKING)


class Mapping(Versioned, Base):
    """Which column of a spreadsheet is which field, kept by name so that it is said once."""

    __tablename__ = "directory_mapping"

    id: Mapped[uuid.UUID] = key()
    name: Mapped[str] = kept(Kept.HOUSE, sa.String(60), unique=True)
    columns: Mapped[dict[str, Any]] = kept(Kept.HOUSE, sa.JSON)


class Detail:
    """A row as it stood in its source, by the id it has there; one without an id there is known by what it says.

    Its own id is made of both, so that loading it again finds it. One that is no longer in its source is deleted.
    """

    id: Mapped[uuid.UUID] = key()
    external_id: Mapped[str] = kept(Kept.HOUSE, sa.String(200))

    @declared_attr
    def source_id(cls) -> Mapped[uuid.UUID]:  # noqa: N805
        return kept(Kept.KEY, sa.ForeignKey("directory_source.id"))

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:  # noqa: N805
        return (sa.UniqueConstraint("source_id", "external_id"),)


class Listed(Detail):
    """What others may point to. One that is no longer in its source stays, with the time since when."""

    changed_at: Mapped[datetime] = kept(Kept.WORKING)  # when what it says last became different here
    gone_at: Mapped[datetime | None] = kept(Kept.WORKING, index=True)

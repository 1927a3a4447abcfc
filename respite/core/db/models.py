"""What models are made of: the typed base, columns that say their data class, rows that say their version."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Kept(StrEnum):
    """The data class of a column: whose it is and how it is kept. Every column has one."""

    KEY = "key"  # ids and what ties rows together
    WORKING = "working"  # states, times, counts, versions
    HOUSE = "house"  # what the house says of itself
    STAFF = "staff"  # about someone who works here
    GUEST = "guest"  # about a guest, short of words: dates, choices
    GUEST_WORDS = "guest-words"  # words by or about a guest, names, numbers: sealed
    SECRET = "secret"  # digests of tokens and passwords, sealed answers  # noqa: S105


class Instant(sa.types.TypeDecorator[datetime]):
    """An aware UTC datetime. A naive one is refused: nobody could say which zone it meant."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Typed models. Primary keys are UUIDs set in the constructor, so a row has its id before it is written."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        uuid.UUID: sa.Uuid(),
        datetime: Instant(),
        str: sa.String(),
        bytes: sa.LargeBinary(),
        dict[str, Any]: sa.JSON(),
        list[Any]: sa.JSON(),
    }

    def __init__(self, **values: Any) -> None:
        if "id" in type(self).__mapper__.columns and "id" not in values:
            values["id"] = uuid.uuid4()
        for name, value in values.items():
            if not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no {name}")
            setattr(self, name, value)


db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False, "autoflush": True})


def kept(kind: Kept, *args: Any, **kwargs: Any) -> Any:
    """A mapped column that says its data class."""
    return mapped_column(*args, info={"kept": kind}, **kwargs)


def key() -> Any:
    return mapped_column(sa.Uuid(), primary_key=True, info={"kept": Kept.KEY})


def to(target: str, *, kind: Kept = Kept.KEY, **kwargs: Any) -> Any:
    """A foreign key column, indexed, such as `to("house.id")`."""
    ondelete = kwargs.pop("ondelete", None)
    kwargs.setdefault("index", True)
    return mapped_column(sa.ForeignKey(target, ondelete=ondelete), info={"kept": kind}, **kwargs)


class Versioned:
    """A row that names the version an editor saw; SQLAlchemy refuses a write over a newer one."""

    version: Mapped[int] = mapped_column(default=1, info={"kept": Kept.WORKING})

    @sa.orm.declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.version}

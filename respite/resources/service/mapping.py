"""Mappings of columns, kept by name so that they are said once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping as Mapped

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.roles import May
from respite.core.db import db, transaction
from respite.core.errors import Invalid
from respite.resources.hsds.sheet import checked
from respite.resources.models import Mapping
from respite.resources.service.access import lock_directory

LONGEST_NAME = 60


def keep_mapping(actor: Actor, name: str, columns: Mapped[str, str]) -> None:
    """Keep a mapping, or what it says now. Raises NotFound, Invalid, and `hsds.files.Unusable` by its fields."""
    name, fields = named(name), checked(columns)
    with transaction() as session:
        lock_directory(session, actor, May.KEEP_DIRECTORY)
        keep(session, name, fields)


def named(name: str) -> str:
    """The name as it is kept. Raises Invalid."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Invalid(fields={"name": _("Please name the mapping in up to %(most)s letters.", most=LONGEST_NAME)})
    return name


def keep(session: Session, name: str, fields: dict[str, str]) -> None:
    kept = session.scalar(sa.select(Mapping).where(Mapping.name == name))
    if kept is None:
        session.add(Mapping(id=uuid.uuid4(), name=name, columns=fields))
    elif kept.columns != fields:
        kept.columns = fields


def mapping_named(name: str) -> dict[str, str] | None:
    """The mapping that is kept by this name; none where there is none."""
    found = db.session.scalar(sa.select(Mapping.columns).where(Mapping.name == name))
    db.session.rollback()
    return found

"""People and what they are in a house."""

from __future__ import annotations

import sqlalchemy as sa

from respite.accounts.models import Person
from respite.core.db import db


def anybody() -> bool:
    """Does anybody have an account here yet?"""
    return db.session.scalar(sa.select(Person.id).limit(1)) is not None

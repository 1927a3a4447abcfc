"""A demo account can never sign in at a real house: production does not start on a database that holds one."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from respite.accounts.models import Person
from respite.cli.demo.people import DOMAIN
from respite.core.db import db
from respite.core.settings import Settings, WrongSetting


def refuse_demo_accounts(app: Flask) -> None:
    """Raises WrongSetting in production over a demo database. One without tables, or that is not there, passes."""
    settings: Settings = app.extensions["respite.settings"]
    if settings.demo:
        return
    with app.app_context():
        try:
            with db.engine.connect() as connection:
                found = connection.scalar(sa.select(sa.func.count()).where(Person.email.endswith(f"@{DOMAIN}")))
        except SQLAlchemyError:
            return
    if found:
        raise WrongSetting("DATABASE_URL", "names a demo database, whose passwords everybody knows; name another")

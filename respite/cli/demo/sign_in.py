"""The sign-in page of demo mode shows who lives in the demo houses, so that nobody has to copy a password."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask

from respite.accounts.models import Person
from respite.accounts.words import role_words
from respite.cli.demo import enebro, juniper
from respite.cli.demo.people import DANA, DOMAIN, ENEBRO, JUNIPER, LUIS, MARISOL, MEI, PASSWORD
from respite.core.db import db, end_read
from respite.core.settings import Settings

SHOWN = (DANA, MEI, LUIS, MARISOL)


@dataclass(frozen=True, slots=True)
class Shown:
    name: str
    email: str
    role_word: str
    houses: tuple[str, ...]


def wire(app: Flask) -> None:
    settings: Settings = app.extensions["respite.settings"]
    if settings.demo:
        app.context_processor(lambda: {"demo_people": demo_people, "demo_password": PASSWORD})


def demo_people() -> list[Shown]:
    """Some of those who can sign in, one of each kind; nobody before the demo houses were made."""
    with_account = sa.select(Person.email).where(Person.email.endswith(f"@{DOMAIN}"), Person.password_hash.is_not(None))
    known = set(db.session.scalars(with_account))
    end_read()
    return [
        Shown(
            name=someone.name,
            email=someone.email,
            role_word=str(role_words(someone.role)),
            houses=tuple(
                name for name, people in ((juniper.NAME, JUNIPER), (enebro.NAME, ENEBRO)) if someone in people
            ),
        )
        for someone in SHOWN
        if someone.email in known
    ]

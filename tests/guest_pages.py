"""A guest with a page of their own, and the browsers before it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from respite.accounts.actor import COMMAND
from respite.core.clock import house_now
from respite.core.crypto import new_token
from respite.core.db import db
from respite.guest_page.service.links import give_link
from respite.guests.models import Stay
from respite.guests.service.arriving import welcome_new
from respite.guests.service.people import Named
from respite.houses.models import House
from tests.pages import Browser

#: What differs from one drawing of the same page to the next: the form's token, its key and the policy's nonce.
_EACH_TIME = re.compile(r'name="(?:csrf_token|key)" value="[^"]*"|nonce-[\w-]+')


@dataclass
class OwnPage:
    """A guest who is here, and the token of their link."""

    guest_id: uuid.UUID
    stay_id: uuid.UUID
    token: str

    @property
    def path(self) -> str:
        return f"/g/{self.token}"

    def at(self, *more: str) -> str:
        return "/".join((self.path, *more))

    def opened(self, app: Flask) -> Browser:
        """A browser in which somebody tapped the button."""
        browser = Browser(app)
        answer = browser.post(self.path)
        assert (answer.status_code, answer.location) == (303, self.path)
        return browser


def has_a_page(house: House, name: str = "Robin", phone: str | None = None) -> OwnPage:
    stay: Stay = welcome_new(COMMAND, house.id, who=Named(name, phone=phone), nights=2, now=house_now())
    assert stay.guest_id is not None
    page = OwnPage(stay.guest_id, stay.id, new_token())
    give_link(COMMAND, page.guest_id, page.token, now=house_now())
    return page


def same_each_time(answer: TestResponse, token: str) -> str:
    """A page without what differs each time it is drawn, and without its own address."""
    return _EACH_TIME.sub("", answer.text.replace(token, "…"))


@contextmanager
def statements() -> Iterator[list[str]]:
    """Each statement that the database is asked, in order."""
    asked: list[str] = []

    def heard(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", heard)
    try:
        yield asked
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", heard)

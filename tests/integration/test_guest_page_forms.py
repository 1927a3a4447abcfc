"""What is kept of the forms of a guest's page: never the link that opens it, whichever form was sent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND
from respite.accounts.models import Answered
from respite.core.db import db
from respite.guests.models import Topic
from respite.guests.service.agreements import write_version
from respite.houses.models import House
from respite.houses.service.opening import open_house
from tests.guest_pages import OwnPage, has_a_page
from tests.pages import forms_of
from tests.places import SUNDAY

#: What is typed into a form's empty fields, by name.
TYPED = {"name": "Robin", "words": "Sleep", "kind": "request", "word": "marmalade", "phone": "+13035550142"}


@pytest.fixture
def juniper(app: Flask) -> House:
    return open_house(COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=4, now=SUNDAY)


@pytest.fixture
def kept_routes() -> Iterator[list[str]]:
    """The route of each form that is kept, also where a rule stands against it afterwards."""
    routes: list[str] = []

    def heard(_mapper: object, _connection: object, row: Answered) -> None:
        routes.append(row.route)

    sa.event.listen(Answered, "before_insert", heard)
    yield routes
    sa.event.remove(Answered, "before_insert", heard)


def test_no_form_of_the_page_is_kept_with_the_link_that_opens_it(
    app: Flask, juniper: House, kept_routes: list[str]
) -> None:
    robin = has_a_page(juniper, "Robin")
    write_version(COMMAND, juniper.id, Topic.COMMUNITY, {"en": "Be kind."}, now=SUNDAY)
    browser = robin.opened(app)
    sent: set[str] = set()
    for _again in range(2):  # what the first round wrote has forms of its own
        for path in _pages(app, robin):
            for form in forms_of(browser.get(path)):
                if form.method == "post" and not form.action.endswith("/word"):
                    browser.send(form, **{name: TYPED[name] for name in form.fields if name in TYPED})
                    sent.add(form.action)
    db.session.rollback()
    assert robin.at("apart") in sent
    assert any(action.startswith(robin.at("apart") + "/") for action in sent)
    assert len(set(kept_routes)) > 8
    assert [route for route in kept_routes if robin.token in route] == []
    assert not any(robin.token in row.route for row in db.session.scalars(sa.select(Answered)))


def _pages(app: Flask, page: OwnPage) -> list[str]:
    """Every page behind the link that no other row names."""
    rules = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/g/<token>") and rule.arguments == {"token"} and "GET" in (rule.methods or ())
    ]
    return [rule.replace("<token>", page.token) for rule in sorted(rules) if not rule.endswith("/away")]

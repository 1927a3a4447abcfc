"""Each form of a guest's page: never kept with its link, slowed down, and nothing once that link has ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_limiter.util import get_qualified_name

from respite.accounts.actor import COMMAND, Actor, ActorKind
from respite.accounts.models import Answered
from respite.audit.models import Event
from respite.core.crypto import new_token
from respite.core.db import db, transaction
from respite.core.limits import limiter
from respite.guest_page import access
from respite.guest_page.service.links import end_link, give_link
from respite.guests.models import ApartWish, Topic
from respite.guests.policy.offers import How
from respite.guests.service.agreements import write_version
from respite.guests.service.waiting_own import take_me_off
from respite.houses.models import House
from respite.houses.service.opening import open_house
from tests.full_house import database_digest
from tests.guest_pages import OwnPage, has_a_page
from tests.pages import Browser, forms_of
from tests.places import SUNDAY
from tests.waiting_line import Line

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


def test_each_form_of_the_page_is_slowed_down(app: Flask) -> None:
    slowed = limiter.limit_manager.decorated_limits
    free = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/g/")
        and "POST" in (rule.methods or ())
        and not slowed(get_qualified_name(app.view_functions[rule.endpoint]))
    ]
    assert free == []


@pytest.mark.parametrize("what", ["say", "longer", "back"])
def test_whom_they_would_not_meet_stays_as_it_was_where_the_link_ends_meanwhile(
    app: Flask, juniper: House, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    robin = has_a_page(juniper, "Robin")
    browser = robin.opened(app)
    browser.fill(robin.at("apart"), name="Bo")
    wish = db.session.scalars(sa.select(ApartWish)).one()
    until, change = wish.until, robin.at("apart", str(wish.id))
    with transaction() as session:
        session.execute(sa.update(ApartWish).values(until=until - timedelta(days=9)))
    form = browser.form(robin.at("apart"))
    _ends_after_the_guard(monkeypatch)
    if what == "say":
        sent = browser.send(form, name="Cy")
    else:
        tapped: dict[str, object] = {"key": "k" * 20, "longer": "yes" if what == "longer" else "no"}
        sent = browser.post(change, tapped)
    assert sent.status_code == 404
    db.session.rollback()
    left = [(row.other_name, row.until) for row in db.session.scalars(sa.select(ApartWish))]
    assert left == [("Bo", until - timedelta(days=9))]


@pytest.mark.parametrize("what", ["talk", "tell-if", "yes", "not-now", "off", "back"])
@pytest.mark.parametrize("key", ["k" * 20, ""])
def test_a_place_on_the_list_stays_as_it_was_where_the_link_ends_meanwhile(
    app: Flask, juniper: House, actor_in: Callable[..., Actor], monkeypatch: pytest.MonkeyPatch, what: str, key: str
) -> None:
    line = Line(juniper, actor_in)
    bea = line.waits("Bea")
    guest_id, token = bea.guest_id, new_token()
    assert guest_id is not None
    offer = line.offers(bea, how=How.CALL)
    give_link(COMMAND, guest_id, token, now=SUNDAY)
    if what == "back":
        take_me_off(Actor(ActorKind.GUEST, guest_id), guest_id, now=SUNDAY)
    browser = OwnPage(guest_id, bea.id, token).opened(app)
    tables = ("guest_link", "page_session", "event", "stream")
    before = database_digest(tables)
    _ends_after_the_guard(monkeypatch)
    sent = browser.post(f"/g/{token}/waiting", {"what": what, "offer": str(offer.id), "tell_if": "any-bed", "key": key})
    assert sent.status_code == 404
    db.session.rollback()
    assert database_digest(tables) == before
    kinds = db.session.scalars(sa.select(Event.kind).order_by(Event.at.desc(), Event.version.desc()).limit(1)).all()
    assert kinds == ["guest-page.link.ended"]


def _ends_after_the_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    """A peer ends the link while the tap is on its way: after it was looked at, before the act."""
    monkeypatch.setattr(access, "note_seen", lambda page: end_link(COMMAND, page.guest_id, now=SUNDAY))


def _pages(app: Flask, page: OwnPage) -> list[str]:
    """Every page behind the link that no other row names."""
    rules = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/g/<token>") and rule.arguments == {"token"} and "GET" in (rule.methods or ())
    ]
    return [rule.replace("<token>", page.token) for rule in sorted(rules) if not rule.endswith("/away")]


def test_the_page_of_a_code_has_its_way_out_and_the_other_language(app: Flask) -> None:
    browser = Browser(app)
    page = browser.get("/g/answer")
    assert "Leave this page now" in page.text
    form = next(form for form in forms_of(page) if form.action.endswith("/shown-in"))
    answer = browser.send(form, language="es")
    assert (answer.status_code, answer.location) == (303, "/g/answer")
    assert "Tengo un código" in browser.get("/g/answer").text
    away = browser.get("/g/answer/away")
    assert (away.status_code, away.location) == (303, "https://www.weather.gov/")

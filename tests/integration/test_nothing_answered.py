"""From the first call to the leaving with nothing said that need not be: every field stays as the page draws it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND
from respite.accounts.roles import Role
from respite.core.clock import StillClock
from respite.core.db import db
from respite.core.due import sweep
from respite.guests.models import AgreementRead, Conversation, Guest, RuleAnswer, Stay, Topic, Waiting
from respite.guests.policy.stay_states import StayState
from respite.guests.service.agreements import write_version
from respite.guests.starting_agreements import starting_words
from respite.houses.models import House
from respite.houses.policy.bed_rules import RuleWords
from respite.houses.service.bed_rules import add_bed_rule
from respite.houses.service.opening import open_house
from respite.messaging.models import Consent, Message
from respite.promises.models import Promise
from tests.pages import Browser, forms_of
from tests.people import MakePerson
from tests.places import SUNDAY
from tests.waiting_line import DAY

HOUSE = "/houses/juniper-house"


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def juniper(app: Flask) -> House:
    """A house that asks: rules for a bed, agreements, a talk before a stay where somebody likes one."""
    house = open_house(COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=2, now=SUNDAY)
    add_bed_rule(COMMAND, house.id, RuleWords("age", least_age=18), now=SUNDAY)
    for topic in Topic:
        write_version(COMMAND, house.id, topic, starting_words(topic), now=SUNDAY)
    return house


@pytest.fixture
def luis(app: Flask, juniper: House, person: MakePerson) -> Browser:
    person("luis@example.org", {juniper.id: Role.PEER}, "Luis")
    return Browser(app, "luis@example.org")


def test_a_stay_completes_with_every_optional_question_unanswered(
    app: Flask, juniper: House, luis: Browser, clock: StillClock
) -> None:
    luis.post(f"{HOUSE}/contacts", {"kind": "asks-to-stay"})
    assert luis.fill(f"{HOUSE}/waiting", name="Robin").status_code == 303
    asked = db.session.scalars(sa.select(Waiting.id)).one()
    assert luis.fill(f"{HOUSE}/waiting/offer", waiting_id=asked).status_code == 303
    luis.follow(as_drawn(luis, f"{HOUSE}/waiting", "/yes"))
    luis.follow(as_drawn(luis, f"{HOUSE}/board", "/arrival"))
    stay = db.session.scalars(sa.select(Stay)).unique().one()
    stay_id = stay.id
    assert (stay.state, stay.guest.name if stay.guest else None) == (StayState.HERE, "Robin")
    for page, action in (("/welcome", "/welcome"), ("", "/settling-in"), ("/parting", "/parting")):
        as_drawn(luis, f"/stays/{stay_id}{page}", f"/stays/{stay_id}{action}")
    clock.advance(2 * DAY)
    as_drawn(luis, f"/stays/{stay_id}/leaving", f"/stays/{stay_id}/leaving")
    clock.advance(2 * DAY)
    sweep(clock.now())
    db.session.expire_all()
    assert db.session.get_one(Stay, stay_id).state == StayState.LEFT
    kept = (AgreementRead, RuleAnswer, Conversation, Consent, Message, Promise)
    found = {model.__tablename__ for model in kept if db.session.scalars(sa.select(model)).first() is not None}
    assert found == set()
    (guest,) = db.session.scalars(sa.select(Guest))
    assert (guest.name, guest.phone, guest.pronouns) == ("Robin", None, None)


def as_drawn(browser: Browser, page: str, action: str):  # type: ignore[no-untyped-def]
    """Send the page's form whose address ends so, with every field as it stands there."""
    form = next(each for each in forms_of(browser.get(page)) if each.action.endswith(action))
    answer = browser.send(form)
    assert answer.status_code == 303, (page, answer.status_code, answer.text)
    return answer

"""A private reflection, opened by anybody else: not found. It is in no page, export or answer of the API."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.roles import Role
from respite.core.db import db
from respite.houses.models import House
from respite.staffing.models import Reflection
from respite.staffing.service.reflections import open_reflection, write_reflection
from tests.boards import browser, juniper, session_of, token_for
from tests.full_house import STAFF_ROLES
from tests.people import MakePerson
from tests.places import SUNDAY

WORDS = "Quetzalcoatlus kept me awake"
ACTS = ("", "/take-back", "/share-again", "/delete", "/talked", "/not-talked")


@pytest.fixture
def house(app: Flask) -> House:
    return juniper()


@pytest.fixture
def reflection(house: House, person: MakePerson) -> uuid.UUID:
    sam = Actor(ActorKind.PERSON, person("sam@example.org", {house.id: Role.PEER}, "Sam"), {house.id: Role.PEER})
    priya = person("priya@example.org", {house.id: Role.SUPERVISOR}, "Priya")
    return write_reflection(sam, words=WORDS, wants_to_talk=True, share_with=(house.id, priya), now=SUNDAY).id


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_not_found_for_every_role_of_the_house(app: Flask, house: House, reflection: uuid.UUID, role: Role) -> None:
    client = browser(app, session=session_of(house, role))
    assert client.get(f"/me/reflection/{reflection}").status_code == 404
    for act in ACTS:
        assert client.post(f"/me/reflection/{reflection}{act}", data={"words": "x"}).status_code == 404, act
    assert WORDS not in client.get("/me/reflection").text
    author = db.session.get_one(Reflection, reflection).person_id
    db.session.rollback()
    assert open_reflection(Actor(ActorKind.PERSON, author), reflection, now=SUNDAY).words == WORDS


def test_it_is_in_no_page_export_or_answer_that_a_director_gets(
    app: Flask, house: House, reflection: uuid.UUID
) -> None:
    client, bearer = browser(app, session=session_of(house, Role.DIRECTOR)), token_for(house, Role.DIRECTOR)
    seen = 0
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or not rule.arguments <= {"slug"} or rule.rule.startswith("/static"):
            continue
        path = rule.rule.replace("<slug>", house.slug)
        of_api = path.startswith("/api/")
        answer = (app.test_client() if of_api else client).get(
            path, headers={"Authorization": f"Bearer {bearer}"} if of_api else {}
        )
        seen += answer.status_code == 200
        assert WORDS.encode() not in answer.data, path
        assert str(reflection).encode() not in answer.data, path
    assert seen > 60, "hardly a page was opened"

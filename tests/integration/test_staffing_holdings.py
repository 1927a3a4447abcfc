"""Who holds what on which day: credentials while they are valid, trainings from the day their hours are complete."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.core.db import db, transaction
from respite.houses.models import House
from respite.houses.service.opening import open_house
from respite.staffing.models import Credential, CredentialRules, Training
from respite.staffing.policy.credentials import Hours, Kind, Part, RuleSet, to_body
from respite.staffing.queries.credentials import Held, holdings_of, tag_name, tags_of_house
from tests.places import SUNDAY

MADE = {"made_at": datetime(2026, 1, 1, tzinfo=UTC), "made_by": "command:x"}
CPSS = {"slug": "cpss", "kind": Kind.CREDENTIAL, "name": "Certified peer"}
NIGHTS = {"slug": "nights", "kind": Kind.TRAINING, "name": "Nights alone"}


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def house(app: Flask) -> House:
    return open_house(COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=1, now=SUNDAY)


@pytest.fixture
def sam(house: House, actor_in: Callable[..., Actor]) -> uuid.UUID:
    return actor_in(house.id, Role.PEER, "Sam").id


def keep(*rows: Any) -> None:
    with transaction() as session:
        session.add_all(rows)


def rules(house: House, which: dict[str, Any], asked: RuleSet, since: date, until: date | None = None) -> None:
    keep(CredentialRules(house_id=house.id, **which, body=to_body(asked), since=since, until=until, **MADE))


def learned(house: House, person_id: uuid.UUID, day: date, hours: int, **more: Any) -> None:
    facts = {"slug": "nights"} | more
    keep(Training(house_id=house.id, person_id=person_id, minutes=hours * 60, day=day, **facts, **MADE))


def held(house: House, person_id: uuid.UUID) -> list[Held]:
    db.session.rollback()
    return holdings_of(db.session(), house.id, [person_id])[person_id]


def test_a_credential_counts_through_its_last_day(house: House, sam: uuid.UUID) -> None:
    term = {"house_id": house.id, "person_id": sam, "slug": "cpss", **MADE}
    keep(
        Credential(**term, issued_on=date(2025, 3, 1), expires_on=date(2027, 3, 1)),
        Credential(**term),
        Credential(**term, issued_on=date(2020, 1, 1), expires_on=date(2022, 1, 1), ended_on=date(2021, 5, 4)),
        Credential(**term, issued_on=date(2019, 1, 1), ended_on=date(2019, 1, 1)),
    )
    assert sorted(held(house, sam), key=lambda each: each.first or date.min) == [
        Held("cert:cpss", date(2020, 1, 1), date(2021, 5, 4)),
        Held("cert:cpss", date(2025, 3, 1), date(2027, 3, 2)),
    ]


def test_a_training_counts_from_the_day_that_completed_it(house: House, sam: uuid.UUID) -> None:
    asked = RuleSet(initial=Hours(240, (Part("Being alone", 120),)), valid_months=12)
    rules(house, NIGHTS, asked, date(2026, 1, 1))
    learned(house, sam, date(2026, 2, 1), 3)
    learned(house, sam, date(2026, 2, 8), 1)
    assert held(house, sam) == []  # four hours, but none about being alone
    learned(house, sam, date(2026, 2, 9), 2, category="Being alone")
    assert held(house, sam) == [Held("trained:nights", date(2026, 2, 9), date(2027, 2, 9))]
    learned(house, sam, date(2026, 11, 1), 4, category="Being alone")
    assert held(house, sam)[1:] == [Held("trained:nights", date(2026, 11, 1), date(2027, 11, 1))]


def test_hours_are_judged_by_the_rules_of_their_day(house: House, sam: uuid.UUID) -> None:
    rules(house, NIGHTS, RuleSet(initial=Hours(60)), date(2026, 1, 1), date(2026, 6, 1))
    rules(house, NIGHTS, RuleSet(initial=Hours(600)), date(2026, 6, 1))
    learned(house, sam, date(2026, 7, 1), 1)
    assert held(house, sam) == []
    learned(house, sam, date(2026, 5, 31), 1)
    assert held(house, sam) == [Held("trained:nights", date(2026, 5, 31), None)]


def test_work_elsewhere_is_no_learning_and_another_house_is_another_house(
    house: House, sam: uuid.UUID, actor_in: Callable[..., Actor]
) -> None:
    rules(house, NIGHTS, RuleSet(initial=Hours(60)), date(2026, 1, 1))
    learned(house, sam, date(2026, 2, 1), 9, sort="work")
    aspen = open_house(COMMAND, name="Aspen House", kind="both", timezone="America/Denver", beds=1, now=SUNDAY)
    learned(aspen, sam, date(2026, 2, 1), 9)
    ana = actor_in(house.id, Role.PEER, "Ana").id
    db.session.rollback()
    assert holdings_of(db.session(), house.id, [sam, ana]) == {sam: [], ana: []}
    assert holdings_of(db.session(), house.id, []) == {}


def test_tags_have_names(house: House) -> None:
    rules(house, NIGHTS, RuleSet(), date(2026, 1, 1))
    rules(house, CPSS, RuleSet(), date(2026, 1, 1), date(2026, 2, 1))
    rules(house, CPSS | {"name": "Peer, certified"}, RuleSet(), date(2026, 2, 1))
    rules(house, {"slug": "old", "kind": Kind.TRAINING, "name": "Old"}, RuleSet(), date(2025, 1, 1), date(2026, 1, 1))
    session = db.session()
    assert tags_of_house(session, house.id) == [("trained:nights", "Nights alone"), ("cert:cpss", "Peer, certified")]
    assert tag_name(session, house.id, "cert:cpss") == "Peer, certified"
    assert tag_name(session, house.id, "trained:old") == "Old"
    assert tag_name(session, house.id, "cert:unknown") == "unknown"

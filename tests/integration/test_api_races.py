"""Two hands at once: one key is one act, one bed is one person's, whoever comes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from respite.accounts.roles import Role
from respite.audit.service import broken_links
from respite.core.db import db, end_read
from respite.guests.models import Guest, Stay
from tests.api_client import Program, document_of, rule_of
from tests.full_house import FullHouse, fill
from tests.places import SUNDAY

HANDS = 12


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def juniper(app: Flask) -> FullHouse:
    return fill("Juniper House", SUNDAY)


@pytest.fixture
def peer(app: Flask, juniper: FullHouse) -> Program:
    return Program(app, document_of(app), juniper.tokens[Role.PEER])


def _at_once(act: Callable[[int], TestResponse]) -> list[TestResponse]:
    end_read()
    together = Barrier(HANDS, timeout=30)

    def one(number: int) -> TestResponse:
        together.wait()
        return act(number)

    with ThreadPoolExecutor(HANDS) as pool:
        return list(pool.map(one, range(HANDS)))


def _count(model: type[Stay | Guest]) -> int:
    found = db.session.scalar(sa.select(sa.func.count()).select_from(model))
    end_read()
    return found or 0


def test_the_same_key_at_once_is_one_act_with_one_answer(peer: Program, juniper: FullHouse) -> None:
    before = _count(Stay), _count(Guest)
    body = {"nights": 1, "guest": {"name": "Robin"}}
    answers = _at_once(
        lambda _n: peer.post(f"/houses/{juniper.slug}/holds", body, headers={"Idempotency-Key": "double-tap"})
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.get_json()["id"] for answer in answers}) == 1
    assert (_count(Stay), _count(Guest)) == (before[0] + 1, before[1] + 1)


def test_one_bed_at_once_is_one_persons(peer: Program, juniper: FullHouse) -> None:
    before = _count(Stay), _count(Guest)
    bed = juniper.ids["bed_id"]
    answers = _at_once(
        lambda n: peer.post(
            f"/houses/{juniper.slug}/holds",
            {"nights": 1, "bed_id": bed, "guest": {"name": f"Guest {n}"}},
            headers={"Idempotency-Key": f"hand-{n}"},
        )
    )
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: HANDS - 1}
    assert {rule_of(answer) for answer in answers if answer.status_code == 409} == {"bed-taken"}
    assert (_count(Stay), _count(Guest)) == (before[0] + 1, before[1] + 1)
    assert list(broken_links()) == []


def test_one_version_at_once_is_one_editors(peer: Program, juniper: FullHouse) -> None:
    stay = f"/stays/{juniper.ids['other_stay_id']}"
    seen = peer.get(stay).headers["ETag"]
    answers = _at_once(lambda _n: peer.post(f"{stay}/confirmation", headers={"If-Match": seen}))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: HANDS - 1}

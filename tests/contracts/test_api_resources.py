"""The directory for programs: the same that the page finds, in the names of HSDS, and how sure it is."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from respite.accounts.roles import RIGHTS, May, Role
from tests.api_client import Program, document_of, rule_of
from tests.directories import DENVER, Directory, weekly
from tests.full_house import FullHouse
from tests.places import SUNDAY

Houses = tuple[Path, FullHouse, FullHouse]


@pytest.fixture
def database_url(tmp_path: Path, two_full_houses: Houses) -> str:
    shutil.copy(two_full_houses[0], tmp_path / "house.db")
    return f"sqlite:///{tmp_path / 'house.db'}"


def test_services_are_found_by_query_and_category_page_by_page(app: Flask, two_full_houses: Houses) -> None:
    directory = Directory()
    directory.term("Legal", code="1111")
    directory.term("Tenants", under="Legal")
    planted = directory.plant(
        "Tenant Lawyers",
        at=DENVER,
        terms=["Tenants"],
        languages=["es"],
        hours=[weekly("SU", (9, 0), (17, 0))],
        phone="+13035550123",
        fees_description="Free",
        assured_date=date(2025, 1, 2),
    )
    for number in range(3):
        directory.plant(f"Lantern {number}", assured_date=SUNDAY.date() if number else None)
    tokens = two_full_houses[1].tokens
    peer = Program(app, document_of(app), tokens[Role.PEER])
    answer = peer.get("/resources/services?query=abogado&category=Legal&language=Spanish&free=true&open=now&near=80203")
    assert answer.status_code == 200, answer.text
    told = answer.get_json()
    (service,) = told["services"]
    assert (told["total"], service["id"], service["name"]) == (1, str(planted), "Tenant Lawyers")
    assert service["organization"]["name"] == "Front Range Help"
    assert (service["open_now"], service["free"], service["distance_miles"]) == (True, True, 0.0)
    assert (service["trust"], service["checked_on"], service["assured_date"]) == ("stale", "2025-01-02", "2025-01-02")
    assert service["phones"] == [{"number": "+13035550123", "extension": None, "type": None}]
    assert service["languages"] == [{"code": "es", "name": "Spanish"}]
    assert service["locations"][0]["city"] == "Denver"
    pages = [peer.get(f"/resources/services?query=lantern&limit=2&offset={at}").get_json() for at in (0, 2, 4)]
    assert [page["total"] for page in pages] == [3, 3, 3]
    lanterns = [(each["name"], each["trust"]) for page in pages for each in page["services"]]
    assert lanterns == [("Lantern 0", "not-checked"), ("Lantern 1", "checked"), ("Lantern 2", "checked")]
    assert peer.get("/resources/services?category=no-such-thing").get_json() == {"total": 0, "services": []}
    for wrong in (
        "limit=0", "limit=x", "limit=101", "offset=-1", "open=sometimes", "need=fun", "free=perhaps", "near=Atlantis",
        "language=Klingonish", "query=a&query=b", "query=%00", "within=0", "sleep=1", f"query={'x' * 201}",
    ):  # fmt: skip
        refused = peer.get(f"/resources/services?{wrong}")
        assert (refused.status_code, rule_of(refused)) == (422, "invalid"), wrong
    for odd in ("query=%22%27*)(%20OR%20AND%20NOT", "query=%25%25__", "query=🙂", "query=%E4%BD%A0%E5%A5%BD", "query="):
        assert peer.get(f"/resources/services?{odd}").status_code == 200, odd
    for role, token in tokens.items():
        expected = 200 if May.ENTER in RIGHTS[role] else 404
        assert Program(app, document_of(app), token).get("/resources/services").status_code == expected, role
    assert Program(app, document_of(app)).get("/resources/services").status_code == 401

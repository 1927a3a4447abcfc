"""A page that is opened from another has a way back, and only to where the reader may go."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from respite.accounts.roles import Role
from tests.boards import browser, juniper, session_of

BACK = re.compile(r'<a class="back" href="([^"]+)"')
HOUSE = "/houses/juniper-house"
PAGES = {
    f"{HOUSE}/funder-figures": f"{HOUSE}/settings",
    f"{HOUSE}/what-guests-said": f"{HOUSE}/settings",
    f"{HOUSE}/activities": f"{HOUSE}/settings",
    f"{HOUSE}/asks": f"{HOUSE}/board",
    f"{HOUSE}/yes-first": f"{HOUSE}/board",
    "/me/concerns": "/me",
}


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PEER, Role.VOLUNTEER, Role.BOARD_READER])
def test_every_way_back_opens(app: Flask, role: Role) -> None:
    client = browser(app, session=session_of(juniper(), role))
    pages = {path: client.get(path) for path in PAGES}
    ways = {path: BACK.findall(page.text) for path, page in pages.items() if page.status_code == 200}
    assert {client.get(way).status_code for found in ways.values() for way in found} <= {200}
    if role == Role.COORDINATOR:
        assert ways == {path: [back] for path, back in PAGES.items()}

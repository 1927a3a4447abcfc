"""Every page of the address map, as a coordinator and as somebody outside: no fault that axe finds, nothing cut off."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from respite.accounts.roles import Role
from respite.core.clock import machine_now
from respite.core.db import db
from respite.core.demo_clock import put_ahead
from respite.factory import create_app
from tests.browser.companions import sideways, violations
from tests.full_house import FullHouse
from tests.places import SUNDAY, settings_for
from tests.servers import Server, server_for

#: Files, answers for programs, and pages that only lead elsewhere.
NO_PAGES = ("/static/", "/api/", "/health/", "/socket.io", "/webhooks/")
PARTS = ("parts", "openapi.json", "pairing", ".json", ".csv", "/away")


@dataclass(frozen=True)
class Served:
    server: Server
    house: FullHouse
    addresses: tuple[str, ...]


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, two_full_houses: tuple[Path, FullHouse, FullHouse], key_file: Path
) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("pages")
    path, house, _other = two_full_houses
    shutil.copy(path, folder / "house.db")
    url = f"sqlite:///{folder / 'house.db'}"
    app = create_app(settings_for(url, key_file))
    with app.app_context():
        put_ahead(SUNDAY - machine_now())
        addresses = tuple(_addresses(app, house))
        db.session.remove()
        db.engine.dispose()
    server = server_for(url, key_file, folder, REDIS_URL="").start()
    yield Served(server, house, addresses)
    server.stop()


def _addresses(app: Flask, house: FullHouse) -> Iterator[str]:
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.rule.startswith(NO_PAGES) or rule.rule.endswith(PARTS):
            continue
        values = {name: house.ids.get(name, "none") for name in rule.arguments}
        yield adapter.build(rule.endpoint, values)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("language", "theme", "width"),
    [("en", "light", 320), ("es", "dark", 320), ("en", "dark", 1280), ("es", "light", 1280)],
)
def test_no_page_has_a_fault(served: Served, browser: Browser, language: str, theme: str, width: int) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        locale=language,
        color_scheme=theme,  # type: ignore[arg-type]
    )
    cookies = {"sid": served.house.sessions[Role.COORDINATOR], "language": language}
    context.add_cookies([{"name": name, "value": value, "url": served.server.url} for name, value in cookies.items()])
    page = context.new_page()
    faults: dict[str, list[str]] = {}
    seen = 0
    for address in served.addresses:
        found = _faults(page, served.server.url + address)
        if found is None:
            continue
        seen += 1
        if found:
            faults[address] = found
    context.close()
    assert faults == {}
    assert seen > 35, "the walk meets the pages there are"


def _faults(page: Page, address: str) -> list[str] | None:
    """What is wrong with a page; None where there is no page."""
    answer = page.goto(address, wait_until="load")
    if answer is None or "text/html" not in (answer.headers.get("content-type") or ""):
        return None
    if answer.status >= 400:
        return [f"answered {answer.status}"] if answer.status >= 500 else None
    pixels = sideways(page)
    return violations(page) + ([f"{pixels} px sideways"] if pixels else [])

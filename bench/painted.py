"""From the commit to the changed door: painted in a browser, and fetched by two hundred viewers of one house.

The floor is measured in the same run with nothing of the product in it: one bare WebSocket broadcast to as many
viewers, and from each of them one bare HTTP fetch of as many bytes, from servers of the same kinds.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy as sa
import websockets
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import sync_playwright

from bench.figures import Figure
from bench.places import app_on, environ_on
from respite.accounts.actor import COMMAND
from respite.accounts.models import ApiToken, Membership, Person
from respite.accounts.passwords import hashed
from respite.accounts.roles import Role
from respite.accounts.service.signing_in import sign_in
from respite.audit.models import Event
from respite.core.clock import machine_now
from respite.core.crypto import digest, new_token
from respite.core.db import db, transaction
from respite.houses.queries import beds_of
from respite.houses.service.opening import open_house
from tests.races import Caller
from tests.servers import Server, free_port

VIEWERS = 200
ACTS = 12
PASSWORD = "plum kettle under the stairs"
FLAGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
PAINTED = """id => {
  const painted = window.painted = [];
  let last = document.getElementById(id).dataset.state;
  new MutationObserver(() => {
    const state = document.getElementById(id)?.dataset.state;
    if (state === undefined || state === last) return;
    last = state;
    requestAnimationFrame(() => painted.push(performance.timeOrigin + performance.now()));
  }).observe(document.body, {subtree: true, childList: true, attributes: true});
}"""


@dataclass
class Place:
    app: Flask
    server: Server
    token: str
    cookie: str
    bed_id: str
    parts_bytes: int = 0

    def acts(self) -> Iterator[float]:
        """Saves the bed and lets it go in turn; yields the instant of each commit, in seconds."""
        caller = Caller(self.server.url, self.token)
        stay = ""
        for turn in range(ACTS):
            if turn % 2 == 0:
                wish = {"bed_id": self.bed_id, "nights": 1, "guest": {"name": "Jo"}}
                stay = caller.send("POST", "/houses/bench/holds", wish).body["id"]
            else:
                caller.send("DELETE", f"/stays/{stay}/hold")
            with self.app.app_context():
                newest = db.session.scalar(sa.select(Event.recorded_at).order_by(Event.version.desc()).limit(1))
                db.session.remove()
            assert newest is not None
            yield newest.astimezone(UTC).timestamp()
        caller.close()


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, place_in(Path(folder)) as place:
        painted = _painted(place)
        one, one_floor = _crowd(place, 1)
        many, many_floor = _crowd(place, VIEWERS)
    return [
        Figure("commit to painted door, one browser", painted, "ms", median(one_floor)),
        Figure("commit to fetched door, one viewer", median(one), "ms", median(one_floor)),
        Figure(f"the same, {VIEWERS} viewers, median", median(many), "ms", median(many_floor)),
        Figure(f"the same, {VIEWERS} viewers, last", max(many), "ms", max(many_floor)),
    ]


@contextmanager
def place_in(folder: Path) -> Iterator[Place]:
    url = f"sqlite:///{folder}/house.db"
    app = app_on(url, folder)
    token = new_token()
    with app.app_context():
        upgrade()
        now = machine_now()
        house = open_house(COMMAND, name="Bench", kind="respite", timezone="America/Denver", beds=6, now=now)
        bed_id = str(beds_of(db.session(), house.id)[0].id)
        with transaction() as session:
            person = Person(email="bench@example.org", name="Bench", password_hash=hashed(PASSWORD), made_at=now)
            session.add(person)
            session.flush()
            session.add(Membership(person_id=person.id, house_id=house.id, role=Role.COORDINATOR, began_at=now))
            session.add(ApiToken(house_id=house.id, role=Role.PEER, name="b", token_hash=digest(token), made_at=now))
        cookie = sign_in(
            "bench@example.org", PASSWORD, network="127.0.0.1", device="bench", tablet_id=None, instead_of=None
        )
        db.session.remove()
    server = Server(environ_on(url, folder), folder / "server.log", free_port(), threads=VIEWERS + 64).start()
    try:
        yield Place(app, server, token, f"sid={cookie}", bed_id)
    finally:
        server.stop()


def _painted(place: Place) -> float:
    """The median of milliseconds from a commit to the frame in which a browser shows the door."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        name, _equals, value = place.cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": place.server.url}])
        page = context.new_page()
        page.goto(f"{place.server.url}/houses/bench/board")
        page.wait_for_timeout(1500)
        page.evaluate(PAINTED, f"door-{place.bed_id}")
        commits = []
        for commit in place.acts():
            commits.append(commit)
            page.wait_for_timeout(400)
        page.wait_for_function(f"window.painted.length >= {ACTS}", timeout=20_000)
        seen = page.evaluate("window.painted")
        browser.close()
    return median(shown - commit * 1000 for commit, shown in zip(commits, seen, strict=False))


def _crowd(place: Place, viewers: int) -> tuple[list[float], list[float]]:
    """Milliseconds for each viewer and act, here and on the floor."""
    path = f"/houses/bench/board/parts?names=door-{place.bed_id},summary"
    ours = asyncio.run(_watch_product(place, viewers, path))
    with _bare(place.parts_bytes) as (ws_port, http_port):
        floor = asyncio.run(_watch_bare(viewers, ws_port, http_port))
    return ours, floor


async def _watch_product(place: Place, viewers: int, path: str) -> list[float]:
    arrivals: dict[int, list[float]] = {}
    ready = asyncio.Semaphore(0)
    port = place.server.port

    async def viewer() -> None:
        async with websockets.connect(
            f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket",
            additional_headers={"Cookie": place.cookie},
            origin=place.server.url,  # type: ignore[arg-type]
            compression=None,
        ) as line:
            await line.recv()
            await line.send("40/board,")
            await line.recv()
            await line.send('42/board,0["watch",{"house":"bench"}]')
            ready.release()
            async for message in line:
                text = str(message)
                if text == "2":
                    await line.send("3")
                elif '"changed"' in text:
                    version = json.loads(text[text.index("[") :])[1]["version"]
                    body = await _fetch(port, path, place.cookie)
                    place.parts_bytes = len(body)
                    arrivals.setdefault(version, []).append(time.time())

    tasks = [asyncio.create_task(viewer()) for _ in range(viewers)]
    for _ in range(viewers):
        await asyncio.wait_for(ready.acquire(), 60)
    await asyncio.sleep(1)
    acts, commits = place.acts(), []
    # One after the other: the next act comes when every viewer has seen the last, as on the floor.
    for turn in range(1, ACTS + 1):
        commits.append(await asyncio.to_thread(next, acts))
        await _until(lambda turn=turn: len(arrivals) == turn and len(arrivals[max(arrivals)]) >= viewers)  # type: ignore[misc]
        await asyncio.sleep(0.1)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    by_version = [arrivals[version] for version in sorted(arrivals)]
    return [(at - commit) * 1000 for commit, each in zip(commits, by_version, strict=True) for at in each]


async def _fetch(port: int, path: str, cookie: str) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n".encode()
    )
    body = await reader.read()
    writer.close()
    assert b" 200 " in body[:20], body[:300]
    return body


async def _until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not true():
        if time.monotonic() > until:
            raise TimeoutError("not every viewer heard of every change")
        await asyncio.sleep(0.05)


@contextmanager
def _bare(size: int) -> Iterator[tuple[int, int]]:
    """A bare broadcaster and a bare HTTP server, each a process of its own."""
    ws_port, http_port = free_port(), free_port()
    broadcaster = multiprocessing.get_context("spawn").Process(target=broadcast_bare, args=(ws_port,), daemon=True)
    broadcaster.start()
    code = f"b = b'x' * {size}\ndef app(environ, start):\n    start('200 OK', [])\n    return [b]\n"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "bare.py").write_text(code)
        http = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-w", "1", "--threads", "64", "-b", f"127.0.0.1:{http_port}",
             "--log-level", "error", "bare:app"],
            cwd=folder,
        )  # fmt: skip
        try:
            for port in (ws_port, http_port):
                _wait_for(port)
            yield ws_port, http_port
        finally:
            http.terminate()
            http.wait(timeout=20)
            broadcaster.terminate()
            broadcaster.join(timeout=20)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens on {port}")


def broadcast_bare(port: int) -> None:
    """Whoever says "go" makes everybody hear the time of it."""
    sockets: set[Any] = set()

    async def serve() -> None:
        async def one(line: Any) -> None:
            sockets.add(line)
            async for _word in line:
                websockets.broadcast(sockets, str(time.time()))

        async with websockets.serve(one, "127.0.0.1", port, compression=None):
            await asyncio.Future()

    asyncio.run(serve())


async def _watch_bare(viewers: int, ws_port: int, http_port: int) -> list[float]:
    taken: list[float] = []
    heard = 0

    async def viewer(line: Any) -> None:
        nonlocal heard
        async for message in line:
            await _fetch(http_port, "/", "")
            taken.append((time.time() - float(message)) * 1000)
            heard += 1

    sockets = [await websockets.connect(f"ws://127.0.0.1:{ws_port}", compression=None) for _ in range(viewers)]
    tasks = [asyncio.create_task(viewer(line)) for line in sockets]
    for turn in range(ACTS):
        await sockets[0].send("go")
        wanted = (turn + 1) * viewers
        await _until(lambda wanted=wanted: heard >= wanted)  # type: ignore[misc]
        await asyncio.sleep(0.1)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for line in sockets:
        await line.close()
    return taken

"""Many at once over HTTP, each on a connection of its own, let go by a barrier."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

PATIENCE_SECONDS = 200
IDLE_SECONDS = 1.0


@dataclass(frozen=True)
class Answer:
    status: int
    body: dict[str, Any]

    @property
    def rule(self) -> str:
        return str(self.body.get("type", "")).rsplit("/", 1)[-1]


class Caller:
    """Somebody with a token and a connection that stays open."""

    def __init__(self, url: str, token: str) -> None:
        self._host = urlsplit(url).netloc
        self._token = token
        self._connection: http.client.HTTPConnection | None = None
        self._used_at = 0.0

    def send(self, method: str, path: str, body: dict[str, Any] | None = None) -> Answer:
        if time.monotonic() - self._used_at > IDLE_SECONDS:
            self.close()  # the server ends connections that rest; a new one is surely open
        self._used_at = time.monotonic()
        if self._connection is None:
            self._connection = http.client.HTTPConnection(self._host, timeout=PATIENCE_SECONDS)
        self._connection.request(
            method,
            f"/api/v1{path}",
            None if body is None else json.dumps(body),
            {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
        )
        response = self._connection.getresponse()
        text = response.read()
        self._used_at = time.monotonic()
        return Answer(response.status, json.loads(text) if text else {})

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


Wish = tuple[str, str, dict[str, Any] | None]


def rounds(
    callers: list[Caller],
    count: int,
    wish: Callable[[int, int], Wish],
    between: Callable[[list[Answer]], None] = lambda _answers: None,
) -> list[list[Answer]]:
    """`count` times every caller sends `wish(round, caller)` at once; `between` sees each round's answers after it."""
    answers: list[list[Answer]] = []
    now: list[Answer | None] = [None] * len(callers)
    gate = threading.Barrier(len(callers), timeout=PATIENCE_SECONDS * 3)
    failed: list[BaseException] = []

    def run(number: int, caller: Caller) -> None:
        try:
            for turn in range(count):
                gate.wait()
                now[number] = caller.send(*wish(turn, number))
                if gate.wait() == 0:
                    answers.append([answer for answer in now if answer is not None])
                    between(answers[-1])
        except BaseException as error:
            failed.append(error)
            gate.abort()
        finally:
            caller.close()

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=PATIENCE_SECONDS * 14)
    if failed:
        raise next((e for e in failed if not isinstance(e, threading.BrokenBarrierError)), failed[0])
    return answers


def tally(turn: list[Answer]) -> Counter[tuple[int, str]]:
    return Counter((answer.status, answer.rule) for answer in turn)

"""The fake over HTTP: `python -m tests.twilio.server --port N --control-port M --folder DIR` (see companion.py).

The API listens on one port, which a test may close; control and audit on the other (both answer on both while open):
POST /_control (control.py), GET /_ledger, GET /_health. The folder gets `ledger.jsonl`, one line for each thing that
happened: post, answered, accepted, status, callback, lost, inbound.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import threading
import time
from collections.abc import Mapping
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.twilio.delivery import Delivery
from tests.twilio.handler import Handler
from tests.twilio.line import Line
from tests.twilio.resources import Resources


class Fake:
    """One account, its clockwork and its two listeners."""

    def __init__(self, told: argparse.Namespace) -> None:
        self._journal = (Path(told.folder) / "ledger.jsonl").open("a", encoding="utf-8")
        self._writing = threading.Lock()
        self.line = Line(
            account=told.account, number=told.number, service=told.service or None, seed=told.seed, journal=self._write
        )
        self.token, self.also_accepts = told.token, list[str]()
        self.latency = 0.0
        self.resources = Resources(self.line, told.service or None, "")
        self.delivery = Delivery(self.line, told.token, self.resources.fallback_url)
        self._port = told.port
        self._api: Listener | None = None
        self._control = Listener(told.control_port, self)

    def _write(self, kind: str, told: Mapping[str, Any]) -> None:
        with self._writing:
            self._journal.write(json.dumps({"event": kind, **told}) + "\n")
            self._journal.flush()

    def start(self) -> None:
        self.delivery.start()
        self.listen(True)
        self._control.open()

    def listen(self, on: bool) -> None:
        if on and self._api is None:
            self._api = Listener(self._port, self)
            self._api.open()
        elif not on and self._api is not None:
            self._api.close()
            self._api = None

    def rotate(self, token: str) -> None:
        """From now on this is the account's token: for who calls and for what is signed."""
        self.token = self.delivery.token = token

    def ledger(self) -> dict[str, Any]:
        line = self.line
        return {
            "now": line.clock(),
            "accepted": [row.audited() for row in line.accepted(by=None)],
            "posts": [vars(post) for post in list(line.posts)],
            "inbound": [row.audited() for row in line.came_in()],
            "callbacks": list(self.delivery.sent),
            "lost": [{"sid": each.sid, "status": each.form.get("MessageStatus"), "at": each.at} for each in line.lost],
            "opted_out": sorted(line.stopped),
        }


class Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 512
    allow_reuse_address = True

    def __init__(self, port: int, fake: Fake) -> None:
        self.fake = fake
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), Handler)

    def open(self) -> None:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Refuse connections, and end those that are open."""
        self.shutdown()
        self.server_close()
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it had ended by itself

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that was killed has nobody to be told."""


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("port", "control-port"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--seed", default="0")
    for name in ("account", "token", "number", "service"):
        parser.add_argument(f"--{name}", default="")
    fake = Fake(parser.parse_args())
    parent = os.getppid()
    fake.start()
    # It ends by a signal, at once; each line of the ledger is written. A test that was killed leaves no Twilio behind.
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(0)


if __name__ == "__main__":
    main()

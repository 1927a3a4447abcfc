"""The fake over HTTP: `python -m tests.twilio.server --port N --control-port M --folder DIR` (see companion.py).

The API listens on one port, which a test may close; control and audit on the other (both answer on both while open):
POST /_control (control.py), GET /_ledger, GET /_health. The folder gets `ledger.jsonl`, one line for each thing that
happened.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import re
import signal
import socket
import struct
import threading
from collections.abc import Mapping
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.twilio import answers
from tests.twilio.answers import Answer
from tests.twilio.control import obey
from tests.twilio.delivery import Delivery
from tests.twilio.line import Line
from tests.twilio.resources import Resources

MESSAGES = re.compile(r"/2010-04-01/Accounts/(?P<account>\w+)/Messages(?:/(?P<sid>\w+))?\.json")
NUMBERS = re.compile(r"/2010-04-01/Accounts/(?P<account>\w+)/IncomingPhoneNumbers(?:/(?P<sid>\w+))?\.json")
ACCOUNT = re.compile(r"/2010-04-01/Accounts/(?P<account>\w+)\.json")
SERVICE = re.compile(r"/v1/Services/(?P<sid>\w+)(?:/(?P<part>PhoneNumbers|Compliance/Usa2p))?")
TOLL_FREE = "/v1/Tollfree/Verifications"


class Fake:
    """One account, its clockwork and its two listeners."""

    def __init__(self, told: argparse.Namespace) -> None:
        self._journal = (Path(told.folder) / "ledger.jsonl").open("a", encoding="utf-8")
        self._writing = threading.Lock()
        self.line = Line(
            account=told.account, number=told.number, service=told.service or None, seed=told.seed, journal=self._write
        )
        self.line.inbound_url = told.inbound_url
        self.token, self.also_accepts = told.token, list[str]()
        self.latency = 0.0
        self.resources = Resources(self.line, told.service or None, told.inbound_url)
        self.delivery = Delivery(self.line, told.token, told.deliver_to or None)
        self.ended = threading.Event()
        self._port = told.port
        self._api: Listener | None = None
        self._control = Listener(told.control_port, self)

    def _write(self, kind: str, told: Mapping[str, Any]) -> None:
        with self._writing:
            self._journal.write(json.dumps({"kind": kind, **told}) + "\n")
            self._journal.flush()

    def start(self) -> None:
        self.delivery.start()
        self.listen(True)
        self._control.open()

    def stop(self) -> None:
        self.ended.set()
        self.delivery.stop()

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


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave together
    server: Listener

    def log_message(self, format: str, *args: Any) -> None:
        """The ledger is the log."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        return formatdate(self.server.fake.line.clock() if timestamp is None else timestamp, usegmt=True)

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_DELETE(self) -> None:
        self._answer("DELETE")

    def _answer(self, method: str) -> None:
        address = urlsplit(self.path)
        if address.path.startswith("/_"):
            return self._send(self._house_rules(method, address.path))
        if not self._authentic():
            self._body()
            return self._send(answers.error(401, 20003))
        if method == "POST" and (found := MESSAGES.fullmatch(address.path)) and not found["sid"]:
            return self._create(found["account"])
        form = dict(parse_qsl(self._body().decode(), keep_blank_values=True))
        query = dict(parse_qsl(address.query, keep_blank_values=True))
        return self._send(self._routed(method, address.path, query, form))

    def _house_rules(self, method: str, path: str) -> Answer:
        fake, body = self.server.fake, self._body()
        if path == "/_ledger":
            return answers.as_json(200, fake.ledger())
        if path == "/_health":
            return answers.as_json(200, {"ready": True})
        if path != "/_control" or method != "POST":
            return answers.as_json(404, {"wrong": path})
        try:
            return answers.as_json(200, obey(fake, json.loads(body)))
        except (KeyError, TypeError, ValueError, AttributeError) as wrong:
            return answers.as_json(400, {"wrong": f"{type(wrong).__name__}: {wrong}"})

    def _authentic(self) -> bool:
        kind, _, told = self.headers.get("Authorization", "").partition(" ")
        fake = self.server.fake
        try:
            name, _, token = base64.b64decode(told).decode().partition(":")
        except ValueError:
            return False
        return kind == "Basic" and name == fake.line.account and token in (fake.token, *fake.also_accepts)

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _create(self, account: str) -> None:
        fake = self.server.fake
        reset = fake.line.unread()
        if reset is not None:
            return self._send(reset)
        form = dict(parse_qsl(self._body().decode(), keep_blank_values=True))
        if account != fake.line.account:
            return self._send(answers.error(404, 20404))
        outcome = fake.line.create(form)
        try:
            self._send(outcome.answer, fake.latency)
        finally:
            outcome.post.end = fake.line.machine()

    def _routed(self, method: str, path: str, query: dict[str, str], form: dict[str, str]) -> Answer:
        fake = self.server.fake
        line, resources = fake.line, fake.resources
        if found := SERVICE.fullmatch(path):
            return resources.service_page(found["sid"], found["part"] or "")
        if path == TOLL_FREE:
            return resources.toll_free_page(query)
        if (found := ACCOUNT.fullmatch(path)) and found["account"] == line.account:
            return resources.account_page()
        if (found := NUMBERS.fullmatch(path)) and found["account"] == line.account:
            return resources.number_page(found["sid"]) if found["sid"] else resources.numbers_page(query)
        if (found := MESSAGES.fullmatch(path)) and found["account"] == line.account:
            sid = found["sid"]
            if not sid:
                return line.listing(query)
            if method == "GET":
                return line.fetch(sid)
            return line.update(sid, form) if method == "POST" else line.delete(sid)
        return answers.error(404, 20404)

    def _send(self, answer: Answer, latency: float = 0.0) -> None:
        if answer.delay or latency or answer.wire == "hang":
            self.server.fake.ended.wait(answer.hang if answer.wire == "hang" else answer.delay + latency)
        if answer.wire == "reset":
            return self._reset()
        if answer.wire == "hang":
            self.close_connection = True
            return None
        body = answer.body.encode()
        self.send_response(answer.http)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        if answer.wire == "broken":
            body, self.close_connection = body[: len(body) // 2], True
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
        return None

    def _reset(self) -> None:
        """End the connection with a reset, not with an orderly end."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("port", "control-port"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--seed", default="0")
    for name in ("account", "token", "number", "service", "inbound-url", "deliver-to"):
        parser.add_argument(f"--{name}", default="")
    fake = Fake(parser.parse_args())
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, lambda *_: fake.stop())
    fake.start()
    fake.ended.wait()


if __name__ == "__main__":
    main()

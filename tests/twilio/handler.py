"""One call over HTTP: who asks, what for, and how the answer travels."""

from __future__ import annotations

import base64
import json
import os
import re
import socket
import struct
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from tests.twilio import answers
from tests.twilio.answers import Answer
from tests.twilio.control import obey

if TYPE_CHECKING:
    from tests.twilio.server import Listener

MESSAGES = re.compile(r"/2010-04-01/Accounts/(?P<account>\w+)/Messages(?:/(?P<sid>\w+))?\.json")
NUMBERS = re.compile(r"/2010-04-01/Accounts/(?P<account>\w+)/IncomingPhoneNumbers(?:/(?P<sid>\w+))?\.json")
ACCOUNT = re.compile(r"/2010-04-01/Accounts/(?P<account>\w+)\.json")
SERVICE = re.compile(r"/v1/Services/(?P<sid>\w+)(?:/(?P<part>PhoneNumbers|Compliance/Usa2p))?")
TOLL_FREE = "/v1/Tollfree/Verifications"


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
        if method == "POST" and (found := MESSAGES.fullmatch(address.path)) and not found["sid"]:
            return self._create(self._authentic() and found["account"] == self.server.fake.line.account)
        form = dict(parse_qsl(self._body().decode(), keep_blank_values=True))
        if not self._authentic():
            return self._send(answers.error(401, 20003))
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

    def _create(self, known: bool) -> None:
        fake = self.server.fake
        reset = fake.line.unread()
        if reset is not None:
            return self._send(reset)
        form = dict(parse_qsl(self._body().decode(), keep_blank_values=True))
        outcome = fake.line.create(form, known=known)
        outcome.post.host = self.headers.get("Host", "")
        try:
            self._send(outcome.answer, fake.latency)
        finally:
            fake.line.answered(outcome.post)

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
            time.sleep(answer.hang if answer.wire == "hang" else answer.delay + latency)
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

"""In a house's place: a web server that writes down what Twilio posts to it, and answers as it is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl


@dataclass
class Receiver:
    """`answers` are the next answers' codes, 200 when there are none; `got` is path, form and headers of each POST."""

    url: str
    answers: list[int] = field(default_factory=list)
    got: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)

    def statuses(self) -> list[str]:
        return [form["MessageStatus"] for _, form, _ in self.got if "MessageStatus" in form]


@contextmanager
def receiving() -> Iterator[Receiver]:
    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            receiver.got.append((self.path, dict(parse_qsl(body, keep_blank_values=True)), dict(self.headers)))
            self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """What came is in `got`."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        receiver = Receiver(f"http://127.0.0.1:{server.server_address[1]}")
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield receiver
        finally:
            server.shutdown()

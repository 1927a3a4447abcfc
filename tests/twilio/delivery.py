"""Posts callbacks to the house, signed, with the retries that the address asks for, and writes down each answer."""

from __future__ import annotations

import http.client
import ipaddress
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from urllib.parse import SplitResult, urldefrag, urlencode, urlsplit

from tests.twilio.callbacks import Callback, Overrides, signature
from tests.twilio.line import Line

AT_ONCE = 64
SOON = 1.0
ABOUT = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8", "User-Agent": "TwilioProxy/1.1"}


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Delivery:
    """`deliver_to` is where the bytes go (a base address); the signature is over the address the house gave."""

    def __init__(self, line: Line, token: str, fallback_url: Callable[[], str] = str) -> None:
        self.line, self.token, self.fallback_url = line, token, fallback_url
        self.deliver_to: str | None = None
        self.headers: dict[str, str] = {}
        self.pause = 0.05  # seconds of the machine before the first retry; each next one is twice that
        self.sent: list[dict[str, Any]] = []
        self._pool = ThreadPoolExecutor(AT_ONCE, "callback")
        self._under_way = 0
        self._quiet = threading.Condition()

    def start(self) -> None:
        threading.Thread(target=self._run, name="clockwork", daemon=True).start()

    def _run(self) -> None:
        while True:
            self.line.changed.clear()
            self.move()
            due = self.line.next_due()
            self.line.changed.wait(1.0 if due is None else min(1.0, due + 0.001))

    def move(self, seconds: float = 0.0) -> None:
        """Move Twilio's clock, and send what is due then."""
        self._count(1)  # between the clock and the pool it is not quiet
        try:
            for callback in self.line.advance(seconds):
                self.post(callback)
        finally:
            self._count(-1)

    def post(
        self, callback: Callback, *, token: str | None = None, signed_for: str | None = ""
    ) -> list[Future[dict[str, Any]]]:
        """Send it, so many times at once as it says. Each future gives what the ledger keeps of its last try.

        A forgery has another token, is signed for another address, or (None) is not signed.
        """
        signed_for = callback.url if signed_for == "" else signed_for
        return [self._submit(callback, token or self.token, signed_for) for _ in range(callback.times)]

    def _submit(self, callback: Callback, token: str, signed_for: str | None) -> Future[dict[str, Any]]:
        self._count(1)
        future = self._pool.submit(self._deliver, callback, token, signed_for)
        future.add_done_callback(lambda _: self._count(-1))
        return future

    def _count(self, change: int) -> None:
        with self._quiet:
            self._under_way += change
            self._quiet.notify_all()

    def wait_until_quiet(self, seconds: float) -> bool:
        """Until every callback that is due within a second was answered or given up."""
        until = time.monotonic() + seconds
        with self._quiet:
            while self._under_way or self.line.busy(SOON):
                if time.monotonic() > until:
                    return False
                self._quiet.wait(0.01)
        return True

    def _deliver(self, callback: Callback, token: str, signed_for: str | None) -> dict[str, Any]:
        told = self._with_retries(callback, token, signed_for)
        if told["failed"] is None or callback.kind != "inbound" or not self.fallback_url():
            return told
        error = {"ErrorCode": "11200", "ErrorUrl": urldefrag(callback.url).url}
        second = replace(callback, url=self.fallback_url(), form={**callback.form, **error}, kind="fallback")
        return self._with_retries(second, token, second.url)

    def _with_retries(self, callback: Callback, token: str, signed_for: str | None) -> dict[str, Any]:
        overrides = Overrides.of(callback.url)
        repeat = str(uuid.uuid4())
        told: dict[str, Any] = {}
        for attempt in range(1 + overrides.retries):
            if attempt:
                time.sleep(self.pause * 2 ** (attempt - 1))
            headers = {"I-Twilio-Idempotency-Token": repeat} if attempt else {}
            if signed_for is not None:
                headers["X-Twilio-Signature"] = signature(token, signed_for, callback.form)
            told = self._once(callback, overrides, attempt, headers)
            if told["failed"] is None or told["failed"] not in overrides.retry_on:
                break
        return told

    def _once(
        self, callback: Callback, overrides: Overrides, attempt: int, headers: Mapping[str, str]
    ) -> dict[str, Any]:
        told: dict[str, Any] = {
            "kind": callback.kind, "sid": callback.sid, "status": callback.form.get("MessageStatus"),
            "url": urldefrag(callback.url).url, "at": callback.at, "start": self.line.machine(), "end": None,
            "attempt": attempt, "idempotency": headers.get("I-Twilio-Idempotency-Token"), "http": None, "body": "",
            "failed": None, "error": None,
        }  # fmt: skip
        try:
            told["http"], told["body"] = self._exchange(callback, overrides, headers)
            if told["http"] >= 400:
                told["failed"] = f"{told['http'] // 100}xx"
        except (OSError, http.client.HTTPException) as broken:
            told["failed"] = "rt" if isinstance(broken, TimeoutError) else "ct"
            told["error"] = type(broken).__name__
        told["end"] = self.line.machine()
        self.sent.append(told)
        self.line.journal("callback", told)
        return told

    def _exchange(self, callback: Callback, overrides: Overrides, headers: Mapping[str, str]) -> tuple[int, str]:
        given = urlsplit(urldefrag(callback.url).url)
        target: SplitResult = urlsplit(self.deliver_to) if self.deliver_to else given
        if target.hostname is None or not is_loopback(target.hostname):
            raise ConnectionRefusedError("a test's Twilio reaches nothing but this machine: give it deliver_to")
        made = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
        connection = made(target.hostname, target.port, timeout=overrides.connect)
        try:
            connection.connect()
            connection.sock.settimeout(overrides.read)
            path = (given.path or "/") + (f"?{given.query}" if given.query else "")
            form = urlencode(callback.form).encode()
            connection.request("POST", path, form, {**ABOUT, **self.headers, **headers})
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")
        finally:
            connection.close()

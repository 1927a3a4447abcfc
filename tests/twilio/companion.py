"""The fake Twilio as a test holds it: a process of its own, started and ended at will.

    twilio = FakeTwilio(tmp_path).start()                       # or the fixture `twilio` (fixtures.py)
    server = server_for(database_url, key_file, tmp_path, **twilio.settings())
    twilio.house(server.url)                                    # or house(server.url, "https://texts.example")

    twilio.fails(accept=25, answer="hang", hang=30)             # the next create is taken 25 s later; rules: faults.py
    twilio.fails(answer="error", http=500, accept="now")        # taken all the same; without accept it is not
    twilio.fails(answer="error", http=429, retry_after=7, times=3)
    twilio.fails(on="list", answer="error", http=503, times=None)   # always
    twilio.fails(to=PHONE, plan=[{"after": 0, "status": "delivered"}], delay=2)
    twilio.control(lag=20, callbacks={"lose": 0.3, "shuffle": 5})   # every order: control.py
    twilio.moves(600)                                           # Twilio's clock, not the house's

    twilio.says("+12065550111", "STOP")                         # a person texts; waits for the house's answer
    twilio.calls_back(sid, "delivered", times=5)                # a status callback now, five times at once
    twilio.calls_back(sid, "sent", token="guessed")             # a forgery
    twilio.quiet()                                              # every callback due within a second was answered

    twilio.accepted(to=PHONE)      # what Twilio took, whatever anybody was told: the truth that decides
    twilio.posts(since=instant)    # calls that asked for a message, also refused ones; `start` is time.time()
    twilio.callbacks(kind="inbound"), twilio.ledger()

Callbacks are signed for the address that the house gave (its PUBLIC_URL) and go to the house's process on this machine.
`ledger.jsonl` and `twilio.log` in the folder keep what happened. A harness without sockets uses line.py.
"""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.servers import ROOT, free_port

READY_WITHIN_SECONDS = 30
INBOUND_PATH = "/webhooks/twilio/inbound#rc=5&rp=all"


@dataclass
class FakeTwilio:
    folder: Path
    account: str = "AC" + "0123456789abcdef" * 2
    token: str = "a token that only tests know"
    number: str = "+13035550100"
    service: str | None = None  # the SID of a Messaging Service: texts then go through it
    seed: int = 0
    port: int = field(default_factory=free_port)
    control_port: int = field(default_factory=free_port)
    starts: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def settings(self) -> dict[str, str]:
        """What the product's environment needs in order to talk to this one."""
        sender = {"TWILIO_MESSAGING_SERVICE_SID": self.service} if self.service else {"TWILIO_FROM": self.number}
        return {
            "TWILIO_ACCOUNT_SID": self.account,
            "TWILIO_AUTH_TOKEN": self.token,
            "TWILIO_API_URL": self.url,
            **sender,
        }

    def start(self) -> FakeTwilio:
        self.starts += 1  # another start, other SIDs
        told = {
            "port": str(self.port), "control-port": str(self.control_port), "folder": str(self.folder),
            "account": self.account, "token": self.token, "number": self.number, "service": self.service or "",
            "seed": f"{self.seed}.{self.starts}",
        }  # fmt: skip
        command = [sys.executable, "-m", "tests.twilio.server", *(f"--{name}={value}" for name, value in told.items())]
        with (self.folder / "twilio.log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
        until = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            try:
                self._ask("GET", "/_health")
            except OSError:
                time.sleep(0.02)
            else:
                return self
        raise AssertionError(f"the fake Twilio did not start:\n{(self.folder / 'twilio.log').read_text()[-2000:]}")

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once; what it knew stands in ledger.jsonl alone. For an outage: `control(listening=False)`."""
        self._end(signal.SIGKILL)

    def _end(self, with_signal: signal.Signals) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(with_signal)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(timeout=10)

    def _ask(self, method: str, path: str, told: Any = None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.control_port, timeout=150)
        try:
            connection.request(method, path, None if told is None else json.dumps(told))
            answer = connection.getresponse()
            said = json.loads(answer.read())
        finally:
            connection.close()
        if answer.status != 200:
            raise AssertionError(f"the fake Twilio does not know what to do: {said}")
        return said

    # Telling it what to do.

    def control(self, **orders: Any) -> dict[str, Any]:
        return dict(self._ask("POST", "/_control", orders))

    def house(self, url: str, public_url: str | None = None, inbound_path: str = INBOUND_PATH) -> None:
        """Where the house's process listens, and the address that Twilio believes it has."""
        self.control(deliver_to=url, inbound_url=(public_url or url) + inbound_path)

    def fails(self, **rule: Any) -> None:
        """Add a rule: a fault (accept, answer, ...) for the next call, or for those that `to`, `body`, `has` name."""
        self.control(faults=[rule])

    def moves(self, seconds: float) -> float:
        """Move Twilio's clock; what is due there happens. Returns its new time."""
        return float(self.control(clock=seconds)["clock"])

    def says(self, from_: str, body: str, *, wait: float = 30, **more: Any) -> dict[str, Any]:
        """A person texts the house (to, sid, at, opt_out_type, media, deliver). Waits until the house has answered."""
        return dict(self.control(inbound={"from": from_, "body": body, "wait": wait, **more})["inbound"])

    def calls_back(self, sid: str, status: str = "", **more: Any) -> list[dict[str, Any]]:
        """Post a callback about this message now (url, form, error_code, times, token, signed_for).

        With `form` it says exactly that, about any SID. Without a status it is about a text that came in: a replay.
        """
        return list(self.control(callback={"sid": sid, "status": status, **more})["callback"])

    def quiet(self, seconds: float = 30) -> None:
        assert self.control(quiet=seconds)["quiet"], "callbacks are still under way"

    # Asking it what happened.

    def ledger(self) -> dict[str, Any]:
        return dict(self._ask("GET", "/_ledger"))

    def accepted(self, to: str | None = None, body: str | None = None, by: str | None = "api") -> list[dict[str, Any]]:
        """Messages that Twilio took, oldest first; by=None also gives Twilio's own answers to STOP, START and HELP."""
        wanted = {"to": to, "body": body, "by": by}
        return self._found("accepted", wanted)

    def posts(self, to: str | None = None, since: float | None = None) -> list[dict[str, Any]]:
        """Calls that asked for a message, in their order; `since` is an instant of this machine (time.time())."""
        return [post for post in self._found("posts", {"to": to}) if since is None or post["start"] >= since]

    def callbacks(
        self, sid: str | None = None, status: str | None = None, kind: str | None = None
    ) -> list[dict[str, Any]]:
        return self._found("callbacks", {"sid": sid, "status": status, "kind": kind})

    def _found(self, part: str, wanted: dict[str, str | None]) -> list[dict[str, Any]]:
        return [
            each
            for each in self.ledger()[part]
            if all(value is None or each[name] == value for name, value in wanted.items())
        ]

"""Messages that leave: what Twilio takes, when, and how each goes on from there."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.twilio import answers, lists, stopping
from tests.twilio.answers import Answer
from tests.twilio.callbacks import Callback, Manner, status_form
from tests.twilio.clockwork import Clockwork
from tests.twilio.faults import DEFAULT_PLAN, Fault, Script, Step
from tests.twilio.rows import Row, segments_of

NUMBER = re.compile(r"\+[1-9]\d{6,14}")
LONGEST = 1600
LEFT_THE_QUEUE = frozenset("sending sent delivered undelivered failed".split())
EXPIRED = Step(0, "failed", 30036)
SCHEDULE = (300, 35 * 24 * 3600)


@dataclass
class Post:
    """One call that asked for a message, taken or not. `at` is Twilio's clock; `start` and `end` are the machine's."""

    n: int
    to: str
    body: str
    at: float
    start: float
    end: float | None = None
    sid: str | None = None  # of what it made or will make
    accept: str | float = "no"
    answer: str = ""
    http: int = 0
    host: str = ""  # by which name of this Twilio it came, so that two callers can be told apart


@dataclass(frozen=True)
class Outcome:
    """`row` is None where nothing was accepted (yet); `answer` is what the caller hears."""

    post: Post
    row: Row | None
    answer: Answer


def _silent(kind: str, told: Mapping[str, Any]) -> None:
    """A ledger that is kept in memory alone."""


class Sending(Clockwork):
    def __init__(
        self,
        *,
        account: str = "AC" + "0123456789abcdef" * 2,
        number: str = "+13035550100",
        service: str | None = None,
        seed: int | str = 0,
        machine: Callable[[], float] = time.time,
        journal: Callable[[str, Mapping[str, Any]], None] = _silent,
    ) -> None:
        super().__init__(seed, machine)
        self.account, self.number, self.service, self.journal = account, number, service, journal
        self.script = Script(seed)
        self.plan: tuple[Step, ...] = DEFAULT_PLAN
        self.manner = Manner()
        self.lag: tuple[float, float] = (0.0, 0.0)
        self.opt_out = "default"  # off, default, advanced
        self.replies = dict(stopping.REPLIES)
        self.stopped: set[str] = set()
        self.rows: dict[str, Row] = {}
        self.posts: list[Post] = []
        self.lost: list[Callback] = []
        self._ready: list[Callback] = []

    def create(self, form: Mapping[str, str], fault: Fault | None = None, *, known: bool = True) -> Outcome:
        """What a POST does and what is said to it. `fault` overrides the script; not `known` is a wrong token."""
        with self.lock:
            now = self.catch_up()
            to, body = form.get("To", ""), form.get("Body", "")
            fault = fault or self.script.choose("create", to, body)
            post = Post(len(self.posts) + 1, to, body, now, self.machine(), accept=fault.accept, answer=fault.answer)
            self.posts.append(post)
            proper, row = self._wrong_with(form, now) if known else answers.error(401, 20003), None
            if proper is None:
                row = self._new_row(form, now, post)
                proper = answers.as_json(201, row.shown(self.account))
                if fault.accept != "no":
                    post.sid = row.sid
                    self._take(row, now + fault.late, fault.plan or self.plan)
            else:
                post.accept = "no"
            answer = answers.by_fault(fault, proper)
            post.http = answer.http
            self.journal("post", vars(post))
            return Outcome(post, row if row and row.sid in self.rows else None, answer)

    def answered(self, post: Post) -> None:
        """The caller has heard the answer, or was left without one."""
        post.end = self.machine()
        self.journal("answered", {"n": post.n, "end": post.end})

    def unread(self) -> Answer | None:
        """The answer to a POST that is reset before its form is read, where the script says so."""
        with self.lock:
            if not self.script.before_body("create"):
                return None
            post = Post(len(self.posts) + 1, "", "", self.catch_up(), self.machine(), answer="reset-before")
            self.posts.append(post)
            self.journal("post", vars(post))
            return Answer(0, wire="reset")

    def _wrong_with(self, form: Mapping[str, str], now: float) -> Answer | None:
        """Twilio's own refusal of a form, or None."""
        to, body, service = form.get("To", ""), form.get("Body", ""), form.get("MessagingServiceSid")
        code = None
        if not to:
            code = 21604
        elif not service and not form.get("From"):
            code = 21603
        elif not body:
            code = 21602
        elif len(body) > LONGEST:
            code = 21617
        elif not NUMBER.fullmatch(to):
            code = 21211
        elif service and service != self.service:
            code = 21703
        elif not service and form.get("From") != self.number:
            code = 21606
        elif form.get("SendAt"):
            code = self._wrong_time(form, now)
        if code is None and to in self.stopped:
            code = 21610
        return None if code is None else answers.error(400, code)

    def _wrong_time(self, form: Mapping[str, str], now: float) -> int | None:
        if not form.get("MessagingServiceSid"):
            return 35118
        try:
            ahead = lists.instant(form["SendAt"]) - now
        except ValueError:
            return 35114
        return None if form.get("ScheduleType") == "fixed" and SCHEDULE[0] <= ahead <= SCHEDULE[1] else 35115

    def _new_row(self, form: Mapping[str, str], now: float, post: Post) -> Row:
        service, sid = form.get("MessagingServiceSid"), self.new_sid()
        status = "scheduled" if form.get("SendAt") else "accepted" if service else "queued"
        return Row(
            sid=sid, to=form["To"], sender=None if service else form["From"], body=form["Body"], at=now, status=status,
            service=service, callback=form.get("StatusCallback"), validity=int(form.get("ValidityPeriod") or 36000),
            send_at=lists.instant(form["SendAt"]) if form.get("SendAt") else None, post=post.n, updated=now,
            lag=self.lag_of(sid), segments=0 if service else segments_of(form["Body"]),
        )  # fmt: skip

    def new_sid(self) -> str:
        return f"SM{self.chance('sid', self.place()).getrandbits(128):032x}"

    def lag_of(self, sid: str) -> float:
        return self.chance("lag", sid).uniform(*self.lag)

    def _take(self, row: Row, at: float, plan: tuple[Step, ...]) -> None:
        if at > self.clock():
            self.later(at, lambda at: self.accept(row, at, plan))
        else:
            self.accept(row, at, plan)

    def accept(self, row: Row, at: float, plan: tuple[Step, ...]) -> None:
        """The instant that counts: the message is in the ledger, whatever anybody is told."""
        if row.by == "api" and row.to in self.stopped:
            return  # the person stopped while Twilio was thinking about it
        row.at = row.updated = at
        row.place = self.place()
        self.rows[row.sid] = row
        self.journal("accepted", row.audited())
        if row.send_at is None:
            self._start(row, at, plan)
        else:
            self.later(row.send_at, lambda at: self._start(row, at, plan))

    def _start(self, row: Row, at: float, plan: tuple[Step, ...]) -> None:
        """Let a message live its plan, unless it waits in the queue for longer than it is valid."""
        if row.status == "canceled":
            return
        initial, left = row.status, False
        for step in plan:
            if not left and step.after > row.validity:
                self.later(at + row.validity, lambda at: self._step(row, EXPIRED, at))
                return
            left = left or step.status in LEFT_THE_QUEUE
            if step.status != initial:  # nobody is called back for the status that the POST was answered with
                self.later(at + step.after, lambda at, step=step: self._step(row, step, at))  # type: ignore[misc]

    def _step(self, row: Row, step: Step, at: float) -> None:
        if row.sender is None:
            row.sender, row.segments = self.number, segments_of(row.body)
        row.move(step.status, at, step.error_code)
        self.journal("status", {"sid": row.sid, "status": row.status, "at": at})
        if row.callback and self.manner.on and not step.silent:
            form = status_form(row, self.account, step.status, step.error_code, at)
            times = max(step.times, self.manner.times)
            self._call_back(Callback(row.callback, form, "status", row.sid, at, times))

    def _call_back(self, callback: Callback) -> None:
        chance = self.chance("callback", callback.sid, callback.form.get("MessageStatus"))
        if chance.random() < self.manner.lose:
            self.lost.append(callback)
            self.journal("lost", {"sid": callback.sid, "status": callback.form.get("MessageStatus")})
        elif self.manner.shuffle:
            self.later(callback.at + chance.uniform(0, self.manner.shuffle), lambda at: self.send(callback))
        else:
            self.send(callback)

    def send(self, callback: Callback) -> None:
        self._ready.append(callback)
        self.changed.set()

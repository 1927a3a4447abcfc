"""The heart of the fake: one account's ledger, its faults, its clock. No sockets and no threads of its own.

    line = Line(machine=lambda: 1_800_000_000.0)          # a clock that only advance() moves
    line.script.rules.append(rule_from({"accept": 25, "answer": "hang"}))
    outcome = line.create({"To": "+12065550101", "From": line.number, "Body": "Hello", "StatusCallback": "https://..."})
    outcome.answer            # what the caller hears: wire "hang"
    outcome.row               # None: nothing was accepted yet
    line.advance(26)          # -> the callbacks that are due by then, for the caller to deliver, lose or shuffle
    line.accepted(to=...)     # the ledger: what Twilio took, whatever anybody was told
    line.listing({"To": ...}) # what a listing says now: newest first, rows younger than the lag not yet

Times are seconds since 1970 on Twilio's own clock (`clock()`), apart from a POST's `start` and `end`, which are the
machine's. Everything that chance decides follows from `seed`. `create`, `listing`, `fetch`, `update` and `delete` take
their faults from `script` and give an `Answer`; `page()` and `accepted()` read without faults.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.twilio import answers, lists, stopping
from tests.twilio.answers import Answer
from tests.twilio.callbacks import Callback, inbound_form
from tests.twilio.faults import Step
from tests.twilio.rows import FINAL, Row, segments_of
from tests.twilio.sending import Outcome, Post, Sending

__all__ = ["Line", "Outcome", "Post", "Row"]


class Line(Sending):
    inbound_url = ""
    outage = False  # inbound webhooks are dropped; what came in can still be listed

    def advance(self, seconds: float = 0.0) -> list[Callback]:
        """Move Twilio's clock (back, too); what is due happens in its order. Returns the callbacks to be sent now."""
        with self.lock:
            self._offset += seconds
            self.catch_up()
            ready, self._ready = self._ready, []
            return ready

    # Reading and changing, as the API does it.

    def page(self, query: Mapping[str, str]) -> dict[str, Any]:
        with self.lock:
            now = self.catch_up()
            return lists.page_of(self.rows.values(), query, self.account, now)

    def listing(self, query: Mapping[str, str]) -> Answer:
        return self._answer("list", query.get("To", ""), lambda: answers.as_json(200, self.page(query)))

    def fetch(self, sid: str) -> Answer:
        return self._answer("fetch", "", lambda: self._with(sid, lambda row: None))

    def update(self, sid: str, form: Mapping[str, str]) -> Answer:
        """Cancel what is scheduled (`Status=canceled`), or redact what is over (`Body=`)."""

        def change(row: Row) -> Answer | None:
            if form.get("Status") == "canceled":
                if row.status != "scheduled":
                    return answers.error(400, 30409)
                row.move("canceled", self.clock(), None)
            elif "Body" in form:
                if row.status not in FINAL and row.status != "sent":
                    return answers.error(409, 20009)
                row.body, row.updated = form["Body"], self.clock()
            return None

        return self._answer("update", "", lambda: self._with(sid, change))

    def delete(self, sid: str) -> Answer:
        def remove(row: Row) -> Answer:
            if row.status not in FINAL and row.status != "sent":
                return answers.error(409, 20009)
            row.gone = True
            return Answer(204)

        return self._answer("update", "", lambda: self._with(sid, remove))

    def _answer(self, on: str, to: str, proper: Callable[[], Answer]) -> Answer:
        with self.lock:
            self.catch_up()
            fault = self.script.choose(on, to)
            said = answers.by_fault(fault, Answer(200) if fault.answer in ("hang", "reset") else proper())
            return said

    def _with(self, sid: str, act: Callable[[Row], Answer | None]) -> Answer:
        row = self.rows.get(sid)
        if row is None or row.gone:
            return answers.error(404, 20404)
        return act(row) or answers.as_json(200, row.shown(self.account))

    # What comes in.

    def says(
        self,
        sender: str,
        body: str,
        *,
        to: str | None = None,
        sid: str | None = None,
        at: float | None = None,
        opt_out_type: str | None = None,
        media: tuple[str, ...] = (),
        deliver: bool = True,
    ) -> Row:
        """A person texts the house. A SID that came in before is not taken twice, only posted again."""
        with self.lock:
            now = self.catch_up()
            if sid in self.rows:
                row = self.rows[sid]
            else:
                row = self._came_in(sender, body, to, sid or self.new_sid(), now if at is None else at, media)
                row.opt_out_type = opt_out_type or self._keyword(row, now)
                self.journal("inbound", row.audited())
            if deliver and not self.outage and self.inbound_url:
                self.send(Callback(self.inbound_url, inbound_form(row, self.account), "inbound", row.sid, now))
            return row

    def _came_in(self, sender: str, body: str, to: str | None, sid: str, at: float, media: tuple[str, ...]) -> Row:
        row = Row(
            sid=sid, to=to or self.number, sender=sender, body=body, at=at, status="received", direction="inbound",
            by="person", service=self.service, media=media, updated=at, sent_at=at, segments=segments_of(body),
            lag=self.lag_of(sid), place=self.place(),
        )  # fmt: skip
        self.rows[sid] = row
        return row

    def _keyword(self, row: Row, now: float) -> str | None:
        """Twilio's own hearing of STOP, START and HELP, and its own answer; OptOutType only in its advanced form."""
        word = stopping.heard(row.body)
        if word is None or self.opt_out == "off":
            return None
        assert row.sender is not None
        if word == "STOP":
            self.stopped.add(row.sender)
        elif word == "START":
            self.stopped.discard(row.sender)
        self._reply(row.sender, self.replies[word], now)
        return word if self.opt_out == "advanced" else None

    def _reply(self, to: str, body: str, now: float) -> None:
        sid = self.new_sid()
        row = Row(
            sid=sid, to=to, sender=self.number, body=body, at=now, status="queued", direction="outbound-reply",
            by="twilio", service=self.service, lag=self.lag_of(sid), segments=segments_of(body),
        )  # fmt: skip
        self.accept(row, now, (Step(0.05, "sent"), Step(0.1, "delivered")))

    # What a test reads.

    def accepted(self, to: str | None = None, body: str | None = None, by: str | None = "api") -> list[Row]:
        """Messages that Twilio took, oldest first: the house's own, or with by=None Twilio's own answers too."""
        with self.lock:
            self.catch_up()
            rows = [
                row
                for row in self.rows.values()
                if row.by in (("api", "twilio") if by is None else (by,))
                and to in (None, row.to)
                and body in (None, row.wrote)
            ]
            return sorted(rows, key=lambda row: (row.at, row.place))

    def came_in(self) -> list[Row]:
        with self.lock:
            return [row for row in self.rows.values() if row.by == "person"]

    def busy(self, within: float = 0.0) -> bool:
        """Whether something waits to be sent, or is due within so many seconds."""
        with self.lock:
            due = self.next_due()
            return bool(self._ready) or (due is not None and due <= within)

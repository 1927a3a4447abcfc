"""What of texting others must know: kinds of the event log. States of a try are not among them."""

from __future__ import annotations

from respite.audit.kinds import declare

#: The part of a house's pages that looks different after any of these.
PARTS = ("texts",)

CORRESPONDENT_CHANGED = declare("text.correspondent.changed")
CONSENT_GIVEN = declare("text.consent.given", purpose="word", method="word", wording="count")
CONSENT_ENDED = declare("text.consent.ended", purpose="word", why="word")
NUMBER_STOPPED = declare("text.number.stopped", source="word", canceled="count")
NUMBER_STARTED = declare("text.number.started", how="word")

INBOUND_CAME = declare("text.inbound.came", thread_id="id", via="word")
INBOUND_SEEN = declare("text.inbound.seen", thread_id="id")
INBOUND_HIDDEN = declare("text.inbound.hidden", hidden="flag")
THREAD_ASSIGNED = declare("text.thread.assigned", to="id")
THREAD_PASSED = declare("text.thread.passed", to="id")
THREAD_CALLED = declare("text.thread.called")
THREAD_RESTS = declare("text.thread.rests", step="word", until="instant")

MESSAGE_WRITTEN = declare("text.message.written", purpose="word")
MESSAGE_NEEDS_PERSON = declare("text.message.needs-person", purpose="word", reason="word")
MESSAGE_DECIDED = declare("text.message.decided", decision="word")

#: A person is asked to read: without subject and data, since these alerts stay out of every figure.
READ_SOON_MOVED = declare("text.read-soon.moved")

PAUSED = declare("text.line.paused", purpose="word", why="word", code="count")
RESUMED = declare("text.line.resumed", purpose="word")
LEDGERS_DIFFER = declare("text.ledger.differs", unclaimed="count", missing="count")
WORDING_CHANGED = declare("text.wording.changed", template="word", number="count")
SETTINGS_CHANGED = declare("text.settings.changed")
ERASED = declare("text.words.erased")

"""What of texting others must know: kinds of the event log. States of a try are not among them."""

from __future__ import annotations

from respite.audit.kinds import TOLD, UNTOLD, declare

#: The part of a house's pages that looks different after any of these.
PARTS = ("texts",)

CORRESPONDENT_CHANGED = declare("text.correspondent.changed", UNTOLD)
CONSENT_GIVEN = declare("text.consent.given", UNTOLD, purpose="word", method="word", wording="count")
CONSENT_ENDED = declare("text.consent.ended", UNTOLD, purpose="word", why="word")
NUMBER_STOPPED = declare("text.number.stopped", UNTOLD, source="word", canceled="count")
NUMBER_STARTED = declare("text.number.started", UNTOLD, how="word")

INBOUND_CAME = declare("text.inbound.came", UNTOLD, thread_id="id", via="word")
INBOUND_SEEN = declare("text.inbound.seen", UNTOLD, thread_id="id")
INBOUND_HIDDEN = declare("text.inbound.hidden", UNTOLD, hidden="flag")
THREAD_ASSIGNED = declare("text.thread.assigned", UNTOLD, to="id")
THREAD_PASSED = declare("text.thread.passed", UNTOLD, to="id")
THREAD_CALLED = declare("text.thread.called", UNTOLD)
THREAD_RESTS = declare("text.thread.rests", UNTOLD, step="word", until="instant")

MESSAGE_WRITTEN = declare("text.message.written", UNTOLD, purpose="word")
MESSAGE_NEEDS_PERSON = declare("text.message.needs-person", TOLD, purpose="word", reason="word")
MESSAGE_DECIDED = declare("text.message.decided", UNTOLD, decision="word")

#: A person is asked to read: without subject and data, since these alerts stay out of every figure.
READ_SOON_MOVED = declare("text.read-soon.moved", UNTOLD)

PAUSED = declare("text.line.paused", TOLD, purpose="word", why="word", code="count")
RESUMED = declare("text.line.resumed", TOLD, purpose="word")
LEDGERS_DIFFER = declare("text.ledger.differs", UNTOLD, unclaimed="count", missing="count")
WORDING_CHANGED = declare("text.wording.changed", UNTOLD, template="word", number="count")
SETTINGS_CHANGED = declare("text.settings.changed", UNTOLD)
ERASED = declare("text.words.erased", UNTOLD)

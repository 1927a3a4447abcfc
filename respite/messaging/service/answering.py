"""What a text is answered with by itself: STOP, START, HELP, a wrong number, words that may mean danger.

Through the outbox like every text, never in the answer to the webhook: a webhook that is sent again would answer twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK
from respite.core.clock import machine_now
from respite.houses.models import House
from respite.messaging.models import Inbound, Message, Thread
from respite.messaging.policy.answers import answer_for
from respite.messaging.policy.states import State
from respite.messaging.policy.stopping_words import Means
from respite.messaging.purposes import Purpose
from respite.messaging.service.gate import LAST_WORDS
from respite.messaging.service.ground import correspondents_at, stop_on
from respite.messaging.service.stopping import PERHAPS
from respite.messaging.service.wordings import house_fields
from respite.messaging.service.writing import write

DANGER, STOPPED, STARTED, WRONG = "answer-danger", "answer-stopped", "answer-started", "answer-wrong-number"
#: Somebody's telephone may answer by itself, and ours would answer that.
ONCE_IN, DANGER_ONCE_IN = timedelta(hours=1), timedelta(hours=12)
#: That we stop is confirmed within five minutes (47 CFR 64.1200(a)(12)) or not at all.
CONFIRMED_WITHIN = timedelta(minutes=5)
#: A text that the sweep found later than this is read by people, and not answered by itself.
NOT_AFTER = timedelta(hours=12)
NEVER_LEFT = (State.CANCELED, State.SUPPRESSED, State.EXPIRED)


def answer(
    session: Session,
    house: House,
    thread: Thread,
    inbound: Inbound,
    number: str,
    means: Means,
    urgent: bool,
    started: bool,
    now: datetime,
) -> Message | None:
    """Put the answer into the outbox, where there is one. The alert that it tells of stands already."""
    if not number.startswith("+"):
        return None  # a short code or the name of a sender: a machine
    template = _template(session, inbound, means, urgent, started)
    if template is None or _answered_lately(session, inbound.number_index, template, now):
        return None
    age = max(timedelta(), machine_now() - inbound.sent_at) if inbound.via == "sweep" else timedelta()
    left = (CONFIRMED_WITHIN if template == STOPPED else NOT_AFTER) - age
    if left <= timedelta():
        return None
    people = correspondents_at(session, inbound.number_index, house.id)
    return write(
        session,
        house.id,
        number=number,
        purpose=Purpose.AUTOMATIC,
        template=template,
        fields=house_fields(session, house.id),
        language=people[0].language if people else house.language,
        dedupe_key=f"auto:{inbound.sid}:{template}",
        made_by=CLOCK.ref,
        not_after=now + left,
        correspondent_id=people[0].id if len(people) == 1 else None,
        thread_id=thread.id,
        answers_id=inbound.id,
        now=now,
    )


def _template(session: Session, inbound: Inbound, means: Means, urgent: bool, started: bool) -> str | None:
    template = answer_for(means, urgent, inbound.opt_out_type)
    standing = stop_on(session, inbound.number_index)
    if standing is not None and standing.source == "twilio":
        return None  # the provider would take none
    if standing is not None and not (template == DANGER and standing.source == PERHAPS):
        # Only the last words reach them now; they carry the house's number and 988.
        template = answer_for(means, False, inbound.opt_out_type)
        template = template if template in LAST_WORDS else None
    return None if template == STARTED and not started else template


def _answered_lately(session: Session, mark: bytes, template: str, now: datetime) -> bool:
    since = now - (DANGER_ONCE_IN if template == DANGER else ONCE_IN)
    lately = sa.select(Message.id).where(
        Message.number_index == mark,
        Message.template == template,
        Message.made_at > since,
        Message.state.notin_(NEVER_LEFT),
    )
    return session.scalar(lately.limit(1)) is not None

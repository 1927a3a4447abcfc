"""What texting keeps about a guest, as they read it themselves.

What came from a number is told only where one person alone is known by it: a phone that is shared may have been in
somebody else's hand, and forgetting leaves it alone for the same reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.core.facts import About, Fact, Reading, a_moment, leave_out, one_of, tell, yes_or_no
from respite.core.phones import shown as phone_shown
from respite.core.times import time_words
from respite.messaging.models import Consent, Correspondent, Inbound, Message, NumberStop, ReadSoon, Thread
from respite.messaging.models.people import LOST, PersonState
from respite.messaging.policy.states import State
from respite.messaging.policy.stopping_words import Means
from respite.messaging.purposes import Purpose
from respite.messaging.service.correspondents import correspondent_of
from respite.messaging.service.ground import correspondents_at

KINDS = {
    Purpose.FOLLOW_UP: _l("to ask how things are going"),
    Purpose.CONNECTIONS: _l("about places and people you ask about"),
    Purpose.CARING: _l("a kind word now and then"),
    Purpose.STAY: _l("about a bed you asked for"),
    Purpose.ANSWER: _l("an answer to you"),
    Purpose.AUTOMATIC: _l("an answer that goes out by itself"),
}
METHODS = {
    "in-person": _l("in person"), "phone": _l("by phone"), "paper": _l("on paper"), "text": _l("by text"),
    "web": _l("on your own page"),
}  # fmt: skip
OVER = {
    "withdrawn": _l("you took it back"),
    "stopped": _l("you asked for no more texts"),
    "wrong-number": _l("it was not your number"),
    "new-number": _l("you have another number"),
    "new-words": _l("you said it anew, to other words"),
}
STATES = {
    PersonState.OPEN: _l("texts may come"),
    PersonState.BACK: _l("none while you are here: we talk"),
    PersonState.NO_CONTACT: _l("none at all"),
    PersonState.DIED: _l("none at all"),
}
LANGUAGES = {"en": _l("English"), "es": _l("Español")}
NO_TEXTS_TO_IT = {LOST: _l("none: this phone is lost"), "": _l("did not reach you")}
SENT = {
    State.SCHEDULED: _l("waits"), State.QUEUED: _l("waits"), State.SENDING: _l("is leaving"),
    State.UNKNOWN: _l("nobody knows yet whether it left"), State.NEEDS_HUMAN: _l("somebody has to decide"),
    State.ACCEPTED: _l("on its way"), State.SENT: _l("on its way"), State.DELIVERED: _l("arrived"),
    State.UNDELIVERED: _l("did not arrive"), State.FAILED: _l("did not arrive"), State.CANCELED: _l("not sent"),
    State.EXPIRED: _l("not sent"), State.SUPPRESSED: _l("not sent"),
}  # fmt: skip
STOPS = {
    "stop": _l("a text STOP"), "words": _l("what you wrote"), "asked": _l("what you told us"),
    "wrong-number": _l("somebody said it is not your number"), "twilio": _l("your phone company"),
    "perhaps": _l("what you wrote, if you meant it so"),
}  # fmt: skip
STARTED_AGAIN = {"start": _l("a text START"), "person": _l("somebody here")}
MEANT = {
    Means.STOP: _l("no more texts"), Means.STOP_PERHAPS: _l("perhaps no more texts"), Means.START: _l("texts again"),
    Means.HELP: _l("help"), Means.WRONG_NUMBER: _l("not your number"), Means.NOTHING: _l("words for a person"),
}  # fmt: skip
_TRIED = _l("the line was busy; it is tried again")
_UNSURE = _l("nobody can say for sure whether it came")
_NOT_BROUGHT = _l("the phone company could not bring it")
_UNFIT = _l("its words were not fit for a phone that others may see")
_TOO_LATE = _l("its time was over")
#: Why a text waits or was not sent, told to whom it was for: every reason that `views.words` tells the house.
WHY = {
    "paused": _l("texts are paused"), "their-hours": _l("it leaves in your hours"),
    "enough-texts": _l("you had enough texts from us lately"),
    "maybe-stopped": _l("you may want no more texts; somebody reads what you wrote"),
    "not-reached": _TRIED, "provider-busy": _TRIED, "provider-full": _TRIED, "did-not-arrive": _TRIED,
    "was-not-taken": _TRIED,
    "no-receipt": _l("no receipt came"),
    "unclear": _UNSURE, "several-alike": _UNSURE, "words-removed": _UNSURE, "provider-silent": _UNSURE,
    "too-many-tries": _UNSURE, "maybe-twice": _l("it may have come twice"),
    "no-common-hour": _l("your hours leave no time for it"),
    "cannot-be-read": _NOT_BROUGHT, "cannot-be-sent": _NOT_BROUGHT, "not-delivered": _NOT_BROUGHT,
    "refused": _NOT_BROUGHT,
    "wording-programme-word": _UNFIT, "wording-health-word": _UNFIT, "wording-link": _UNFIT, "wording-too-long": _UNFIT,
    "wording-empty": _UNFIT,
    "too-late": _TOO_LATE, "too-late-their-hours": _TOO_LATE, "too-late-enough-texts": _TOO_LATE,
    "too-late-maybe-stopped": _TOO_LATE,
    "person-back": _l("you were here, so we talk"),
    "person-died": _l("no texts at all"), "no-contact": _l("no texts at all"),
    "not-safe": _l("you said that texts are not safe for you"),
    "number-changed": _l("you have another number"), "number-bad": _l("this number takes no texts"),
    "no-consent": _l("you had not said yes to it"),
    "stopped": _l("you asked for no more texts"), "stopped-at-provider": _l("you asked for no more texts"),
    "forgotten": _l("its words were erased"), "let-go": _l("somebody decided not to send it"),
    "told-by-call": _l("somebody called you"),
}  # fmt: skip
#: Why somebody was asked to read what they wrote; every reason of `views.words`.
SOON = {
    "words": _l("some words may mean that somebody is in danger"),
    "help": _l("you asked for help"),
    "stop": _l("you asked for no more texts"),
    "stop-perhaps": _l("you may have asked for no more texts"),
    "detector": _l("a person had to read it"),
    "flood": _l("many texts came at once"),
    "cannot-text": _l("our texts cannot reach you"),
}


def _a_phone(number: str, _reading: Reading) -> str:
    return phone_shown(number)


def _a_clock(at: time, _reading: Reading) -> str:
    return time_words(at)


def _person(reading: Reading) -> Correspondent | None:
    return correspondent_of(reading.session, reading.house_id, reading.guest_id)


def _my_wishes(reading: Reading) -> Iterable[Correspondent]:
    person = _person(reading)
    return [] if person is None else [person]


def _my_consents(reading: Reading) -> Iterable[Consent]:
    person = _person(reading)
    if person is None:
        return []
    mine = sa.select(Consent).where(Consent.correspondent_id == person.id)
    return reading.session.scalars(mine.order_by(Consent.given_at.desc()))


def _to_me(reading: Reading) -> Iterable[Message]:
    person = _person(reading)
    if person is None:
        return []
    mine = sa.select(Message).where(Message.correspondent_id == person.id)
    return reading.session.scalars(mine.order_by(Message.made_at.desc()))


def _my_stops(reading: Reading) -> Iterable[NumberStop]:
    mark = _own_number(reading)
    if mark is None:
        return []
    mine = sa.select(NumberStop).where(NumberStop.number_index == mark)
    return reading.session.scalars(mine.order_by(NumberStop.said_at.desc()))


def _my_thread(reading: Reading) -> list[Thread]:
    mark = _own_number(reading)
    if mark is None:
        return []
    mine = sa.select(Thread).where(Thread.house_id == reading.house_id, Thread.number_index == mark)
    return list(reading.session.scalars(mine))


def _from_me(reading: Reading) -> Iterable[Inbound]:
    threads = [thread.id for thread in _my_thread(reading)]
    mine = sa.select(Inbound).where(Inbound.thread_id.in_(threads))
    return reading.session.scalars(mine.order_by(Inbound.received_at.desc()))


def _read_soon(reading: Reading) -> Iterable[ReadSoon]:
    threads = [thread.id for thread in _my_thread(reading)]
    mine = sa.select(ReadSoon).where(ReadSoon.thread_id.in_(threads))
    return reading.session.scalars(mine.order_by(ReadSoon.raised_at.desc()))


def _own_number(reading: Reading) -> bytes | None:
    """The mark of the guest's number, where nobody else of the house is known by it."""
    person = _person(reading)
    if person is None or person.number_index is None:
        return None
    others = correspondents_at(reading.session, person.number_index)
    shared = any(each.id != person.id and each.house_id == reading.house_id for each in others)
    return None if shared else person.number_index


def _wording(number: int, _reading: Reading) -> str:
    return _("version %(number)s", number=number)


tell(
    About(
        Correspondent,
        _l("How we may text you"),
        _my_wishes,
        (
            Fact("name_sealed", _l("Name")),
            Fact("number_sealed", _l("Number"), _a_phone),
            Fact("number_bad", _l("Texts to it"), lambda why, _r: str(NO_TEXTS_TO_IT.get(why, NO_TEXTS_TO_IT[""]))),
            Fact("safe_to_text", _l("Texts are safe for you"), yes_or_no),
            Fact("may_be_shared", _l("Somebody else may read this phone"), yes_or_no),
            Fact("hours_from", _l("Not before"), _a_clock),
            Fact("hours_until", _l("Not after"), _a_clock),
            Fact("timezone", _l("Where your clock is")),
            Fact("language", _l("Language"), one_of(LANGUAGES)),
            Fact("sign_off_sealed", _l("How texts are signed")),
            Fact("state", _l("How it stands"), one_of(STATES)),
            Fact("confirmed_at", _l("Gone through with you"), a_moment),
        ),
        place=100,
    ),
    About(
        Consent,
        _l("What you said yes to"),
        _my_consents,
        (
            Fact("purpose", _l("Texts"), one_of(KINDS)),
            Fact("given_at", _l("Your yes"), a_moment),
            Fact("method", _l("How you said it"), one_of(METHODS)),
            Fact("wording", _l("In the words of"), _wording),
            Fact("ended_at", _l("Over"), a_moment),
            Fact("ended_why", _l("Why"), one_of(OVER)),
        ),
        place=110,
    ),
    About(
        Message,
        _l("Texts to you"),
        _to_me,
        (
            Fact("body_sealed", _l("The words")),
            Fact("purpose", _l("What for"), one_of(KINDS)),
            Fact("state", _l("How it stands"), one_of(SENT)),
            Fact("reason", _l("Why"), one_of(WHY)),
            Fact("number_sealed", _l("To"), _a_phone),
            Fact("language", _l("Language"), one_of(LANGUAGES)),
            Fact("made_at", _l("Written down"), a_moment),
            Fact("not_before", _l("Not before"), a_moment),
            Fact("not_after", _l("Not after"), a_moment),
            Fact("posted_at", _l("It left"), a_moment),
            Fact("ended_at", _l("Over"), a_moment),
            Fact("error_code", _l("What the phone company said")),
        ),
        place=120,
    ),
    About(
        Inbound,
        _l("Texts from you"),
        _from_me,
        (
            Fact("body_sealed", _l("Your words")),
            Fact("media", _l("Pictures that came along and were not kept")),
            Fact("means", _l("Understood as"), one_of(MEANT)),
            Fact("opt_out_type", _l("Understood by the phone company as")),
            Fact("sent_at", _l("You sent it"), a_moment),
            Fact("received_at", _l("It came"), a_moment),
            Fact("seen_at", _l("Read"), a_moment),
            Fact("hidden_at", _l("Put out of sight"), a_moment),
        ),
        place=130,
    ),
    About(
        Thread,
        _l("What we wrote to each other"),
        _my_thread,
        (
            Fact("number_sealed", _l("Number"), _a_phone),
            Fact("last_at", _l("The last text"), a_moment),
            Fact("unseen_since", _l("Not read since"), a_moment),
            Fact("rest_until", _l("A rest from texts until"), a_moment),
        ),
        place=140,
    ),
    About(
        ReadSoon,
        _l("When somebody was asked to read your text soon"),
        _read_soon,
        (
            Fact("why", _l("Why"), one_of(SOON)),
            Fact("raised_at", _l("When"), a_moment),
            Fact("cannot_text", _l("Our texts cannot reach you"), yes_or_no),
            Fact("taken_at", _l("Somebody took it"), a_moment),
        ),
        place=150,
    ),
    About(
        NumberStop,
        _l("When your number was left alone"),
        _my_stops,
        (
            Fact("source", _l("Why"), one_of(STOPS)),
            Fact("said_at", _l("Since"), a_moment),
            Fact("ended_at", _l("Over"), a_moment),
            Fact("ended_how", _l("By"), one_of(STARTED_AGAIN)),
        ),
        place=160,
    ),
)
leave_out(
    {
        "correspondent.kind": "says that they are a guest, which the page says by being there",
        "message.sid": "the phone company's own number for a text that is told with its words",
        "inbound.sid": "the phone company's own number for a text that is told with its words",
        "attempt.sid": "the phone company's own number for one try to send a text that is told with its words",
        "provider_event.sid": "the phone company's own number for a text that is told with its words",
        "provider_event.raw_sealed": "the form in which the phone company told of a text; it repeats what is told",
        "sim_text.sid": "the phones of the demo, which no real house has",
        "sim_text.number_sealed": "the phones of the demo, which no real house has",
        "sim_text.to_phone": "the phones of the demo, which no real house has",
        "sim_text.body_sealed": "the phones of the demo, which no real house has",
        "sim_text.at": "the phones of the demo, which no real house has",
        "draft.words_sealed": "what somebody who works here is still writing, for a day and for them alone",
    }
)

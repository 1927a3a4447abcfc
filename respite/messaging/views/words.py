"""How texts are told: where each stands, why it waits or went nowhere. Plainly, and never more than is known."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from respite.core.phones import shown as phone_shown
from respite.core.times import moment_words
from respite.messaging.models import Message, ReadSoon
from respite.messaging.policy.states import State
from respite.messaging.policy.wording import Wrong
from respite.messaging.purposes import Purpose
from respite.messaging.queries import Whose

#: What a text is, for those who read the house's list.
PURPOSES: dict[str, Any] = {
    Purpose.FOLLOW_UP: _l("how are you doing"),
    Purpose.CARING: _l("a kind word"),
    Purpose.CONNECTIONS: _l("an address they asked for"),
    Purpose.STAY: _l("about a bed"),
    Purpose.SHIFTS: _l("about a shift"),
    Purpose.DUTY: _l("a shift that is on or begins soon"),
    Purpose.HANDOFF: _l("the handoff"),
    Purpose.READ_SOON: _l("please read a text"),
    Purpose.ANSWER: _l("an answer"),
    Purpose.AUTOMATIC: _l("an automatic answer"),
    Purpose.CARD: _l("places they asked for"),
    Purpose.TRYING: _l("a test text"),
}

#: Why a text waits, after "waits until …".
WAITS: dict[str, Any] = {
    "paused": _l("Texts are paused."),
    "their-hours": _l("It leaves in their hours."),
    "enough-texts": _l("They had enough texts from us lately."),
    "maybe-stopped": _l("They may want no more texts. Somebody has to read what they wrote."),
    "not-reached": _l("The line could not be reached; it is tried again."),
    "provider-busy": _l("The line is busy; it is tried again."),
    "provider-full": _l("The line takes no more for a while; it is tried again."),
    "did-not-arrive": _l("It did not arrive, and is tried again."),
    "was-not-taken": _l("It did not leave, and is tried again."),
}

#: Why a text was not sent, or a person has to decide.
REASONS: dict[str, Any] = {
    "unclear": _l("The line broke off, and nobody can say whether it left."),
    "several-alike": _l("The same words went to this number twice, and nobody can say which of the two left."),
    "words-removed": _l("The words were removed at the provider, so nobody can say whether it left."),
    "provider-silent": _l("The provider could not be asked whether it left."),
    "too-many-tries": _l("It was tried many times and could not be sent."),
    "maybe-twice": _l("It may have arrived twice. A word about it may help."),
    "no-common-hour": _l("Their hours leave no time at which a text may come."),
    "cannot-be-read": _l("It can no longer be opened."),
    "cannot-be-sent": _l("The provider cannot send it as it is. Please tell whoever looks after the house's texts."),
    "not-delivered": _l("Their network did not bring it to the phone."),
    "refused": _l("The provider did not take it."),
    "wording-programme-word": _l("A word in it says what kind of house this is, and somebody else may read the phone."),
    "wording-health-word": _l("A word in it is about health, and somebody else may read the phone."),
    "wording-link": _l("It has a link that is not the house's own."),
    "wording-too-long": _l("It is too long."),
    "wording-empty": _l("It has no words."),
    "too-late": _l("Its time was over before it could leave."),
    "too-late-their-hours": _l("Its time would be over before their hours begin."),
    "too-late-enough-texts": _l("They had enough texts from us before its time was over."),
    "too-late-maybe-stopped": _l("Its time was over before anybody had read whether they want texts."),
    "person-back": _l("They are in the house again, so people talk instead."),
    "person-died": _l("They are not to be texted."),
    "no-contact": _l("They are not to be texted."),
    "not-safe": _l("They said that texts are not safe for them."),
    "number-changed": _l("They have another number now."),
    "number-bad": _l("This number takes no texts. Please ask for the right one."),
    "no-consent": _l("They have not said yes to texts of this kind at this number."),
    "stopped": _l("This number asked for no more texts."),
    "stopped-at-provider": _l("This number takes no texts from us any more: they texted STOP. Please call."),
    "forgotten": _l("Its words were erased."),
    "let-go": _l("Somebody decided not to send it."),
    "told-by-call": _l("Somebody called instead."),
}

#: Why somebody is asked to read.
SOON: dict[str, Any] = {
    "words": _l("Some of the words may mean that somebody is in danger."),
    "help": _l("They texted HELP."),
    "stop": _l("They texted STOP, and more may be behind it."),
    "stop-perhaps": _l("Their words may have meant that they want no more texts. Please read, and decide."),
    "detector": _l("The words could not be looked at by themselves. Please read what came in."),
    "flood": _l("Many texts came from one number."),
    "cannot-text": _l("They wrote, and no text of ours reaches this number. Please call."),
}

_SHORT = timedelta(seconds=90)


class Words:
    """Sentences in the house's zone, as of `now`."""

    def __init__(self, zone: str, now: datetime) -> None:
        self.zone, self.now = zone, now

    def moment(self, at: datetime) -> str:
        return moment_words(at, self.zone, self.now)

    def state(self, message: Message) -> str:
        """Where a text of ours stands, in a few words."""
        match State(message.state):
            case State.SCHEDULED:
                return _("waits until %(at)s", at=self.moment(message.next_at or message.not_before))
            case State.QUEUED:
                at = message.next_at or message.not_before
                if at > self.now + _SHORT:
                    return _("waits until %(at)s", at=self.moment(at))
                return _("leaves in a moment")
            case State.SENDING:
                return _("is leaving")
            case State.UNKNOWN:
                return _("nobody knows yet whether it left; we are finding out")
            case State.NEEDS_HUMAN:
                return _("needs somebody to decide")
            case State.ACCEPTED:
                return _("no receipt came") if message.reason == "no-receipt" else _("taken, on its way")
            case State.SENT:
                return _("no receipt came") if message.reason == "no-receipt" else _("handed to their network")
            case State.DELIVERED:
                return _("delivered")
            case State.UNDELIVERED | State.FAILED:
                return _("did not arrive")
            case _:
                return _("not sent")

    def why(self, message: Message) -> str:
        """Why it waits, or why it went nowhere; empty where there is nothing to say."""
        reason = message.reason or ""
        if message.state in (State.SCHEDULED, State.QUEUED):
            return str(WAITS.get(reason, ""))
        if reason == "no-receipt":
            return _("That is all we know: many networks send none. It did not fail.")
        if message.state in (State.ACCEPTED, State.SENT, State.DELIVERED, State.SENDING) and reason != "maybe-twice":
            return ""
        return str(REASONS.get(reason, ""))

    def soon(self, row: ReadSoon) -> str:
        return str(SOON["cannot-text"] if row.cannot_text else SOON.get(row.why, SOON["detector"]))


def age(waited: timedelta) -> str:
    """ "5 minutes", "3 hours", "2 days": how long something waits, in whole steps."""
    minutes = max(0, int(waited.total_seconds() // 60))
    if minutes < 60:
        return ngettext("%(num)s minute", "%(num)s minutes", minutes)
    if minutes < 48 * 60:
        return ngettext("%(num)s hour", "%(num)s hours", minutes // 60)
    return ngettext("%(num)s day", "%(num)s days", minutes // 1440)


def name_of(whose: Whose, only: uuid.UUID | None = None) -> str:
    """ "Sam", "Sam or Alex" where a phone is shared, the number where nobody is known by it.

    `only` is the correspondent a text was written to, where that is known.
    """
    names = [person.name for person in whose.people if person.name and only in (None, person.id)]
    if names:
        return either(names)
    return phone_shown(whose.number) if whose.number else _("a number that was erased")


def either(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return _("%(some)s or %(last)s", some=", ".join(names[:-1]), last=names[-1])


def wrong_words(wrong: Sequence[Wrong]) -> str:
    """What the wording gate asks of whoever writes a text, one sentence for the first thing in the way."""
    first = wrong[0]
    match first.kind:
        case "programme-word" | "health-word":
            return _("Please say it without “%(word)s”: somebody else may read this phone.", word=first.what)
        case "link":
            return _("“%(word)s” is not this house's own address, so it cannot go into a text.", word=first.what)
        case "too-long":
            return _("This is too long for a text. Please shorten it, or call.")
        case _:
            return _("Please write something first.")


def text_kind(purpose: str) -> str:
    """What one text is, in a line with whom it is for: "Sam · a kind word"."""
    return str(PURPOSES.get(purpose, ""))

"""What the page of the number says: how texts travel, what is set, and how a test text fares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.core.phones import shown
from respite.core.settings import Settings
from respite.core.times import moment_words
from respite.houses.models import House
from respite.messaging.models import Message
from respite.messaging.policy.provider_errors import Act, act_after
from respite.messaging.policy.states import State
from respite.messaging.standing import REFUSED, SWEPT, WEBHOOK, marks
from respite.messaging.words import refusal_words


class Line(StrEnum):
    """How this installation's texts travel."""

    TWILIO = "twilio"
    SIMULATOR = "simulator"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Tried:
    """A test text as it is shown; `going` while something more will be known of it."""

    to: str
    at: str
    said: str
    state: str  # fine, mend, unknown or going
    going: bool


def line_of(settings: Settings) -> Line:
    if settings.twilio_account_sid is not None:
        return Line.TWILIO
    return Line.SIMULATOR if settings.demo else Line.NONE


def in_short(value: str) -> str:
    """A number or an id so that it can be told from others and used for nothing: "…0142"."""
    return f"…{value[-4:]}"


def facts(settings: Settings, house: House, session: Session, now: datetime) -> list[tuple[str, str]]:
    """What is set, and when the provider last reached us. No secret, and numbers in short."""
    if settings.twilio_account_sid is None:
        return []
    told = [(_("Account"), in_short(settings.twilio_account_sid))]
    earlier = settings.twilio_previous_auth_token is not None
    told.append((_("Token"), _("set; the one before it is still believed") if earlier else _("set")))
    if settings.twilio_messaging_service_sid is not None:
        told.append((_("Messaging service"), in_short(settings.twilio_messaging_service_sid)))
    elif settings.twilio_from is not None:
        told.append((_("Number"), in_short(settings.twilio_from)))
    if settings.twilio_api_url is not None:
        told.append((_("Asked at"), settings.twilio_api_url))
    told.append((_("Our public address"), settings.public_url))
    return told + _heard(house, session, now)


def _heard(house: House, session: Session, now: datetime) -> list[tuple[str, str]]:
    found = marks(session)
    words = {name: moment_words(at, house.timezone, now) for name, at in found.items()}
    told = [
        (_("Twilio called us last"), words.get(WEBHOOK, _("not yet"))),
        (_("Missed texts were looked for"), words.get(SWEPT, _("not yet"))),
    ]
    refused, believed = found.get(REFUSED), found.get(WEBHOOK)
    if refused is not None and (believed is None or refused > believed):
        told.append(
            (
                _("A call that was not believed"),
                _("%(when)s: its signature was made with another token or for another address", when=words[REFUSED]),
            )
        )
    return told


def tried_words(message: Message, house: House, now: datetime) -> Tried:
    said, state = _fared(message)
    return Tried(
        to=shown(message.number) if message.number else "",
        at=moment_words(message.made_at, house.timezone, now),
        said=said,
        state=state,
        going=state == "going",
    )


def _fared(message: Message) -> tuple[str, str]:
    """How a test text stands, in a sentence, and as a mark."""
    match message.state:
        case State.DELIVERED:
            return _("It arrived."), "fine"
        case State.SENT if message.ended_at is not None:
            return _("The telephone company took it, and never said whether it arrived."), "unknown"
        case State.SENT:
            return _("The telephone company has it. Whether it arrives is said soon, or never."), "going"
        case State.ACCEPTED:
            return _("Twilio took it."), "going"
        case State.SENDING:
            return _("It is being handed over."), "going"
        case State.UNKNOWN:
            return _("Nobody can say yet whether it was taken. That is being found out; it is not sent twice."), "going"
        case State.SCHEDULED | State.QUEUED:
            return _waits(message), "going"
        case State.UNDELIVERED | State.FAILED:
            return _failed(message), "mend"
        case State.SUPPRESSED:
            return _("It was not sent: this number asked for no more texts."), "mend"
        case State.EXPIRED:
            return _("It waited for an hour and was not sent."), "mend"
        case State.CANCELED:
            return _("It was called back."), "mend"
    return _("It could not be found out whether it was sent. Look at the telephone."), "unknown"


def _waits(message: Message) -> str:
    if message.reason == "paused":
        return _("It waits, because texts are paused.")
    if message.reason == "not-reached":
        return _("Nobody answered at Twilio. It is tried again.")
    if message.reason in ("provider-busy", "provider-full"):
        return _("Twilio is busy. It is tried again.")
    return _("It is about to leave.")


def _failed(message: Message) -> str:
    code = message.error_code
    if code is not None and act_after(code) == Act.PAUSE:
        return _("It did not arrive. %(why)s", why=refusal_words(code))
    if code is not None:
        return _("It did not arrive (error %(code)s).", code=code)
    return _("It did not arrive.")

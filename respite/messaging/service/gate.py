"""The gate: asked in the transaction that claims a text, never before. Every refusal is a reason that people read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from respite.core.settings import Settings
from respite.houses.models import House
from respite.messaging.models import Consent, Correspondent, Message, Pause
from respite.messaging.models.people import LOST, PersonState
from respite.messaging.policy.hours import Hours, closes_at, is_open, next_open, zones_for
from respite.messaging.policy.states import State
from respite.messaging.policy.wording import wrong_in
from respite.messaging.purposes import MOST_A_DAY, MOST_A_WEEK, RULES, Purpose, PurposeRules, rules_of
from respite.messaging.service.ground import stop_on

LONGEST_VALID = 36_000  # seconds; the most that the provider takes
SHORTEST_VALID = 60
LOOK_AGAIN = timedelta(minutes=10)
A_DAY = timedelta(hours=20)
#: What tells a person that no more will come may reach a number that has just asked for that, once.
LAST_WORDS = frozenset({"answer-stopped", "answer-wrong-number"})
#: What confirms a yes needs one that stands, whatever it is for, and keeps to their hours; they may be in the house.
CONFIRMS = "consent-confirmed"
_CONFIRMING = PurposeRules(consent=True, any_hour=False, settle=150, sent_again=True)
MAYBE_STOPPED = "maybe-stopped"
_STOPPED = {"perhaps": MAYBE_STOPPED}


@dataclass(frozen=True, slots=True)
class Go:
    valid_for: int  # seconds


@dataclass(frozen=True, slots=True)
class Later:
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class End:
    state: State
    reason: str


Verdict = Go | Later | End


def look(session: Session, message: Message, now: datetime) -> Verdict:
    """Whether this text may leave now. `now` is the house clock."""
    if message.number is None or message.body is None:
        return End(State.CANCELED, "forgotten")
    if message.not_after <= now:
        return End(State.EXPIRED, "too-late")
    if _paused(session, message):
        return Later(now + LOOK_AGAIN, "paused")
    rules, person = _rules(message), _correspondent(session, message)
    return (
        _person(message, rules, person)
        or _consent(session, message, rules, person)
        or _stopped(session, message, now)
        or _words(message)
        or _window(session, message, rules, person, now)
    )


def last_look(session: Session, message: Message) -> str | None:
    """What a person has said since the claim, when only the request is left to be written: a STOP, no yes any more."""
    rules, person = _rules(message), _correspondent(session, message)
    ended = _person(message, rules, person) or _consent(session, message, rules, person)
    return ended.reason if ended is not None else still_against(session, message)


def _rules(message: Message) -> PurposeRules:
    return _CONFIRMING if message.template == CONFIRMS else rules_of(message.purpose)


def _correspondent(session: Session, message: Message) -> Correspondent | None:
    if message.correspondent_id is None:
        return None
    return session.get(Correspondent, message.correspondent_id, populate_existing=True)


def still_against(session: Session, message: Message) -> str | None:
    """What the number asked for, as it stands now."""
    stop = stop_on(session, message.number_index)
    return None if stop is None or _goes_all_the_same(message, stop.source) else _STOPPED.get(stop.source, "stopped")


def _paused(session: Session, message: Message) -> bool:
    live = sa.select(Pause.id).where(
        Pause.ended_at.is_(None),
        sa.or_(Pause.house_id.is_(None), Pause.house_id == message.house_id),
        sa.or_(Pause.purpose.is_(None), Pause.purpose == message.purpose),
    )
    return session.scalar(live.limit(1)) is not None


def _person(message: Message, rules: PurposeRules, person: Correspondent | None) -> End | None:
    if person is not None and person.number_bad == LOST and message.purpose == Purpose.ANSWER:
        return End(State.SUPPRESSED, "number-bad")  # whoever writes from there is not who it would be written to
    if person is not None and person.state == PersonState.DIED and message.purpose == Purpose.ANSWER:
        return End(State.SUPPRESSED, "person-died")
    if person is None or not rules.consent:
        return None
    if person.state != PersonState.OPEN and (person.state, rules) != (PersonState.BACK, _CONFIRMING):
        return End(State.SUPPRESSED, {"back": "person-back", "died": "person-died"}.get(person.state, "no-contact"))
    if not person.safe_to_text:
        return End(State.SUPPRESSED, "not-safe")
    if person.number_index != message.number_index:
        return End(State.CANCELED, "number-changed")
    if person.number_bad:
        return End(State.SUPPRESSED, "number-bad")
    return None


def _consent(session: Session, message: Message, rules: PurposeRules, person: Correspondent | None) -> End | None:
    if not rules.consent:
        return None
    for_it = sa.true() if message.template == CONFIRMS else Consent.purpose == message.purpose
    given = person and session.scalar(
        sa.select(Consent.id)
        .where(
            Consent.correspondent_id == person.id,
            for_it,
            Consent.number_index == message.number_index,
            Consent.ended_at.is_(None),
        )
        .limit(1)
    )
    return None if given else End(State.SUPPRESSED, "no-consent")


def _stopped(session: Session, message: Message, now: datetime) -> Verdict | None:
    """They asked for no more, or may have: then it waits until a person has read what they wrote."""
    reason = still_against(session, message)
    if reason is None:
        return None
    if reason == MAYBE_STOPPED:
        return _if_in_time(message, Later(now + LOOK_AGAIN, reason))
    return End(State.SUPPRESSED, reason)


def _goes_all_the_same(message: Message, source: str) -> bool:
    if message.purpose != Purpose.AUTOMATIC or source == "twilio":
        return False
    return message.template in LAST_WORDS or (message.template == "answer-danger" and source == "perhaps")


def _words(message: Message) -> End | None:
    """The last wall behind the one that stands where somebody writes. A template's wording was looked at when saved."""
    assert message.body is not None
    answers = message.purpose in (Purpose.ANSWER, Purpose.AUTOMATIC)
    wrong = wrong_in(message.body, own_hosts=own_hosts(), may_name_988=answers or message.template is not None)
    return End(State.NEEDS_HUMAN, f"wording-{wrong[0].kind}") if wrong else None


def own_hosts() -> tuple[str, ...]:
    """Where a link in a text may lead."""
    settings: Settings = current_app.extensions["respite.settings"]
    return (settings.public_url.partition("://")[2].partition("/")[0],)


def _window(
    session: Session, message: Message, rules: PurposeRules, person: Correspondent | None, now: datetime
) -> Verdict:
    left = int((message.not_after - now).total_seconds())
    if rules.any_hour:
        return Go(max(1, min(LONGEST_VALID, left)))
    house = session.get_one(House, message.house_id)
    assert message.number is not None
    hours = Hours(person.hours_from, person.hours_until) if person else Hours()
    zones = zones_for(person.timezone if person else None, message.number, house.timezone)
    opens = next_open(now, hours, zones)
    if opens is None:
        return End(State.NEEDS_HUMAN, "no-common-hour")
    if not is_open(now, hours, zones):
        return _if_in_time(message, Later(opens, "their-hours"))
    closes = closes_at(now, hours, zones)
    valid_for = min(LONGEST_VALID, int((closes - now).total_seconds()) - 30, left)
    if valid_for < SHORTEST_VALID:
        tomorrow = next_open(closes + timedelta(seconds=1), hours, zones)
        return _if_in_time(message, Later(tomorrow or closes, "their-hours"))
    if rules.counted and person is not None:
        full_until = _full_until(session, message, person, now)
        if full_until is not None:
            return _if_in_time(message, Later(next_open(full_until, hours, zones) or full_until, "enough-texts"))
    return Go(valid_for)


def _if_in_time(message: Message, later: Later) -> Verdict:
    return later if later.at < message.not_after else End(State.EXPIRED, f"too-late-{later.reason}")


def _full_until(session: Session, message: Message, person: Correspondent, now: datetime) -> datetime | None:
    """Until when they had enough: one text a day, three a week, of those that nobody asked for.

    A day counts as twenty hours, since each text comes at its own minute. One that is being handed over may turn out
    to be the day's, so another one looks again later; so does one that is looked at in the same moment.
    """
    counted = [purpose for purpose, each in RULES.items() if each.counted]
    alone = sa.select(Correspondent.id).where(Correspondent.id == person.id)
    under_way = sa.select(Message.id).where(
        Message.correspondent_id == person.id,
        Message.id != message.id,
        Message.purpose.in_(counted),
        Message.state.in_((State.SENDING, State.UNKNOWN)),
    )
    # Never waited for: the one who holds it may be waiting for this text's row.
    if session.scalar(alone.with_for_update(skip_locked=True, key_share=True)) is None:
        return now + LOOK_AGAIN
    if session.scalar(under_way.limit(1)) is not None:
        return now + LOOK_AGAIN
    sent = session.scalars(
        sa.select(Message.posted_at)
        .where(
            Message.correspondent_id == person.id,
            Message.id != message.id,
            Message.purpose.in_(counted),
            Message.posted_at > now - timedelta(days=7),
            Message.state.notin_((State.FAILED, State.UNDELIVERED)),
        )
        .order_by(Message.posted_at.desc())
    ).all()
    times = [at for at in sent if at is not None]
    if len(times) >= MOST_A_WEEK:
        return times[MOST_A_WEEK - 1] + timedelta(days=7, seconds=1)
    if len(times) >= MOST_A_DAY and times[MOST_A_DAY - 1] > now - A_DAY:
        return times[MOST_A_DAY - 1] + A_DAY
    return None

"""What a peer is texted about days off: what they asked for in words, and what was answered."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from babel.dates import format_date
from sqlalchemy.orm import Session

from respite.houses.models import House
from respite.houses.policy.house_time import ONE_DAY, day_begins, local
from respite.messaging.models import Message
from respite.messaging.purposes import Purpose
from respite.messaging.service.writing import cancel_where
from respite.staffing.models import TimeOff
from respite.staffing.policy.availability import OffState
from respite.staffing.service.texting import language_of, tell

ANSWERED = {OffState.AGREED: "time-off-agreed", OffState.DECLINED: "time-off-declined"}
#: Whoever answered may take it back so long before anybody reads it.
SOON = timedelta(minutes=5)


def tell_answer(session: Session, off: TimeOff, now: datetime) -> None:
    """Text its person how it was answered; what an earlier answer said and has not left is called back."""
    key = f"time-off:{off.id}:"
    cancel_where(session, "answered-anew", now, Message.house_id == off.house_id, Message.dedupe_key.startswith(key))
    template = ANSWERED.get(OffState(off.state))
    if template is None:
        return
    house = session.get_one(House, off.house_id)
    language = language_of(session, house, off.person_id)
    tell(
        session,
        house,
        off.person_id,
        template,
        {"day_words": days_in_words(off.first_day, off.until - ONE_DAY, house, language, now)},
        purpose=Purpose.SHIFTS,
        dedupe_key=f"{key}{off.version}",
        now=now,
        not_before=now + SOON,
        not_after=max(day_begins(off.until, house.timezone), now + ONE_DAY),
    )


def days_in_words(first: date, last: date, house: House, language: str, now: datetime) -> str:
    """ "Thu Dec 24", "Thu Dec 24 to Sat Dec 26"; in Spanish "el jue 24 dic", "del jue 24 dic al sáb 26 dic"."""
    this_year = local(now, house.timezone).year
    begin, end = (_day(each, language, year=last.year != this_year) for each in (first, last))
    if language == "es":
        return f"el {begin}" if first == last else f"del {begin} al {end}"
    return begin if first == last else f"{begin} to {end}"


def _day(day: date, language: str, *, year: bool) -> str:
    if language == "es":
        words = format_date(day, "EEE d MMM y" if year else "EEE d MMM", locale="es")
        return words.replace(".", "").replace(",", "")
    return format_date(day, "EEE MMM d y" if year else "EEE MMM d", locale="en")

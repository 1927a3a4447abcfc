"""The fields of a promise that several forms share: what, by when, who."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _

from respite.core.forms import FIRST_YEAR, LAST_YEAR, Form
from respite.core.times import weekday
from respite.promises.policy import LONGEST_WORDS, NO_HURRY, When, at_time, by_day, next_time
from respite.promises.views.shown import Place

DAYS_AHEAD = 7


def day_options(place: Place) -> list[tuple[str, str]]:
    """No hurry, tonight, tomorrow, and the days after by name."""
    tonight = place.tonight
    options = [("", _("no hurry")), (tonight.isoformat(), place.tonight_words)]
    for away in range(1, DAYS_AHEAD):
        day = tonight + timedelta(days=away)
        options.append((day.isoformat(), _("tomorrow") if away == 1 else weekday(day)))
    return options


def words_in(form: Form) -> str:
    return form.text("words", most=LONGEST_WORDS)


def when_in(form: Form, place: Place) -> When:
    """By when: a day, a time, both, or neither. Notes a sentence where that time is over."""
    day, at = form.day("day", needed=False), form.clock_time("at", needed=False)
    if "day" in form.wrong or "at" in form.wrong:
        return NO_HURRY
    when = when_of(day, at, place)
    if when is None or (when.due_at is not None and when.due_at <= place.now):
        form.say("at" if at else "day", _("This time is over. Please give one that is still to come."))
        return NO_HURRY
    return when


def when_of(day: date | None, at: time | None, place: Place) -> When | None:
    """By when, said at `place.now`; None where that time was over already."""
    if day is None:
        return next_time(at, place.zone, place.now) if at else NO_HURRY
    if at is None:
        return by_day(day, place.zone, place.turns_at)
    if at < place.turns_at and day == place.tonight:
        day += timedelta(days=1)  # "tonight at one" is after midnight
    return at_time(day, at, place.zone, place.now)


def owner_in(form: Form, me: uuid.UUID) -> uuid.UUID | None:
    """ "me", a person's id, or nothing for whoever is on."""
    sent = form.sent.get("owner", "").strip()
    return me if sent == "me" else form.uuid("owner", needed=False)


def when_fields(when: When) -> dict[str, str]:
    """What an Undo sends to set this time again, also one that is over by now."""
    return {"due": when.due_at.isoformat() if when.due_at else "none", "by_day": "yes" if when.by_day else "no"}


def when_again(form: Form) -> When | None:
    """The time that an Undo sends; None for any other form."""
    sent = form.text("due", needed=False)
    if not sent:
        return None
    if sent == "none":
        return NO_HURRY
    try:
        due_at = datetime.fromisoformat(sent)
    except ValueError:
        due_at = None
    if due_at is None or due_at.tzinfo is None or not FIRST_YEAR <= due_at.year <= LAST_YEAR:
        form.say("due", _("This must be a day and a time, such as %(example)s.", example="2026-11-22 14:30"))
        return NO_HURRY
    return When(due_at, form.flag("by_day"))

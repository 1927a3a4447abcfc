"""Setting a group or an activity, calling a day off, and counting who came: a number, and no names."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.models import Membership, Person
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.activities import events
from respite.activities.models import Activity, ActivityDay, SharedCalendar
from respite.activities.policy import (
    LONGEST,
    LONGEST_NAME,
    LONGEST_PLACE,
    LONGEST_TITLE,
    LONGEST_WORD,
    MOST_CAME,
    OpenTo,
    days_of,
    is_on,
)
from respite.audit.service import record
from respite.core.crypto import folded
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound, Refusal
from respite.houses.models import House
from respite.houses.policy.house_time import local, span_of


class CalledOff(Refusal):
    sentence = _l("This was called off that day.")


PARTS = ("house-face",)  # of the board: where it shows what is on today


@dataclass(frozen=True, slots=True)
class Wanted:
    title: str
    first_day: date
    begins: time
    ends: time
    place: str = ""
    led_by: str | None = None
    open_to: str = OpenTo.BOTH
    weekly: bool = False


def set_activity(
    actor: Actor,
    house_id: uuid.UUID,
    wanted: Wanted,
    *,
    activity_id: uuid.UUID | None = None,
    version_seen: int | None = None,
    now: datetime,
) -> Activity:
    """A new one, or a change of one that is there. Raises StaleVersion, Invalid by field.

    What was before today stays as it was: a change of its days ends it and makes another that begins today or later.
    """
    with transaction() as session:
        if activity_id is None:
            lock_house(session, actor, house_id, May.KEEP_BEDS)
            activity = Activity(house_id=house_id, made_at=now)
        else:
            activity = locked_row(session, actor, Activity, activity_id, May.KEEP_BEDS, version_seen)
        house = session.get_one(House, activity.house_id)
        _must_be_right(wanted, house)
        today = local(now, house.timezone).date()
        single = activity_id is not None and not activity.weekly and not wanted.weekly
        if single and max(activity.first_day, wanted.first_day) < today:
            if activity.first_day != wanted.first_day:
                _put_right(session, activity, wanted.first_day)
            _write(activity, wanted)
        elif activity_id is not None and _changes_what_was(activity, wanted, today):
            activity = _from_now_on(session, actor, activity, wanted, today, now)
        else:
            _write(activity, wanted)
        session.add(activity)
        session.flush()
        record(session, activity.house_id, events.SET, subject=activity.id, actor=actor, at=now, parts=PARTS)
    return activity


def end_activity(actor: Actor, activity_id: uuid.UUID, *, now: datetime) -> Activity | None:
    """It is not from today on. What was before stays, with its counts; one that never was goes."""
    with transaction() as session:
        activity = locked_row(session, actor, Activity, activity_id, May.KEEP_BEDS)
        house = session.get_one(House, activity.house_id)
        last = local(now, house.timezone).date() - timedelta(days=1)
        record(session, house.id, events.ENDED, subject=activity.id, actor=actor, at=now, last_day=last, parts=PARTS)
        session.execute(sa.delete(ActivityDay).where(ActivityDay.activity_id == activity.id, ActivityDay.day > last))
        if activity.first_day > last:
            session.delete(activity)
            return None
        activity.last_day = last
    return activity


def call_off(actor: Actor, activity_id: uuid.UUID, day: date, word: str = "", *, now: datetime) -> ActivityDay:
    """Not on that day, with a word why not if there is one to say. Raises NotFound, Invalid."""
    text = word.strip()
    if len(text) > LONGEST_WORD:
        raise Invalid(fields={"word": _("Please keep this to %(most)s letters.", most=LONGEST_WORD)})
    with transaction() as session:
        row = _day(session, actor, activity_id, day)
        row.off, row.word = True, text  # how many came, if somebody counted, stands again once it is on again
        session.flush()
        record(session, row.house_id, events.DAY_OFF, subject=activity_id, actor=actor, at=now, day=day, parts=PARTS)
    return row


def put_on_again(actor: Actor, activity_id: uuid.UUID, day: date, *, now: datetime) -> ActivityDay:
    with transaction() as session:
        row = _day(session, actor, activity_id, day)
        row.off, row.word = False, ""
        session.flush()
        record(session, row.house_id, events.DAY_ON, subject=activity_id, actor=actor, at=now, day=day, parts=PARTS)
    return row


def count(
    actor: Actor,
    activity_id: uuid.UUID,
    day: date,
    *,
    one_more: bool = False,
    came: int | None = None,
    now: datetime,
) -> tuple[int | None, int | None]:
    """How many came: one more, or that many; none where it is not known after all. Returns the number before and now.

    Raises NotFound, CalledOff, Invalid.
    """
    with transaction() as session:
        row = _day(session, actor, activity_id, day)
        if row.off:
            raise CalledOff
        before = row.came
        wanted = (before or 0) + 1 if one_more else came
        if wanted is not None and not 0 <= wanted <= MOST_CAME:
            sentence = _("This must be a whole number from %(least)s to %(most)s.", least=0, most=MOST_CAME)
            raise Invalid(fields={"came": sentence})
        row.came = wanted
        session.flush()
        record(session, row.house_id, events.COUNTED, subject=activity_id, actor=actor, at=now, day=day, came=wanted)
    return before, wanted


def forget_leader(session: Session, house_id: uuid.UUID, name: str) -> None:
    """Nothing is led by that name any more, on days that are over either, unless somebody of the house bears it too."""
    team = sa.select(Person).join(Membership, Membership.person_id == Person.id)
    here = team.where(Membership.house_id == house_id, Membership.ended_at.is_(None))
    names = [folded(person.name) for person in session.scalars(here)]
    if folded(name) in {*names, *(each.partition(" ")[0] for each in names)}:
        return
    led = sa.select(Activity).where(Activity.house_id == house_id, Activity.led_by_sealed.is_not(None))
    for activity in session.scalars(led):
        if folded(activity.led_by or "") == folded(name):
            activity.led_by = None
    session.flush()


def share_calendar(actor: Actor, house_id: uuid.UUID, on: bool, *, now: datetime) -> None:
    """Anybody may read what is on for neighbours, without signing in; or nobody any more."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        row = session.get(SharedCalendar, house_id)
        if on == (row is not None):
            return
        if row is None:
            session.add(SharedCalendar(house_id=house_id, since=now))
        else:
            session.delete(row)
        session.flush()
        record(session, house_id, events.CALENDAR_SHARED, subject=house_id, actor=actor, at=now, on=on)


def _day(session: Session, actor: Actor, activity_id: uuid.UUID, day: date) -> ActivityDay:
    activity = locked_row(session, actor, Activity, activity_id, May.KEEP_BEDS)
    if not is_on(activity.weekly, activity.first_day, activity.last_day, day):
        raise NotFound
    row = session.scalar(sa.select(ActivityDay).where(ActivityDay.activity_id == activity_id, ActivityDay.day == day))
    if row is None:
        row = ActivityDay(house_id=activity.house_id, activity_id=activity_id, day=day, off=False, word="")
        session.add(row)
    return row


def _changes_what_was(activity: Activity, wanted: Wanted, today: date) -> bool:
    """Whether it would have been on other days before today than it was."""
    begin = min(activity.first_day, wanted.first_day)
    was = list(days_of(activity.weekly, activity.first_day, activity.last_day, begin, today))
    ends = _last_day(activity, wanted)
    return bool(was) and was != list(days_of(wanted.weekly, wanted.first_day, ends, begin, today))


def _put_right(session: Session, activity: Activity, day: date) -> None:
    """Something single was on another day than was said: what is kept of its day is of that one."""
    mine = ActivityDay.activity_id == activity.id
    session.execute(sa.delete(ActivityDay).where(mine, ActivityDay.day == day))
    for row in session.scalars(sa.select(ActivityDay).where(mine, ActivityDay.day == activity.first_day)):
        row.day = day


def _from_now_on(
    session: Session, actor: Actor, before: Activity, wanted: Wanted, today: date, now: datetime
) -> Activity:
    """The one before ends, and another is as wanted; itself, where nothing of what is wanted is still to come."""
    yesterday = today - timedelta(days=1)
    ended = before.last_day is not None and before.last_day < today
    if not ended:
        before.last_day = yesterday
        record(session, before.house_id, events.ENDED, subject=before.id, actor=actor, at=now, last_day=yesterday)
    if wanted.first_day < today and (not wanted.weekly or (before.weekly and ended)):
        _write(before, replace(wanted, weekly=before.weekly, first_day=before.first_day))
        return before
    another = Activity(house_id=before.house_id, made_at=now)
    first = next(days_of(wanted.weekly, wanted.first_day, None, today, date.max), wanted.first_day)
    _write(another, replace(wanted, first_day=first))
    session.add(another)
    session.flush()
    to_come = sa.select(ActivityDay).where(ActivityDay.activity_id == before.id, ActivityDay.day >= today)
    for row in session.scalars(to_come):
        row.activity_id = another.id
    return another


def _must_be_right(wanted: Wanted, house: House) -> None:
    wrong: dict[str, str] = {}
    too_long = _("Please keep this to %(most)s letters.", most=LONGEST_PLACE)
    name = (wanted.led_by or "").strip() or None
    if not 1 <= len(wanted.title.strip()) <= LONGEST_TITLE:
        wrong["title"] = _("Please say what it is in up to %(most)s letters.", most=LONGEST_TITLE)
    if len(wanted.place.strip()) > LONGEST_PLACE:
        wrong["place"] = too_long
    if name is not None and len(name) > LONGEST_NAME:
        wrong["led_by"] = _("Please keep this to %(most)s letters.", most=LONGEST_NAME)
    if wanted.open_to not in set(OpenTo):
        wrong["open_to"] = _("Please choose one of the answers shown.")
    starts_at, ends_at = span_of(wanted.first_day, wanted.begins, wanted.ends, house.timezone)
    if not timedelta(0) < ends_at - starts_at <= LONGEST:
        wrong["ends"] = _("It must end after it begins, and within 12 hours.")
    if wrong:
        raise Invalid(fields=wrong)


def _write(activity: Activity, wanted: Wanted) -> None:
    activity.last_day = _last_day(activity, wanted)
    activity.title, activity.place = wanted.title.strip(), wanted.place.strip()
    activity.led_by = (wanted.led_by or "").strip() or None
    activity.open_to, activity.weekly, activity.first_day = wanted.open_to, wanted.weekly, wanted.first_day
    activity.begins, activity.ends = wanted.begins, wanted.ends


def _last_day(activity: Activity, wanted: Wanted) -> date | None:
    """A group that has ended stays so, whatever else of it changes."""
    if not wanted.weekly:
        return wanted.first_day
    return activity.last_day if activity.weekly else None

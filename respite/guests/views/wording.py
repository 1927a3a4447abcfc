"""Sentences about nights, days and people, as pages say them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from babel.dates import format_skeleton
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from respite.core.times import clock_words, day_and_month, day_words, moment_words
from respite.guests.models import CompanionKind, Written
from respite.guests.policy.calculator import GuestNights
from respite.guests.policy.return_rule import MOST_COUNTED
from respite.guests.policy.stay_states import EndKind, StayState, WhoCalled
from respite.guests.queries import Claimed, DoorNights
from respite.houses.models import ClaimKind, House
from respite.houses.policy.house_time import ONE_DAY, local


def month_of(day: date) -> str:
    """ "March 2026": how exactly a last stay is told to somebody who asks by a name."""
    return format_skeleton("yMMMM", day, locale=get_locale() or "en")


def from_night(night: date, tonight: date) -> str:
    return _("from tonight") if night == tonight else _("from %(day)s", day=day_words(night, tonight))


def on_night(night: date, tonight: date) -> str:
    return _("tonight") if night == tonight else _("on %(day)s", day=day_words(night, tonight))


def nights_words(nights: int) -> str:
    return ngettext("%(num)s night", "%(num)s nights", nights)


def duration(minutes: int) -> str:
    """ "4 hours", "2 days", "30 minutes"."""
    if minutes % 1440 == 0:
        return ngettext("%(num)s day", "%(num)s days", minutes // 1440)
    if minutes % 60 == 0:
        return ngettext("%(num)s hour", "%(num)s hours", minutes // 60)
    return ngettext("%(num)s minute", "%(num)s minutes", minutes)


def moment(instant: datetime, house: House, now: datetime) -> str:
    """A time of today by the house's clock, one of another day with its day."""
    return moment_words(instant, house.timezone, now)


def until(instant: datetime, house: House, now: datetime) -> str:
    """ "until 5:30 pm", or with its day where that is another: "until Monday, 9 am"."""
    day, today = local(instant, house.timezone).date(), local(now, house.timezone).date()
    at = clock_words(instant, house.timezone)
    if day == today:
        return _("until %(at)s", at=at)
    return _("until %(day)s, %(at)s", day=day_words(day, today), at=at)


def open_in(door: DoorNights, first: date) -> str:
    """What is open in one door from a night on, as the peer says it on the phone."""
    nights, tonight = door.open_from(first), door.tonight
    if nights >= MOST_COUNTED:
        return _("%(door)s is open %(since)s, with nobody after.", door=door.name, since=from_night(first, tonight))
    if nights > 0:
        return ngettext(
            "%(num)s night is open in %(door)s %(since)s, until %(day)s.",
            "%(num)s nights are open in %(door)s %(since)s, until %(day)s.",
            nights,
            door=door.name,
            since=from_night(first, tonight),
            day=day_words(first + nights * ONE_DAY, tonight),
        )
    return _(
        "%(door)s is not open %(when)s. It is %(since)s.",
        door=door.name,
        when=on_night(first, tonight),
        since=from_night(door.next_open(first), tonight),
    )


def why_not(claim: Claimed, door: DoorNights) -> str:
    """What is in the way of a door, short, and never whose it is."""
    if claim.kind == ClaimKind.CLOSURE:
        return _("closed until %(day)s", day=day_words(claim.until, door.tonight))
    if claim.night == door.tonight and door.inside is not None:
        return _("somebody is there until %(day)s", day=day_words(claim.until, door.tonight))
    if claim.kind == ClaimKind.STAY:
        return _("somebody is there until %(day)s", day=day_words(claim.until, door.tonight))
    return _("saved %(since)s", since=from_night(claim.night, door.tonight))


def for_a_guest(nights: GuestNights, tonight: date) -> str:
    """ "Three nights are open now, a full stay from 6 February." No door and no reason is named."""
    if nights.opens_on is None:
        return _("Nothing is open in the coming months. Please ask again, something may come free.")
    if nights.nights_now == 0:
        return _opens_later(nights, tonight)
    if nights.full_stay is None or nights.full_stay_on is None:
        if nights.nights_now >= MOST_COUNTED:
            return _("As many nights as you like are open %(since)s.", since=from_night(nights.asked_from, tonight))
        return ngettext(
            "%(num)s night is open %(since)s.",
            "%(num)s nights are open %(since)s.",
            nights.nights_now,
            since=from_night(nights.asked_from, tonight),
        )
    if nights.full_stay_now:
        return ngettext(
            "A full stay of %(num)s night is open %(since)s.",
            "A full stay of %(num)s nights is open %(since)s.",
            nights.full_stay,
            since=from_night(nights.asked_from, tonight),
        )
    return ngettext(
        "%(num)s night is open %(since)s, a full stay from %(full)s.",
        "%(num)s nights are open %(since)s, a full stay from %(full)s.",
        nights.nights_now,
        since=from_night(nights.asked_from, tonight),
        full=day_and_month(nights.full_stay_on),
    )


def _opens_later(nights: GuestNights, tonight: date) -> str:
    assert nights.opens_on is not None
    first = ngettext(
        "The next %(num)s night is open %(since)s.",
        "The next %(num)s nights are open %(since)s.",
        nights.nights_then,
        since=from_night(nights.opens_on, tonight),
    )
    if nights.full_stay_on is None or nights.full_stay_on == nights.opens_on:
        return first
    return first + " " + _("A full stay is open from %(full)s.", full=day_and_month(nights.full_stay_on))


def companion_words(companions: Iterable[tuple[str, int]]) -> str:
    """ "a child, 2 animals"; empty where nobody came along."""
    return ", ".join(_companion(kind, number) for kind, number in companions if number)


def _companion(kind: str, number: int) -> str:
    match CompanionKind(kind):
        case CompanionKind.CHILD:
            return ngettext("%(num)s child", "%(num)s children", number)
        case CompanionKind.SUPPORT_PERSON:
            return ngettext("%(num)s support person", "%(num)s support people", number)
        case CompanionKind.ANIMAL:
            return ngettext("%(num)s animal", "%(num)s animals", number)


def companion_label(kind: str) -> str:
    return {
        CompanionKind.CHILD: _("Children"),
        CompanionKind.SUPPORT_PERSON: _("Support people"),
        CompanionKind.ANIMAL: _("Animals"),
    }[CompanionKind(kind)]


def how_it_ended(kind: str | None) -> str:
    match kind:
        case EndKind.AS_PLANNED:
            return _("Left as planned.")
        case EndKind.SOONER_OWN_CHOICE:
            return _("Left sooner than planned, by their own choice.")
        case EndKind.ASKED_TO_LEAVE:
            return _("The house asked them to leave.")
        case EndKind.TAKEN_BY_AMBULANCE:
            return _("Went with an ambulance.")
        case EndKind.TAKEN_BY_POLICE:
            return _("Taken by the police.")
    return ""


def who_called(who: str | None) -> str:
    match who:
        case WhoCalled.HOUSE:
            return _("The house called.")
        case WhoCalled.GUEST:
            return _("The guest called.")
        case WhoCalled.OTHER:
            return _("Somebody else called.")
    return ""


def over_words(state: str) -> str:
    """What became of a saved bed that nobody came to."""
    return {
        StayState.LET_GO: _("This bed was made free again before anybody came."),
        StayState.RAN_OUT: _("The time this bed was saved for is over."),
    }.get(StayState(state), "")


def questions() -> list[tuple[str, str, str | None]]:
    """What may be said before a stay: field, question, and a help where one is wanted."""
    return [
        ("good_day", _("What does a good day look like?"), None),
        ("hard_day", _("What does a hard day look like?"), None),
        ("helps", _("What helps?"), _("Such as: quiet, a walk, being asked once and not again.")),
        ("helps_not", _("What does not help?"), None),
        ("access", _("What should we know about getting around and being at ease in the house?"), None),
        ("language", _("Which language, and how do you like to talk?"), None),
        ("company", _("Who do you like around you?"), None),
    ]


def ways() -> list[tuple[str, str]]:
    return [(str(each), way_words(each)) for each in (Written.TOGETHER, Written.AFTERWARDS)]


def way_words(written: Written) -> str:
    return {
        Written.TOGETHER: _("Written together with the guest"),
        Written.AFTERWARDS: _("Written after the talk"),
        Written.GUEST: _("Written by the guest"),
    }[written]

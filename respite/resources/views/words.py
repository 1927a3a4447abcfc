"""What a service says, in the reader's words: when it is open, how far, and when somebody last made sure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from respite.core.phones import shown as phone_shown
from respite.core.times import day_and_month, day_words, time_words, weekday
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.resources.finding.cards import Card, Place, cards_of
from respite.resources.finding.hours import DAY, week_of
from respite.resources.finding.languages import language_name
from respite.resources.finding.search import Found, Wanted, Why, search
from respite.resources.models import Phone
from respite.resources.policy import Trust

#: How each is told apart beside its words: the colour and the shape of a state.
TRUST_STATES = {Trust.CHECKED: "free", Trust.STALE: "ready", Trust.NOT_CHECKED: "closed"}
WHY = {
    Why.NAMED: _l("by its name"),
    Why.OF_THIS_KIND: _l("of this kind"),
    Why.SAYS_SO: _l("says so in its description"),
}
MONDAY = date(2026, 1, 5)  # any Monday, to name the days of a week by
_SHOWN_LINES = 2  # of a description on a card, about
_LONGEST_CARD = 160
FOUND_BY_WORDS = 12  # where one of them is chosen


def card_facts(card: Card, found: Found | None, house: House, now: datetime) -> dict[str, Any]:
    """What stands on a card among others, and on top of its own page."""
    service, zone = card.service, house.timezone
    closing = card.closing(now, zone)
    return {
        "id": service.id,
        "version": service.version,
        "name": service.name,
        "by": card.organization.name if card.organization.name != service.name else None,
        "about": _short(service.description),
        "place": place_line(card.places[0]) if card.places else None,
        "away": miles_words(found.miles) if found is not None and found.miles is not None else None,
        "why": WHY[found.why] if found is not None else None,
        "open": hours_line(card, now, zone),
        "is_open": closing is not None,
        "languages": [language_name(code) for code in card.languages],
        "free": card.free,
        "peer_run": service.peer_run,
        "phone": phone_facts(card.phones[0]) if card.phones else None,
        "trust": trust_words(card, local(now, zone).date()),
        "trust_state": TRUST_STATES[card.trust],
        "offered": card.offered,
    }


def found_by(session: Session, words: str, house: House, now: datetime) -> tuple[list[dict[str, Any]], bool]:
    """What is found by a few words, as its cards say it; and whether nothing has all of them."""
    answer = search(session, Wanted(words=words), now=now, zone=house.timezone, limit=FOUND_BY_WORDS)
    how = {each.service_id: each for each in answer.found}
    cards = cards_of(session, list(how), now, house.timezone)
    return [card_facts(card, how[card.service.id], house, now) for card in cards], answer.some_words


def trust_words(card: Card, today: date) -> str:
    if card.checked_on is None:
        return _("not checked yet")
    day = day_and_month(card.checked_on, year=card.checked_on.year != today.year)
    if card.trust == Trust.STALE:
        return _("not checked since %(day)s", day=day)
    return _("checked %(day)s", day=day) if card.checked_on != today else _("checked today")


def hours_line(card: Card, now: datetime, zone: str) -> str | None:
    """Whether it is open and until when, or when it opens; none where its hours are not known."""
    closing, today = card.closing(now, zone), local(now, zone).date()
    if closing is not None:
        if closing.day is None:
            return _("open around the clock")
        at = clock_of(closing.minute)
        if closing.day == today or (closing.day - today == timedelta(days=1) and closing.minute <= 12 * 60):
            return _("open until %(at)s", at=at)
        return _("open until %(day)s %(at)s", day=weekday(closing.day), at=at)
    following = card.opens(now, zone)
    if following is None:
        return _("closed now") if card.hours else None
    day, minute = following
    if day == today:
        return _("opens at %(at)s", at=clock_of(minute))
    return _("opens %(day)s %(at)s", day=day_words(day, today), at=clock_of(minute))


def clock_of(minute: int) -> str:
    """A minute of the day as a clock says it; the end of a day is midnight."""
    if minute % DAY == 0:
        return _("midnight")
    return time_words(time(minute % DAY // 60, minute % 60))


def week_words(card: Card, today: date) -> list[tuple[str, str]]:
    """A usual week, day by day: the same hours on days that follow each other stand together."""
    week = week_of((line for _ahead, line in card.hours), today)
    if not any(week):
        return []
    told: list[tuple[int, int, str]] = []
    for number, spans in enumerate(week):
        hours = ", ".join(_span(*span) for span in spans) or _("closed")
        if told and told[-1][2] == hours:
            told[-1] = (told[-1][0], number, hours)
        else:
            told.append((number, number, hours))
    return [(_days(first, last), hours) for first, last, hours in told]


def _days(first: int, last: int) -> str:
    begin, end = (weekday(MONDAY + timedelta(days=number)) for number in (first, last))
    return begin if first == last else _("%(first)s to %(last)s", first=begin, last=end)


def _span(opens: int, closes: int) -> str:
    if (opens, closes) == (0, DAY):
        return _("all day")
    return _("%(begin)s to %(end)s", begin=clock_of(opens) if opens else _("midnight"), end=clock_of(closes))


def special_words(card: Card, today: date) -> list[str]:
    """Special days that are still to come, and what its source says of odd hours in its own words."""
    said = []
    for _ahead, line in card.hours:
        if line.instead and line.rule is None and line.last is not None and line.first and line.last >= today:
            days = day_and_month(line.first, year=True)
            if line.last != line.first:
                days = _("%(first)s to %(last)s", first=days, last=day_and_month(line.last, year=True))
            hours = _("closed") if line.closed else _span(line.opens, line.closes)
            said.append(_("%(days)s: %(hours)s", days=days, hours=hours))
    said += [row.description for row in card.timetable if row.description]
    return list(dict.fromkeys(said))


def miles_words(miles: float) -> str:
    if miles < 0.1:
        return _("very near")
    return _("%(miles)s miles away", miles=format_decimal(round(miles, 1) if miles < 10 else round(miles)))


def place_line(place: Place) -> str | None:
    address = place.address
    if address is None:
        return place.location.name
    parts = (address.address_1, address.city, address.state_province, address.postal_code)
    return ", ".join(part for part in parts if part)


def phone_facts(phone: Phone) -> dict[str, Any]:
    """A number to be tapped where it is clear how it is dialled; else as its source writes it."""
    said = phone_shown(phone.dialled) if phone.dialled else phone.number
    return {
        "said": _("%(number)s extension %(extension)s", number=said, extension=phone.extension)
        if phone.extension
        else said,
        "dialled": phone.dialled,
        "about": phone.description,
    }


def total_words(total: int) -> str:
    return ngettext("%(num)s found", "%(num)s found", total)


def _short(text: str | None) -> str | None:
    line = " ".join((text or "").split())
    if len(line) <= _LONGEST_CARD:
        return line or None
    return f"{line[:_LONGEST_CARD].rsplit(' ', 1)[0]} …"

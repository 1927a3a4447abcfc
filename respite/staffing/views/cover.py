"""Cover as it really was, as a page, a strip and a sheet of paper: about the house, with no name on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.redraw import drawn
from respite.core.times import clock_words, day_and_month, moment_words
from respite.houses.access import for_house
from respite.houses.models import House
from respite.houses.policy.house_time import day_begins, local
from respite.houses.rule_words import minutes_words
from respite.staffing.policy.languages import language_word
from respite.staffing.policy.tags import language_in
from respite.staffing.policy.worked import MINUTE
from respite.staffing.queries.cover import Breach, Cover, Stretch, cover_between
from respite.staffing.queries.credentials import tag_name
from respite.staffing.views import blueprint
from respite.staffing.views.gap_words import GapWords
from respite.staffing.views.hours_worked import period
from respite.staffing.views.shown import whole_day

#: What was done, as it reads here: whoever it was.
DONE = {
    "came": _l("somebody came"),
    "ask-on-way": _l("who had the shift was asked whether they are on their way"),
    "ask-peer": _l("who had the shift was asked, and who was on was asked to stay"),
    "ask-on-call": _l("who was on call was asked"),
    "ask-second": _l("the second on call was asked"),
    "ask-lead": _l("a coordinator was asked"),
    "comes": _l("somebody said that they come"),
    "passes": _l("somebody said that they can't"),
    "looks-after": _l("somebody took it in hand"),
    "stays": _l("somebody stayed on"),
    "cannot-stay": _l("somebody could not stay"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    begin: int
    length: int
    here: int
    short: bool


@dataclass(frozen=True, slots=True)
class DayStrip:
    name: str
    minutes: int
    said: str
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class Row:
    when: str
    long: str
    was: list[str]
    done: list[str]


@blueprint.get("/houses/<slug>/cover")
@for_house(May.KEEP_SHIFTS)
def cover(house: House) -> ResponseReturnValue:
    return drawn("staffing/cover.html", **_shown(house))


@blueprint.get("/houses/<slug>/cover/print")
@for_house(May.KEEP_SHIFTS)
def cover_print(house: House) -> ResponseReturnValue:
    """The same for a folder or a licence."""
    now = house_now()
    return drawn("staffing/cover_print.html", printed_at=moment_words(now, house.timezone, now), **_shown(house))


def _shown(house: House) -> dict[str, Any]:
    session, now = db.session(), house_now()
    first, until = period(house)
    found = cover_between(session, house, first, until, now)
    tags = {each.tag for stretch in found.stretches for each in stretch.tags}
    names = {tag: _tag(house, tag) for tag in tags}
    last = until - timedelta(days=1)
    asked: dict[str, Any] = {"from": first.isoformat(), "to": last.isoformat()}
    return {
        "house": house,
        "span": _("%(first)s to %(last)s", first=day_and_month(first), last=day_and_month(last)),
        "days": [_strip(house, first + timedelta(days=n), found) for n in range((until - first).days)],
        "rows": [_row(house, each, names, now) for each in found.breaches],
        "sentence": _sentence(found),
        "paper": url_for("staffing.cover_print", slug=house.slug, **asked),
        "page": url_for("staffing.cover", slug=house.slug, **asked),
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "asked_for": bool(request.args),
    }


def _sentence(found: Cover) -> str:
    if not found.minutes:
        return _("Nothing of these days is over yet.")
    if not any(each.asked for each in found.stretches):
        return _("No pattern asked for anybody in these days.")
    if not found.breaches:
        return _("At every minute there were as many as the house asked for.")
    return ngettext(
        "Once there were fewer than the house asked for: %(short)s of %(all)s.",
        "%(num)s times there were fewer than the house asked for: %(short)s of %(all)s.",
        len(found.breaches),
        short=minutes_words(found.short_minutes),
        all=minutes_words(found.minutes),
    )


def _strip(house: House, day: date, found: Cover) -> DayStrip:
    begin, end = day_begins(day, house.timezone), day_begins(day + timedelta(days=1), house.timezone)
    inside = [each for each in found.stretches if each.begin < end and each.end > begin]
    bars = [_bar(each, begin, end) for each in inside]
    short = sum(bar.length for bar in bars if bar.short)
    said = _("fewer than asked for: %(long)s", long=minutes_words(short)) if short else _("as asked for")
    return DayStrip(whole_day(day), (end - begin) // MINUTE, said if bars else _("not over yet"), bars)


def _bar(each: Stretch, begin: datetime, end: datetime) -> Bar:
    starts, ends = max(each.begin, begin), min(each.end, end)
    return Bar((starts - begin) // MINUTE, (ends - starts) // MINUTE, each.here, each.short)


def _row(house: House, breach: Breach, names: dict[str, str], now: datetime) -> Row:
    zone = house.timezone
    day = day_and_month(local(breach.begin, zone).date())
    hours = GapWords(zone, now, {}).hours(breach.begin, breach.end)
    return Row(
        when=_("%(day)s, %(hours)s", day=day, hours=hours),
        long=minutes_words(breach.minutes),
        was=list(dict.fromkeys(_was(each, names) for each in breach.stretches)),
        done=[
            _("%(time)s: %(what)s", time=clock_words(each.at, zone), what=DONE[each.step])
            for each in breach.done
            if each.step in DONE
        ],
    )


def _was(each: Stretch, names: dict[str, str]) -> str:
    said = [_("%(here)s of %(asked)s were there", here=each.here, asked=each.asked)]
    said += [
        _("%(tag)s: %(there)s of %(least)s", tag=names[tag.tag], there=tag.there, least=tag.least)
        for tag in each.tags
        if tag.there < tag.least
    ]
    return ", ".join(said)


def _tag(house: House, tag: str) -> str:
    language = language_in(tag)
    return language_word(language) if language else tag_name(db.session(), house.id, tag)

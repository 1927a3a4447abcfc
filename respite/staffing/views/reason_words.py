"""Reasons of the judge of rules as sentences: "Ana: 8 h of rest after Night, Thu 3 Dec; 10 h are needed"."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, time, timedelta

import sqlalchemy as sa
from babel.dates import format_date
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.models import Person
from respite.core.times import time_words
from respite.houses.models import House
from respite.staffing.models import Peer, ShiftPattern, TimeOff
from respite.staffing.policy.tags import language_in
from respite.staffing.queries.credentials import tag_name
from respite.staffing.roster.parts import Shift
from respite.staffing.roster.reasons import Reason, Rule


def reason_words(
    session: Session, house: House, day: date, reasons: Sequence[Reason], *, named: bool = True
) -> list[str]:
    """Each reason as a sentence, in order and each once; `day` is the one their days count from."""
    words = Wording(session, house, day)
    return list(dict.fromkeys(words.reason(each, named=named) for each in reasons))


class Wording:
    """The names behind a problem's ids, read once. `first` is the problem's day 0."""

    def __init__(self, session: Session, house: House, first: date) -> None:
        self.session = session
        self.house = house
        self.first = first
        self._names: dict[str, str] = {}
        self._patterns: dict[str, str] = {}

    def reason(self, reason: Reason, *, named: bool = True) -> str:
        said = self._said(reason)
        if not named or not reason.person:
            return said[:1].upper() + said[1:]
        return _("%(name)s: %(reason)s", name=self.name(reason.person), reason=said)

    def _said(self, reason: Reason) -> str:
        here = Shift(reason.day, reason.kind)
        match reason.rule:
            case Rule.NOT_OFFERED:
                return _("this shift does not take place")
            case Rule.FULL:
                return _("all places of %(shift)s are taken", shift=self.shift(here))
            case Rule.AWAY:
                return self.away(reason.tag)
            case Rule.NOT_HELD:
                return self.not_held(reason.tag)
            case Rule.ONE_A_DAY:
                return _("on that day already: %(shift)s", shift=self.kind(_standing(reason)))
            case Rule.REST:
                return self._rest(reason)
            case Rule.NEVER_AFTER:
                return _("not right after %(shift)s", shift=self.shift(reason.other or here))
            case Rule.LEFT_WITHOUT:
                return self._left_without(reason, here)
            case Rule.FROZEN:
                return _("this shift is over")
            case _:
                return self._figures(reason)

    def _rest(self, reason: Reason) -> str:
        later, earlier = Shift(reason.day, reason.kind), reason.other or Shift(reason.day, reason.kind)
        other, after = (later, False) if earlier.day == 0 and later.day > 0 else (earlier, True)
        if reason.have < 0:
            return _("on at the same time: %(shift)s", shift=self.shift(other))
        values = {
            "have": hours(reason.have),
            "limit": hours(reason.limit),
            "shift": self.shift(other),
        }
        if after:
            return _("%(have)s of rest after %(shift)s; %(limit)s are needed", **values)
        return _("%(have)s of rest before %(shift)s; %(limit)s are needed", **values)

    def _left_without(self, reason: Reason, shift: Shift) -> str:
        """Once hands change, too few on the shift would hold what it needs."""
        values = {"shift": self.shift(shift), "have": reason.have, "limit": reason.limit, "tag": self.tag(reason.tag)}
        match language_in(reason.tag) is not None, reason.have > 0:
            case True, True:
                return _("only %(have)s on %(shift)s would speak %(tag)s; %(limit)s are needed", **values)
            case True, False:
                return _("nobody on %(shift)s would speak %(tag)s", **values)
            case False, True:
                return _("only %(have)s on %(shift)s would hold %(tag)s; %(limit)s are needed", **values)
            case _:
                return _("nobody on %(shift)s would hold %(tag)s", **values)

    def _figures(self, reason: Reason) -> str:
        values = {"have": reason.have, "limit": reason.limit, "day": self.day(reason.day)}
        match reason.rule:
            case Rule.MOST_MINUTES:
                values |= {"have": hours(reason.have), "limit": hours(reason.limit)}
                return _("%(have)s in the week from %(day)s; %(limit)s are the most", **values)
            case Rule.LEAST_MINUTES:
                values |= {"have": hours(reason.have), "limit": hours(reason.limit)}
                return _("%(have)s in the week from %(day)s; %(limit)s are the least", **values)
            case Rule.MOST_IN_A_ROW:
                return _("%(have)s days in a row from %(day)s; %(limit)s are the most", **values)
            case Rule.NIGHTS_IN_A_ROW:
                return _("%(have)s nights in a row from %(day)s; %(limit)s are the most", **values)
            case Rule.LEAST_IN_A_ROW:
                return _("%(have)s days in a row from %(day)s; %(limit)s are the least", **values)
            case Rule.LEAST_OFF_IN_A_ROW:
                return _("%(have)s days off in a row from %(day)s; %(limit)s are the least", **values)
            case Rule.WEEKENDS:
                return _("%(have)s weekends; %(limit)s are the most", **values)
            case _:
                return _("%(have)s shifts of this kind; %(limit)s are the most", **values)

    def away(self, tag: str) -> str:
        """Why somebody cannot be there, with no more than when they are back."""
        sort, _mark, subject = tag.partition(":")
        match sort:
            case "off":
                off = self.session.get(TimeOff, uuid.UUID(subject))
                return _("away until %(day)s", day=_day(off.until)) if off is not None else _("away")
            case "nights":
                until = self._no_nights_until(subject)
                return _("no nights until %(day)s", day=_day(until)) if until is not None else _("no nights for now")
            case "week":
                return _("cannot at these hours")
            case "house":
                return _("on in another house around that time")
            case "call":
                return _("on call at that time")
            case "floor":
                return _("in the house at that time")
            case "no-call":
                return _("does not go on call")
            case _:
                return _("has no shifts for now")

    def _no_nights_until(self, person: str) -> date | None:
        return self.session.scalar(
            sa.select(Peer.no_nights_until).where(Peer.house_id == self.house.id, Peer.person_id == uuid.UUID(person))
        )

    def not_held(self, tag: str) -> str:
        if language_in(tag) is not None:
            return _("does not speak %(language)s", language=self.tag(tag))
        return _("does not hold %(credential)s on that day", credential=self.tag(tag))

    def tag(self, tag: str) -> str:
        """What people call what a shift asks for."""
        language = language_in(tag)
        if language is None:
            return tag_name(self.session, self.house.id, tag)
        reader = get_locale()
        return str(reader.languages.get(language, language)) if reader is not None else language

    def name(self, person: str) -> str:
        if person not in self._names:
            found = self.session.get(Person, uuid.UUID(person))
            self._names[person] = found.name if found is not None else _("somebody")
        return self._names[person]

    def shift(self, shift: Shift) -> str:
        """A shift with its day: "Night, Thu 3 Dec"."""
        return _("%(kind)s, %(day)s", kind=self.kind(shift.kind), day=self.day(shift.day))

    def kind(self, kind: str) -> str:
        """What people call a kind of shift: the name of its pattern, else its hours."""
        pattern, sort, begins, ends, *_rest = kind.split()
        if pattern not in self._patterns:
            found = self.session.get(ShiftPattern, uuid.UUID(pattern)) if pattern != "single" else None
            self._patterns[pattern] = found.name if found is not None else ""
        spoken = self._patterns[pattern] or "–".join(time_words(time.fromisoformat(at)) for at in (begins, ends))
        return _("%(shift)s (on call)", shift=spoken) if sort == "on-call" and pattern == "single" else spoken

    def day(self, day: int) -> str:
        return _day(self.first + timedelta(days=day))


def _standing(reason: Reason) -> str:
    """Of two kinds on one day the one that stands; the judge of a single place marks it with a plus."""
    kinds = [reason.other.kind if reason.other else reason.kind, reason.kind]
    return next((kind for kind in kinds if kind.endswith(" +")), kinds[0])


def rule_words(rules: Sequence[str]) -> str:
    """What rules are about, without whom and when: "rest between shifts, hours of a week"."""
    names = {
        Rule.NOT_OFFERED: _("shifts that take place"),
        Rule.FULL: _("places of a shift"),
        Rule.AWAY: _("when they can be there"),
        Rule.NOT_HELD: _("what a shift asks for"),
        Rule.ONE_A_DAY: _("one shift a day"),
        Rule.REST: _("rest between shifts"),
        Rule.NEVER_AFTER: _("shifts that do not follow each other"),
        Rule.MOST_OF_KIND: _("shifts of a kind"),
        Rule.MOST_MINUTES: _("hours of a week"),
        Rule.LEAST_MINUTES: _("hours of a week"),
        Rule.MOST_IN_A_ROW: _("days in a row"),
        Rule.LEAST_IN_A_ROW: _("days in a row"),
        Rule.LEAST_OFF_IN_A_ROW: _("days off in a row"),
        Rule.NIGHTS_IN_A_ROW: _("nights in a row"),
        Rule.WEEKENDS: _("weekends"),
        Rule.FROZEN: _("shifts that are over"),
        Rule.LEFT_WITHOUT: _("who is needed on a shift"),
    }
    return ", ".join(dict.fromkeys(names[Rule(rule)] for rule in rules))


def hours(minutes: int) -> str:
    """ "8 h", "7 h 30 min"."""
    whole, rest = divmod(minutes, 60)
    return _("%(hours)s h %(minutes)s min", hours=whole, minutes=rest) if rest else _("%(hours)s h", hours=whole)


def _day(day: date) -> str:
    return format_date(day, "EEE d MMM", locale=get_locale() or "en")

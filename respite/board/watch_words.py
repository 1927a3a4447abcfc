"""What the desk says of the living night: what is, who was asked, whom to call. No word that judges anybody."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from respite.core.phones import shown as phone_shown
from respite.core.times import clock_words
from respite.staffing.queries.night import Asked, Call, Night, NotHere, Page, ShortRest


class WatchWords:
    """The sentences of one house's night, in its time."""

    def __init__(self, zone: str) -> None:
        self._night_zone = zone

    def _at(self, at: datetime) -> str:
        return clock_words(at, self._night_zone)

    def phone(self, number: str | None) -> str | None:
        return phone_shown(number) if number else None

    def watch_said(self, night: Night) -> str:
        """What a screen reader is told first."""
        if night.not_here:
            return self.not_here(night.not_here[0])
        return _("A second person is wanted.") if night.calls else self.page(night.pages[0])

    def not_here(self, row: NotHere, first: bool = True) -> str:
        """The first card of a house in which nobody is says so; the others say whom they are about."""
        hours = _("%(begin)s to %(end)s", begin=self._at(row.starts_at), end=self._at(row.ends_at))
        if row.alone and first and not row.said("comes"):
            return _("Nobody has said that they are in the house (%(hours)s)", hours=hours)
        if row.holder is None:
            return _("Nobody has %(hours)s yet", hours=hours)
        return _("%(name)s is not here yet (%(hours)s)", name=row.holder, hours=hours)

    def not_here_next(self, row: NotHere) -> str:
        """What happens now: who comes, who is waited for, or who was asked."""
        comes, after = row.said("comes"), row.said("looks-after")
        if comes is not None:
            return _("%(name)s is coming in.", name=comes)
        if after is not None:
            return _("%(name)s looks after it.", name=after)
        if row.waits_until is not None and row.holder is not None:
            return _("%(name)s is on the way; we wait until %(at)s.", name=row.holder, at=self._at(row.waits_until))
        if row.holder is not None and row.alone:
            return _("%(name)s is down for it. If you are in the house, please say so: one tap.", name=row.holder)
        if not row.asked:
            return _("They were asked just now. Those on call are next.")
        return self._asking(len([each for each in row.asked if each.by_text]))

    def call_next(self, call: Call) -> str:
        if call.comes is not None and call.answered_at is not None:
            return _("%(name)s said yes at %(at)s.", name=call.comes, at=self._at(call.answered_at))
        return self._asking(len([each for each in call.asked if each.by_text]))

    def page(self, page: Page) -> str:
        if page.has_it is not None:
            return _("%(name)s has what you asked the clinical on-call", name=page.has_it)
        return _("The clinical on-call was asked at %(at)s; nobody has it yet", at=self._at(page.asked_at))

    def short_rest(self, row: ShortRest) -> str:
        """ "Ana stayed on until 11:40 pm. Her next shift ..." without a word on who was not there."""
        return _(
            "%(name)s stayed on. Until their next shift at %(at)s there are %(rest)s hours of rest, and the house wants"
            " %(wanted)s.",
            name=row.name,
            at=self._at(row.starts_at),
            rest=_hours(row.rest),
            wanted=_hours(row.wanted),
        )

    def _asking(self, texts: int) -> str:
        if not texts:
            return _("No text can reach anybody. Please call.")
        return ngettext("%(num)s person was asked by text.", "%(num)s people were asked by text.", texts)

    def asked(self, each: Asked) -> str:
        if each.answer == "comes":
            return _("said yes")
        if each.answer == "looks-after":
            return _("looks after it")
        if each.answer == "passes":
            return _("can’t just now")
        number = self.phone(each.number)
        if each.by_text:
            said = _("asked by text at %(at)s", at=self._at(each.at))
            return f"{said} · {number}" if number else said
        return _("please call: %(number)s", number=number) if number else _("please call")


def _hours(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    return f"{minutes // 60}:{minutes % 60:02}" if minutes % 60 else str(minutes // 60)

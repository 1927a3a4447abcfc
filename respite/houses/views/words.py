"""How pages of a house say days and times."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import gettext as _

from respite.core.times import clock_words, day_words
from respite.houses.models import Closure, House
from respite.houses.policy.house_time import ONE_DAY, local


def closure_words(closure: Closure, tonight_is: date) -> str:
    """Which nights a door is closed: "tonight and until Saturday"."""
    last = closure.until - ONE_DAY
    begun = closure.first_night <= tonight_is
    if begun:
        return _("closed; open again on %(day)s", day=day_words(closure.until, tonight_is))
    if closure.first_night == last:
        return _("will be closed for the night of %(day)s", day=day_words(last, tonight_is))
    return _(
        "will be closed from %(first)s until %(until)s",
        first=day_words(closure.first_night, tonight_is),
        until=day_words(closure.until, tonight_is),
    )


def moment_words(instant: datetime, house: House, now: datetime) -> str:
    """A day and a time on the house's clock: "Thursday 3 pm"."""
    day, today = local(instant, house.timezone).date(), local(now, house.timezone).date()
    return _("%(day)s, %(time)s", day=day_words(day, today), time=clock_words(instant, house.timezone))

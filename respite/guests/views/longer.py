"""More nights: what is possible, said before anybody asks, and the asking."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from respite.accounts.acting import Answer, act_form, acting
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form, Shown
from respite.core.times import day_and_month, day_words
from respite.guests.access import for_stay
from respite.guests.models import Stay
from respite.guests.policy.calculator import for_guest
from respite.guests.policy.extension import ExtensionAnswer, ExtensionAsk, ExtensionStop, may_extend
from respite.guests.policy.return_rule import NightsUsed
from respite.guests.queries import DoorNights, doors_of
from respite.guests.service.ground import Ground, nights_used
from respite.guests.service.moving import extend, extension_rule
from respite.guests.views.answering import came_from, desk, said, sent, version
from respite.guests.views.routes import blueprint
from respite.houses.models import House
from respite.houses.policy.house_time import nights_between
from respite.houses.queries import rules_now, tonight


@dataclass(frozen=True, slots=True)
class MoreNights:
    """What a stay could have after its leaving day, in its own door and behind any."""

    answer: ExtensionAnswer
    behind_any_door: int
    full_stay_again: date | None

    @property
    def times_used_up(self) -> bool:
        return ExtensionStop.TIMES_USED_UP in self.answer.stops

    @property
    def others_answer(self) -> bool:
        return ExtensionStop.NOT_THEIRS_TO_GRANT in self.answer.stops


def more_nights(
    stay: Stay, here: Ground, doors: list[DoorNights], nights: int, roles: frozenset[str] | None = None
) -> MoreNights:
    """Asks the rules and the beds for `nights` more; without roles, as somebody who may answer it."""
    leaving = max(stay.until, here.tonight)
    used = _used(stay, leaving, here.at)
    rule = extension_rule(here.rules)
    taken = {door.id: door.taken(stay.id) for door in doors}
    ask = ExtensionAsk(leaving, nights, stay.extensions, rule.granted_by if roles is None else roles)
    in_this = taken.get(stay.bed_id, frozenset()) if stay.bed_id else frozenset()
    answer = may_extend(ask, rule, here.nights_rule, used, in_this)
    longest = max((door.open_from(leaving, stay.id) for door in doors), default=0)
    afterwards = NightsUsed(used.nights | used.this_stay, used.left_on | {leaving})
    again = for_guest(leaving, afterwards, here.nights_rule, taken)
    return MoreNights(answer, min(answer.possible_in_another_bed, longest), again.full_stay_on)


def _used(stay: Stay, leaving: date, now: datetime) -> NightsUsed:
    if stay.guest_id is not None:
        return nights_used(db.session(), stay.guest_id, without=stay.id, leaving=leaving, now=now)
    return NightsUsed(this_stay=frozenset(nights_between(stay.first_night, leaving)))


def more_words(more: MoreNights, tonight_is: date) -> list[str]:
    """The nights after the leaving day, as a guest may be shown them: no door of others, no reason."""
    answer = more.answer
    leaves_then = answer.leaving_day + timedelta(days=more.behind_any_door)
    words = []
    if answer.possible_in_this_bed > 0:
        words.append(
            ngettext(
                "%(num)s more night is open, until %(day)s.",
                "%(num)s more nights are open, until %(day)s.",
                answer.possible_in_this_bed,
                day=day_words(answer.leaves_then, tonight_is),
            )
        )
    elif more.behind_any_door > 0:
        words.append(
            ngettext(
                "%(num)s more night is open behind another door, until %(day)s.",
                "%(num)s more nights are open behind another door, until %(day)s.",
                more.behind_any_door,
                day=day_words(leaves_then, tonight_is),
            )
        )
    else:
        words.append(_("No more nights are open right after that."))
    if more.full_stay_again is not None:
        words.append(_("A new full stay is open from %(full)s.", full=day_and_month(more.full_stay_again)))
    return words


@blueprint.route("/stays/<uuid:stay_id>/extension", methods=["GET", "POST"])
@for_stay(May.KEEP_BEDS)
def extend_form(stay: Stay, house: House) -> ResponseReturnValue:
    page = _Page(stay.id, house_now())
    return page.draw(Shown()) if request.method == "GET" else sent(page.draw, page.act)


@dataclass
class _Page:
    stay_id: uuid.UUID
    now: datetime

    def act(self) -> ResponseReturnValue:
        form = Form(request.form)
        nights = form.whole_number("nights", least=1, most=366)
        form.done()

        def act() -> Answer:
            stay = extend(acting(), self.stay_id, nights, version_seen=version(), now=self.now)
            house, rules = db.session.get_one(House, stay.house_id), rules_now(db.session(), stay.house_id)
            day = day_words(stay.until, tonight(house, rules, self.now))
            return said(
                came_from(desk(house)),
                _("Their stay now goes until %(day)s.", day=day),
            )

        return act_form(acting(), act)

    def draw(self, form: Shown, sentence: str | None = None) -> str:
        stay = db.session.get_one(Stay, self.stay_id)
        house, rules = db.session.get_one(House, stay.house_id), rules_now(db.session(), stay.house_id)
        here = Ground(house, rules, tonight(house, rules, self.now), self.now)
        doors = doors_of(db.session(), house.id, here.tonight, self.now)
        role = acting().role_in(house.id)
        more = more_nights(stay, here, doors, rules.extension_nights, frozenset({str(role)} if role else ()))
        possible = more.answer.possible_in_this_bed
        return render_template(
            "guests/extend.html",
            house=house,
            rules=rules,
            stay=stay,
            form=form,
            sentence=sentence,
            door=next((door.name for door in doors if door.id == stay.bed_id), None),
            leaves=day_words(more.answer.leaving_day, here.tonight),
            words=more_words(more, here.tonight),
            more=more,
            possible=possible,
            nights=form.value("nights") or max(1, possible),
            back=came_from(desk(house)),
        )

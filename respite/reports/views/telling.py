"""A house begins to tell its figures; a director releases a total to a funder."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.times import moment_words
from respite.houses.access import for_house
from respite.houses.models import House
from respite.houses.queries import names_of
from respite.reports.policy.periods import ONE_DAY, Period
from respite.reports.queries import releases_of, shared_by
from respite.reports.service import LONGEST_FUNDER, begin_sharing, release
from respite.reports.views.asked import TO_TELL
from respite.reports.views.routes import blueprint
from respite.reports.views.words import TOTALS, long_words, month_names, period_words


@blueprint.route("/houses/<slug>/figures/telling", methods=["GET", "POST"])
@for_house(May.SET_RULES)
def begin(house: House) -> ResponseReturnValue:
    if request.method == "GET":
        return _draw_begin(house)
    return or_redraw(lambda: _begin(house), lambda refusal: _draw_begin(house, refusal))


def _begin(house: House) -> ResponseReturnValue:
    form, house_id, slug = Form(request.form), house.id, house.slug
    year_begins = form.whole_number("year_begins", least=1, most=12)
    form.done()

    def act() -> Answer:
        begin_sharing(acting(), house_id, year_begins=year_begins, now=house_now())
        return done(url_for("reports.figures", slug=slug, view=TO_TELL), _("The house tells its figures from now on."))

    return act_form(acting(), act)


def _draw_begin(house: House, refusal: Refusal | None = None) -> str:
    return drawn(
        "reports/telling.html",
        house=house,
        form=shown({"year_begins": 1}, refusal),
        months=[(number, name) for number, name in enumerate(month_names(), 1)],
        shares=shared_by(db.session(), house.id) is not None,
    )


@blueprint.route("/houses/<slug>/figures/releases", methods=["GET", "POST"])
@for_house(May.RELEASE_FIGURES)
def releases(house: House) -> ResponseReturnValue:
    if request.method == "GET":
        return _draw_releases(house)
    return or_redraw(lambda: _release(house), lambda refusal: _draw_releases(house, refusal))


def _release(house: House) -> ResponseReturnValue:
    form, house_id, slug = Form(request.form), house.id, house.slug
    shared = shared_by(db.session(), house_id)
    periods = {_mark(each): each for each in shared.periods} if shared is not None else {}
    what = form.choice("what", list(TOTALS))
    chosen = form.choice("period", list(periods))
    funder = form.text("funder", most=LONGEST_FUNDER)
    form.done()

    def act() -> Answer:
        row = release(acting(), house_id, what=what, period=periods[chosen], funder=funder, now=house_now())
        return done(
            url_for("reports.releases", slug=slug),
            _("Released to %(funder)s: %(number)s.", funder=row.funder, number=row.number),
        )

    return act_form(acting(), act)


def _draw_releases(house: House, refusal: Refusal | None = None) -> str:
    session, now = db.session(), house_now()
    shared = shared_by(session, house.id)
    rows = releases_of(session, house.id)
    names = names_of(session, [row.made_by for row in rows])
    return drawn(
        "reports/releases.html",
        house=house,
        form=shown({"what": "", "period": "", "funder": ""}, refusal),
        totals=list(TOTALS.items()),
        periods=[(_mark(each), long_words(each)) for each in shared.periods] if shared is not None else [],
        released=[
            {
                "what": TOTALS[row.what],
                "period": period_words(Period(row.first, row.until)),
                "number": row.number,
                "funder": row.funder,
                "by": names.get(row.made_by),
                "at": moment_words(row.made_at, house.timezone, now),
            }
            for row in rows
        ],
    )


def _mark(period: Period) -> str:
    return f"{period.first}_{period.until - ONE_DAY}"

"""What a house says about its hard moments, under House."""

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
from respite.core.phones import phone
from respite.core.phones import shown as phone_shown
from respite.core.redraw import drawn, or_redraw, shown
from respite.houses.access import for_house
from respite.houses.models import House
from respite.moments.policy import LONGEST_TITLE, MOST_TITLES, MOST_YEARS, as_lines, titles_from
from respite.moments.queries import rules_of
from respite.moments.service.rules import Wanted, change_rules
from respite.moments.views.routes import blueprint

LONGEST_LIST = (LONGEST_TITLE + 1) * (MOST_TITLES + 1)


@blueprint.route("/houses/<slug>/settings/moments", methods=["GET", "POST"])
@for_house(May.SET_RULES)
def rules(house: House) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _change(house), lambda refusal: _draw(house, refusal))
    return _draw(house)


def _change(house: House) -> ResponseReturnValue:
    form, house_id, page = Form(request.form), house.id, url_for("moments.rules", slug=house.slug)
    wanted = Wanted(
        titles=titles_from(form.text("titles", most=LONGEST_LIST, needed=False, lines=True)),
        keep_years=form.whole_number("keep_years", least=1, most=MOST_YEARS),
        line_name=form.text("line_name", most=80, needed=False),
        line_phone=phone(form, "line_phone"),
    )
    seen = form.version()
    form.done()

    def act() -> Answer:
        change_rules(acting(), house_id, wanted, version_seen=seen, now=house_now())
        return done(page, _("It is kept so from now on."))

    return act_form(acting(), act)


def _draw(house: House, refusal: Refusal | None = None) -> str:
    row = rules_of(db.session(), house.id)
    stands = {
        "titles": as_lines(row.titles),
        "keep_years": str(row.keep_years),
        "line_name": row.line_name,
        "line_phone": phone_shown(row.line_phone) if row.line_phone else "",
    }
    return drawn(
        "moments/rules.html", house=house, version=row.version, most_years=MOST_YEARS, form=shown(stands, refusal)
    )

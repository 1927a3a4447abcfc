"""The list of words of a house, as those who set its rules keep it."""

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
from respite.core.languages import language_read
from respite.core.redraw import drawn, or_redraw, shown
from respite.houses.access import for_house
from respite.houses.models import House
from respite.wording.changing import LANGUAGES, Wanted, change_hint
from respite.wording.hints import SHIPPED, Listed, listed
from respite.wording.policy import LONGEST_SAY, LONGEST_WORDS
from respite.wording.views.routes import blueprint


@blueprint.route("/houses/<slug>/settings/wording", methods=["GET", "POST"])
@for_house(May.SET_RULES)
def words(house: House) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _change(house), lambda refusal: _draw(house, refusal))
    return _draw(house)


def _draw(house: House, refusal: Refusal | None = None) -> str:
    every = listed(db.session(), house.id)
    entry = request.form.get("entry") if refusal else request.args.get("change")
    opened = next((each for each in every if each.hint.entry == entry), None)
    return drawn(
        "wording/words.html",
        house=house,
        by_language=[(each, [one for one in every if one.hint.language == each]) for each in LANGUAGES],
        opened=opened,
        shipped=SHIPPED,
        form=shown(_stands(opened), refusal),
        longest={"words": LONGEST_WORDS, "say": LONGEST_SAY},
    )


def _stands(opened: Listed | None) -> dict[str, object]:
    if opened is None:
        return {"words": "", "say": "", "language": language_read(), "offered": True}
    hint = opened.hint
    return {"words": ", ".join(hint.words), "say": hint.say, "language": hint.language, "offered": hint.offered}


def _change(house: House) -> ResponseReturnValue:
    form, house_id, home = Form(request.form), house.id, url_for("wording.words", slug=house.slug)
    entry = form.text("entry", needed=False) or None
    wanted = Wanted(
        words=form.text("words", most=LONGEST_WORDS),
        say=form.text("say", most=LONGEST_SAY),
        language=form.choice("language", LANGUAGES, needed=entry is None) or LANGUAGES[0],
        offered=form.flag("offered") if entry else True,
        entry=entry,
    )
    seen = form.version()
    form.done()
    before = next((each for each in listed(db.session(), house_id) if each.hint.entry == entry), None)

    def act() -> Answer:
        row = change_hint(acting(), house_id, wanted, version_seen=seen, now=house_now())
        if before is None:
            return done(home, _("It is offered from now on."))
        back = _stands(before) | {"offered": "yes" if before.hint.offered else "no"}
        return done(home, _("The list says it now."), home, entry=row.entry, version=row.number, **back)

    return act_form(acting(), act)

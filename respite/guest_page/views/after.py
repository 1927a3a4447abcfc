"""What follows a stay, on its guest's own page: what is sent and when, in its very words, and a choice for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form
from respite.core.languages import language_read
from respite.core.limits import limiter
from respite.core.phones import shown as phone_shown
from respite.followup.policy.steps import Way
from respite.followup.service.choosing import FIELD
from respite.followup.shown import Item, items_of, stay_followed
from respite.followup.views.card import ways_in
from respite.guest_page.access import for_page
from respite.guest_page.service.later import choose_later
from respite.guest_page.service.opening import Page
from respite.guest_page.views.changing import changing, onto_page
from respite.guest_page.views.routes import blueprint
from respite.guest_page.views.yours import card_for
from respite.guests.models import Guest
from respite.houses.models import House
from respite.messaging.policy.consent_words import sentence, version_of
from respite.messaging.purposes import Purpose


@blueprint.route("/g/<token>/after", methods=["GET", "POST"])
@for_page()
@limiter.limit("60 per minute", methods=["POST"])
def after(page: Page) -> ResponseReturnValue:
    def stands() -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        items, card = own_items(page), card_for(page)
        given = card.said_yes(Purpose.FOLLOW_UP)
        newest = given and card.consents[Purpose.FOLLOW_UP].wording == version_of(Purpose.FOLLOW_UP)
        return {FIELD + item.window: item.way for item in items}, {
            "items": items,
            "asks_yes": None if newest else sentence(Purpose.FOLLOW_UP, language_read(), card.brand),
            "number": phone_shown(card.number) if card.number else None,
            "ways": [(str(Way.TEXT), _("A text")), (str(Way.CALL), _("A call")), (str(Way.NONE), _("Not at all"))],
        }

    def do(form: Form) -> str:
        ways, says_yes = ways_in(form), form.flag("yes")
        form.done()
        choose_later(page, ways, says_yes, now=house_now())
        return _("It follows as you chose. You can change it any time.")

    return changing(page, "guest_page/after.html", stands, do, onto_page(page, "after"))


def own_items(page: Page) -> list[Item]:
    """The steps that this page's guest may choose; none where no stay of theirs is followed by anything."""
    session, now = db.session(), house_now()
    stay = stay_followed(session, page.guest_id, now)
    if stay is None:
        return []
    guest, house = session.get_one(Guest, page.guest_id), session.get_one(House, page.house_id)
    return items_of(session, house, guest, stay, now)

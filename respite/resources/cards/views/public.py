"""The card as whoever has its link sees it: places of the directory, and nothing about anybody.

No sign-in, no cookie, and nothing is counted: who opens it is known to nobody.
"""

from __future__ import annotations

from flask import g, request
from flask.typing import ResponseReturnValue

from respite.core.clock import house_now
from respite.core.db import db
from respite.core.languages import language_read
from respite.core.limits import limiter
from respite.core.redraw import drawn
from respite.core.views import LANGUAGES
from respite.houses.models import House
from respite.resources.cards.service import PATH, opened
from respite.resources.cards.views.making import services_told
from respite.resources.cards.views.routes import blueprint

PER_ADDRESS = "60 per minute"


@blueprint.get(f"{PATH}/<token>")
@limiter.limit(PER_ADDRESS)
def show(token: str) -> ResponseReturnValue:
    session, now = db.session(), house_now()
    card = opened(session, token, now)
    return drawn(
        "cards/public.html",
        token=token,
        lang=language_read(),
        services=services_told(session, card, session.get_one(House, card.house_id), now),
    )


def read_in_language_of_address() -> None:
    """The other language is another address, since a choice that is kept would need a cookie."""
    if request.path.startswith(f"{PATH}/") and request.args.get("in") in LANGUAGES:
        g.language = request.args["in"]

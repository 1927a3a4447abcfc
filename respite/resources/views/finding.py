"""Looking for something in the directory: one line to type in, and filters that need no script."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form
from respite.core.redraw import drawn
from respite.houses.models import House
from respite.resources.finding.cards import cards_of
from respite.resources.finding.languages import OFTEN, language_name
from respite.resources.finding.needs import NEEDS
from respite.resources.finding.places import place_named
from respite.resources.finding.search import ON_A_PAGE, Wanted, When, search
from respite.resources.guards import may_keep, reads_directory
from respite.resources.views.routes import blueprint
from respite.resources.views.words import card_facts, total_words

LONGEST_WORDS, LONGEST_PLACE = 200, 120
MOST_PAGES = 2_500
WITHIN = ("2", "5", "10", "25", "50")
WHEN = {When.NOW: _l("Open now"), When.TONIGHT: _l("Open tonight")}


@blueprint.get("/resources")
@reads_directory
def find(house: House) -> ResponseReturnValue:
    session, now = db.session(), house_now()
    asked = Form(request.args)
    words = asked.text("q", most=LONGEST_WORDS, needed=False)
    place = asked.text("near", most=LONGEST_PLACE, needed=False)
    need = asked.choice("need", NEEDS, needed=False)
    when = asked.choice("when", When, needed=False)
    language = asked.choice("language", OFTEN, needed=False)
    within = asked.choice("within", WITHIN, needed=False)
    free, peer_run = asked.flag("free"), asked.flag("peer_run")
    page = asked.whole_number("page", least=1, most=MOST_PAGES, needed=False) or 1
    near = place_named(session, place) if place else None
    if place and near is None:
        asked.say("near", _("The directory has nothing there. Please try a ZIP code or a town near by."))
    wanted = Wanted(
        words=words,
        need=need if need in NEEDS else None,
        when=When(when) if when in set(When) else None,
        language=language if language in OFTEN else None,
        free=free,
        peer_run=peer_run,
        near=near,
        within=float(within) if within in WITHIN and near is not None else None,
    )
    answer = search(session, wanted, now=now, zone=house.timezone, offset=(page - 1) * ON_A_PAGE)
    how = {each.service_id: each for each in answer.found}
    cards = [
        card_facts(card, how[card.service.id], house, now) for card in cards_of(session, list(how), now, house.timezone)
    ]
    if not wanted.words:
        for card in cards:
            card["why"] = None
    return drawn(
        "resources/find.html",
        house=house,
        asked=request.args,
        wrong=asked.wrong,
        near=near,
        cards=cards,
        total=answer.total,
        said=total_words(answer.total),
        some_words=answer.some_words,
        looked=_looked(wanted),
        narrowed=sum(map(bool, (need, when, language, free, peer_run, place))),
        needs=list(NEEDS.items()),
        whens=list(WHEN.items()),
        languages=[(code, language_name(code)) for code in OFTEN],
        within=[(miles, _("within %(miles)s miles", miles=miles)) for miles in WITHIN],
        longest={"words": LONGEST_WORDS, "place": LONGEST_PLACE},
        pages=_pages(page, answer.total),
        keeps=may_keep(),
    )


def _looked(wanted: Wanted) -> bool:
    return wanted != Wanted()


def _pages(page: int, total: int) -> dict[str, Any]:
    last = max(1, min(MOST_PAGES, -(-total // ON_A_PAGE)))
    return {
        "number": page,
        "last": last,
        "before": _page(page - 1) if page > 1 else None,
        "after": _page(page + 1) if page < last else None,
    }


def _page(number: int) -> str:
    asked: dict[str, Any] = {name: value for name, value in request.args.items() if name != "page" and value}
    return url_for("resources.find", **asked, page=number)

"""Where one can go from any page of a house: the pages that exist and the reader may open, in one order.

What fits on one line beside the door card: contacts are a button on the desk, screens and figures stand under House.
"""

from __future__ import annotations

from typing import Any

from flask import current_app, g, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.routing import Rule

from respite.accounts.acting import current_actor
from respite.accounts.actor import Actor, ActorKind
from respite.accounts.roles import May
from respite.board.rows import HouseRow
from respite.core.web import guard_of
from respite.houses.models import House
from respite.resources.guards import READS_DIRECTORY

PAGES = (
    ("board", _l("Today")),
    ("beds", _l("Beds")),
    ("waiting", _l("Waiting")),
    ("promises", _l("Promises")),
    ("shifts", _l("Shifts")),
    ("handoff", _l("Handoff")),
    ("texts", _l("Texts")),
    ("/resources", _l("Resources")),  # the directory, which all houses share
    ("people", _l("People")),
    ("settings", _l("House")),
    ("figures", _l("Figures")),
)
#: Where the figures stand for whoever may open it; the others have them in the list.
HAS_FIGURES = "settings"

Item = tuple[str, Any, bool]


def nav_items() -> dict[str, list[Item]]:
    """The context of base.html: (address, label, whether one is there)."""
    house: House | HouseRow | None = g.get("house")
    actor = current_actor()
    if house is None or actor is None or actor.kind != ActorKind.PERSON:
        return {"nav_items": []}
    rules = {rule.rule: rule for rule in current_app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    items: list[Item] = []
    opened: set[str] = set()
    for page, label in PAGES:
        if page == "figures" and HAS_FIGURES in opened:
            continue
        shared = page.startswith("/")
        rule = rules.get(page if shared else f"/houses/<slug>/{page}")
        if rule is not None and _may_open(actor, house, rule):
            opened.add(page)
            url = url_for(rule.endpoint) if shared else url_for(rule.endpoint, slug=house.slug)
            items.append((url, label, request.path == url or request.path.startswith(f"{url}/")))
    return {"nav_items": items}


def _may_open(actor: Actor, house: House | HouseRow, rule: Rule) -> bool:
    """Asked of the page's own guard, so that the list never offers what would not open."""
    stated = guard_of(current_app.view_functions[rule.endpoint])
    if stated is None:
        return False
    if stated[0] == READS_DIRECTORY:
        return actor.may(May.ENTER, house.id)
    if not stated[0].startswith("house:"):
        return False
    return actor.may(May(stated[0].removeprefix("house:")), house.id)

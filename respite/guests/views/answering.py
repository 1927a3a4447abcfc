"""How the pages of guests answer: a form drawn again with what was typed, one tap, and the way back by Undo.

What is said after an act names doors, never a guest: the sentence is kept with the answer for a day and travels
in the browser's cookie.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.actor import Actor
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Busy, IdempotencyKeyReused, NotFound, Refusal
from respite.core.forms import Form, Shown
from respite.core.logs import log
from respite.core.web import own_page
from respite.guests.models import Stay
from respite.guests.service.undo import last_undoable
from respite.houses.models import House
from respite.houses.policy.house_time import ONE_DAY, instant_of, local, was_at

Draw = Callable[[Shown, str | None], str]


def said(location: str, sentence: str) -> Answer:
    """The answer of an act just done, with its Undo where there is one."""
    undoable = last_undoable(db.session())
    undo = url_for("guests.undo", undoable_id=undoable) if undoable else None
    return done(location, sentence, undo, back=location)


def desk(house: House) -> str:
    """The house's desk, at the address that others can rely on; it belongs to a higher feature."""
    return f"/houses/{house.slug}/board"


def stay_page(stay_id: uuid.UUID) -> str:
    return url_for("guests.stay_page", stay_id=stay_id)


def came_from(default: str) -> str:
    """Where to go on after the form: its hidden `back`, or on the way in the address's `back`, if it is ours."""
    if request.method == "POST":
        return own_page(default)
    wanted = request.args.get("back", "")
    own = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if own else default


def sent(draw: Draw, act: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    """Do what a form asks; a refusal draws the form again, with what was typed and the sentence."""
    try:
        return act()
    except (NotFound, IdempotencyKeyReused):
        raise
    except Refusal as refusal:
        log.info("web.refused", rule=refusal.rule(), status=refusal.status)
        db.session.rollback()
        shown = Shown(typed=request.form, wrong=getattr(refusal, "fields", None))
        response = make_response(draw(shown, str(refusal.sentence)), refusal.status)
        if refusal.status == Busy.status:
            response.headers["Retry-After"] = "2"
        return response


def tapped(act: Callable[[], Answer], back: str) -> ResponseReturnValue:
    """One tap without a form: a refusal is a page with its sentence and the way back to where the button was."""
    try:
        return act_form(acting(), act)
    except (NotFound, IdempotencyKeyReused, Busy):
        raise
    except Refusal as refusal:
        log.info("web.refused", rule=refusal.rule(), status=refusal.status)
        db.session.rollback()
        fields = getattr(refusal, "fields", None) or {}
        page = render_template(
            "error.html", sentence=str(refusal.sentence), fields=fields, back_url=own_page(back), status=refusal.status
        )
        return page, refusal.status


def stay_tap(stay: Stay, house: House, do: Callable[[Actor, uuid.UUID, datetime], str]) -> ResponseReturnValue:
    """One tap on a stay: `do` calls one use case and says what was done."""
    stay_id, back = stay.id, desk(house)

    def act() -> Answer:
        sentence = do(acting(), stay_id, house_now())
        return said(came_from(back), sentence)

    return tapped(act, back)


def version() -> int | None:
    """The version the form was drawn from. Raises Invalid for what is no number."""
    form = Form(request.form)
    found = form.version()
    form.done()
    return found


def happened_at(form: Form, name: str, house: House, now: datetime) -> datetime | None:
    """When something that is entered late happened, by the house's clock.

    In the hour that comes twice in autumn, the later time that is not still to come.
    """
    wall = form.wall_time(name, needed=False)
    if wall is None or name in form.wrong:
        return None
    return was_at(wall.date(), wall.time(), house.timezone, now)


def next_at(form: Form, name: str, house: House, now: datetime) -> datetime | None:
    """The next time the house's clock shows the time typed: "back about 5" said at six means tomorrow."""
    at = form.clock_time(name, needed=False)
    if at is None or name in form.wrong:
        return None
    today = local(now, house.timezone).date()
    return next(
        instant
        for day in (today, today + ONE_DAY, today + 2 * ONE_DAY)
        for fold in (0, 1)
        if (instant := instant_of(datetime.combine(day, at), house.timezone, fold=fold)) >= now
    )


def wall_now(house: House, now: datetime) -> str:
    """The house's clock as a browser's field for day and time wants it."""
    return local(now, house.timezone).strftime("%Y-%m-%dT%H:%M")


def iso(day: date) -> str:
    return day.isoformat()

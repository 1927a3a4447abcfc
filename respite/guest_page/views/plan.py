"""A guest's plan on their page, on paper and as a file; and one shared part as those read it who work here."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.accounts.acting import acting
from respite.accounts.roles import May
from respite.audit.service import note_look_hourly
from respite.core.clock import house_now
from respite.core.db import db, end_read
from respite.core.errors import NotFound
from respite.core.forms import Form
from respite.core.limits import limiter
from respite.core.redraw import drawn
from respite.core.times import moment_words
from respite.guest_page.access import for_page
from respite.guest_page.models import PlanKind, PlanPart, PlanWord
from respite.guest_page.service import plan
from respite.guest_page.service.opening import Page
from respite.guest_page.views.changing import changing, tapped
from respite.guest_page.views.routes import blueprint, given
from respite.guest_page.views.yours import CHANGES
from respite.guests.models import Guest
from respite.guests.views.answering import came_from, desk
from respite.houses.access import for_row
from respite.houses.models import House

KINDS: Mapping[PlanKind, Any] = {
    PlanKind.HOPE: _l("What I hope for"),
    PlanKind.HELPS: _l("What helps me"),
    PlanKind.STEP: _l("My steps"),
}
#: The same, said of somebody else.
THEIRS: Mapping[PlanKind, Any] = {
    PlanKind.HOPE: _l("What they hope for"),
    PlanKind.HELPS: _l("What helps them"),
    PlanKind.STEP: _l("A step of theirs"),
}


@blueprint.route("/g/<token>/plan", methods=["GET", "POST"])
@for_page()
@limiter.limit(CHANGES, methods=["POST"])
def my_plan(page: Page) -> ResponseReturnValue:
    def stands() -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        return {"kind": request.form.get("kind", "")}, {"kinds": _told(page), "most": plan.LONGEST_PART}

    def do(form: Form) -> str:
        kind = form.choice("kind", list(PlanKind))
        words, shared = form.text("words", most=plan.LONGEST_PART, lines=True), form.flag("shared")
        form.done()
        plan.add_part(page.actor, PlanKind(kind), words, shared=shared, now=house_now())
        return _("It is in your plan.")

    return changing(page, "guest_page/plan.html", stands, do, _here(page))


@blueprint.route("/g/<token>/plan/<uuid:part_id>", methods=["GET", "POST"])
@for_page()
@limiter.limit(CHANGES, methods=["POST"])
def my_part(page: Page, part_id: uuid.UUID) -> ResponseReturnValue:
    def stands() -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        row = _mine(page, part_id)
        label = KINDS[PlanKind(row.kind)]
        return {"words": row.words}, {"version": row.version, "label": label, "most": plan.LONGEST_PART}

    def do(form: Form) -> str:
        words, seen = form.text("words", most=plan.LONGEST_PART, lines=True), form.version()
        form.done()
        plan.change_part(page.actor, part_id, words, version_seen=seen, now=house_now())
        return _("Changed.")

    return changing(page, "guest_page/plan_part.html", stands, do, _here(page))


@blueprint.post("/g/<token>/plan/<uuid:part_id>/shared")
@for_page()
@limiter.limit(CHANGES)
def share(page: Page, part_id: uuid.UUID) -> ResponseReturnValue:
    def do(shared: bool) -> str:
        plan.share_part(page.actor, part_id, shared, now=house_now())
        return _("Shared with the house.") if shared else _("It is yours alone.")

    return _switch(page, do)


@blueprint.post("/g/<token>/plan/<uuid:part_id>/done")
@for_page()
@limiter.limit(CHANGES)
def tick(page: Page, part_id: uuid.UUID) -> ResponseReturnValue:
    def do(done: bool) -> str:
        plan.tick_step(page.actor, part_id, done, now=house_now())
        return _("It is done.") if done else _("Open again.")

    return _switch(page, do)


@blueprint.post("/g/<token>/plan/<uuid:part_id>/gone")
@for_page()
@limiter.limit(CHANGES)
def part_gone(page: Page, part_id: uuid.UUID) -> ResponseReturnValue:
    def act() -> str:
        plan.take_part_away(page.actor, part_id, now=house_now())
        return _("It is gone.")

    return tapped(page, act, _here(page))


@blueprint.get("/g/<token>/plan/sheet")
@for_page()
def plan_sheet(page: Page) -> ResponseReturnValue:
    return drawn("guest_page/plan_sheet.html", token=page.token, kinds=_told(page))


@blueprint.get("/g/<token>/plan.txt")
@for_page()
def plan_file(page: Page) -> ResponseReturnValue:
    """The plan in plain letters, to keep. Its name says nothing."""
    lines: list[str] = []
    for kind in _told(page):
        if kind["parts"]:
            lines += [str(kind["label"]), *(_line(part) for part in kind["parts"]), ""]
    end_read()
    response = Response("\n".join(lines), mimetype="text/plain")
    response.headers["Content-Disposition"] = 'attachment; filename="my-page.txt"'
    return response


@given.get("/plan-parts/<uuid:part_id>")
@for_row(PlanPart, "part", May.KEEP_BEDS)
def their_part(part: PlanPart) -> ResponseReturnValue:
    """One part that a guest shares. One that they keep to themselves is not there."""
    found, now = plan.shared_part(db.session(), part.id), house_now()
    house, guest = db.session.get_one(House, part.house_id), db.session.get_one(Guest, part.guest_id)
    note_look_hourly(house.id, acting(), guest.id, "plan", now)
    return render_template(
        "guest_page/their_part.html",
        house=house,
        name=guest.name,
        part=part_told(found.row, found.earlier, house, now),
        label=THEIRS[PlanKind(found.row.kind)],
        back=came_from(desk(house)),
    )


def part_told(row: PlanPart, earlier: Iterable[PlanWord], house: House, now: datetime) -> dict[str, Any]:
    """A part as both screens draw it."""
    return {
        "id": row.id,
        "words": row.words,
        "step": row.kind == PlanKind.STEP,
        "done": row.done_at is not None,
        "shared": row.shared_at is not None,
        "earlier": [(was.words, moment_words(was.until, house.timezone, now)) for was in earlier],
    }


def _told(page: Page) -> list[dict[str, Any]]:
    house, now = db.session.get_one(House, page.house_id), house_now()
    parts = plan.plan_of(db.session(), page.guest_id)
    return [
        {
            "kind": str(kind),
            "label": label,
            "parts": [part_told(each.row, each.earlier, house, now) for each in parts if each.row.kind == kind],
        }
        for kind, label in KINDS.items()
    ]


def _line(part: Mapping[str, Any]) -> str:
    mark = ("[x]" if part["done"] else "[ ]") if part["step"] else "-"
    return f"{mark} {part['words']}"


def _mine(page: Page, part_id: uuid.UUID) -> PlanPart:
    row = db.session.get(PlanPart, part_id)
    if row is None or row.guest_id != page.guest_id:
        raise NotFound
    return row


def _here(page: Page) -> str:
    return url_for("guest_page.my_plan", token=page.token)


def _switch(page: Page, do: Callable[[bool], str]) -> ResponseReturnValue:
    """One tap that turns something on or off: the button says which."""

    def act() -> str:
        form = Form(request.form)
        on = form.flag("on")
        form.done()
        return do(on)

    return tapped(page, act, _here(page))

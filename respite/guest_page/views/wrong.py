"""Something went wrong: told from a guest's own page, and followed there or with a code."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.actor import person_in
from respite.concerns.models import Concern
from respite.concerns.reading import office_of, own_concerns, people_to_choose
from respite.concerns.service import LONGEST_WORDS, Told, by_code, take_back_by_code
from respite.core.clock import house_now
from respite.core.db import db, end_read
from respite.core.errors import Refusal
from respite.core.forms import Form, new_key
from respite.core.limits import limiter
from respite.core.phones import shown as phone_shown
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.times import day_and_month
from respite.guest_page.access import for_page
from respite.guest_page.service import telling
from respite.guest_page.service.opening import Page
from respite.guest_page.views.routes import blueprint

TOLD_AT_MOST, CODES_AT_MOST = "20 per hour", "10 per minute"


@blueprint.get("/g/<token>/wrong")
@for_page()
def wrong(page: Page) -> ResponseReturnValue:
    return _draw(page)


@blueprint.post("/g/<token>/wrong")
@limiter.limit(TOLD_AT_MOST)
@for_page()
def tell_wrong(page: Page) -> ResponseReturnValue:
    return or_redraw(lambda: _tell(page), lambda refusal: _draw(page, refusal))


def _tell(page: Page) -> ResponseReturnValue:
    """Without what keeps a form's answer for a day, which would join it to the guest."""
    form = Form(request.form)
    _can_be_told, everybody = people_to_choose(db.session(), page.house_id)
    told = Told(
        words=form.text("words", most=LONGEST_WORDS, lines=True),
        to_person_id=form.uuid("to"),
        about=[uuid.UUID(each) for each in form.choices("about", [str(person.id) for person in everybody])],
        form_key=request.form.get("key") or new_key(),
    )
    named = form.choice("named", ("yes", "no")) == "yes"
    form.done()
    code = telling.tell(page.actor, told, named=named, now=house_now())
    if named and person_in(page.given_by) in told.about:
        flash(_("We have it. To read the answer, ask somebody else in the house for a new link."))
        return redirect(url_for("guest_page.wrong", token=page.token), 303)
    if named:
        flash(_("We have it. The answer comes here."))
        return redirect(url_for("guest_page.wrong", token=page.token), 303)
    end_read()
    return render_template("guest_page/wrong_code.html", token=page.token, code=_spaced(code))


@blueprint.post("/g/<token>/wrong/<uuid:concern_id>/back")
@limiter.limit(TOLD_AT_MOST)
@for_page()
def take_wrong_back(page: Page, concern_id: uuid.UUID) -> ResponseReturnValue:
    telling.take_back(page, concern_id, now=house_now())
    flash(_("Taken back. It is gone."))
    return redirect(url_for("guest_page.wrong", token=page.token), 303)


#: Stands in the place of a link: the way out and the other language are at the same addresses below it.
CODE = "answer"


@blueprint.get("/g/answer")
def answer_form() -> ResponseReturnValue:
    """For who told it without a name: no page and no sign-in, the code alone."""
    return render_template("guest_page/answer.html", token=CODE, found=None, typed="", asked=False)


@blueprint.post("/g/answer")
@limiter.limit(CODES_AT_MOST)
def answer_shown() -> ResponseReturnValue:
    code = request.form.get("code", "")[:40]
    row = by_code(db.session(), code)
    found = _line(row) if row is not None else None
    end_read()
    return render_template("guest_page/answer.html", token=CODE, found=found, typed=code, asked=True)


@blueprint.post("/g/answer/back")
@limiter.limit(CODES_AT_MOST)
def answer_back() -> ResponseReturnValue:
    take_back_by_code(request.form.get("code", "")[:40])
    flash(_("Taken back. It is gone."))
    return redirect(url_for("guest_page.answer_form"), 303)


def _draw(page: Page, refusal: Refusal | None = None) -> str:
    session = db.session()
    can_be_told, everybody = people_to_choose(session, page.house_id)
    office = office_of(session, page.house_id)
    return drawn(
        "guest_page/wrong.html",
        token=page.token,
        told=[_line(row) for row in own_concerns(session, page.guest_id, person_in(page.given_by))],
        office=office if office is not None and office.name else None,
        office_phone=phone_shown(office.phone) if office is not None and office.phone else None,
        can_be_told=[(str(person.id), person.name) for person in can_be_told],
        everybody=[(str(person.id), person.name) for person in everybody],
        form=shown({"named": "yes"}, refusal),
        longest=LONGEST_WORDS,
    )


def _line(row: Concern) -> dict[str, Any]:
    return {
        "id": row.id,
        "words": row.words,
        "said": day_and_month(row.said_on),
        "by": day_and_month(row.answer_by),
        "answer": row.answer,
        "answered": day_and_month(row.answered_on) if row.answered_on else None,
        "passed_on": row.passed_on_at is not None and row.answered_on is None,
    }


def _spaced(code: str) -> str:
    return "-".join(code[begin : begin + 4] for begin in range(0, len(code), 4))

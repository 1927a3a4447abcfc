"""One credential of somebody: put right, renewed, ended; each with its Undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.models import Person
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound, Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.houses.access import for_row
from respite.houses.models import House
from respite.staffing.models import Credential
from respite.staffing.queries.credentials import versions_of
from respite.staffing.service import credentials as service
from respite.staffing.views import blueprint
from respite.staffing.views.credentials import as_typed, page_of, read_credential

#: A person's own, or anybody's for who keeps credentials: the view asks, and the use case again behind its lock.
_one = for_row(Credential, "credential", May.KEEP_OWN)


@blueprint.route("/credentials/<uuid:credential_id>", methods=["GET", "POST"])
@_one
def change_credential(credential: Credential) -> ResponseReturnValue:
    _theirs(credential)
    if request.method == "POST":
        return or_redraw(lambda: _change(credential), lambda refusal: _draw(credential, refusal))
    return _draw(credential)


@blueprint.post("/credentials/<uuid:credential_id>/renew")
@_one
def renew_credential(credential: Credential) -> ResponseReturnValue:
    _theirs(credential)
    return or_redraw(lambda: _renew(credential), lambda refusal: _draw(credential, refusal, renewing=True))


@blueprint.post("/credentials/<uuid:credential_id>/end")
@_one
def end_credential(credential: Credential) -> ResponseReturnValue:
    said = _("It counts no more, from today on.") if credential.issued_on else _("It is put aside.")
    return _say(credential, service.end_credential, said, "staffing.not_ended")


@blueprint.post("/credentials/<uuid:credential_id>/not-ended")
@_one
def not_ended(credential: Credential) -> ResponseReturnValue:
    return _say(credential, service.not_ended_after_all, _("It counts again."), "staffing.end_credential")


@blueprint.post("/credentials/<uuid:credential_id>/remove")
@_one
def remove_credential(credential: Credential) -> ResponseReturnValue:
    return or_redraw(
        lambda: _say(credential, service.remove_credential, _("It is taken out again."), None),
        lambda refusal: _draw(credential, refusal),
    )


def _say(credential: Credential, say: Callable[..., Credential], words: str, undo: str | None) -> ResponseReturnValue:
    _theirs(credential)
    credential_id, page = credential.id, page_of(credential)

    def act() -> Answer:
        say(acting(), credential_id, now=house_now())
        return done(page, words, url_for(undo, credential_id=credential_id) if undo else None)

    return act_form(acting(), act)


def _theirs(credential: Credential) -> None:
    actor = acting()
    if credential.person_id != actor.id and not actor.may(May.KEEP_CREDENTIALS, credential.house_id):
        raise NotFound


def _draw(credential: Credential, refusal: Refusal | None = None, *, renewing: bool = False) -> str:
    credential = db.session.get_one(Credential, credential.id)
    house = db.session.get_one(House, credential.house_id)
    versions = versions_of(db.session(), house.id).get(credential.slug)
    stands: dict[str, Any] = {
        "number": credential.number or "",
        "exam_on": as_typed(credential.exam_on),
        "issued_on": as_typed(credential.issued_on),
        "expires_on": as_typed(credential.expires_on),
    }
    afresh: dict[str, Any] = {"number": "", "issued_on": "", "expires_on": ""}
    return drawn(
        "staffing/credentials/one.html",
        house=house,
        credential=credential,
        name=versions.name if versions else credential.slug,
        exam=versions.newest.body.get("exam", "") if versions else "",
        person=db.session.get_one(Person, credential.person_id).name if credential.person_id != acting().id else None,
        back=page_of(credential),
        form=shown(stands, None if renewing else refusal),
        renewal=shown(afresh, refusal if renewing else None),
    )


def _change(credential: Credential) -> ResponseReturnValue:
    form, credential_id, page = Form(request.form), credential.id, page_of(credential)
    wanted, seen = read_credential(form), form.version()
    form.done()

    def act() -> Answer:
        service.change_credential(acting(), credential_id, **wanted, version_seen=seen, now=house_now())
        return done(page, _("It is written down."))

    return act_form(acting(), act)


def _renew(credential: Credential) -> ResponseReturnValue:
    form, credential_id, page = Form(request.form), credential.id, page_of(credential)
    wanted: dict[str, Any] = {
        "number": form.text("number", most=60, needed=False),
        "issued_on": form.day("issued_on"),
        "expires_on": form.day("expires_on", needed=False),
    }
    form.done()

    def act() -> Answer:
        renewed = service.renew(acting(), credential_id, **wanted, now=house_now())
        return done(page, _("It is renewed."), url_for("staffing.remove_credential", credential_id=renewed.id))

    return act_form(acting(), act)

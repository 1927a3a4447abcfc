"""The screens of a house: pairing one by its letters, its name and face, taking it off; shared tablets."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts import cookies, tablets
from respite.accounts.access import signed_in, this_sign_in
from respite.accounts.acting import act_form, acting, done
from respite.accounts.cookies import Cookie
from respite.accounts.errors import TooManyTries
from respite.accounts.models import Display, Tablet
from respite.accounts.roles import May
from respite.accounts.service import pairing, sharing
from respite.core.clock import house_now
from respite.core.db import end_read
from respite.core.errors import Invalid, NotFound, Refusal
from respite.core.forms import Form, Shown
from respite.houses.access import for_house, for_row
from respite.houses.models import House
from respite.houses.queries import house_by_id, houses_of

blueprint = Blueprint("screens", __name__)
LONGEST_CODE = 20


@blueprint.get("/houses/<slug>/screens")
@for_house(May.PAIR_SCREENS)
def index(house: House) -> ResponseReturnValue:
    return _page(house, code=pairing.plain_code(request.args.get("code", ""))[:LONGEST_CODE])


def _page(house: House, refusal: Refusal | None = None, about: str = "", code: str = "") -> ResponseReturnValue:
    """`about` names the form that was sent, so that its sentences stand beside it."""
    wrong = refusal.fields if isinstance(refusal, Invalid) else {}
    page = {
        "house": house,
        "screens": pairing.screens_of(house.id),
        "tablets": sharing.tablets_of(house.id),
        "this_tablet": tablets.of_request(),
        "code": code,
        "wall_address": current_app.config["PUBLIC_URL"] + "/wall",
        "form": Shown(wrong=wrong if about == "code" else {}),
        "share_form": Shown(typed=request.form if about == "share" else None, wrong=wrong if about == "share" else {}),
        "sentence": refusal.sentence if refusal and about == "code" and not wrong else None,
    }
    end_read()
    return make_response(render_template("screens/index.html", **page), refusal.status if refusal else 200)


@blueprint.get("/pair/<code>")
@signed_in
def pair_here(code: str) -> ResponseReturnValue:
    """Where the picture on a waiting screen leads a phone: the letters, typed in for the house."""
    actor = acting()
    houses = [house for house in houses_of(actor) if actor.may(May.PAIR_SCREENS, house.id)]
    end_read()
    if not houses:
        raise NotFound
    plain = pairing.plain_code(code)[:LONGEST_CODE]
    if len(houses) == 1:
        return redirect(url_for("screens.index", slug=houses[0].slug, code=plain))
    return render_template("screens/which_house.html", houses=houses, code=plain)


@blueprint.post("/houses/<slug>/screens", endpoint="look")
@for_house(May.PAIR_SCREENS)
def look(house: House) -> ResponseReturnValue:
    """The letters were typed: ask for the screen's name and face, and whether it is really there."""
    typed = request.form.get("code", "")[:LONGEST_CODE]
    try:
        code = pairing.look_for(acting(), typed)
    except (Invalid, TooManyTries) as refusal:
        return _page(house, refusal, "code", pairing.plain_code(typed))
    return _pair_page(house, code)


def _pair_page(house: House, code: str, refusal: Invalid | None = None) -> ResponseReturnValue:
    stands = {"face": "doors", "language": house.language}
    form = Shown(stands, request.form if refusal else None, refusal.fields if refusal else {})
    end_read()
    page = render_template("screens/pair.html", house=house, code=code, form=form)
    return make_response(page, refusal.status if refusal else 200)


@blueprint.post("/houses/<slug>/screens/pair", endpoint="pair")
@for_house(May.PAIR_SCREENS)
def pair(house: House) -> ResponseReturnValue:
    actor, form = acting(), Form(request.form)
    code, name = pairing.plain_code(request.form.get("code", ""))[:LONGEST_CODE], form.text("name", most=60)
    face, language = form.choice("face", pairing.FACES), form.choice("language", pairing.LANGUAGES)
    if not form.flag("there"):
        form.say("there", _("Please look at the wall and say that you see these letters there."))

    def act() -> dict[str, object]:
        pairing.pair(actor, house.id, code=code, name=name, face=face, language=language, now=house_now())
        return done(_index(house.slug), _("The screen is paired. It shows the house within a few seconds."))

    try:
        form.done()
        pairing.count_try(actor)
        return act_form(actor, act)
    except Invalid as refusal:
        if "code" in refusal.fields:
            return _page(house, refusal, "code", code)
        return _pair_page(house, code, refusal)
    except TooManyTries as refusal:
        return _page(house, refusal, "code", code)


@blueprint.get("/screens/<uuid:screen_id>")
@for_row(Display, "screen", May.PAIR_SCREENS)
def screen(screen: Display) -> ResponseReturnValue:
    return _screen_page(screen)


def _screen_page(screen: Display, refusal: Invalid | None = None) -> ResponseReturnValue:
    stands = {"name": screen.name, "face": screen.face, "language": screen.language}
    house = house_by_id(screen.house_id)
    form = Shown(stands, request.form if refusal else None, refusal.fields if refusal else {})
    facts = {"id": screen.id, "version": screen.version, "name": screen.name}
    end_read()
    page = render_template("screens/screen.html", house=house, screen=facts, form=form)
    return make_response(page, refusal.status if refusal else 200)


@blueprint.post("/screens/<uuid:screen_id>", endpoint="change")
@for_row(Display, "screen", May.PAIR_SCREENS)
def change(screen: Display) -> ResponseReturnValue:
    actor, form, slug = acting(), Form(request.form), house_by_id(screen.house_id).slug
    name, version = form.text("name", most=60), form.version()
    face, language = form.choice("face", pairing.FACES), form.choice("language", pairing.LANGUAGES)
    screen_id = screen.id

    def act() -> dict[str, object]:
        form.done()
        pairing.change_screen(
            actor, screen_id, name=name, face=face, language=language, version_seen=version, now=house_now()
        )
        return done(_index(slug), _("Changed. The screen follows when it looks again."))

    try:
        return act_form(actor, act)
    except Invalid as refusal:
        return _screen_page(screen, refusal)


@blueprint.post("/screens/<uuid:screen_id>/off", endpoint="off")
@for_row(Display, "screen", May.PAIR_SCREENS)
def off(screen: Display) -> ResponseReturnValue:
    actor, screen_id, slug = acting(), screen.id, house_by_id(screen.house_id).slug

    def act() -> dict[str, object]:
        pairing.take_off(actor, screen_id, now=house_now())
        return done(_index(slug), _("Taken off. The screen shows letters again, by which it can be paired."))

    return act_form(actor, act)


@blueprint.post("/houses/<slug>/tablets", endpoint="share")
@for_house(May.PAIR_SCREENS)
def share(house: House) -> ResponseReturnValue:
    """Make this very browser a shared tablet of the house."""
    form = Form(request.form)
    name = form.text("name", most=sharing.LONGEST_NAME)
    try:
        form.done()
        token = sharing.share(acting(), house.id, this_sign_in().id, name=name, now=house_now())
    except Invalid as refusal:
        return _page(house, refusal, "share")
    flash(_("This browser is a shared tablet now. It locks after five minutes without a touch."))
    response = make_response(redirect(url_for("accounts.pin", next=_index(house.slug)), 303))
    cookies.put(response, Cookie.TABLET, token)
    return response


@blueprint.post("/tablets/<uuid:tablet_id>/back", endpoint="tablet_back")
@for_row(Tablet, "tablet", May.PAIR_SCREENS)
def tablet_back(tablet: Tablet) -> ResponseReturnValue:
    actor, tablet_id, slug = acting(), tablet.id, house_by_id(tablet.house_id).slug

    def act() -> dict[str, object]:
        sharing.take_back(actor, tablet_id, now=house_now())
        return done(
            _index(slug), _("It is nobody's shared tablet any more. Whoever was signed in there is signed out.")
        )

    return act_form(actor, act)


def _index(slug: str) -> str:
    return url_for("screens.index", slug=slug)

"""The door of a guest's page: a sheet that says nothing, one button, and the way out.

What looks at a link before a person does (a preview, a scanner) sees the sheet: it is the same for every address and
asks the database nothing. Only the button looks whether the link opens something.
"""

from __future__ import annotations

from flask import Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from respite.core.clock import house_now
from respite.core.limits import limiter
from respite.core.views import LANGUAGES
from respite.guest_page import access
from respite.guest_page.service import opening
from respite.guest_page.views.page import draw
from respite.guest_page.views.routes import blueprint

#: Where a guest is at once when somebody comes near: a page that anybody might have open.
ELSEWHERE = "https://www.weather.gov/"
OPENINGS = "30 per minute"


@blueprint.get("/g/<token>")
def show(token: str) -> ResponseReturnValue:
    """The page where this browser opened it, the sheet for whoever else."""
    page = access.opened(token)
    return draw(page) if page is not None else render_template("guest_page/sheet.html", token=token)


@blueprint.post("/g/<token>")
@limiter.limit(OPENINGS)
def open_(token: str) -> ResponseReturnValue:
    """The button. A link that was guessed, is over, was ended, or was somebody's who is forgotten: one answer."""
    kept = opening.open_page(token, request.form.get("word", ""), now=house_now())
    if kept is None:
        return render_template("guest_page/nothing.html", token=token), 404
    response = _to_page(token)
    access.keep(response, kept)
    return response


@blueprint.get("/g/<token>/away")
def away(token: str) -> ResponseReturnValue:
    """The quick way out: by a link, since a form would not be let go to another site, and it works with scripts off."""
    kept = access.kept_by_browser()
    response = make_response(redirect(ELSEWHERE, 303))
    if kept is not None:
        opening.shut(kept)
        access.let_go(response)
    return response


@blueprint.post("/g/<token>/shown-in")
@limiter.limit(OPENINGS)
def shown_in(token: str) -> ResponseReturnValue:
    """The other language, in this browser and on this page alone."""
    response, language = _to_page(token), request.form.get("language", "")
    if language in LANGUAGES:
        access.keep_language(response, language)
    return response


def read_in_chosen_language() -> None:
    """Before anything of such a page is drawn, what goes wrong included."""
    if request.path.startswith(f"{access.PATH}/"):
        g.language = access.chosen_language()


def _to_page(token: str) -> Response:
    return make_response(redirect(url_for("guest_page.show", token=token), 303))

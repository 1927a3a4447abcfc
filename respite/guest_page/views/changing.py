"""One form of a guest's own page: drawn, sent once, drawn again with what was typed where a rule stands against it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from respite.accounts.acting import Answer, act_once, form_body
from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.guest_page.service.opening import Page

#: Reads the form, calls one use case, and says what was done.
Do = Callable[[Form], str]


def changing(
    page: Page,
    template: str,
    stands: Callable[[], tuple[Mapping[str, Any], Mapping[str, Any]]],
    do: Do,
    to: str | None = None,
) -> ResponseReturnValue:
    """`stands` reads what the form holds and what else its page is drawn with."""

    def draw(refusal: Refusal | None = None) -> str:
        values, more = stands()
        return drawn(template, token=page.token, form=shown(values, refusal), **more)

    if request.method == "GET":
        return draw()
    return or_redraw(lambda: tapped(page, lambda: do(Form(request.form)), to), draw)


def tapped(page: Page, act: Callable[[], str], to: str | None = None) -> ResponseReturnValue:
    """Act once, say so, and go on: to the top of their page, where what was done is read, or `to`.

    The address holds the token, so neither the form's route nor where it leads is kept with its key.
    """

    def once() -> Answer:
        return {"said": act()}

    rule = request.url_rule.rule if request.url_rule else ""
    answer = act_once(page.actor, request.form.get("key"), rule, form_body(), once)
    flash(answer["said"])
    return redirect(to or onto_page(page), 303)


def onto_page(page: Page, part: str | None = None) -> str:
    return url_for("guest_page.show", token=page.token, _anchor=part)

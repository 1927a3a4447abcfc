"""The edge of a guest's own page."""

from __future__ import annotations

from flask import Flask

from respite.core.jobs import HOUR, every
from respite.core.web import discreet_under, identify_by
from respite.guest_page import access, facts, models, unseen
from respite.guest_page.service import links, opening, plan
from respite.guest_page.views import blueprint, given
from respite.guest_page.views.door import read_in_chosen_language
from respite.guest_page.views.giving import on_welcome, section
from respite.guests.service import died
from respite.guests.service.erasing import also_erase
from respite.guests.service.undo import speaks_already
from respite.guests.views import stay, together
from respite.promises import subjects

__all__ = ["facts", "models", "unseen", "wire"]


def wire(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.register_blueprint(given)
    discreet_under(app, f"{access.PATH}/", "guest_page/error.html")
    identify_by(app, read_in_chosen_language)
    every(HOUR, "forget where a guest's page was left open", opening.forget_old)
    if section not in stay.sections:
        stay.sections.append(section)
    if on_welcome not in together.on_the_welcome:
        together.on_the_welcome.append(on_welcome)
    for forget in (plan.forget, links.forget):
        if forget not in also_erase:
            also_erase.append(forget)
    if links.opens_page not in subjects.opens_page:
        subjects.opens_page.append(links.opens_page)
    if links.was_given not in speaks_already:
        speaks_already.append(links.was_given)
    if links.end_with_them not in died.died:
        died.died.append(links.end_with_them)
    if links.open_again not in died.lives:
        died.lives.append(links.open_again)

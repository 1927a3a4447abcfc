"""The edge of hard moments."""

from __future__ import annotations

from flask import Flask

from respite.guests.service import died, on_file
from respite.guests.service.erasing import also_erase
from respite.guests.service.undo import goes_with_a_guest
from respite.guests.views import stay
from respite.moments import events, facts, models, unseen
from respite.moments.farewells import models as farewell_models
from respite.moments.farewells import service as farewells
from respite.moments.farewells.views import section
from respite.moments.service import accounts
from respite.moments.views import blueprint

__all__ = ["events", "facts", "farewell_models", "models", "unseen", "wire"]


def wire(app: Flask) -> None:
    app.register_blueprint(blueprint)
    for taken_away in (also_erase, goes_with_a_guest):
        if accounts.forget_guest not in taken_away:
            taken_away.append(accounts.forget_guest)
    if farewells.begin_list not in died.died:
        died.died.append(farewells.begin_list)
        died.lives.append(farewells.take_list_back)
        died.to_hear_in_person.append(farewells.is_to_hear)
        on_file.also_keeps.append(farewells.keeps_on_file)
        also_erase.insert(0, farewells.forget)  # before that they have died is forgotten, on which the list hangs
        stay.sections.append(section)

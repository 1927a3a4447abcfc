"""The way into the directory: a right in any house opens it, since it is the installation's."""

from __future__ import annotations

from typing import Any

from flask import g

from respite.accounts.acting import acting
from respite.accounts.roles import May
from respite.core.errors import NotFound
from respite.core.web import guard
from respite.houses.models import House
from respite.houses.queries import houses_of


def _with(right: May) -> Any:
    def check(arguments: dict[str, Any]) -> None:
        actor = acting()
        houses = [house for house in houses_of(actor) if actor.may(right, house.id)]
        if not houses:
            raise NotFound
        arguments["house"] = g.house = houses[0]

    return check


READS_DIRECTORY = "reads-directory"
#: Decorators. The view gets `house`, by whose clock and from where it is looked.
reads_directory = guard(READS_DIRECTORY, _with(May.ENTER))
checks_directory = guard("checks-directory", _with(May.KEEP_BEDS))
keeps_directory = guard("keeps-directory", _with(May.KEEP_DIRECTORY))


def may_check(house: House) -> bool:
    return acting().may(May.KEEP_BEDS, house.id)


def may_keep() -> bool:
    """Whoever keeps it in one house keeps it for all."""
    return any(acting().may(May.KEEP_DIRECTORY, house_id) for house_id in acting().roles)

"""Roles as people read them."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from respite.accounts.roles import Role
from respite.accounts.service.people import ROLES

_ROLES: dict[Role, tuple[Any, Any]] = {
    Role.PEER: (_l("Peer"), _l("is on shift: saves beds, welcomes, keeps the board")),
    Role.COORDINATOR: (_l("Coordinator"), _l("also the house itself: people, screens, rules, shifts")),
    Role.SUPERVISOR: (_l("Supervisor"), _l("a peer who also closes doors and decides about longer stays")),
    Role.DIRECTOR: (_l("Director"), _l("all that a coordinator does")),
    Role.VOLUNTEER: (_l("Volunteer"), _l("sees doors and shifts, nothing about guests")),
    Role.BOARD_READER: (_l("Figures only"), _l("for a board or a funder: numbers, no names")),
    Role.CLINICAL_ON_CALL: (_l("Clinical on call"), _l("can be reached; sees nothing about guests")),
    Role.DISPLAY: (_l("Screen"), _l("shows the board")),
    Role.STEPPED_BACK: (_l("Not on duty for now"), _l("belongs to the house, and has no duty and no guests")),
}


def role_words(role: str) -> Any:
    return _ROLES[Role(role)][0]


def role_options() -> list[tuple[str, Any, Any]]:
    """The roles a person can have, each with what it means, for ui.choices."""
    return [(str(role), *_ROLES[role]) for role in ROLES]

"""Whom a guest does not want to read of them, as they read it themselves; nobody else reads it anywhere."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

from respite.accounts.models import KeptFrom, Person
from respite.core.facts import About, Fact, Reading, a_moment, tell
from respite.guests.service.kept_from import rows_told


def _name(person_id: uuid.UUID, reading: Reading) -> str | None:
    person = reading.session.get(Person, person_id)
    return person.name if person is not None else None


def _mine(reading: Reading) -> Iterable[KeptFrom]:
    return rows_told(reading.session, reading.guest_id, reading.link_from)


tell(
    About(
        KeptFrom,
        _l("Who must not open your page"),
        _mine,
        (Fact("person_id", _l("Who"), _name), Fact("at", _l("When you said it"), a_moment)),
        place=86,
    ),
)

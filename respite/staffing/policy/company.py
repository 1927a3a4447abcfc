"""What a reader may see of a guest's wishes about company: values in, values out."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from enum import StrEnum


class How(StrEnum):
    WITH = "with"
    NOT = "not"


def seen_by(reader: uuid.UUID, wishes: Mapping[uuid.UUID, How]) -> dict[uuid.UUID, How]:
    """The wishes by peer as the reader may see them: one "not with" themselves looks like no wish at all."""
    return {person: how for person, how in wishes.items() if person != reader or how == How.WITH}

"""What the directory goes by, without a database."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

STALE_AFTER = timedelta(days=180)

#: The taxonomy and its term by which a package says that peers run an organisation or a service themselves.
OWN_TAXONOMY, PEER_RUN = "Respite", "peer-run"

#: The source of what is written by hand.
OWN_SOURCE = "Written here"


class Status(StrEnum):
    """As HSDS 3 has it, and a draft, which is ours. Only what is active is offered."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    DEFUNCT = "defunct"
    TEMPORARILY_CLOSED = "temporarily closed"
    DRAFT = "draft"  # written by hand and not published yet: nobody finds it, and it is not given out


class LocationType(StrEnum):
    PHYSICAL = "physical"
    POSTAL = "postal"
    VIRTUAL = "virtual"


class PhoneType(StrEnum):
    TEXT = "text"
    VOICE = "voice"
    FAX = "fax"
    CELL = "cell"
    VIDEO = "video"
    PAGER = "pager"
    TEXTPHONE = "textphone"


class Trust(StrEnum):
    """How far what is written of a service can be leaned on."""

    NOT_CHECKED = "not-checked"
    CHECKED = "checked"
    STALE = "stale"


def last_checked(assured: date | None, checked: date | None) -> date | None:
    """The later day on which somebody made sure: its source, or somebody of a house."""
    return max((day for day in (assured, checked) if day is not None), default=None)


def trust_of(assured: date | None, checked: date | None, today: date) -> Trust:
    """Checked on a day that is still to come counts as not checked: nobody could have."""
    days = [day for day in (assured, checked) if day is not None and day <= today]
    if not days:
        return Trust.NOT_CHECKED
    return Trust.STALE if today - max(days) > STALE_AFTER else Trust.CHECKED

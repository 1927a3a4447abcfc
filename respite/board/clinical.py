"""Pages to the clinical on-call and the guests whom they are about: staffing knows no guest, guests no page."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.acting import acting
from respite.accounts.models import Person
from respite.accounts.roles import May
from respite.core.db import db
from respite.core.errors import NotFound
from respite.core.times import clock_words
from respite.guests.models import Stay
from respite.guests.policy.stay_states import StayState
from respite.guests.service.erasing import also_erase
from respite.guests.service.kept_from import also_hand_over
from respite.guests.views import stay as card
from respite.houses.models import House
from respite.staffing.models import ClinicalPage
from respite.staffing.service.paging import TOLD, forget_guest, pass_by, whose_stay


def wire_clinical() -> None:
    if guest_of not in whose_stay:
        whose_stay.append(guest_of)
    if forget_guest not in also_erase:
        also_erase.append(forget_guest)
    if pass_by not in also_hand_over:
        also_hand_over.append(pass_by)
    if section not in card.sections:
        card.sections.append(section)


def guest_of(session: Session, house_id: uuid.UUID, stay_id: uuid.UUID) -> uuid.UUID | None:
    """The guest of a stay of this house, none for a stay without a name. Raises NotFound for any other."""
    stay = session.get(Stay, stay_id)
    if stay is None or stay.house_id != house_id:
        raise NotFound
    return stay.guest_id


def section(stay: Stay, house: House, _now: datetime) -> tuple[str, dict[str, Any]] | None:
    """When somebody clinical was asked about this stay, whether the guest was asked before, and who has it."""
    session = db.session()
    found = session.scalars(
        sa.select(ClinicalPage).where(ClinicalPage.stay_id == stay.id).order_by(ClinicalPage.asked_at)
    ).all()
    here = stay.state == StayState.HERE and acting().may(May.KEEP_BEDS, house.id)
    ask = url_for("staffing.page_form", slug=house.slug, stay=stay.id) if here else None
    if not found and ask is None:
        return None
    return "staffing/_clinical_section.html", {"lines": [_line(session, row, house) for row in found], "ask": ask}


def _line(session: Session, row: ClinicalPage, house: House) -> str:
    at = clock_words(row.asked_at, house.timezone)
    if row.guest_asked == TOLD:
        asked = _("Asked at %(at)s; the guest was told, since a life is at risk.", at=at)
    else:
        asked = _("Asked at %(at)s, after the guest said yes.", at=at)
    if row.acknowledged_by is not None and row.acknowledged_at is not None:
        name = session.get_one(Person, row.acknowledged_by).name
        has = _("%(name)s has it since %(at)s.", name=name, at=clock_words(row.acknowledged_at, house.timezone))
        asked = f"{asked} {has}"
    return f"{asked} {_('It is over.')}" if row.ended_at is not None else asked

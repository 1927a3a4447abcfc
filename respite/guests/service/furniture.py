"""What houses ask before a bed or chair leaves the house: is somebody there?"""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.guests.models import Stay, Visit


def somebody_in(session: Session, bed_or_chair_id: uuid.UUID) -> bool:
    """Somebody is behind this door or in this chair now, whatever was agreed."""
    stays = sa.select(Stay.id).where(Stay.occupies_bed_id == bed_or_chair_id)
    visits = sa.select(Visit.id).where(Visit.in_chair_id == bed_or_chair_id)
    return session.scalar(sa.select(sa.or_(stays.exists(), visits.exists()))) is True

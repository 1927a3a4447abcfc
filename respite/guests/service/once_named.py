"""Who was meant by a name stays meant when they are called otherwise, until a coordinator says who it is."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.guests.models import ApartWish, Guest, OnceNamed


def stays_meant(session: Session, guest: Guest, name_index: bytes) -> None:
    """The guest bore this name until now."""
    already = sa.select(OnceNamed.wish_id).where(OnceNamed.guest_id == guest.id)
    meaning = sa.select(ApartWish.id).where(
        ApartWish.house_id == guest.house_id,
        ApartWish.guest_id != guest.id,
        ApartWish.other_name_index == name_index,
        ApartWish.id.not_in(already),
    )
    session.add_all(OnceNamed(wish_id=wish_id, guest_id=guest.id) for wish_id in session.scalars(meaning).all())
    session.flush()

"""The question at leaving: handed over as a link that names a house and nobody, answered once.

This is the one act without a line in the event log. Such a line would stand beside the leaving, minutes later, and say
whose answer it is.
"""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadSignature, TimestampSigner
from itsdangerous.encoding import base64_decode, base64_encode

from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound
from respite.core.no_order import write_anew
from respite.guests.models import PartingAnswer
from respite.guests.policy.parting import Helpful, quarter_of
from respite.houses.models import House
from respite.houses.policy.house_time import local

ANSWERED_WITHIN = 7 * 24 * 3600  # seconds
LONGEST_INSTEAD = 300
SALT = "parting-answer"


def hand_over(house_id: uuid.UUID, salt: str = SALT) -> str:
    """The token of a question that can be answered once, within a week. Nothing is stored until it is."""
    return _signer(salt).sign(base64_encode(house_id.bytes + uuid.uuid4().bytes)).decode()


def house_of(token: str) -> uuid.UUID:
    """Whose question it is. Raises NotFound for one that was not handed over by us, or a week ago."""
    return read(token)[0]


def answer(token: str, helpful: str | None, instead: str | None, *, now: datetime) -> None:
    """Keep an answer; the same question answered again changes nothing. Nothing said keeps nothing."""
    house_id, answer_id = read(token)
    instead = (instead or "").strip() or None
    if helpful is not None and helpful not in set(Helpful):
        raise Invalid
    if instead is not None and len(instead) > LONGEST_INSTEAD:
        raise Invalid(fields={"instead": _("Please keep this to %(most)s letters.", most=LONGEST_INSTEAD)})
    if helpful is None and instead is None:
        return
    with transaction() as session:
        house = session.get(House, house_id)
        if house is None:
            raise NotFound
        session.execute(sa.select(House.id).where(House.id == house_id).with_for_update())  # two taps, one answer
        if session.get(PartingAnswer, answer_id) is not None:
            return
        quarter = quarter_of(local(now, house.timezone).date())
        row = PartingAnswer(id=answer_id, house_id=house_id, quarter=quarter, helpful=helpful)
        row.instead = instead
        session.add(row)
        session.flush()
        write_anew(session, (PartingAnswer, PartingAnswer.house_id == house_id))


def read(token: str, salt: str = SALT) -> tuple[uuid.UUID, uuid.UUID]:
    """The house, and the number drawn for this answer. Raises NotFound as `house_of` does."""
    try:
        both = base64_decode(_signer(salt).unsign(token, max_age=ANSWERED_WITHIN))
    except BadSignature:
        raise NotFound from None
    return uuid.UUID(bytes=both[:16]), uuid.UUID(bytes=both[16:])


def _signer(salt: str) -> TimestampSigner:
    return TimestampSigner(current_app.config["SECRET_KEY"], salt=salt)

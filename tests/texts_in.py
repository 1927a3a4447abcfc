"""Somebody texts: what tests of incoming texts begin with."""

from __future__ import annotations

import itertools
import uuid
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from respite.accounts.actor import CLOCK
from respite.audit.models import Event
from respite.core.db import db, transaction
from respite.houses.models import House
from respite.messaging.models import Consent, Correspondent, Inbound, Message, NumberStop, ReadSoon
from respite.messaging.models.people import CorrespondentKind
from respite.messaging.purposes import Purpose
from respite.messaging.service import incoming
from respite.messaging.service.ground import number_mark
from respite.messaging.service.writing import write
from tests.places import SUNDAY

SAM = "+13035550143"
_numbers = itertools.count(1)


def new_sid() -> str:
    return f"SM{next(_numbers):032x}"


def says(body: str, number: str = SAM, *, at: datetime = SUNDAY, **more: Any) -> Inbound:
    """Somebody texts this; `at` is both when they did and when it came in."""
    wanted: dict[str, Any] = {
        "sid": new_sid(), "number": number, "to": "+13035550100", "body": body, "sent_at": at,
        "opt_out_type": None, "media": 0, "via": "webhook", "now": at,
    }  # fmt: skip
    return incoming.heard(**(wanted | more))


def person_at(
    house: House,
    number: str = SAM,
    *,
    kind: CorrespondentKind = CorrespondentKind.GUEST,
    subject_id: uuid.UUID | None = None,
    consents: tuple[Purpose, ...] = (),
    at: datetime = SUNDAY,
    **more: Any,
) -> Correspondent:
    """Somebody of the house with this number, who said yes to some texts."""
    with transaction() as session:
        person = Correspondent(
            house_id=house.id,
            kind=kind,
            subject_id=subject_id or uuid.uuid4(),
            made_at=at,
            **({"language": "en"} | more),
        )
        person.number, person.number_index = number, number_mark(number)
        session.add(person)
        session.flush()
        for purpose in consents:
            session.add(
                Consent(
                    house_id=house.id,
                    correspondent_id=person.id,
                    purpose=purpose,
                    number_index=person.number_index,
                    wording=1,
                    method="in-person",
                    given_at=at,
                    recorded_by=CLOCK.ref,
                )
            )
    return person


def text_to(house: House, number: str = SAM, *, at: datetime = SUNDAY, **more: Any) -> Message:
    """A text that waits for this number for an hour yet."""
    with transaction() as session:
        return write(
            session,
            house.id,
            number=number,
            now=at,
            **(
                {
                    "purpose": Purpose.FOLLOW_UP,
                    "words": "Hi Sam, thinking of you.",
                    "dedupe_key": uuid.uuid4().hex,
                    "made_by": CLOCK.ref,
                    "not_before": at + timedelta(hours=1),
                }
                | more
            ),
        )


def rows(model: Any, *where: Any) -> list[Any]:
    db.session.rollback()
    db.session.expire_all()
    found = list(db.session.scalars(sa.select(model).where(*where)))
    db.session.rollback()
    return found


def answers(number: str = SAM) -> list[str | None]:
    """The templates of what is written back by itself, in order."""
    found = rows(Message, Message.number_index == number_mark(number), Message.purpose == Purpose.AUTOMATIC)
    return [message.template for message in sorted(found, key=lambda each: each.made_at)]


def stops() -> list[NumberStop]:
    return rows(NumberStop, NumberStop.ended_at.is_(None))


def alerts() -> list[ReadSoon]:
    return rows(ReadSoon, ReadSoon.taken_at.is_(None))


def kinds(house: House) -> list[str]:
    """What the house's log says of texts, in order."""
    found = rows(Event, Event.stream == house.id, Event.kind.startswith("text."))
    return [event.kind for event in sorted(found, key=lambda each: each.version)]

"""Texts to peers: written into the outbox where they said yes to that purpose, and not at all where they did not."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from babel.dates import format_date, format_time
from flask import current_app
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor
from respite.accounts.roles import Role
from respite.accounts.service.stepping_back import membership_of
from respite.core.settings import Settings
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.messaging.models import Consent, Correspondent, Message
from respite.messaging.models.people import CorrespondentKind, PersonState
from respite.messaging.purposes import Purpose
from respite.messaging.service.ground import stop_on
from respite.messaging.service.wordings import house_fields
from respite.messaging.service.writing import write


def reachable(session: Session, house_id: uuid.UUID, person_id: uuid.UUID, purpose: Purpose) -> Correspondent | None:
    """The peer as somebody whom a text for this purpose may reach; None where somebody has to call them instead."""
    peer = session.scalar(
        sa.select(Correspondent).where(
            Correspondent.house_id == house_id,
            Correspondent.subject_id == person_id,
            Correspondent.kind == CorrespondentKind.PEER,
        )
    )
    if peer is None or peer.number_index is None or peer.number_bad or not peer.safe_to_text:
        return None
    if peer.state != PersonState.OPEN or stepped_back(session, house_id, person_id):
        return None
    given = sa.select(Consent.id).where(
        Consent.correspondent_id == peer.id,
        Consent.purpose == purpose,
        Consent.number_index == peer.number_index,
        Consent.ended_at.is_(None),
    )
    if session.scalar(given.limit(1)) is None or stop_on(session, peer.number_index):
        return None
    return peer


def answers_nothing(session: Session, person: Correspondent) -> bool:
    """Whoever stepped back answers nothing for duty."""
    return person.kind == CorrespondentKind.PEER and stepped_back(session, person.house_id, person.subject_id)


def stepped_back(session: Session, house_id: uuid.UUID, person_id: uuid.UUID) -> bool:
    """Whether they have no duty for now, at their own word."""
    live = membership_of(session, house_id, person_id)
    return live is not None and live.role == Role.STEPPED_BACK


def tell(
    session: Session,
    house: House,
    person_id: uuid.UUID,
    template: str,
    fields: Mapping[str, str],
    *,
    purpose: Purpose,
    dedupe_key: str,
    now: datetime,
    actor: Actor = CLOCK,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
) -> Message | None:
    """Text a peer, with the house's own fields put beside `fields`. None: no text may reach them, so somebody calls."""
    peer = reachable(session, house.id, person_id, purpose)
    if peer is None:
        return None
    return write(
        session,
        house.id,
        number=peer.number,
        purpose=purpose,
        template=template,
        fields=house_fields(session, house.id) | dict(fields),
        language=peer.language,
        dedupe_key=dedupe_key,
        made_by=actor.ref,
        not_before=not_before,
        not_after=not_after,
        correspondent_id=peer.id,
        now=now,
    )


def shift_fields(starts_at: datetime, ends_at: datetime, house: House, language: str) -> dict[str, str]:
    """When a shift is, as a text says it: "Sat Nov 28", "6p-12a"; in Spanish "sáb 28 nov", "18:00-0:00"."""
    begin, end = local(starts_at, house.timezone), local(ends_at, house.timezone)
    if language == "es":
        day = format_date(begin, "EEE d MMM", locale="es").replace(".", "").replace(",", "")
        return {"day_words": day, "time_words": f"{begin:%-H:%M}-{end:%-H:%M}"}
    day = format_date(begin, "EEE MMM d", locale="en")
    return {"day_words": day, "time_words": f"{_short(begin)}-{_short(end)}"}


def clock_of(at: datetime, house: House, language: str) -> str:
    """A time of the house's clock as a text says it: "6:30p"; in Spanish "18:30"."""
    here = local(at, house.timezone)
    return f"{here:%-H:%M}" if language == "es" else _short(here)


def language_of(session: Session, house: House, person_id: uuid.UUID) -> str:
    """The language that a peer reads texts in."""
    found = session.scalar(
        sa.select(Correspondent.language).where(
            Correspondent.house_id == house.id, Correspondent.subject_id == person_id
        )
    )
    return found or house.language


def link_to(path: str) -> str:
    """A page of the product as a text names it; it opens for whoever signs in and may see it."""
    settings: Settings = current_app.extensions["respite.settings"]
    return settings.public_url + path


def _short(at: datetime) -> str:
    hour = format_time(at, "h" if at.minute == 0 else "h:mm", locale="en")
    return f"{hour}{'a' if at.hour < 12 else 'p'}"

"""While a guest is in the house: what they say of themselves, present state only.

Out and back, check-in wishes and wall choices move the board by an event without subject, actor or data:
no history of anybody's movements is kept, and there is nothing to undo but the opposite tap.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid
from respite.guests import events
from respite.guests.errors import NotHereNow, WallChoiceTooOpen
from respite.guests.models import Guest, Stay, WallChoice
from respite.guests.policy.stay_states import StayState
from respite.guests.service.earlier import keeping_earlier
from respite.guests.service.ground import every_door
from respite.guests.service.in_step import consents_elsewhere, keep_in_step
from respite.guests.service.people import LONGEST_NAME, phone_as_kept, put_name, put_phone
from respite.guests.service.undo import undoing
from respite.houses.queries import rules_now

PICTURES = ("🌻", "🌲", "🍄", "🐢", "🦉", "🐝", "🌙", "⛰️", "🍎", "🎸", "☕", "🪁")
LONGEST_OUT = timedelta(days=7)
LONGEST_WISH, LONGEST_PRONOUNS = 60, 30
_OPENNESS = (WallChoice.NOTHING, WallChoice.PICTURE, WallChoice.INITIAL, WallChoice.NAME)


def go_out(actor: Actor, stay_id: uuid.UUID, *, back_about: datetime | None, now: datetime) -> Stay:
    """Out, and back about some time if they like to say."""
    if back_about is not None and not now <= back_about <= now + LONGEST_OUT:
        raise Invalid(fields={"back_about": _("Please give a time from now on, within a week, or none.")})
    with transaction() as session:
        stay = _here(session, actor, stay_id)
        stay.out_since, stay.back_about = now, back_about
        board_moves(session, stay.house_id, now)
    return stay


def come_back(actor: Actor, stay_id: uuid.UUID, *, now: datetime) -> Stay:
    with transaction() as session:
        stay = _here(session, actor, stay_id)
        stay.out_since = stay.back_about = None
        board_moves(session, stay.house_id, now)
    return stay


def wish_check_in(actor: Actor, stay_id: uuid.UUID, words: str | None, *, now: datetime) -> Stay:
    """ "Would like a check-in at 8 pm", in the guest's words; nothing takes the wish away."""
    with transaction() as session:
        stay = _here(session, actor, stay_id)
        # Whoever is not shown the wish that stands there says nothing of it with an empty field.
        if (words or "").strip() or stay.guest_id not in actor.kept_from:
            put_check_in(session, stay, words, now)
    return stay


def put_check_in(session: Session, stay: Stay, words: str | None, now: datetime) -> None:
    """`wish_check_in` inside the caller's transaction. Raises Invalid by field."""
    wish = (words or "").strip() or None
    if wish is not None and len(wish) > LONGEST_WISH:
        raise Invalid(fields={"wish": _("Please keep this to 60 letters.")})
    stay.check_in_wish = wish
    board_moves(session, stay.house_id, now)


def choose_for_wall(
    actor: Actor,
    guest_id: uuid.UUID,
    choice: str,
    picture: str | None,
    *,
    version_seen: int | None = None,
    now: datetime,
) -> Guest:
    """What the wall may show beside the door: nothing, a picture, an initial, a name; as far as the house allows."""
    with transaction() as session:
        guest = locked_row(session, actor, Guest, guest_id, May.KEEP_BEDS, version_seen)
        put_wall_choice(session, guest, choice, picture, now)
    return guest


def put_wall_choice(session: Session, guest: Guest, choice: str, picture: str | None, now: datetime) -> None:
    """`choose_for_wall` inside the caller's transaction. Raises Invalid by field, WallChoiceTooOpen."""
    if choice not in set(WallChoice):
        raise Invalid(fields={"choice": _("Please choose one of the answers shown.")})
    if choice == WallChoice.PICTURE and picture not in PICTURES:
        raise Invalid(fields={"picture": _("Please choose one of the pictures shown.")})
    most = WallChoice(rules_now(session, guest.house_id).wall_most)
    if _OPENNESS.index(WallChoice(choice)) > _OPENNESS.index(most):
        raise WallChoiceTooOpen
    guest.wall_choice = choice
    guest.picture = picture if choice == WallChoice.PICTURE else None
    session.flush()
    board_moves(session, guest.house_id, now)


def change_guest(
    actor: Actor,
    guest_id: uuid.UUID,
    *,
    name: str,
    pronouns: str | None,
    phone: str | None,
    version_seen: int | None = None,
    now: datetime,
) -> Guest:
    """What to call them, and how to reach them; as little as they like."""
    must_fit(name, pronouns)
    number = phone_as_kept(phone) if phone and phone.strip() else None
    with transaction() as session:
        guest = locked_row(session, actor, Guest, guest_id, May.KEEP_BEDS, version_seen)
        ending = consents_elsewhere(session, guest, number)
        with undoing(session, actor, guest.house_id, events.GUEST_CHANGED, guest, *ending) as undo:
            undo.parts = where_named(session, guest)
            with keeping_earlier(session, guest, actor, now) as earlier:
                put_name(guest, name.strip())
                guest.pronouns = (pronouns or "").strip() or None
                if number != guest.phone:
                    put_phone(guest, number)
                keep_in_step(session, guest, now, actor)
            undo.along = list(earlier)
        tell_guest_changed(session, guest, actor, now)
    return guest


def must_fit(name: str, pronouns: str | None) -> None:
    """Raises Invalid with a sentence for each that is too long, or for a name that is none."""
    wrong: dict[str, str] = {}
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        wrong["name"] = _("Please give a name of up to %(most)s letters; any chosen name is fine.", most=LONGEST_NAME)
    if pronouns and len(pronouns.strip()) > LONGEST_PRONOUNS:
        wrong["pronouns"] = _("Please keep this to 30 letters.")
    if wrong:
        raise Invalid(fields=wrong)


def where_named(session: Session, guest: Guest) -> tuple[str, ...]:
    """The board's parts on which somebody's name may stand."""
    return (*every_door(session, guest.house_id), "chairs", "waiting", "promises", "asks", "notices")


def tell_guest_changed(session: Session, guest: Guest, actor: Actor, now: datetime) -> None:
    """That something about a guest is another now, and who changed it; never what."""
    record(
        session,
        guest.house_id,
        events.GUEST_CHANGED,
        subject=guest.id,
        actor=actor,
        at=now,
        parts=where_named(session, guest),
    )


def _here(session: Session, actor: Actor, stay_id: uuid.UUID) -> Stay:
    stay = locked_row(session, actor, Stay, stay_id, May.KEEP_BEDS)
    if stay.state != StayState.HERE:
        raise NotHereNow
    return stay


def board_moves(session: Session, house_id: uuid.UUID, now: datetime) -> None:
    # Every door is named, because the one that changed would tell who went out and when.
    parts = every_door(session, house_id)
    record(session, house_id, events.BOARD_MOVED, subject=None, actor=None, at=now, parts=parts)

"""A yes to an offer invites to the conversation before a stay, where the house has it before the first night."""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor
from respite.guests.models import Guest, Waiting
from respite.guests.service.callbacks import hours_of, soon_in
from respite.guests.service.conversation import on_file
from respite.guests.service.ground import Ground
from respite.guests.service.promised import GUEST
from respite.houses.policy.house_time import local
from respite.promises.models import Promise
from respite.promises.policy import Kind, Way, When
from respite.promises.service.acts import Wanted, give_inside
from respite.promises.service.ends import open_for


def invite_to_talk(
    session: Session, here: Ground, waiting: Waiting, guest: Guest | None, actor: Actor | None, now: datetime
) -> Promise | None:
    """The promise of a call in which it is had, in the hours in which they can answer. None where none is needed."""
    if guest is None or not here.rules.conversation_first:
        return None
    if on_file(session, guest.id, local(here.at, here.house.timezone).date()) is not None:
        return None
    if any(each.kind == Kind.CALLBACK for each in open_for(session, here.house.id, GUEST, guest.id)):
        return None
    with force_locale(here.house.language):
        words = _("The conversation before the first night")
    way = Way.CALL if guest.phone is not None else Way.THEIRS
    when = When(soon_in(hours_of(waiting), here.house.timezone, now) if way == Way.CALL else None)
    wanted = Wanted(words=words, kind=Kind.CALLBACK, way=way, subject=(GUEST, guest.id), when=when)
    return give_inside(session, actor or CLOCK, here.house.id, wanted, now)

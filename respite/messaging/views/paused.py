"""What lets texts wait, in words, for any page of texting: see templates/messaging/_paused.html."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.roles import May
from respite.core.times import moment_words
from respite.houses.models import House
from respite.houses.queries import names_of
from respite.messaging.models import Message, Pause
from respite.messaging.service.pausing import PROVIDER, pauses_on, waiting_for
from respite.messaging.words import purpose_word, refusal_words


@dataclass(frozen=True, slots=True)
class Paused:
    """One pause as it is shown; `fields` is what its button sends."""

    said: str
    to_do: str
    fields: dict[str, str]
    may_resume: bool


def paused_for(session: Session, house: House, actor: Actor, now: datetime) -> list[Paused]:
    """What `_paused.html` draws, the provider's own pause first; nothing while texts leave."""
    pauses = pauses_on(session, house.id)
    if not pauses:
        return []
    names = names_of(session, {each.by for each in pauses if each.by})
    may = actor.may(May.SET_RULES, house.id)
    shown = [_shown(each, house, names.get(each.by or "", ""), may, now) for each in pauses]
    waiting = waiting_for(session, now, Message.house_id == house.id)
    if waiting:
        told = ngettext("One text waits for it.", "%(num)s texts wait for it.", waiting)
        shown[0] = Paused(shown[0].said, " ".join(filter(None, (shown[0].to_do, told))), shown[0].fields, may)
    return shown


def _shown(pause: Pause, house: House, who: str, may: bool, now: datetime) -> Paused:
    since = moment_words(pause.since, house.timezone, now)
    if pause.why == PROVIDER:
        said = _("No text leaves since %(when)s: the provider takes none.", when=since)
        return Paused(said, refusal_words(pause.code), {"why": PROVIDER}, may)
    fields = {"why": pause.why, "purpose": pause.purpose or ""}
    if pause.purpose is None:
        said = _("No text leaves since %(when)s.", when=since)
    else:
        said = _("Some texts wait since %(when)s: %(purpose)s.", when=since, purpose=purpose_word(pause.purpose))
    return Paused(said, _("%(name)s paused them.", name=who) if who else "", fields, may)

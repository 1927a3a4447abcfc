"""One thread as its page says it: both sides' texts, what became of ours, and what people did beside them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.core.forms import Shown
from respite.core.phones import shown as phone_shown
from respite.houses.models import House
from respite.messaging import events, thread_queries
from respite.messaging.models import Inbound, Message, Thread
from respite.messaging.models.people import PersonState
from respite.messaging.purposes import Purpose
from respite.messaging.queries import at_of, people_for_texts
from respite.messaging.service import stopping
from respite.messaging.service.ending import is_undecided, may_go_again
from respite.messaging.service.ground import correspondents_at
from respite.messaging.service.inbox import ANSWERS_AT_ONCE
from respite.messaging.service.resting import LONGEST_REST, is_asked, rests
from respite.messaging.service.writing import WAITING
from respite.messaging.thread_queries import Beside, Entry, ThreadSeen, stands_at, thread_seen
from respite.messaging.views.inbox_shown import soon_lines
from respite.messaging.views.live import next_look
from respite.messaging.views.words import Words, name_of, text_kind

#: A text younger than this may still be on its way while somebody looks.
LATELY = timedelta(hours=72)
#: Called with (session, actor, house, thread); upper features put sections beside the texts: a template and what it is
#: drawn with.
sections: list[Callable[[Session, Actor, House, Thread], tuple[str, dict[str, Any]] | None]] = []


def thread_values(
    session: Session,
    actor: Actor,
    house: House,
    thread_id: uuid.UUID,
    now: datetime,
    *,
    before: datetime | None = None,
    read_on: bool = False,
    form: Shown | None = None,
) -> tuple[dict[str, Any], datetime]:
    """What the page is drawn from, and when it is to be looked at again.

    `read_on`: somebody who passed the thread on reads it after all.
    """
    words = Words(house.timezone, now)
    found = thread_seen(session, actor, house.id, thread_id, now, before)
    thread, name = found.thread, name_of(found.whose)
    covered = found.passed and not read_on
    entries = [_entry(entry, found, words, covered) for entry in found.entries]
    values = {
        "house": house,
        "thread_id": thread.id,
        "name": name,
        "shared": len(found.whose.people) > 1,
        "known": bool(found.whose.people),
        "named": any(person.name for person in found.whose.people),
        "number": thread.number,
        "phone": phone_shown(thread.number) if thread.number else None,
        "entries": entries,
        "earlier": stands_at(found.entries[0]).isoformat() if found.earlier else None,
        "before": before.isoformat() if before else None,
        "unseen": thread.unseen_since is not None,
        "covered": covered,
        "read_on": read_on,
        "to_come": [_to_come(message, words) for message in found.to_come],
        "soon": soon_lines(session, house.id, found.soon, words),
        "closed": _closed(session, found, house),
        "waits_for_hours": found.last_in is not None and found.last_in <= now - ANSWERS_AT_ONCE,
        "form": form or Shown(),
        "now": now.isoformat(),
        **_about(session, actor, house, found, words),
    }
    ours = [entry for entry in found.entries if isinstance(entry, Message)]
    return values, next_look(house.timezone, now, ours, ages=bool(found.soon), at=[thread.rest_until])


def _about(session: Session, actor: Actor, house: House, found: ThreadSeen, words: Words) -> dict[str, Any]:
    """What stands beside the texts: who answers here, what was stopped, whether the house rests from the number."""
    thread = found.thread
    asked = is_asked(thread, words.now)
    return {
        "assigned": found.assigned,
        "me": actor.id,
        "mine": thread.assigned_to == actor.id,
        "people": [(person.id, person.name) for person in people_for_texts(session, house.id) if person.id != actor.id],
        "stopped": found.stop is not None,
        "stop_words": _stop_words(found.stop.source) if found.stop else None,
        "stop_holds": found.stop is not None and found.stop.source in stopping.ONLY_START_UNDOES,
        "stop_perhaps": found.stop is not None and found.stop.source == stopping.PERHAPS,
        "resting": words.moment(thread.rest_until) if thread.rest_until and rests(thread, words.now) else None,
        "asked_rest": found.names.get(thread.rest_asked_by or "", _("Somebody")) if asked else None,
        "asked_rest_by_me": asked and thread.rest_asked_by == actor.ref,
        "asked_rest_days": thread.rest_days,
        "longest_rest": LONGEST_REST,
        "house_phone": phone_shown(house.phone) if house.phone else None,
        "sections": [drawn for each in sections if (drawn := each(session, actor, house, thread)) is not None],
    }


def _closed(session: Session, found: ThreadSeen, house: House) -> str | None:
    """Why no answer can be written here; none where one can. The use case asks all of it again."""
    if found.thread.number is None:
        return _("The number was erased, so nothing can be sent.")
    if found.stop is not None:
        return _("No text reaches them now. Please call instead.")
    people = correspondents_at(session, found.thread.number_index, house.id)
    if any(not person.safe_to_text for person in people):
        return _("They said that texts are not safe for them. Please call, or wait until they say otherwise.")
    if people and all(person.state in (PersonState.NO_CONTACT, PersonState.DIED) for person in people):
        return _("This person is not to be texted.")
    if found.last_in is None:
        return _("They have not written to us, so there is nothing to answer. Please call instead.")
    return None


def _stop_words(source: str) -> str:
    match source:
        case stopping.WRONG_NUMBER:
            return _("This number belongs to somebody else.")
        case stopping.PERHAPS:
            return _("Their words may have meant that they want no more texts. Nothing is sent until somebody decides.")
        case "asked":
            return _("They asked us not to text.")
        case "twilio" | "stop":
            return _("They texted STOP, and only START from their own phone undoes it.")
        case _:
            return _("They asked for no more texts.")


def _entry(entry: Entry, found: ThreadSeen, words: Words, covered: bool) -> dict[str, Any]:
    if isinstance(entry, Inbound):
        return _theirs(entry, found, words, covered)
    if isinstance(entry, Message):
        return _ours(entry, found.names, words)
    return {"kind": "beside", "words": _beside(entry, found.names, words), **_time(entry.at, words)}


def _time(at: datetime, words: Words) -> dict[str, str]:
    return {"at": words.moment(at), "instant": at.isoformat()}


def _theirs(text: Inbound, found: ThreadSeen, words: Words, covered: bool) -> dict[str, Any]:
    """A text of theirs. Its words are opened only where they are shown, or stand behind a tap."""
    hidden = text.hidden_at is not None
    return {
        "kind": "theirs",
        "id": text.id,
        "words": None if covered else text.body,
        "covered": covered,
        "erased": text.body_sealed is None,
        "pictures": text.media,
        "hidden": hidden,
        "hidden_by": found.names.get(text.hidden_by or "") if hidden else None,
        "unseen": text.seen_at is None,
        **_time(text.sent_at, words),
    }


def _ours(message: Message, names: Mapping[str, str], words: Words) -> dict[str, Any]:
    undecided = is_undecided(message)
    return {
        "kind": "ours",
        "id": message.id,
        "words": message.body,
        "erased": message.body_sealed is None,
        "who": names.get(message.made_by) if message.template is None else None,
        "purpose": text_kind(message.purpose),
        "automatic": message.purpose == Purpose.AUTOMATIC,
        "state": words.state(message),
        "why": words.why(message),
        "undecided": undecided,
        "again": may_go_again(message),
        "unclear": message.reason == "unclear",
        "waits": message.state in WAITING,
        "ended": message.state in ("canceled", "expired", "suppressed"),
        **_time(at_of(message), words),
    }


def _to_come(message: Message, words: Words) -> dict[str, Any]:
    return {
        "id": message.id,
        "purpose": text_kind(message.purpose),
        "at": words.moment(message.next_at or message.not_before),
        "why": words.why(message),
        "words": message.body,
    }


def _beside(entry: Beside, names: Mapping[str, str], words: Words) -> str:
    name = names.get(entry.actor or "", _("Somebody"))
    other = names.get(entry.to, _("Somebody")) if entry.to else None
    match entry.kind:
        case events.THREAD_CALLED:
            return _("%(name)s called", name=name)
        case thread_queries.READ_SOON:
            return _("%(name)s said yes to reading this soon", name=name)
        case events.THREAD_PASSED:
            return _passed(name, other)
        case events.THREAD_ASSIGNED:
            return _assigned(name, other, entry.to == entry.actor)
    match entry.step:
        case "asked":
            return _("%(name)s asked for a rest from this number", name=name)
        case "agreed" if entry.until is not None:
            return _("%(name)s agreed to a rest until %(at)s", name=name, at=words.moment(entry.until))
        case _:
            return _("%(name)s ended the rest", name=name)


def _passed(name: str, other: str | None) -> str:
    return (
        _("%(name)s passed this on to %(other)s", name=name, other=other)
        if other
        else _("%(name)s passed this on", name=name)
    )


def _assigned(name: str, other: str | None, own: bool) -> str:
    if other is None:
        return _("%(name)s left this to whoever comes first", name=name)
    return (
        _("%(name)s answers here", name=name)
        if own
        else _("%(name)s asked %(other)s to answer", name=name, other=other)
    )

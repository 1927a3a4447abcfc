"""The inbox as its page says it: who wrote, what to read soon, what to decide, what waits."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.core.phones import shown as phone_shown
from respite.houses.models import House
from respite.messaging.counts import looked_away
from respite.messaging.models import Inbound, Message, ReadSoon, Thread
from respite.messaging.queries import (
    MOST_THREADS,
    Threads,
    Whose,
    at_of,
    names_by_id,
    soon_of,
    threads_at,
    threads_by_id,
    threads_of,
    to_decide,
    waiting_to_leave,
    whose_numbers,
)
from respite.messaging.service.ending import may_go_again
from respite.messaging.service.resting import is_asked, rests
from respite.messaging.views.live import next_look
from respite.messaging.views.words import Words, age, name_of, text_kind

MOST_AT_FIRST = 6  # of those that wait to leave


@dataclass(frozen=True, slots=True)
class ThreadLine:
    id: uuid.UUID
    name: str
    last: str
    plain: bool  # the last words themselves, and not a word about them
    ours: bool
    at: str
    unread: str | None  # for how long nobody has read it
    assigned: str | None
    mine: bool
    resting: str | None
    asked_to_rest: bool
    stopped: bool


def inbox_values(session: Session, actor: Actor, house: House, now: datetime) -> tuple[dict[str, Any], datetime]:
    """What the page is drawn from, and when it is to be looked at again."""
    words = Words(house.timezone, now)
    found = threads_of(session, actor, house.id, now)
    soon, deciding = soon_of(session, actor, house.id), to_decide(session, actor, house.id)
    waiting = waiting_to_leave(session, actor, house.id)
    lines = [_line(thread, found, actor, words) for thread in found.threads]
    unread = [thread for thread in found.threads if _is_unread(thread, now)]
    values = {
        "house": house,
        "lines": lines,
        "more": _("The newest %(most)s are shown.", most=MOST_THREADS) if found.more else None,
        "unread": _unread_words(unread, now),
        "most_at_first": MOST_AT_FIRST,
        "soon": soon_lines(session, house.id, soon, words),
        **_texts(session, house.id, deciding, waiting, words),
    }
    ends = [thread.rest_until for thread in found.threads]
    return values, next_look(house.timezone, now, waiting, ages=bool(unread or soon), at=ends)


def _is_unread(thread: Thread, now: datetime) -> bool:
    return thread.unseen_since is not None and not rests(thread, now)


def _unread_words(unread: Sequence[Thread], now: datetime) -> str | None:
    if not unread:
        return None
    longest = max(looked_away(now, thread.unseen_since) for thread in unread)
    return ngettext(
        "%(num)s person wrote and nobody has read it for %(age)s.",
        "%(num)s people wrote; the longest waiting for %(age)s.",
        len(unread),
        age=age(longest),
    )


def _line(thread: Thread, found: Threads, actor: Actor, words: Words) -> ThreadLine:
    theirs, ours = found.last_in.get(thread.id), found.last_out.get(thread.number_index)
    last, plain, is_ours = _last_words(thread, theirs, ours, thread.id in found.passed)
    return ThreadLine(
        id=thread.id,
        name=name_of(found.whose[thread.number_index]),
        last=last,
        plain=plain,
        ours=is_ours,
        at=words.moment(thread.last_at),
        unread=age(looked_away(words.now, thread.unseen_since)) if _is_unread(thread, words.now) else None,
        assigned=found.people.get(thread.assigned_to) if thread.assigned_to else None,
        mine=thread.assigned_to == actor.id,
        resting=words.moment(thread.rest_until) if thread.rest_until and rests(thread, words.now) else None,
        asked_to_rest=is_asked(thread, words.now),
        stopped=thread.number_index in found.stopped,
    )


def _last_words(thread: Thread, theirs: Inbound | None, ours: Message | None, passed: bool) -> tuple[str, bool, bool]:
    """The last words of either side, or a word about them where they are out of sight; and whether they are ours.

    While something is unread, it is theirs: an automatic answer does not stand before it.
    """
    ours = None if theirs is not None and thread.unseen_since is not None else ours
    if ours is not None and (theirs is None or at_of(ours) >= theirs.sent_at):
        return (ours.body or _("Words that were erased"), ours.body is not None, True)
    if theirs is None:
        return _("Nothing was written yet"), False, False
    if passed:
        return _("Passed on, so the words are out of your sight"), False, False
    if theirs.hidden_at is not None:
        return _("Words that were put out of sight"), False, False
    if theirs.body_sealed is None:
        return _("Words that were erased"), False, False
    body = theirs.body or ""
    return (body, True, False) if body else (_("A picture"), False, False)


def soon_lines(session: Session, house_id: uuid.UUID, rows: Sequence[ReadSoon], words: Words) -> list[dict[str, Any]]:
    """What to read soon, with who it is from and who is asked."""
    threads = threads_by_id(session, (row.thread_id for row in rows))
    whose = whose_numbers(session, house_id, {t.number_index: t.number for t in threads.values()})
    people = names_by_id(session, (row.asked_person_id for row in rows))
    return [
        _soon_line(row, threads.get(row.thread_id) if row.thread_id else None, whose, people, words) for row in rows
    ]


def _soon_line(
    row: ReadSoon,
    thread: Thread | None,
    whose: Mapping[bytes, Whose],
    people: Mapping[uuid.UUID, str],
    words: Words,
) -> dict[str, Any]:
    return {
        "id": row.id,
        "thread_id": thread.id if thread else None,
        "name": name_of(whose[thread.number_index]) if thread else None,
        "number": thread.number if thread else None,
        "call": row.cannot_text,
        "why": words.soon(row),
        "since": age(words.now - row.raised_at),
        "asked": people.get(row.asked_person_id) if row.asked_person_id else None,
    }


def _texts(
    session: Session, house_id: uuid.UUID, deciding: Sequence[Message], waiting: Sequence[Message], words: Words
) -> dict[str, Any]:
    numbers = {message.number_index: message.number for message in (*deciding, *waiting)}
    whose, threads = whose_numbers(session, house_id, numbers), threads_at(session, house_id, numbers)

    def told(messages: Iterable[Message]) -> list[dict[str, Any]]:
        return [_told(each, whose[each.number_index], threads.get(each.number_index), words) for each in messages]

    return {"deciding": told(deciding), "waiting": told(waiting)}


def _told(message: Message, whose: Whose, thread_id: uuid.UUID | None, words: Words) -> dict[str, Any]:
    return {
        "id": message.id,
        "name": name_of(whose, message.correspondent_id),
        "number": whose.number,
        "phone": phone_shown(whose.number) if whose.number else None,
        "thread_id": thread_id,
        "purpose": text_kind(message.purpose),
        "state": words.state(message),
        "why": words.why(message),
        "at": words.moment(message.ended_at or message.made_at),
        "again": may_go_again(message),
        "unclear": message.reason == "unclear",
    }

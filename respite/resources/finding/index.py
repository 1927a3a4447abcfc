"""Keeping what finding reads true: made again, in the transaction of the change, for each service that it touches."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.resources.finding import store
from respite.resources.finding.languages import code_of
from respite.resources.finding.models import Entry, EntryHours, EntryMark, EntryPlace, KnownWord, WordPart
from respite.resources.finding.needs import needs_in
from respite.resources.finding.places import as_postal_code, as_town, on_the_globe
from respite.resources.finding.reading import Material, material_of
from respite.resources.finding.words import folded, stems, trigrams
from respite.resources.models import Service

T = TypeVar("T")
BATCH = 400
#: Longer texts are found by their beginning; what a service is, it says there.
MOST_WORDS = 400


def refresh(session: Session, service_ids: Iterable[uuid.UUID]) -> int:
    """Make the entries of these services again; what is not offered any more has none. Returns how many were written.

    Call it in the transaction that changed them, or what hangs on them: places, hours, terms. What comes out as it
    stands is left alone.
    """
    session.flush()
    written, known = 0, _Words(session)
    highest = session.scalar(sa.select(sa.func.max(Entry.number))) or 0
    for ids in _batches(dict.fromkeys(service_ids), BATCH):
        there = {row.service_id: row for row in session.execute(_standing(ids))}
        made = [_Made(each) for each in material_of(session, ids)]
        new = [each for each in made if each.told.id not in there or there[each.told.id].made_of != each.digest]
        same = {each.told.id for each in made} - {each.told.id for each in new}
        _forget(session, [row.number for row in there.values() if row.service_id not in same])
        for each in new:
            highest += 1
            each.number = highest
        _keep(session, new)
        known.keep(word for each in new for word in each.all_words())
        written += len(new)
    return written


def refresh_source(session: Session, source_id: uuid.UUID) -> int:
    """Make the entries of one source's services again, after it was loaded."""
    return refresh(session, session.scalars(sa.select(Service.id).where(Service.source_id == source_id)).all())


def _standing(ids: Sequence[uuid.UUID]) -> sa.Select[uuid.UUID, int, bytes]:
    return sa.select(Entry.service_id, Entry.number, Entry.made_of).where(Entry.service_id.in_(ids))


class _Made:
    """An entry and all that belongs to it, ready to be written."""

    number = 0

    def __init__(self, told: Material) -> None:
        self.told = told
        names = [told.name, told.alternate_name or ""]
        kinds = [*told.terms, told.organization, told.program or ""]
        needs = needs_in([*names, *kinds]) or needs_in([told.description or ""])
        if told.peer_run and "peers" not in needs:
            needs.append("peers")
        self.name = _some(names)
        self.kind = [*_some(kinds), *(f"{store.NEED_MARK}{need}" for need in needs)]
        self.rest = _some([told.description or "", *told.about])
        self.marks = {f"need:{need}" for need in needs}
        self.marks |= {f"term:{term}" for term in told.term_ids}
        self.marks |= {f"lang:{code}" for code in map(code_of, told.languages) if code}
        self.marks |= {f"zone:{ahead}" for ahead, _line in told.hours if ahead is not None}

        self.places = list(_places(told))
        self.hours = list(_hours(told))
        kept = (told.name, told.free, told.peer_run, self.name, self.kind, self.rest, sorted(self.marks))
        self.digest = hashlib.blake2b(repr((kept, self.places, self.hours)).encode(), digest_size=16).digest()

    def all_words(self) -> Iterator[str]:
        for words in (self.name, self.kind, self.rest):
            yield from (word for word in words if not word.startswith(store.NEED_MARK))


def _some(texts: Iterable[str]) -> list[str]:
    return list(islice((word for text in texts for word in stems(text)), MOST_WORDS))


def _forget(session: Session, numbers: Sequence[int]) -> None:
    store.remove(session, numbers)
    session.execute(sa.delete(Entry).where(Entry.number.in_(numbers)), execution_options={"synchronize_session": False})


def _keep(session: Session, entries: Sequence[_Made]) -> None:
    _insert(
        session,
        Entry,
        [
            {
                "number": each.number,
                "service_id": each.told.id,
                "made_of": each.digest,
                "name": folded(each.told.name)[:300],
                "free": each.told.free,
                "peer_run": each.told.peer_run,
            }
            for each in entries
        ],
    )
    _insert(session, EntryMark, [{"mark": mark, "number": each.number} for each in entries for mark in each.marks])
    _insert(session, EntryPlace, [{"number": each.number, **row} for each in entries for row in each.places])
    _insert(session, EntryHours, [{"number": each.number, **row} for each in entries for row in each.hours])
    store.write(session, (store.EntryWords(each.number, each.name, each.kind, each.rest) for each in entries))


def _places(told: Material) -> Iterator[dict[str, Any]]:
    for number, point in enumerate(told.places):
        x, y, z = on_the_globe(point.latitude, point.longitude)
        address = point.address
        yield {
            "place": number,
            "x": x,
            "y": y,
            "z": z,
            "postal_code": as_postal_code(address.postal_code) if address else None,
            "town": as_town(address.city) if address else None,
            "state": as_town(address.state_province) if address else None,
        }


def _hours(told: Material) -> Iterator[dict[str, Any]]:
    for number, (ahead, line) in enumerate(told.hours):
        yield {
            "line": number,
            "ahead": ahead,
            "weekday": line.weekday,
            "rule": line.rule,
            "first": line.first,
            "last": line.last,
            "opens": line.opens,
            "closes": line.closes,
            "instead": line.instead,
            "closed": line.closed,
        }


def _insert(session: Session, model: type[Any], rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(sa.insert(model.__table__), rows)


class _Words:
    """The words that are known, read once and added to."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.known: set[str] | None = None

    def keep(self, words: Iterable[str]) -> None:
        wanted = set(words)
        if self.known is None:
            self.known = self._among(wanted)
        new = sorted(wanted - self.known)
        if len(new) > BATCH:  # the next batches hold many that are known too: read all of them once
            self.known = set(self.session.scalars(sa.select(KnownWord.word)))
            new = sorted(wanted - self.known)
        elif new:
            self.known |= self._among(new)
            new = sorted(wanted - self.known)
        self.known |= wanted
        _insert(self.session, KnownWord, [{"word": word} for word in new])
        _insert(self.session, WordPart, [{"part": part, "word": word} for word in new for part in trigrams(word)])

    def _among(self, words: Iterable[str]) -> set[str]:
        found: set[str] = set()
        for some in _batches(words, BATCH):
            found.update(self.session.scalars(sa.select(KnownWord.word).where(KnownWord.word.in_(some))))
        return found


def _batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    each = iter(things)
    while batch := list(islice(each, size)):
        yield batch

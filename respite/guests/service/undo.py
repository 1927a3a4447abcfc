"""Taking an act back with one tap.

`undoing` keeps the rows of an act as they stood before. Undo puts them back when none of them has moved
since; rows that the act made are taken away again, words and all.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.clock import machine_now
from respite.core.db import Base, transaction
from respite.core.due import Due
from respite.core.errors import NotFound
from respite.guests import events
from respite.guests.errors import CannotUndo
from respite.guests.models import (
    ArrivalWish,
    BedOffer,
    Companion,
    Guest,
    Note,
    PartingTalk,
    Stay,
    Transfer,
    Undoable,
    Visit,
    Waiting,
)
from respite.guests.service.earlier import called_otherwise
from respite.guests.service.ground import let_go_what_ran_out
from respite.guests.service.in_step import came_or_went
from respite.guests.service.leaving_told import undone
from respite.guests.service.on_file import forget_later, is_on_file
from respite.guests.service.promised import promised_any
from respite.guests.service.undo_room import must_have_room
from respite.guests.service.undo_rows import KEPT_FOR, columns_of, mark_of, name_of, restored, row_of
from respite.houses.errors import BedTaken
from respite.houses.models import Bed, BedNight, ClaimKind
from respite.houses.service.claims import claim, release
from respite.messaging.models import Consent
from respite.messaging.service.consent import unconfirm
from respite.messaging.service.correspondents import consents_of
from respite.messaging.service.erasing import unmake


@dataclass
class Undoing:
    """What an act tells of itself: the rows it changes, those it makes, and the board's parts."""

    before: dict[str, dict[str, Any]]
    claims: dict[str, list[list[str]]]
    dues: dict[str, list[list[str]]]
    companions: dict[str, list[list[Any]]]
    made: list[Base] = field(default_factory=list)
    along: list[Base] = field(default_factory=list)  # made too, and not what the act is about
    parts: tuple[str, ...] = ()


@contextmanager
def undoing(session: Session, actor: Actor, house_id: uuid.UUID, kind: str, *rows: Base | None) -> Iterator[Undoing]:
    """Around the changes of an act: what `rows` hold now is kept, and `made` takes the rows the act makes."""
    changed: list[Any] = [row for row in rows if row is not None]
    undo = Undoing(
        before={name_of(row): columns_of(row) for row in changed},
        claims={str(row.id): _claims(session, row.id) for row in changed if isinstance(row, Stay)},
        dues={str(row.id): _dues(session, row.id) for row in changed if isinstance(row, Stay | Visit | BedOffer)},
        companions={
            str(row.id): [[c.kind, c.number] for c in row.companions] for row in changed if isinstance(row, Stay)
        },
    )
    yield undo
    session.flush()
    about: list[Any] = undo.made or changed
    made: list[Any] = [*undo.made, *undo.along]
    kept = Undoable(
        house_id=house_id,
        actor=actor.ref,
        kind=kind,
        subject=about[0].id,
        at=machine_now(),
        before_sealed=b"",
    )
    kept.before = json.dumps(
        {
            "before": undo.before,
            "claims": undo.claims,
            "dues": undo.dues,
            "companions": undo.companions,
            "made": [name_of(row) for row in made],
            "after": {name_of(row): mark_of(row) for row in (*changed, *made)},
            "parts": list(undo.parts),
        }
    )
    session.add(kept)
    session.info["undoable"] = kept.id


def last_undoable(session: Session) -> uuid.UUID | None:
    """The undo that the act just made; the edge offers it beside the sentence of what was done."""
    return session.info.pop("undoable", None)


#: Called with (session, guest id) before a guest whom an act made is taken away with it; a feature whose rows point to
#: a guest adds what takes them along, or their row would hold the guest back.
goes_with_a_guest: list[Callable[[Session, uuid.UUID], None]] = []

#: Called with (session, guest id); a feature in which a guest says things of their own adds whether they can by now.
#: Then their coming is not taken back with one tap. Whether they did say anything must not be asked: the answer tells.
speaks_already: list[Callable[[Session, uuid.UUID], bool]] = []


def undo(actor: Actor, undoable_id: uuid.UUID, *, now: datetime) -> Undoable:
    """Put things back as they stood before the act. Raises CannotUndo when anything has moved since."""
    with transaction() as session:
        kept = session.get(Undoable, undoable_id)
        if kept is None or kept.actor != actor.ref:
            raise NotFound
        lock_house(session, actor, kept.house_id, May.KEEP_BEDS)
        kept = session.get(Undoable, undoable_id, populate_existing=True)
        if kept is None:
            raise NotFound  # an erasing that this waited for took it away
        let_go_what_ran_out(session, kept.house_id, now)
        if kept.undone_at is not None or machine_now() - kept.at > KEPT_FOR:
            raise CannotUndo
        told = json.loads(kept.before or "{}")
        _must_stand_still(session, told["after"])
        _must_take_no_words(session, told["made"])
        _must_be_the_only_yes(session, told["before"])
        guests = _guests_of(session, (*told["before"], *told["made"]))
        names = {guest_id: session.get_one(Guest, guest_id).name_index for guest_id in guests}
        for name, columns in told["before"].items():
            must_have_room(session, row_of(session, name), {key: restored(value) for key, value in columns.items()})
        _free_made(session, told["made"])
        _put_back(session, told)
        _take_away(session, told["made"], now)
        _put_claims_back(session, told["claims"])
        if kept.kind == events.STAY_ENDED:
            for row in [row_of(session, name) for name in told["before"]]:
                for heard in undone if isinstance(row, Stay) else ():
                    heard(session, row, now)
        for guest_id in guests:
            came_or_went(session, guest_id, now)
            guest = session.get(Guest, guest_id)
            if guest is None:
                continue
            called_otherwise(session, guest, names[guest_id], actor, now)
            if not is_on_file(session, guest_id, now):
                forget_later(session, kept.house_id, guest_id, now)
        kept.undone_at = machine_now()
        record(
            session,
            kept.house_id,
            events.UNDONE,
            subject=kept.subject,
            actor=actor,
            at=now,
            because_of=kept.kind,
            parts=told["parts"],
            what=kept.kind.replace(".", "-"),
        )
    return kept


def forget_old() -> int:
    """What can no longer be undone is let go, with the words it held."""
    with transaction() as session:
        gone = session.scalars(sa.select(Undoable).where(Undoable.at < machine_now() - KEPT_FOR)).all()
        for row in gone:
            session.delete(row)
        return len(gone)


def _claims(session: Session, claim_id: uuid.UUID) -> list[list[str]]:
    rows = session.scalars(sa.select(BedNight).where(BedNight.claim_id == claim_id))
    return [[str(row.bed_id), row.night.isoformat(), row.kind] for row in rows]


def _dues(session: Session, subject: uuid.UUID) -> list[list[str]]:
    rows = session.scalars(sa.select(Due).where(Due.subject == subject))
    return [[row.kind, row.due_at.isoformat(), str(row.house_id)] for row in rows]


def _must_stand_still(session: Session, after: dict[str, int | str]) -> None:
    for name, mark in after.items():
        row = row_of(session, name)
        if row is None or mark_of(row) != mark:
            raise CannotUndo


def _must_take_no_words(session: Session, made: Iterable[str]) -> None:
    """What a guest asked to pass on since then, agreed to, or was promised does not go with an arrival taken back."""
    for name in made:
        row = row_of(session, name)
        if isinstance(row, Stay) and _has_words(session, row.id):
            raise CannotUndo
        if isinstance(row, Guest) and consents_of(session, row.house_id, row.id):
            raise CannotUndo
        if isinstance(row, Guest) and any(speaks(session, row.id) for speaks in speaks_already):
            raise CannotUndo
        if isinstance(row, Guest | Waiting) and promised_any(session, row):
            raise CannotUndo
        if isinstance(row, Waiting) and agreed_to_pass_on(session, row.id):
            raise CannotUndo


def agreed_to_pass_on(session: Session, waiting_id: uuid.UUID) -> bool:
    """Whether they said yes to another house's hearing of them while they had this place on the list."""
    return session.scalar(sa.select(Transfer.id).where(Transfer.waiting_id == waiting_id).limit(1)) is not None


def _has_words(session: Session, stay_id: uuid.UUID) -> bool:
    said = (sa.select(model.id).where(model.stay_id == stay_id) for model in (Note, ArrivalWish, PartingTalk))
    return any(session.scalar(each.limit(1)) is not None for each in said)


def _must_be_the_only_yes(session: Session, before: dict[str, dict[str, Any]]) -> None:
    """A yes that ended does not come back beside one that was given since."""
    for name, columns in before.items():
        row = row_of(session, name)
        if not isinstance(row, Consent) or columns["ended_at"] is not None:
            continue
        newer = sa.select(Consent.id).where(
            Consent.correspondent_id == row.correspondent_id,
            Consent.purpose == row.purpose,
            Consent.number_index == row.number_index,
            Consent.ended_at.is_(None),
            Consent.id != row.id,
        )
        if session.scalar(newer) is not None:
            raise CannotUndo


def _guests_of(session: Session, names: Iterable[str]) -> list[uuid.UUID]:
    """Whose stays, places on the list or names the act was about."""
    rows = [row_of(session, name) for name in names]
    found = {row.guest_id for row in rows if isinstance(row, Stay | Waiting)} | {
        row.id for row in rows if isinstance(row, Guest)
    }
    return sorted(each for each in found if each is not None)


def _free_made(session: Session, made: Iterable[str]) -> None:
    """What the act made lets go of doors, chairs, nights and due rows, so that others can have them back."""
    for name in made:
        row = row_of(session, name)
        if isinstance(row, Stay | Visit):
            release(session, row.id)
        if isinstance(row, Stay | Visit | BedOffer):
            session.execute(sa.delete(Due).where(Due.subject == row.id))
        if isinstance(row, Stay):
            row.occupies_bed_id = None
    session.flush()


def _take_away(session: Session, made: Iterable[str], now: datetime) -> None:
    for name in made:
        row = row_of(session, name)
        if isinstance(row, Guest):
            if is_on_file(session, row.id, now):
                continue
            unmake(session, row.house_id, row.id, now)
            for goes_along in goes_with_a_guest:
                goes_along(session, row.id)
        if isinstance(row, Consent):
            unconfirm(session, row.id, now)
        session.delete(row)
        session.flush()


def _put_back(session: Session, told: dict[str, Any]) -> None:
    rows = {name: row_of(session, name) for name in told["before"]}
    # Doors first become nobody's, so that two guests who swapped can go back.
    for row in rows.values():
        if isinstance(row, Stay):
            row.occupies_bed_id = None
            release(session, row.id)
    session.flush()
    for name, columns in told["before"].items():
        for column, value in columns.items():
            setattr(rows[name], column, restored(value))
    session.flush()
    _put_dues_back(session, told["dues"])
    _put_companions_back(session, told["companions"])


def _put_claims_back(session: Session, claims: dict[str, list[list[str]]]) -> None:
    for claim_id, nights in claims.items():
        for bed_id, night, kind in nights:
            bed = session.get_one(Bed, uuid.UUID(bed_id))
            try:
                claim(session, bed, [date.fromisoformat(night)], ClaimKind(kind), uuid.UUID(claim_id))
            except BedTaken as error:
                raise CannotUndo from error


def _put_dues_back(session: Session, dues: dict[str, list[list[str]]]) -> None:
    for subject, rows in dues.items():
        session.execute(sa.delete(Due).where(Due.subject == uuid.UUID(subject)))
        for kind, due_at, house_id in rows:
            session.add(
                Due(
                    kind=kind,
                    subject=uuid.UUID(subject),
                    due_at=datetime.fromisoformat(due_at),
                    house_id=uuid.UUID(house_id),
                )
            )
    session.flush()


def _put_companions_back(session: Session, companions: dict[str, list[list[Any]]]) -> None:
    for stay_id, rows in companions.items():
        session.execute(sa.delete(Companion).where(Companion.stay_id == uuid.UUID(stay_id)))
        session.add_all(Companion(stay_id=uuid.UUID(stay_id), kind=kind, number=number) for kind, number in rows)
    session.flush()
    for stay_id in companions:
        session.expire(session.get_one(Stay, uuid.UUID(stay_id)))

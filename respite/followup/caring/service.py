"""Kind words from their beginning to their end: written by a peer who was there, sent when each is due.

Whoever writes works in the house and is not kept from the guest; words that have not left go with the writer.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from respite.accounts.actor import CLOCK, Actor, ActorKind
from respite.accounts.models import KeptFrom, Person
from respite.accounts.rights import lock_house, locked_row, role_now
from respite.accounts.roles import RIGHTS, May
from respite.audit.service import Acts, record
from respite.core.db import transaction
from respite.core.due import DueRow, clear_due, handles, set_due, take
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.followup.caring import events
from respite.followup.caring.errors import NotAskedFor, NothingLeft, SomebodyWrites
from respite.followup.caring.models import CaringPlan, CaringRules, CaringText
from respite.followup.caring.policy import (
    FEWEST,
    LATE,
    LONGEST_WORDS,
    MOST_SEGMENTS,
    STEPS,
    State,
    Why,
    at_on,
    counted_from,
    day_of,
    faults_in,
    named_in,
    part_of,
)
from respite.followup.caring.queries import (
    part_now,
    plan_of,
    rules_row,
    stays_had,
    steps_of,
    texts_of,
    waiting_in,
    wanted_by,
    was_there,
)
from respite.followup.caring.shown import fault_words
from respite.followup.caring.words import first_name, may_leave, whole
from respite.guests.models import Guest
from respite.guests.service.promised import GUEST
from respite.houses.models import House
from respite.messaging.models import Correspondent, Message
from respite.messaging.models.people import CorrespondentKind, PersonState
from respite.messaging.policy.hours import Hours, zones_for
from respite.messaging.policy.segments import count, tidy
from respite.messaging.purposes import Purpose
from respite.messaging.service.wordings import guest_fields
from respite.messaging.service.writing import cancel_where, write
from respite.promises.service.acts import Wanted, give_inside

TEXT_DUE = "caring.text.due"
WORDS_OVER = "caring.words.over"
#: How long the words that were still to come are kept once it ended, so that a mistake can be taken back.
KEPT_AFTER = timedelta(minutes=30)


def write_words(
    actor: Actor, guest_id: uuid.UUID, words: Mapping[int, str], *, version_seen: int | None = None, now: datetime
) -> CaringPlan:
    """A peer who was there writes, or changes, what is to come; the first time begins it. By place; nothing is no word.

    Raises NotFound for who was not there, NotAskedFor, SomebodyWrites, StaleVersion, Invalid by field `words-N`.
    """
    with transaction() as session:
        guest = locked_row(session, actor, Guest, guest_id, May.KEEP_BEDS)
        writer = _writer(session, actor, guest)
        person = wanted_by(session, guest)
        if person is None:
            raise NotAskedFor
        plan = plan_of(session, guest.id)
        if plan is not None and version_seen is not None and version_seen != plan.version:
            raise StaleVersion
        if plan is not None and plan.writer_id not in (None, actor.id):
            raise SomebodyWrites
        kind = events.CHANGED
        if plan is None:
            plan, kind = _begin(session, guest, actor, person, now), events.BEGAN
        plan.writer_id = actor.id
        _put_words(session, plan, person, writer, words)
        flag_modified(plan, "discreet")  # a word alone moves the version, too
        session.flush()
        _next(session, plan)
        _tell(session, plan, kind, actor, now)
    return plan


def change_discretion(session: Session, actor: Actor, guest: Guest, discreet: bool, now: datetime) -> None:
    """The guest would like words without their name and the house's, or need not have them so. In their own act."""
    plan = plan_of(session, guest.id)
    if plan is None:
        raise NothingLeft
    if plan.discreet != discreet:
        plan.discreet = discreet
        session.flush()
        _tell(session, plan, events.CHANGED, actor, now)


def hand_back(actor: Actor, plan_id: uuid.UUID, *, now: datetime) -> None:
    """Whoever writes would rather not go on: somebody else who was there may. Raises NotFound."""
    with transaction() as session:
        plan = locked_row(session, actor, CaringPlan, plan_id, May.KEEP_BEDS)
        if plan.writer_id != actor.id or plan.ended_at is not None:
            raise NotFound
        _loses_writer(session, plan, actor, now)


def writer_gone(session: Session, house_id: uuid.UUID, person_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """They left, stepped back, or have no guests any more: nothing leaves under their name. Behind the house's lock."""
    theirs = (CaringPlan.house_id == house_id, CaringPlan.writer_id == person_id, CaringPlan.ended_at.is_(None))
    for plan in session.scalars(sa.select(CaringPlan).where(*theirs)).all():
        _loses_writer(session, plan, actor, now)


def kept_from(session: Session, guest_id: uuid.UUID, person_id: uuid.UUID, now: datetime) -> None:
    """The guest keeps their page from whoever wrote: it goes to others, and the promise says nothing of why."""
    plan = plan_of(session, guest_id)
    if plan is not None and plan.writer_id == person_id:
        _loses_writer(session, plan, CLOCK, now)


def yes_over(session: Session, person: Correspondent, purpose: str, given: bool, now: datetime) -> None:
    """No yes stands at their number any more: nothing is to come."""
    if given or purpose != Purpose.CARING or person.kind != CorrespondentKind.GUEST:
        return
    plan = plan_of(session, person.subject_id)
    if plan is not None:
        _end(session, plan, Why.ASKED, CLOCK, now)


def end_as_died(session: Session, guest: Guest, actor: Actor, now: datetime) -> None:
    plan = plan_of(session, guest.id)
    if plan is not None:
        _end(session, plan, Why.DIED, actor, now)


def goes_on(session: Session, guest: Guest, said_at: datetime, actor: Actor, now: datetime) -> None:
    """It was a mistake: what was to come is to come again, while its words are kept; else a peer may begin anew."""
    ended = (CaringPlan.guest_id == guest.id, CaringPlan.ended_why == Why.DIED, CaringPlan.ended_at == said_at)
    plan = session.scalar(sa.select(CaringPlan).where(*ended))
    if plan is None or plan_of(session, guest.id) is not None or not waiting_in(texts_of(session, plan.id)):
        return
    plan.ended_at = plan.ended_why = None
    session.flush()
    clear_due(session, plan.id, WORDS_OVER)
    _next(session, plan)
    _tell(session, plan, events.CHANGED, actor, now)


def forget(session: Session, guest_id: uuid.UUID) -> None:
    plans = session.scalars(sa.select(CaringPlan.id).where(CaringPlan.guest_id == guest_id)).all()
    for plan_id in plans:
        clear_due(session, plan_id, TEXT_DUE, WORDS_OVER)
    session.execute(sa.delete(CaringText).where(CaringText.guest_id == guest_id))
    session.execute(sa.delete(CaringPlan).where(CaringPlan.guest_id == guest_id))


def change_rules(
    actor: Actor, house_id: uuid.UUID, steps: list[str], *, version_seen: int | None = None, now: datetime
) -> CaringRules:
    """When a house sends them, for what begins from now on. Raises Invalid, StaleVersion."""
    chosen = [each for each in STEPS if each in steps]
    if len(chosen) < FEWEST:
        raise Invalid(fields={"steps": _("Please choose three at least: one to begin, and two to end kindly.")})
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        row = rules_row(session, house_id)
        if version_seen is not None and version_seen != (row.version if row is not None else 0):
            raise StaleVersion
        if row is None:
            row = CaringRules(house_id=house_id)
            session.add(row)
        row.steps = chosen
        session.flush()
        record(session, house_id, events.RULES_CHANGED, subject=house_id, actor=actor, at=now)
    return row


@handles(TEXT_DUE)
def text_due(row: DueRow, now: datetime) -> None:
    """One is due. Of several that were missed only the latest leaves, and none that is days late."""
    with transaction() as session:
        assert row.house_id is not None
        lock_house(session, CLOCK, row.house_id, May.KEEP_BEDS)
        if not take(session, row):
            return
        plan = session.get(CaringPlan, row.subject, populate_existing=True)
        if plan is None or plan.ended_at is not None:
            return
        guest = session.get_one(Guest, plan.guest_id)
        person = wanted_by(session, guest)
        if person is None:
            _end(session, plan, Why.ASKED, CLOCK, now)
            return
        due = [each for each in waiting_in(texts_of(session, plan.id)) if each.due_at <= now]
        for n, text in enumerate(due):
            is_last = n == len(due) - 1
            left = is_last and now - text.due_at <= LATE and _leave(session, plan, text, person, now)
            text.state, text.done_at = State.LEFT if left else State.SKIPPED, now
            text.words = None
            session.flush()
            _tell(session, plan, events.LEFT, CLOCK, now, state=text.state)
        if not waiting_in(texts_of(session, plan.id)):
            _end(session, plan, Why.DONE if plan.writer_id is not None else Why.HOUSE, CLOCK, now)
            return
        _next(session, plan)


@handles(WORDS_OVER)
def words_over(row: DueRow, _now: datetime) -> None:
    """It ended, and no mistake was said: what was still to come goes, words and all."""
    with transaction() as session:
        assert row.house_id is not None
        lock_house(session, CLOCK, row.house_id, May.KEEP_BEDS)
        plan = session.get(CaringPlan, row.subject, populate_existing=True)
        if take(session, row) and plan is not None and plan.ended_at is not None:
            over = (CaringText.plan_id == plan.id, CaringText.state == State.WAITS)
            session.execute(sa.delete(CaringText).where(*over))


def may_write(session: Session, actor: Actor, guest: Guest) -> bool:
    """Whether this person works here with guests, was there, and may read of the guest."""
    if actor.kind != ActorKind.PERSON:
        return False
    role = role_now(session, actor, guest.house_id)
    if role is None or May.KEEP_BEDS not in RIGHTS[role]:
        return False
    named = (KeptFrom.guest_id == guest.id, KeptFrom.person_id == actor.id)
    if session.scalar(sa.select(KeptFrom.id).where(*named).limit(1)) is not None:
        return False
    return was_there(session, guest, actor.id)


def _writer(session: Session, actor: Actor, guest: Guest) -> str:
    if not may_write(session, actor, guest):
        raise NotFound
    return session.get_one(Person, actor.id).name


def _begin(session: Session, guest: Guest, actor: Actor, person: Correspondent, now: datetime) -> CaringPlan:
    plan = CaringPlan(house_id=guest.house_id, guest_id=guest.id, writer_id=actor.id, discreet=False, began_at=now)
    plan.discreet = person.may_be_shared  # who shares a phone begins with discreet words
    session.add(plan)
    session.flush()
    house = session.get_one(House, guest.house_id)
    left_at = stays_had(session, guest.id)[0].left_at
    assert left_at is not None, "they stayed"
    assert person.number is not None, "they said yes at it"
    zones = zones_for(person.timezone, person.number, house.timezone)
    day, hours = counted_from(left_at, now, zones[0]), Hours(person.hours_from, person.hours_until)
    for place, step in enumerate(steps_of(session, house.id)):
        text = CaringText(
            id=uuid.uuid4(), house_id=house.id, plan_id=plan.id, guest_id=guest.id, place=place, state=State.WAITS
        )
        text.due_at = at_on(day_of(day, step), hours, zones, text.id.bytes)
        session.add(text)
    session.flush()
    return plan


def _put_words(
    session: Session, plan: CaringPlan, person: Correspondent, writer: str, words: Mapping[int, str]
) -> None:
    texts, wrong = texts_of(session, plan.id), {}
    waiting = waiting_in(texts)
    if not waiting:
        raise NothingLeft
    for text in waiting:
        if text.place not in words:
            continue
        lines = words[text.place].strip()
        part = part_now(text, texts)
        if lines:
            _template, as_it_leaves = whole(session, plan.house_id, person, writer, part, lines, plan.discreet)
            faults = faults_in(lines, as_it_leaves)
            if plan.discreet:
                brand = guest_fields(session, plan.house_id)["brand"]
                faults += named_in(lines, brand, first_name(person.name))
            if len(lines) > LONGEST_WORDS:
                wrong[f"words-{text.place}"] = _("Please keep this to %(most)s letters.", most=LONGEST_WORDS)
            elif faults:
                wrong[f"words-{text.place}"] = " ".join(fault_words(fault) for fault in faults)
        if text.words != (lines or None):
            text.words = lines or None
    if not wrong and not waiting[0].words:
        wrong[f"words-{waiting[0].place}"] = _("Please write the next one. The others can follow.")
    if wrong:
        raise Invalid(fields=wrong)


def _leave(session: Session, plan: CaringPlan, text: CaringText, person: Correspondent, now: datetime) -> bool:
    """Put it into the outbox, where it is to leave: not while they are here, nor without a writer or words."""
    texts = texts_of(session, plan.id)
    own, part = part_of(text.place, len(texts)), part_now(text, texts)
    reaches = person.state == PersonState.OPEN and person.safe_to_text and not person.number_bad
    if not reaches or plan.writer_id is None:
        return False
    lines = may_leave(session, plan.house_id, person, text.words, plan.discreet)
    if own is None and not lines:
        return False
    writer = session.get_one(Person, plan.writer_id)
    template, words = whole(session, plan.house_id, person, writer.name, part, lines, plan.discreet)
    if part != own and count(tidy(words)).segments > MOST_SEGMENTS:  # written before it was the first that comes
        template, words = whole(session, plan.house_id, person, writer.name, own, lines, plan.discreet)
    write(
        session,
        plan.house_id,
        number=person.number,
        purpose=Purpose.CARING,
        words=words,
        template=template,
        language=person.language,
        dedupe_key=_key(text),
        made_by=f"{ActorKind.PERSON}:{plan.writer_id}",
        not_after=now + LATE,
        correspondent_id=person.id,
        now=now,
    )
    return True


def _loses_writer(session: Session, plan: CaringPlan, actor: Actor, now: datetime) -> None:
    """What waits under their name goes; whoever was there may take over, and whoever is on reads that."""
    texts = texts_of(session, plan.id)
    plan.writer_id = None
    for text in waiting_in(texts):
        text.words = None
    keys = [_key(text) for text in texts]
    cancel_where(session, "let-go", now, Message.house_id == plan.house_id, Message.dedupe_key.in_(keys))
    session.flush()
    words = _("Somebody else who was here may write the kind words from here on, or they end.")
    give_inside(session, actor, plan.house_id, Wanted(words, subject=(GUEST, plan.guest_id)), now)
    _tell(session, plan, events.CHANGED, actor, now)


def _end(session: Session, plan: CaringPlan, why: Why, actor: Acts, now: datetime) -> None:
    plan.ended_at, plan.ended_why = now, why
    session.flush()
    clear_due(session, plan.id, TEXT_DUE)
    set_due(session, WORDS_OVER, plan.id, now + KEPT_AFTER, plan.house_id)
    _tell(session, plan, events.ENDED, actor, now, why=why)


def _next(session: Session, plan: CaringPlan) -> None:
    waiting = waiting_in(texts_of(session, plan.id))
    if waiting:
        set_due(session, TEXT_DUE, plan.id, waiting[0].due_at, plan.house_id)


def _key(text: CaringText) -> str:
    return f"caring:{text.id}"


def _tell(session: Session, plan: CaringPlan, kind: str, actor: Acts, now: datetime, **data: Any) -> None:
    record(session, plan.house_id, kind, subject=plan.guest_id, actor=actor, at=now, **data)

"""Telling, answering, taking back; and what happens when no answer comes."""

from __future__ import annotations

import json
import uuid
from base64 import b32encode
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.audit.service import lock_stream
from respite.concerns.errors import AnsweredAlready
from respite.concerns.models import Concern, ConcernAbout
from respite.concerns.reading import concern_for, own_concerns, people_to_choose
from respite.core.crypto import ring
from respite.core.db import transaction
from respite.core.due import Due, DueRow, clear_due, handles, set_due, take
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.core.no_order import write_anew
from respite.guests.service.on_file import forget_later
from respite.houses.models import House
from respite.houses.policy.house_time import instant_of, local
from respite.houses.queries import rules_now

LONGEST_WORDS, LONGEST_ANSWER = 2000, 2000
REMIND, LATE, READ = "concern.answer.remind", "concern.answer.late", "concern.answer.read"
MORNING = time(9)
WORDS_KEPT = timedelta(days=365)  # after the answer, or the day by which it was owed
READ_WITHIN = timedelta(days=14)  # so long an answer keeps on file whom nothing else does
CODE_LETTERS = 12


@dataclass(frozen=True, slots=True)
class Told:
    words: str
    to_person_id: uuid.UUID
    about: Collection[uuid.UUID] = ()
    form_key: str = ""  # the same words sent twice from one form are told once


def tell_inside(session: Session, house_id: uuid.UUID, guest_id: uuid.UUID | None, told: Told, now: datetime) -> str:
    """A guest tells, behind their house's lock; returns the code that follows it. Raises Invalid by field.

    Without a guest's id nothing joins it to them.
    """
    _check(session, house_id, told)
    house = session.get_one(House, house_id)
    mark = _mark(house_id, told, named=guest_id is not None)
    concern_id, code = uuid.UUID(bytes=ring().blind("concern", mark)[:16]), _code_of(mark)
    if session.get(Concern, concern_id) is not None:
        return code
    today = local(now, house.timezone).date()
    row = Concern(
        id=concern_id,
        house_id=house_id,
        guest_id=guest_id,
        code_digest=_digest(code) if guest_id is None else None,
        to_person_id=told.to_person_id,
        said_on=today,
        answer_by=today + timedelta(days=rules_now(session, house_id).answer_days),
    )
    row.words = told.words.strip()
    session.add(row)
    session.flush()
    session.add_all(ConcernAbout(concern_id=row.id, person_id=each) for each in set(told.about))
    session.flush()
    set_due(session, REMIND, row.id, _morning(row.answer_by - timedelta(days=1), house), house_id)
    set_due(session, LATE, row.id, _morning(row.answer_by + timedelta(days=1), house), house_id)
    _hide_the_order(session, house_id)
    return code


def answer_concern(
    actor: Actor, concern_id: uuid.UUID, words: str, *, version_seen: int | None = None, now: datetime
) -> None:
    """Raises NotFound for who may not read it, Invalid, StaleVersion, AnsweredAlready."""
    text = words.strip()
    if not text or len(text) > LONGEST_ANSWER:
        short, long = _("Please write a few words."), _("Please keep this to %(most)s letters.", most=LONGEST_ANSWER)
        raise Invalid(fields={"words": long if text else short})
    with transaction() as session:
        lock_stream(session, concern_for(session, actor, concern_id).house_id)
        session.expire_all()
        row = concern_for(session, actor, concern_id)
        if row.answered_on is not None:
            raise AnsweredAlready
        if version_seen is not None and version_seen != row.version:
            raise StaleVersion
        row.answer, row.answered_by = text, actor.id
        row.answered_on = _today(session, row, now)
        clear_due(session, row.id, REMIND, LATE)
        if row.guest_id is not None:
            # A day more, since the day of an answer is the house's own.
            set_due(session, READ, row.id, now + READ_WITHIN + timedelta(days=1), row.house_id)


def keeps_on_file(session: Session, guest_id: uuid.UUID, now: datetime) -> bool:
    """Whether they told something with their name and wait for the answer, or can read it still.

    So nobody whom it may be about has it forgotten by taking the guest off the list.
    """
    can_be_read = sa.or_(Concern.answered_on.is_(None), Concern.answered_on > (now - READ_WITHIN).date())
    return session.scalar(sa.select(Concern.id).where(Concern.guest_id == guest_id, can_be_read).limit(1)) is not None


def take_back_inside(
    session: Session, guest_id: uuid.UUID, concern_id: uuid.UUID, link_from: uuid.UUID | None, now: datetime
) -> None:
    """The guest takes it back, with its answer. Raises NotFound for what `own_concerns` does not show."""
    row = next((each for each in own_concerns(session, guest_id, link_from) if each.id == concern_id), None)
    if row is None:
        raise NotFound
    _take_away(session, row)
    forget_later(session, row.house_id, guest_id, now)


def by_code(session: Session, code: str) -> Concern | None:
    return session.scalar(sa.select(Concern).where(Concern.code_digest == _digest(code)))


def take_back_by_code(code: str) -> bool:
    """Whether there was one."""
    with transaction() as session:
        row = by_code(session, code)
        if row is None:
            return False
        lock_stream(session, row.house_id)
        session.expire_all()
        row = by_code(session, code)
        if row is not None:
            _take_away(session, row)
    return row is not None


@handles(REMIND)
def remind(row: DueRow, now: datetime) -> None:
    with transaction() as session:
        concern = _unanswered(session, row)
        if concern is not None:
            concern.reminded_at = now


@handles(LATE)
def pass_on(row: DueRow, now: datetime) -> None:
    """No answer in time: those who lead the house read it from now on, unless it is about them."""
    with transaction() as session:
        concern = _unanswered(session, row)
        if concern is not None:
            concern.passed_on_at = now


@handles(READ)
def was_read(row: DueRow, now: datetime) -> None:
    """They had their time to read the answer: it keeps nobody on file any more."""
    with transaction() as session:
        if row.house_id is None:
            return
        lock_stream(session, row.house_id)
        concern = session.get(Concern, row.subject) if take(session, row) else None
        if concern is not None:
            forget_later(session, concern.house_id, concern.guest_id, now)


def forget_guest(session: Session, guest_id: uuid.UUID) -> None:
    """A guest is forgotten: of what they told with their name the days stay, without a word or a person."""
    for row in session.scalars(sa.select(Concern).where(Concern.guest_id == guest_id)).all():
        _silence(session, row)
    session.flush()


def forget_old(now: datetime) -> int:
    """A year after the answer the words go; where none came, a year after the day by which one was owed."""
    answered = sa.func.coalesce(Concern.answered_on, Concern.answer_by, type_=sa.Date())
    over = (answered < (now - WORDS_KEPT).date(), Concern.words_sealed.is_not(None))
    with transaction() as session:
        lock_stream(session, *session.scalars(sa.select(Concern.house_id).where(*over)))
        rows = session.scalars(sa.select(Concern).where(*over)).all()
        for row in rows:
            forget_later(session, row.house_id, row.guest_id, now)
            _silence(session, row)
        return len(rows)


def _check(session: Session, house_id: uuid.UUID, told: Told) -> None:
    wrong: dict[str, str] = {}
    text = told.words.strip()
    if not text:
        wrong["words"] = _("Please write a few words.")
    elif len(text) > LONGEST_WORDS:
        wrong["words"] = _("Please keep this to %(most)s letters.", most=LONGEST_WORDS)
    can_be_told, everybody = people_to_choose(session, house_id)
    if told.to_person_id not in {person.id for person in can_be_told}:
        wrong["to"] = _("Please choose one of the answers shown.")
    elif told.to_person_id in told.about:
        wrong["to"] = _("It is about them, so please choose somebody else to answer.")
    if not set(told.about) <= {person.id for person in everybody}:
        wrong["about"] = _("Please choose one of the answers shown.")
    if wrong:
        raise Invalid(fields=wrong)


def _unanswered(session: Session, row: DueRow) -> Concern | None:
    """The concern whose time has come, behind its house's lock; none where this row or an answer was sooner."""
    if row.house_id is None:
        return None
    lock_stream(session, row.house_id)
    concern = session.get(Concern, row.subject) if take(session, row) else None
    return concern if concern is not None and concern.answered_on is None else None


def _hide_the_order(session: Session, house_id: uuid.UUID) -> None:
    """What lies beside what would tell in which order it was told, and so who may have told it."""
    told = sa.select(Concern.id).where(Concern.house_id == house_id)
    write_anew(
        session,
        (Concern, Concern.house_id == house_id),
        (ConcernAbout, ConcernAbout.concern_id.in_(told)),
        (Due, sa.and_(Due.house_id == house_id, Due.kind.in_((REMIND, LATE, READ)))),
    )


def _silence(session: Session, row: Concern) -> None:
    session.execute(sa.delete(ConcernAbout).where(ConcernAbout.concern_id == row.id))
    clear_due(session, row.id, REMIND, LATE, READ)
    row.words = row.answer = row.guest_id = row.code_digest = row.to_person_id = row.answered_by = None


def _take_away(session: Session, row: Concern) -> None:
    clear_due(session, row.id, REMIND, LATE, READ)
    session.execute(sa.delete(ConcernAbout).where(ConcernAbout.concern_id == row.id))
    session.delete(row)
    session.flush()


def _today(session: Session, row: Concern, now: datetime) -> date:
    return local(now, session.get_one(House, row.house_id).timezone).date()


def _morning(day: date, house: House) -> datetime:
    return instant_of(datetime.combine(day, MORNING), house.timezone)


def _mark(house_id: uuid.UUID, told: Told, *, named: bool) -> str:
    """The same for a second tap. Whoever goes back and sends the form with anything else tells something else."""
    about = sorted(str(each) for each in set(told.about))
    return json.dumps([str(house_id), told.form_key, told.words.strip(), str(told.to_person_id), about, named])


def _code_of(mark: str) -> str:
    """Sixty bits in plain letters and figures, made of what was sent: a second tap shows it again."""
    return b32encode(ring().blind("concern-code-of", mark)).decode()[:CODE_LETTERS]


def _digest(code: str) -> bytes:
    return ring().blind("concern-code", "".join(code.upper().split()).replace("-", ""))

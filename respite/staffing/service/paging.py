"""The clinical on-call is paged: a text without content and a link, to one after another until somebody has it.

Whoever is paged sees that page while it is open, and nothing else of the house; every look is in the access log.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor
from respite.accounts.models import Membership, Person
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May, Role
from respite.accounts.unseen import who_may_read
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.due import DueRow, clear_due, handles, set_due, take
from respite.core.errors import Invalid, NotFound
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.messaging.models import Message
from respite.messaging.policy.short_answers import Word
from respite.messaging.purposes import Purpose
from respite.messaging.service.codes import code_for, end_code
from respite.messaging.service.questions import Question
from respite.messaging.service.replying import Understood
from respite.messaging.service.writing import cancel_where
from respite.staffing import events
from respite.staffing.models import NOBODY, ClinicalPage
from respite.staffing.policy.watching import Step
from respite.staffing.queries.duty import duty_on
from respite.staffing.queries.shifts import asked_to_read
from respite.staffing.queries.watching import asked, steps_about
from respite.staffing.service.texting import link_to, tell
from respite.staffing.service.watching import LEADS, note

PAGE, PAGE_GOES_ON, PAGE_FORGOTTEN = "page", "staffing.page.goes-on", "staffing.page.forgotten"
PARTS = ("watch",)
LONGEST_WORDS = 600
WORDS_KEPT = timedelta(days=7)
YES, TOLD = "yes", "told"

#: `(session, house_id, stay_id)`: the guest of a stay of that house, told by an upper feature. Raises NotFound.
whose_stay: list[Callable[[Session, uuid.UUID, uuid.UUID], uuid.UUID | None]] = []


def page(
    actor: Actor,
    house_id: uuid.UUID,
    *,
    words: str,
    stay_id: uuid.UUID | None,
    guest_asked: str | None,
    now: datetime,
) -> ClinicalPage:
    """Ask for the clinical on-call. About a guest it says that they were asked, or told since a life is at risk.

    Raises Invalid by field.
    """
    wrong: dict[str, str] = {}
    if not 1 <= len(words.strip()) <= LONGEST_WORDS:
        wrong["words"] = _("Please write up to %(most)s letters.", most=LONGEST_WORDS)
    if stay_id is not None and guest_asked not in (YES, TOLD):
        wrong["guest_asked"] = _("Please ask the guest first, or say that you told them.")
    if wrong:
        raise Invalid(fields=wrong)
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_BEDS)
        row = ClinicalPage(house_id=house_id, stay_id=stay_id, asked_by=actor.ref, asked_at=now)
        if stay_id is not None:
            row.guest_asked = guest_asked
            row.guest_id = next((guest for whose in whose_stay if (guest := whose(session, house_id, stay_id))), None)
        row.words = words.strip()
        session.add(row)
        session.flush()
        record(session, house_id, events.PAGE_MADE, subject=row.id, actor=actor, at=now, parts=PARTS)
        _go_on(session, row, now)
    return row


def acknowledge(actor: Actor, page_id: uuid.UUID, *, now: datetime) -> ClinicalPage:
    """ "I have it." Nobody else is asked, and nobody else can open it."""
    with transaction() as session:
        row = locked_row(session, actor, ClinicalPage, page_id, May.ANSWER_PAGES)
        if not open_to(session, row, actor.id):
            raise NotFound
        _acknowledged(session, row, actor.id, actor, now)
    return row


def end_page(actor: Actor, page_id: uuid.UUID, *, now: datetime) -> ClinicalPage:
    """It is over, said by whoever has it, or by the house: it opens for nobody any more."""
    with transaction() as session:
        found = session.get(ClinicalPage, page_id)
        right = May.KEEP_BEDS if found is not None and actor.may(May.KEEP_BEDS, found.house_id) else May.ANSWER_PAGES
        row = locked_row(session, actor, ClinicalPage, page_id, right)
        if right == May.ANSWER_PAGES and not open_to(session, row, actor.id):
            raise NotFound
        if row.ended_at is None:
            row.ended_at = now
            _nobody_else(session, row, now)
            set_due(session, PAGE_FORGOTTEN, row.id, now + WORDS_KEPT, row.house_id)
            record(session, row.house_id, events.PAGE_ENDED, subject=row.id, actor=actor, at=now, parts=PARTS)
    return row


def open_to(session: Session, row: ClinicalPage, person_id: uuid.UUID) -> bool:
    """Whether somebody may see a page: they were paged, it is open, and nobody else has it."""
    if row.ended_at is not None or row.acknowledged_by not in (None, person_id):
        return False
    return person_id in _paged(session, row) and bool(_shown_to(session, row, [person_id]))


def pages_open_to(session: Session, person_id: uuid.UUID) -> list[ClinicalPage]:
    """One's own open pages, the newest first."""
    found = session.scalars(
        sa.select(ClinicalPage).where(ClinicalPage.ended_at.is_(None)).order_by(ClinicalPage.asked_at.desc())
    )
    return [row for row in found if open_to(session, row, person_id)]


def answer_page(
    session: Session, page_id: uuid.UUID, person_id: uuid.UUID, word: Word, now: datetime
) -> Understood | None:
    """ "Y42": I have it; "N42": not me, ask the next."""
    row = session.get(ClinicalPage, page_id)
    if row is None or word not in (Word.YES, Word.NO) or person_id not in _clinical(session, row.house_id):
        return None
    if not open_to(session, row, person_id):
        return Understood(row.house_id, "answer-settled")
    if word == Word.YES:
        _acknowledged(session, row, person_id, CLOCK, now)
        return Understood(row.house_id, "answer-looks-after")
    if row.acknowledged_by is None:
        _go_on(session, row, now)
    return Understood(row.house_id, "answer-passes")


def asks_of_pages(session: Session, person_id: uuid.UUID, _now: datetime) -> list[Question]:
    yes_or_no = frozenset({Word.YES, Word.NO})
    found = pages_open_to(session, person_id)
    return [Question(PAGE, row.id, row.house_id, yes_or_no) for row in found if row.acknowledged_by is None]


def forget_guest(session: Session, guest_id: uuid.UUID) -> None:
    """A guest's record goes: the words go, and what ties a page to them."""
    for row in session.scalars(sa.select(ClinicalPage).where(ClinicalPage.guest_id == guest_id)).all():
        row.words, row.guest_id, row.stay_id, row.guest_asked = None, None, None, None
    session.flush()


def pass_by(session: Session, guest_id: uuid.UUID, person_id: uuid.UUID, now: datetime) -> None:
    """A guest keeps it from this person: what they have, or were asked last, goes on to the next at once."""
    theirs = sa.select(ClinicalPage).where(ClinicalPage.guest_id == guest_id, ClinicalPage.ended_at.is_(None))
    for row in session.scalars(theirs).all():
        has_it = row.acknowledged_by == person_id
        if has_it:
            row.acknowledged_by = row.acknowledged_at = None
        if has_it or (row.acknowledged_by is None and _paged(session, row)[-1:] == [person_id]):
            _go_on(session, row, now)


@handles(PAGE_GOES_ON)
def page_goes_on(row: DueRow, now: datetime) -> None:
    """Nobody has it yet: the next is asked."""
    with transaction() as session:
        if row.house_id is None:
            return
        lock_house(session, CLOCK, row.house_id, May.SEE_BOARD)
        if not take(session, row):
            return
        found = session.get(ClinicalPage, row.subject, populate_existing=True)
        if found is not None and found.ended_at is None and found.acknowledged_at is None:
            _go_on(session, found, now)


@handles(PAGE_FORGOTTEN)
def page_forgotten(row: DueRow, _now: datetime) -> None:
    """A week after the end the words go."""
    with transaction() as session:
        if row.house_id is None:
            return
        lock_house(session, CLOCK, row.house_id, May.SEE_BOARD)
        if take(session, row):
            found = session.get(ClinicalPage, row.subject, populate_existing=True)
            if found is not None:
                found.words = None


def _go_on(session: Session, row: ClinicalPage, now: datetime) -> None:
    """Ask the next who was not asked. Where none is left those who lead the house are, to call somebody."""
    house = session.get_one(House, row.house_id)
    known = _paged(session, row)
    for person_id in _shown_to(session, row, _clinical(session, house.id)):
        if person_id not in known and _ask(session, house, row, Step.ASK_ON_CALL, person_id, now):
            minutes = duty_on(session, house, local(now, house.timezone).date()).on_call_answers
            set_due(session, PAGE_GOES_ON, row.id, now + timedelta(minutes=minutes), house.id)
            break
    else:
        told = asked(steps_about(session, *_key(row)), Step.ASK_LEAD)
        for person_id in _shown_to(session, row, asked_to_read(session, house.id, LEADS, now)):
            if person_id not in told:
                _ask(session, house, row, Step.ASK_LEAD, person_id, now)
    record(session, house.id, events.PAGE_MOVED, subject=row.id, actor=CLOCK, at=now, parts=PARTS)


def _ask(session: Session, house: House, row: ClinicalPage, step: Step, person_id: uuid.UUID, now: datetime) -> bool:
    """The text says nothing but where to look. To a lead: that somebody has to be called."""
    if step == Step.ASK_LEAD:
        template, fields = "page-unanswered", {"link": link_to(f"/houses/{house.slug}/board")}
    else:
        code = str(code_for(session, house.id, PAGE, row.id, now))
        template, fields = "page", {"link": link_to(f"/pages/{row.id}"), "code": code}
    message = tell(
        session, house, person_id, template, fields, purpose=Purpose.DUTY,
        dedupe_key=f"page:{row.id}:{person_id}", now=now,
    )  # fmt: skip
    note(session, house.id, _key(row), step, person_id, "text" if message is not None else "call", now)
    return message is not None


def _acknowledged(session: Session, row: ClinicalPage, person_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    if row.acknowledged_at is None:
        row.acknowledged_by, row.acknowledged_at = person_id, now
        _nobody_else(session, row, now)
        record(session, row.house_id, events.PAGE_TAKEN, subject=row.id, actor=actor, at=now, parts=PARTS)


def _nobody_else(session: Session, row: ClinicalPage, now: datetime) -> None:
    clear_due(session, row.id, PAGE_GOES_ON)
    cancel_where(session, "answered", now, Message.dedupe_key.startswith(f"page:{row.id}:"))
    end_code(session, PAGE, row.id, now)
    session.flush()


def _shown_to(session: Session, row: ClinicalPage, people: list[uuid.UUID]) -> list[uuid.UUID]:
    """Those of them whom the guest that it is about does not keep it from."""
    return people if row.guest_id is None else who_may_read(session, people, [row.guest_id])


def _paged(session: Session, row: ClinicalPage) -> list[uuid.UUID]:
    return asked(steps_about(session, *_key(row)), Step.ASK_ON_CALL)


def _key(row: ClinicalPage) -> tuple[uuid.UUID, uuid.UUID, datetime]:
    return row.id, NOBODY, row.asked_at


def _clinical(session: Session, house_id: uuid.UUID) -> list[uuid.UUID]:
    """Who is on call for the house in this way, by name."""
    found = session.scalars(
        sa.select(Person.id)
        .join(Membership)
        .where(
            Membership.house_id == house_id,
            Membership.role == Role.CLINICAL_ON_CALL,
            Membership.ended_at.is_(None),
            Person.deactivated_at.is_(None),
        )
        .order_by(Person.name, Person.id)
    )
    return list(found)

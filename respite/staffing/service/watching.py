"""The living night: what is done around each shift so that the house is never without anybody in silence.

A shift has one due row, for its next step; it is written with the shift, moved with it, and cleared when somebody came.
Each step is done once for a shift, whoever has it, and its begin. A step that no text could reach anybody by goes on to
the next at once, and the desk shows whom to call.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.due import Due, DueRow, clear_due, handles, set_due, take
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.messaging.models import Message, ReplyCode
from respite.messaging.policy.short_answers import Word
from respite.messaging.purposes import Purpose
from respite.messaging.service.codes import code_for, end_code
from respite.messaging.service.questions import Question
from respite.messaging.service.writing import cancel_where
from respite.staffing import events
from respite.staffing.models import NOBODY, Shift, ShiftStep
from respite.staffing.policy import watching as policy
from respite.staffing.policy.duty import Duty
from respite.staffing.policy.shifts import LONGEST_SHIFT, ShiftKind
from respite.staffing.policy.watching import BREATH, COMES, LADDER, LOOKS_AFTER, Planned, Step
from respite.staffing.queries.duty import duty_on
from respite.staffing.queries.shifts import asked_to_read
from respite.staffing.queries.watching import asked, on_call_in_order, others_on, steps_of, waited_for
from respite.staffing.service.holding_over import ask_to_stay
from respite.staffing.service.texting import language_of, link_to, shift_fields, tell

WATCH = "staffing.shift.watch"
COME_IN = "come-in"  # the question that those on call and the leads are asked
PARTS = ("watch", "people")
#: A house's leads, as those whom a text is put before are asked.
LEADS = 2


@dataclass(frozen=True, slots=True)
class Watched:
    """A shift that is being watched, with all that its next step depends on."""

    session: Session
    house: House
    shift: Shift
    duty: Duty
    now: datetime

    @property
    def holder(self) -> uuid.UUID:
        return self.shift.person_id or NOBODY

    def rows(self) -> list[ShiftStep]:
        return steps_of(self.session, self.shift)

    def plan(self, rows: Sequence[ShiftStep]) -> tuple[Planned, ...]:
        shift, duty = self.shift, self.duty
        if shift.published_at is None or shift.went_at is not None or shift.ends_at <= self.now:
            return ()
        if shift.kind != ShiftKind.FLOOR:
            return policy.reminders(shift.starts_at, duty, on_floor=False) if shift.person_id else ()
        if shift.came_at is not None or asked(rows, COMES, LOOKS_AFTER):
            return ()
        if shift.person_id is None:
            return policy.ladder_of_open(shift.starts_at, duty)
        return (*policy.reminders(shift.starts_at, duty, on_floor=True), *policy.ladder(shift.starts_at, duty))

    def next_step(self, rows: Sequence[ShiftStep], since: datetime) -> Planned | None:
        done = policy.done_at([(row.step, row.at) for row in rows])
        waits = policy.waits_until(self.shift.on_way_at, self.duty)
        return policy.next_step(self.plan(rows), done, self.now, since=since, not_before=waits)

    def done(self, step: str, told: uuid.UUID | None, how: str, n: int | None = None) -> None:
        """Write down that it was done."""
        note(
            self.session,
            self.house.id,
            (self.shift.id, self.holder, self.shift.starts_at),
            step,
            told,
            how,
            self.now,
            n,
        )

    def tell(
        self, person_id: uuid.UUID, template: str, step: str, useless_at: datetime | None = None, **more: str
    ) -> str:
        """Text them about this shift; answers how it was done."""
        words = shift_fields(
            self.shift.starts_at, self.shift.ends_at, self.house, language_of(self.session, self.house, person_id)
        )
        message = tell(
            self.session,
            self.house,
            person_id,
            template,
            words | more,
            purpose=Purpose.SHIFTS if step == Step.REMIND else Purpose.DUTY,
            dedupe_key=f"{_texts_of(self.shift)}{step}:{person_id.hex[:16]}",
            now=self.now,
            not_after=useless_at or self.shift.ends_at,
        )
        return "text" if message is not None else "call"


def watched(session: Session, shift: Shift, now: datetime) -> Watched:
    house = session.get_one(House, shift.house_id)
    day = local(shift.starts_at, house.timezone).date()
    return Watched(session, house, shift, duty_on(session, house, day), now)


def note(
    session: Session,
    house_id: uuid.UUID,
    about: tuple[uuid.UUID, uuid.UUID, datetime],
    step: str,
    told: uuid.UUID | None,
    how: str,
    now: datetime,
    n: int | None = None,
) -> None:
    """Write a step or an answer down; `about` is the shift or the call, who has it, and its begin."""
    about_id, holder_id, begins_at = about
    key = {"about_id": about_id, "holder_id": holder_id, "begins_at": begins_at, "step": str(step)}
    if n is None:
        n = session.scalar(sa.select(sa.func.count()).select_from(ShiftStep).filter_by(**key)) or 0
    session.add(ShiftStep(house_id=house_id, **key, n=n, told_id=told, how=how, at=now))
    session.flush()


# -- kept in step with the shift ---------------------------------------------------------------------------------


def follow(session: Session, shift: Shift, before: uuid.UUID | None, _actor: Actor, now: datetime) -> None:
    """The shift was set, moved, given or opened: what is still to leave about how it was is called back."""
    cancel_where(
        session,
        "moved",
        now,
        Message.dedupe_key.startswith(f"watch:{shift.id.hex}:"),
        ~Message.dedupe_key.startswith(_texts_of(shift)),
    )
    if before != shift.person_id:
        end_code(session, COME_IN, shift.id, now)
    arm(session, shift, now)


def let_go(session: Session, shift: Shift, _actor: Actor, now: datetime) -> None:
    """The shift is taken off the list."""
    clear_due(session, shift.id, WATCH)
    settle_down(session, shift, now)


def hear(session: Session, shift: Shift, _actor: Actor, now: datetime) -> None:
    """Whoever has it said that they are on their way, came or went, or took it back."""
    if shift.came_at is not None or shift.on_way_at is not None:
        settle_down(session, shift, now)
    arm(session, shift, now)
    if shift.went_at is not None and shift.asked_to_stay_at is not None:
        # They could not stay. Where the house is without anybody now, the next are asked at once.
        for coming in waited_for(session, shift, now):
            if not others_on(session, coming, now, came=True):
                go_on(session, coming, now, since=now, at_once=True)


def settle_down(session: Session, shift: Shift, now: datetime) -> None:
    """Somebody answered: texts that still wait are called back, and nobody else is asked by that number."""
    cancel_where(session, "answered", now, Message.dedupe_key.startswith(f"watch:{shift.id.hex}:"))
    end_code(session, COME_IN, shift.id, now)


def arm(session: Session, shift: Shift, now: datetime, since: datetime | None = None) -> None:
    """Write the row of the shift's next step, or none. Reminders of before `since` are over."""
    on = watched(session, shift, now)
    rows = on.rows()
    step = on.next_step(rows, since or now)
    if step is not None:
        set_due(session, WATCH, shift.id, step.at, shift.house_id)
    elif asked(rows, Step.ASK_LEAD, Step.ASK_ON_CALL) and shift.ends_at > now and on.plan(rows):
        set_due(session, WATCH, shift.id, shift.ends_at, shift.house_id)  # its number ends with it
    else:
        clear_due(session, shift.id, WATCH)


@handles(WATCH)
def watch(row: DueRow, now: datetime) -> None:
    """A shift's next step is due."""
    with transaction() as session:
        if row.house_id is None:
            return
        lock_house(session, CLOCK, row.house_id, May.SEE_SHIFTS)
        if not take(session, row):
            return
        shift = session.get(Shift, row.subject, populate_existing=True)
        if shift is None:
            return
        if shift.ends_at <= now:
            settle_down(session, shift, now)
            return
        go_on(session, shift, now, since=row.due_at)


def look_over(now: datetime) -> int:
    """Begun shifts that nobody came to and whose next step is not where it should be, as after a clock that was wrong
    for a while: their rows are put right. Returns how many."""
    with transaction() as session:
        begun = session.execute(
            sa.select(Shift.id, Shift.house_id)
            .outerjoin(Due, sa.and_(Due.subject == Shift.id, Due.kind == WATCH))
            .where(
                Shift.kind == ShiftKind.FLOOR,
                Shift.published_at.is_not(None),
                Shift.came_at.is_(None),
                Shift.went_at.is_(None),
                Shift.starts_at <= now,
                Shift.ends_at > now,
                sa.or_(Due.id.is_(None), Due.due_at > now + BREATH),
            )
        ).all()
        before = _dues(session)
        for house_id in sorted({house_id for _id, house_id in begun}):
            lock_house(session, CLOCK, house_id, May.SEE_SHIFTS)
        for shift_id, _house_id in begun:
            shift = session.get(Shift, shift_id, populate_existing=True)
            if shift is not None:
                arm(session, shift, now)
        return len(set(_dues(session)) - set(before))


def _dues(session: Session) -> list[tuple[uuid.UUID, datetime]]:
    return [(each[0], each[1]) for each in session.execute(sa.select(Due.subject, Due.due_at).where(Due.kind == WATCH))]


def asks_to_come_in(session: Session, person_id: uuid.UUID, now: datetime) -> list[Question]:
    """The calls to come in that stand open to somebody on call or to a lead."""
    about = sa.select(ShiftStep.about_id).where(
        ShiftStep.told_id == person_id, ShiftStep.step.in_(LADDER[1:]), ShiftStep.at > now - LONGEST_SHIFT
    )
    open_codes = sa.select(ReplyCode.subject_id, ReplyCode.house_id).where(
        ReplyCode.kind == COME_IN, ReplyCode.ended_at.is_(None), ReplyCode.subject_id.in_(about)
    )
    yes_or_no = frozenset({Word.YES, Word.NO})
    return [Question(COME_IN, subject, house, yes_or_no) for subject, house in session.execute(open_codes)]


# -- doing a step ------------------------------------------------------------------------------------------------


def go_on(session: Session, shift: Shift, now: datetime, *, since: datetime, at_once: bool = False) -> None:
    """Do the step that is due, and what follows at once where nobody could be asked by it; then wait for the next."""
    on = watched(session, shift, now)
    while True:
        step = on.next_step(on.rows(), since)
        if step is None or (step.at > now and not at_once):
            break
        if shift.person_id is None and others_on(session, shift, max(now, shift.starts_at)) >= on.duty.floor_least:
            set_due(session, WATCH, shift.id, now + BREATH, shift.house_id)  # open, and the house is not short
            return
        at_once = not _do(on, step)
        record(
            session, shift.house_id, events.SHIFT_WATCHED, subject=shift.id, actor=CLOCK, at=now, parts=PARTS,
            step=str(step.step),
        )  # fmt: skip
    arm(session, shift, now, since)


def _do(on: Watched, step: Planned) -> bool:
    """False: nobody could be asked by it."""
    match step.step:
        case Step.ASK_ON_CALL | Step.ASK_SECOND:
            return _ask_next_on_call(on, step.step)
        case Step.ASK_LEAD:
            return _ask_leads(on)
        case Step.ASK_PEER:
            how = on.tell(on.holder, "shift-not-here", step.step)
            on.done(step.step, on.holder, how, 0)
            ask_to_stay(on.session, on.house, on.shift, on.now)
            return how == "text"
    how = on.tell(on.holder, TEMPLATES[step.step], step.step, step.useless_at)
    on.done(step.step, on.holder, "screen" if how == "call" else how, 0)
    return True


TEMPLATES = {Step.REMIND: "shift-tomorrow", Step.REMIND_AGAIN: "shift-soon", Step.ASK_ON_WAY: "shift-on-way"}


def _ask_next_on_call(on: Watched, step: Step) -> bool:
    """The first on call who was not asked yet. Where there is none, the next step comes at once."""
    known = {*asked(on.rows(), Step.ASK_ON_CALL, Step.ASK_SECOND), on.holder}
    person_id = next((each for each in on_call_in_order(on.session, on.house.id, on.now) if each not in known), None)
    how = "call" if person_id is None else on.tell(person_id, "shift-come-in", step, code=_code(on))
    on.done(step, person_id, how, 0)
    return how == "text"


def _ask_leads(on: Watched) -> bool:
    leads = [each for each in asked_to_read(on.session, on.house.id, LEADS, on.now) if each != on.holder]
    reached = False
    link = link_to(f"/houses/{on.house.slug}/board")
    for n, person_id in enumerate(leads):
        how = on.tell(person_id, "shift-lead", Step.ASK_LEAD, code=_code(on), link=link)
        on.done(Step.ASK_LEAD, person_id, how, n)
        reached = reached or how == "text"
    if not leads:
        on.done(Step.ASK_LEAD, None, "call", 0)
    return reached


def _code(on: Watched) -> str:
    return str(code_for(on.session, on.house.id, COME_IN, on.shift.id, on.now))


def _texts_of(shift: Shift) -> str:
    """What the keys of texts about a shift begin with, whoever has it and its begin."""
    return f"watch:{shift.id.hex}:{(shift.person_id or NOBODY).hex}:{int(shift.starts_at.timestamp())}:"

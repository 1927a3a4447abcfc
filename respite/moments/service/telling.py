"""A hard moment from its begin until it is put away, and forgotten in the end."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.due import DueRow, clear_due, handles, set_due, take
from respite.core.errors import Invalid
from respite.moments import events
from respite.moments.errors import CannotTakeBack, OpenNow
from respite.moments.models import HardMoment, MomentAccount, MomentFact
from respite.moments.policy import kept_until
from respite.moments.queries import rules_of
from respite.moments.service.reached import just_now, not_to_come, open_moment
from respite.moments.service.support import SUPPORT_OVER, offer_at_begin, offer_to_more, offered_until

OVER = "moment.kept.over"


def begin(
    actor: Actor, house_id: uuid.UUID, *, title: str | None = None, at: datetime | None = None, now: datetime
) -> HardMoment:
    """Something hard happened, now or `at`. Whoever was on then is offered a talk. Raises Invalid by field."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_BEDS)
        _check_title(session, house_id, title)
        began = not_to_come(at or now, now)
        moment = HardMoment(house_id=house_id, began_at=began, told_at=now, made_by=actor.ref)
        moment.title = title
        session.add(moment)
        session.flush()
        _keep_for_years(session, moment)
        set_due(session, SUPPORT_OVER, moment.id, offered_until(now), house_id)
        offer_at_begin(session, moment, actor)
        _tell(session, moment, events.BEGAN, actor, now, began=began)
    return moment


def change_moment(
    actor: Actor,
    moment_id: uuid.UUID,
    *,
    title: str | None,
    at: datetime,
    version_seen: int | None = None,
    now: datetime,
) -> None:
    """Another title, or another time of its begin; the event log keeps the time before. Raises Invalid, PutAway."""
    with transaction() as session:
        moment = open_moment(session, actor, moment_id, version_seen)
        if title != moment.title:
            _check_title(session, moment.house_id, title)
        before, began = moment.began_at, not_to_come(at, now)
        if (title, began) == (moment.title, before):
            return
        if began != before:
            offer_to_more(session, moment, began, now)
            # An account without a time of its own stands at the begin.
            session.execute(
                sa.update(MomentAccount)
                .where(MomentAccount.moment_id == moment.id, MomentAccount.at == before)
                .values(at=began)
            )
        moment.title, moment.began_at = title, began
        session.flush()
        _keep_for_years(session, moment)
        _tell(session, moment, events.CHANGED, actor, now, began=began, before=before)


def take_back(actor: Actor, moment_id: uuid.UUID, *, now: datetime) -> uuid.UUID:
    """Undo of `begin`, by whoever began it while nothing was written; returns the house. Raises CannotTakeBack."""
    with transaction() as session:
        moment = open_moment(session, actor, moment_id)
        written = any(
            session.scalar(sa.select(model.id).where(model.moment_id == moment_id).limit(1)) is not None
            for model in (MomentFact, MomentAccount)
        )
        if written or moment.made_by != actor.ref or not just_now(moment.told_at, now):
            raise CannotTakeBack
        house_id = moment.house_id
        _take_away(session, moment)
        record(session, house_id, events.TAKEN_BACK, subject=moment_id, actor=actor, at=now, parts=events.PARTS)
    return house_id


def put_away(actor: Actor, moment_id: uuid.UUID, *, version_seen: int | None = None, now: datetime) -> None:
    """The house has talked it over. Raises PutAway."""
    with transaction() as session:
        moment = open_moment(session, actor, moment_id, version_seen)
        moment.put_away_at, moment.put_away_by = now, actor.ref
        session.flush()
        _tell(session, moment, events.PUT_AWAY, actor, now)


def open_again(actor: Actor, moment_id: uuid.UUID, *, now: datetime) -> None:
    """Raises OpenNow."""
    with transaction() as session:
        moment = locked_row(session, actor, HardMoment, moment_id, May.KEEP_BEDS)
        if moment.put_away_at is None:
            raise OpenNow
        moment.put_away_at = moment.put_away_by = None
        session.flush()
        _tell(session, moment, events.OPENED, actor, now)


@handles(OVER)
def forget(row: DueRow, now: datetime) -> None:
    """The house's years are over: facts, accounts and what was offered go with it."""
    with transaction() as session:
        assert row.house_id is not None
        lock_house(session, CLOCK, row.house_id, May.KEEP_BEDS)
        moment = session.get(HardMoment, row.subject)
        if not take(session, row) or moment is None:
            return
        _take_away(session, moment)
        record(session, row.house_id, events.FORGOTTEN, subject=row.subject, actor=CLOCK, at=now, parts=events.PARTS)


def keep_all_for(session: Session, house_id: uuid.UUID) -> None:
    """The house changed its years: each of its hard moments goes by the new ones."""
    for moment in session.scalars(sa.select(HardMoment).where(HardMoment.house_id == house_id)).all():
        _keep_for_years(session, moment)


def _keep_for_years(session: Session, moment: HardMoment) -> None:
    until = kept_until(moment.began_at, rules_of(session, moment.house_id).keep_years)
    set_due(session, OVER, moment.id, until, moment.house_id)


def _take_away(session: Session, moment: HardMoment) -> None:
    clear_due(session, moment.id, OVER, SUPPORT_OVER)
    session.delete(moment)
    session.flush()


def _check_title(session: Session, house_id: uuid.UUID, title: str | None) -> None:
    if title is not None and title not in rules_of(session, house_id).titles:
        raise Invalid(fields={"title": _("Please choose one of the answers shown.")})


def _tell(session: Session, moment: HardMoment, kind: str, actor: Actor, now: datetime, **instants: Any) -> None:
    record(session, moment.house_id, kind, subject=moment.id, actor=actor, at=now, parts=events.PARTS, **instants)

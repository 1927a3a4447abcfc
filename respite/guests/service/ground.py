"""What every act on a stay begins with, inside its transaction and behind the house's lock."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK
from respite.audit.service import record
from respite.core.due import clear_due
from respite.core.errors import Invalid, NotFound
from respite.guests import due_kinds, events
from respite.guests.errors import (
    AlreadyArrived,
    NotHereNow,
    NotWaitingToArrive,
    OnlyOffered,
    SavedTimeOver,
)
from respite.guests.models import Stay
from respite.guests.policy.return_rule import NightsRule, NightsUsed, return_rule_of
from respite.guests.policy.stay_states import NotNow, StayAct, StayState, refuse, state_at
from respite.guests.service.offer_ends import let_go_offers
from respite.houses.models import Bed, House, HouseRules
from respite.houses.policy.house_time import night_of
from respite.houses.queries import beds_of, rules_now
from respite.houses.service.claims import release

LATEST_ENTRY = timedelta(days=31)  # how long afterwards something may still be entered with its own time


@dataclass(frozen=True, slots=True)
class Ground:
    """The house and the rules in force as an act finds them, and the night it is at the act's own time."""

    house: House
    rules: HouseRules
    tonight: date
    at: datetime

    @property
    def nights_rule(self) -> NightsRule:
        rules = self.rules
        return NightsRule(return_rule_of(rules.return_kind, rules.return_nights, rules.return_days), rules.longest_stay)


def ground(session: Session, house_id: uuid.UUID, *, at: datetime | None, now: datetime) -> Ground:
    """Lets go what ran out, and answers with the house as it is at the act's time. Raises Invalid for that time."""
    when = _checked_time(at, now)
    let_go_what_ran_out(session, house_id, now)
    house, rules = session.get_one(House, house_id), rules_now(session, house_id)
    return Ground(house, rules, night_of(when, house.timezone, rules.night_turns_at), when)


def _checked_time(at: datetime | None, now: datetime) -> datetime:
    if at is None:
        return now
    if at > now + timedelta(minutes=1):
        raise Invalid(fields={"at": _("This time has not come yet. Please give the time it happened.")})
    if at < now - LATEST_ENTRY:
        raise Invalid(fields={"at": _("That is longer ago than can be entered here (31 days).")})
    return min(at, now)


def door(*bed_ids: uuid.UUID | None) -> tuple[str, ...]:
    """The board's parts that an act on these doors changes."""
    return (*(f"door-{bed_id}" for bed_id in bed_ids if bed_id is not None), "summary")


def every_door(session: Session, house_id: uuid.UUID) -> tuple[str, ...]:
    """For present states that leave no trace: naming one door in the log would be the trace."""
    return tuple(f"door-{bed.id}" for bed in beds_of(session, house_id))


def must_fit(stay: Stay, act: StayAct, now: datetime) -> None:
    """Raises the refusal in words when the stay is not in a state for the act."""
    why_not = refuse(state_at(StayState(stay.state), stay.saved_until, now), act)
    if why_not is None:
        return
    raise {
        NotNow.NOT_HERE_YET: NotHereNow,
        NotNow.ALREADY_HERE: AlreadyArrived,
        NotNow.HAS_LEFT: NotHereNow,
        NotNow.WAS_LET_GO: NotWaitingToArrive,
        NotNow.HAS_RUN_OUT: SavedTimeOver,
        NotNow.ONLY_OFFERED: OnlyOffered,
    }[why_not]


def let_go_what_ran_out(session: Session, house_id: uuid.UUID, now: datetime) -> None:
    """Every saved bed whose time is over lets its nights go, in the transaction that looks; offers too."""
    let_go_offers(session, house_id, now)
    over = session.scalars(
        sa.select(Stay).where(
            Stay.house_id == house_id,
            Stay.state == StayState.HELD,
            Stay.saved_until.is_not(None),
            Stay.saved_until <= now,
        )
    ).unique()
    for stay in list(over):
        ran_out_at = stay.saved_until or now
        stay.state = StayState.RAN_OUT
        release(session, stay.id)
        clear_due(session, stay.id, *due_kinds.ALL)
        record(
            session,
            house_id,
            events.SAVE_RAN_OUT,
            subject=stay.id,
            actor=CLOCK,
            at=ran_out_at,
            parts=(*door(stay.bed_id), "notices"),
            bed_id=stay.bed_id,
        )


def nights_used(
    session: Session,
    guest_id: uuid.UUID,
    *,
    without: uuid.UUID | None = None,
    leaving: date | None = None,
    now: datetime | None = None,
) -> NightsUsed:
    """The nights of the guest's stays here, had or saved, apart from the stay that is being made longer.

    That one counts up to `leaving`, its real leaving day: somebody past the agreed one has had those nights too.
    A page that only reads gives `now`, since nobody has let go what ran out before it looked.
    """
    stays = session.execute(
        sa.select(Stay.id, Stay.first_night, Stay.until).where(
            Stay.guest_id == guest_id,
            Stay.state.in_((StayState.HELD, StayState.HERE, StayState.LEFT)),
            *(
                [sa.or_(Stay.state != StayState.HELD, Stay.saved_until.is_(None), Stay.saved_until > now)]
                if now
                else []
            ),
        )
    )
    spans: list[tuple[date, date]] = []
    own: list[date] = []
    for stay_id, first, until in stays:
        if stay_id == without:
            own = list(_nights(first, max(until, leaving or until)))
        else:
            spans.append((first, until))
    return NightsUsed.of_stays(spans, own)


def nights_used_of(session: Session, guest_ids: Collection[uuid.UUID], now: datetime) -> dict[uuid.UUID, NightsUsed]:
    """`nights_used` of many guests in one question, for pages and for who is next."""
    rows = session.execute(
        sa.select(Stay.guest_id, Stay.first_night, Stay.until).where(
            Stay.guest_id.in_(guest_ids),
            Stay.state.in_((StayState.HELD, StayState.HERE, StayState.LEFT)),
            sa.or_(Stay.state != StayState.HELD, Stay.saved_until.is_(None), Stay.saved_until > now),
        )
    )
    spans: dict[uuid.UUID, list[tuple[date, date]]] = {guest_id: [] for guest_id in guest_ids}
    for guest_id, first, until in rows:
        if guest_id is not None:
            spans[guest_id].append((first, until))
    return {guest_id: NightsUsed.of_stays(theirs) for guest_id, theirs in spans.items()}


def _nights(first: date, until: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((until - first).days))


def occupant_of(session: Session, bed_id: uuid.UUID) -> Stay | None:
    """Who is behind the door now, whatever was agreed."""
    return session.scalar(sa.select(Stay).where(Stay.occupies_bed_id == bed_id))


def locked_bed(session: Session, house_id: uuid.UUID, bed_id: uuid.UUID) -> Bed:
    """A door of this house. A door of another house is answered like none."""
    bed = session.get(Bed, bed_id)
    if bed is None or bed.house_id != house_id or bed.retired_at is not None:
        raise NotFound
    return bed

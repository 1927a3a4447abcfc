"""What of a guest is not there for whom they keep it from.

A bed and a chair are seen all the same, as if nobody had given a name. A line that was left for the next stands on the
wall for everybody and names nobody, so it stays.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from respite.accounts.models import KeptFrom
from respite.accounts.unseen import Guests, hidden, nameless
from respite.guests.models import (
    AgreementRead,
    ApartWish,
    ArrivalWish,
    BedOffer,
    Conversation,
    EarlierWord,
    Farewell,
    Guest,
    GuestAsk,
    LeftLine,
    Note,
    PartingTalk,
    RuleAnswer,
    Stay,
    Transfer,
    Visit,
    Waiting,
    YesAsk,
)
from respite.promises.models import Promise

# As tables and not as models: what is looked up to leave rows out is not left out itself.
_guests: Any = Guest.__table__
_waiting: Any = Waiting.__table__


def _waits(guests: Guests) -> sa.Select[Any]:
    return sa.select(_waiting.c.id).where(_waiting.c.guest_id.in_(guests))


def _names(guests: Guests) -> sa.Select[Any]:
    """A name is taken to mean every guest of that name, here too."""
    return sa.select(_guests.c.name_index).where(_guests.c.id.in_(guests))


def _any(*each: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.or_(*(sa.func.coalesce(one, sa.false()) for one in each))


for _model in (
    AgreementRead,
    ArrivalWish,
    Conversation,
    EarlierWord,
    Farewell,
    GuestAsk,
    KeptFrom,
    Note,
    PartingTalk,
    RuleAnswer,
    Transfer,
    Waiting,
):
    hidden(_model, lambda guests, of=_model: of.guest_id.in_(guests))  # type: ignore[misc]

hidden(Guest, lambda guests: Guest.id.in_(guests))
hidden(BedOffer, lambda guests: BedOffer.waiting_id.in_(_waits(guests)))
hidden(
    ApartWish,
    lambda guests: _any(
        ApartWish.guest_id.in_(guests),
        ApartWish.other_guest_id.in_(guests),
        ApartWish.other_name_index.in_(_names(guests)),
    ),
)
hidden(YesAsk, lambda guests: _any(YesAsk.guest_id.in_(guests), YesAsk.name_index.in_(_names(guests))))
hidden(Promise, lambda guests: _any(Promise.subject_id.in_(guests), Promise.subject_id.in_(_waits(guests))))
nameless(Stay, "coming_sealed", "check_in_wish_sealed", "how_to_ask_again_sealed", "own_account_sealed")
nameless(Visit)
nameless(LeftLine)

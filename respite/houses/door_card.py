"""The door card: what is said when somebody at the door or on the telephone asks who is here.

It stands whole on every page, so that it shows when the server or the line is away. It has no field: what an officer
or anybody else says is kept nowhere.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from flask import g, url_for
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.roles import May
from respite.accounts.sessions import SignedIn
from respite.core.db import db
from respite.core.phones import shown as phone_shown
from respite.core.views import LANGUAGES
from respite.houses.models import House


@dataclass(frozen=True, slots=True)
class Own:
    """What one house adds in one language. `house` is its name where the card is about several."""

    house: str
    line: str
    tel: str
    phone: str


@dataclass(frozen=True, slots=True)
class Said:
    """What is read aloud in one language."""

    language: str
    answer: str
    offer: str
    reached: str
    own: tuple[Own, ...]


@dataclass(frozen=True, slots=True)
class DoorCard:
    said: tuple[Said, ...]
    paper: str | None
    """Where the card is for printing, on pages of a house."""


def card_of_request() -> DoorCard | None:
    """The card for whoever works in a house, also behind a lock; none for anybody else."""
    actor = _who()
    if actor is None or actor.kind != ActorKind.PERSON:
        return None
    mine = [house_id for house_id in actor.roles if actor.may(May.ENTER, house_id)]
    here = g.get("house")
    if here is None or here.id not in mine:
        return card(_read(mine)) if mine else None
    # A page of a house has read it already; the desk is drawn from rows that hold less.
    return card([here] if isinstance(here, House) else _read([here.id]))


def _who() -> Actor | None:
    signed_in: SignedIn | None = g.get("sign_in")
    return g.get("actor") or (signed_in.actor if signed_in else None)


def card(houses: list[House]) -> DoorCard:
    """The card of these houses, in every language, the reader's own first."""
    reader = str(get_locale() or LANGUAGES[0])
    languages = sorted(LANGUAGES, key=lambda language: language != reader)
    paper = url_for("houses.door_card_paper", slug=houses[0].slug) if len(houses) == 1 else None
    return DoorCard(tuple(_said(language, houses) for language in languages), paper)


def _read(house_ids: Iterable[uuid.UUID]) -> list[House]:
    # A read of its own, ended before the page goes on: pages are drawn when theirs has ended.
    with Session(db.engine, expire_on_commit=False) as session:
        return list(session.scalars(sa.select(House).where(House.id.in_(list(house_ids))).order_by(House.name)))


def _said(language: str, houses: list[House]) -> Said:
    with force_locale(language):
        own = [_own(house, language, several=len(houses) > 1) for house in houses]
        return Said(
            language,
            answer=_("We never say who is or is not here."),
            offer=_("I can take a message."),
            reached=_("Whoever is in charge can be called:"),
            own=tuple(each for each in own if each.line or each.phone),
        )


def _own(house: House, language: str, *, several: bool) -> Own:
    line = house.door_line_es if language == "es" else house.door_line_en
    tel = house.door_phone or ""
    return Own(house.name if several else "", line, tel, phone_shown(tel) if tel else "")

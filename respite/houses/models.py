"""Houses, their doors and chairs, their rules, and the nights that are claimed on beds."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship

from respite.core.db import Base, Kept, Versioned, kept, key, to


class HouseKind(StrEnum):
    RESPITE = "respite"
    LIVING_ROOM = "living-room"
    BOTH = "both"


class House(Versioned, Base):
    __tablename__ = "house"

    id: Mapped[uuid.UUID] = key()
    slug: Mapped[str] = kept(Kept.HOUSE, sa.String(60), unique=True)
    name: Mapped[str] = kept(Kept.HOUSE, sa.String(80))
    kind: Mapped[str] = kept(Kept.HOUSE, sa.String(20))
    timezone: Mapped[str] = kept(Kept.HOUSE, sa.String(60))
    language: Mapped[str] = kept(Kept.HOUSE, sa.String(5), default="en")
    phone: Mapped[str | None] = kept(Kept.HOUSE, sa.String(20))
    shares_availability: Mapped[bool] = kept(Kept.HOUSE, default=False)
    # The house's own sentence on the door card, in the words of each language, and who may be called about it.
    door_line_en: Mapped[str] = kept(Kept.HOUSE, sa.String(300), default="")
    door_line_es: Mapped[str] = kept(Kept.HOUSE, sa.String(300), default="")
    door_phone: Mapped[str | None] = kept(Kept.HOUSE, sa.String(20))
    made_at: Mapped[datetime] = kept(Kept.WORKING)

    @property
    def has_beds(self) -> bool:
        return self.kind != HouseKind.LIVING_ROOM

    @property
    def has_chairs(self) -> bool:
        return self.kind != HouseKind.RESPITE


class HouseRules(Base):
    """One version of a house's rules. Never changed: a new version is a new row, and old decisions keep theirs."""

    __tablename__ = "house_rules"
    __table_args__ = (sa.UniqueConstraint("house_id", "number"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    number: Mapped[int] = kept(Kept.HOUSE)
    made_at: Mapped[datetime] = kept(Kept.WORKING)
    made_by: Mapped[str | None] = kept(Kept.KEY, sa.String(60))

    longest_stay: Mapped[int] = kept(Kept.HOUSE, default=7)  # nights
    # "rolling": return_nights in any return_days nights; "since-leaving": return_days after leaving; "none"
    return_kind: Mapped[str] = kept(Kept.HOUSE, sa.String(20), default="rolling")
    return_nights: Mapped[int] = kept(Kept.HOUSE, default=7)
    return_days: Mapped[int] = kept(Kept.HOUSE, default=30)
    extensions_most: Mapped[int] = kept(Kept.HOUSE, default=1)
    extension_nights: Mapped[int] = kept(Kept.HOUSE, default=3)
    extension_by: Mapped[str] = kept(Kept.HOUSE, sa.String(20), default="coordinator")  # a role, or "peer"
    saved_minutes: Mapped[int] = kept(Kept.HOUSE, default=240)
    ask_minutes_before: Mapped[int] = kept(Kept.HOUSE, default=30)  # a peer is asked to call this long before
    offer_minutes: Mapped[int] = kept(Kept.HOUSE, default=120)  # how long an offer of a bed stands
    night_turns_at: Mapped[time] = kept(Kept.HOUSE, sa.Time, default=time(6))
    census_at: Mapped[time] = kept(Kept.HOUSE, sa.Time, default=time(0))
    quiet_from: Mapped[time] = kept(Kept.HOUSE, sa.Time, default=time(22))
    quiet_until: Mapped[time] = kept(Kept.HOUSE, sa.Time, default=time(7))
    wall_most: Mapped[str] = kept(Kept.HOUSE, sa.String(10), default="name")  # nothing, picture, initial, name
    names_on_paper: Mapped[bool] = kept(
        Kept.HOUSE, default=False
    )  # of guests, on the sheet for a night without the line
    part_two: Mapped[bool] = kept(Kept.HOUSE, default=False)  # 42 CFR Part 2 counts here: a notice goes with words told
    paper_at: Mapped[time | None] = kept(Kept.HOUSE, sa.Time)  # when the sheet is ready each evening; none: never
    paper_to_on_call: Mapped[bool] = kept(Kept.HOUSE, default=False)  # whoever is on call is texted where it is
    nameless_stays: Mapped[bool] = kept(Kept.HOUSE, default=False)
    agreement_at_arrival: Mapped[bool] = kept(Kept.HOUSE, default=False)
    conversation_first: Mapped[bool] = kept(Kept.HOUSE, default=False)
    conversation_months: Mapped[int] = kept(Kept.HOUSE, default=12)  # how long it is kept on file
    counts_first_asking: Mapped[bool] = kept(Kept.HOUSE, default=True)  # who comes from another house keeps that time
    tells_place: Mapped[bool] = kept(Kept.HOUSE, default=False)  # who waits reads how many asked before them
    answer_days: Mapped[int] = kept(Kept.HOUSE, default=7)  # what a guest asked for, or told, is answered within
    child: Mapped[str] = kept(Kept.HOUSE, sa.String(5), default="ask")  # yes, ask, no
    support_person: Mapped[str] = kept(Kept.HOUSE, sa.String(5), default="ask")
    animal: Mapped[str] = kept(Kept.HOUSE, sa.String(5), default="ask")
    visit_notices: Mapped[list[Any]] = kept(Kept.HOUSE, sa.JSON, default=lambda: [1200, 1320])  # minutes


class Room(Base):
    __tablename__ = "room"
    __table_args__ = (sa.UniqueConstraint("house_id", "name"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    name: Mapped[str] = kept(Kept.HOUSE, sa.String(40))


class Bed(Versioned, Base):
    """A door of the house. Where a room has one bed, the bed's name is the room's."""

    __tablename__ = "bed"
    __table_args__ = (sa.UniqueConstraint("house_id", "name"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    room_id: Mapped[uuid.UUID] = to("room.id")
    name: Mapped[str] = kept(Kept.HOUSE, sa.String(40))
    position: Mapped[int] = kept(Kept.HOUSE, default=0)
    tags: Mapped[list[Any]] = kept(Kept.HOUSE, sa.JSON, default=list)
    getting_ready_since: Mapped[datetime | None] = kept(Kept.WORKING)
    retired_at: Mapped[datetime | None] = kept(Kept.WORKING)

    room: Mapped[Room] = relationship(lazy="joined")


class Chair(Versioned, Base):
    __tablename__ = "chair"
    __table_args__ = (sa.UniqueConstraint("house_id", "name"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    name: Mapped[str] = kept(Kept.HOUSE, sa.String(40))
    position: Mapped[int] = kept(Kept.HOUSE, default=0)
    retired_at: Mapped[datetime | None] = kept(Kept.WORKING)


class ClaimKind(StrEnum):
    HELD = "held"
    STAY = "stay"
    CLOSURE = "closure"


class BedNight(Base):
    """A claim on one bed for one night; its primary key is what makes two people in one bed impossible.

    A night bears the date of its evening. `claim_id` is the stay or the closure that claims it.
    """

    __tablename__ = "bed_night"

    bed_id: Mapped[uuid.UUID] = kept(Kept.KEY, sa.ForeignKey("bed.id"), primary_key=True)
    night: Mapped[date] = kept(Kept.WORKING, primary_key=True)
    kind: Mapped[str] = kept(Kept.WORKING, sa.String(10))
    claim_id: Mapped[uuid.UUID] = kept(Kept.KEY, index=True)
    house_id: Mapped[uuid.UUID] = to("house.id")


class Closure(Versioned, Base):
    """A bed that is not offered: nights from `first_night`, before `until`."""

    __tablename__ = "closure"
    __table_args__ = (sa.CheckConstraint("first_night < until", name="ends_after_it_begins"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    bed_id: Mapped[uuid.UUID] = to("bed.id")
    first_night: Mapped[date] = kept(Kept.WORKING)
    until: Mapped[date] = kept(Kept.WORKING)
    reason: Mapped[str] = kept(Kept.HOUSE, sa.String(80), default="")
    opened_at: Mapped[datetime | None] = kept(Kept.WORKING)


class GuestWords(Versioned, Base):
    """What a house says to those who stay, in its own words; where one is empty the shipped words stand."""

    __tablename__ = "guest_words"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = kept(Kept.KEY, sa.ForeignKey("house.id"), unique=True)
    welcome_en: Mapped[str] = kept(Kept.HOUSE, sa.String(1200), default="")
    welcome_es: Mapped[str] = kept(Kept.HOUSE, sa.String(1200), default="")
    police_en: Mapped[str] = kept(Kept.HOUSE, sa.String(1200), default="")
    police_es: Mapped[str] = kept(Kept.HOUSE, sa.String(1200), default="")
    rights_en: Mapped[str] = kept(Kept.HOUSE, sa.String(1200), default="")  # a line for each
    rights_es: Mapped[str] = kept(Kept.HOUSE, sa.String(1200), default="")


class Gathering(Versioned, Base):
    """A meal or an activity of the house, shown on the wall's house face."""

    __tablename__ = "gathering"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    kind: Mapped[str] = kept(Kept.HOUSE, sa.String(10))  # meal, activity
    title: Mapped[str] = kept(Kept.HOUSE, sa.String(60))
    detail: Mapped[str] = kept(Kept.HOUSE, sa.String(80), default="")
    starts_at: Mapped[datetime] = kept(Kept.WORKING, index=True)
    ends_at: Mapped[datetime] = kept(Kept.WORKING)


class BedRule(Base):
    """One version of a rule about whom the house can offer a bed. A change is a new row with the same number.

    Number 1 is the nights rule, which is worked out from `HouseRules` and has no row here.
    """

    __tablename__ = "bed_rule"
    __table_args__ = (sa.UniqueConstraint("house_id", "number", "edition"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    number: Mapped[int] = kept(Kept.HOUSE)
    edition: Mapped[int] = kept(Kept.HOUSE)
    kind: Mapped[str] = kept(Kept.HOUSE, sa.String(10))  # policy.bed_rules.RuleKind
    least_age: Mapped[int | None] = kept(Kept.HOUSE)
    # The area's name, or the house's own question; and what is read to somebody for whom the answer is no.
    words_en: Mapped[str] = kept(Kept.HOUSE, sa.String(160), default="")
    words_es: Mapped[str] = kept(Kept.HOUSE, sa.String(160), default="")
    no_en: Mapped[str] = kept(Kept.HOUSE, sa.String(240), default="")
    no_es: Mapped[str] = kept(Kept.HOUSE, sa.String(240), default="")
    made_at: Mapped[datetime] = kept(Kept.WORKING)
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
    ended_at: Mapped[datetime | None] = kept(Kept.WORKING)  # a newer version stands, or the house has it no more


class Elsewhere(Versioned, Base):
    """Where else somebody can turn: read out to them, and on a sheet.

    A row with `general` says only whether the house shows one of those that come with Respite.
    """

    __tablename__ = "elsewhere"
    __table_args__ = (sa.UniqueConstraint("house_id", "general"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    kind: Mapped[str] = kept(Kept.HOUSE, sa.String(10))  # policy.elsewhere.PlaceKind
    general: Mapped[str | None] = kept(Kept.HOUSE, sa.String(20))
    name: Mapped[str] = kept(Kept.HOUSE, sa.String(60), default="")
    phone: Mapped[str | None] = kept(Kept.HOUSE, sa.String(20))
    text_to: Mapped[str] = kept(Kept.HOUSE, sa.String(80), default="")
    hours: Mapped[str] = kept(Kept.HOUSE, sa.String(80), default="")
    note: Mapped[str] = kept(Kept.HOUSE, sa.String(160), default="")
    note_es: Mapped[str] = kept(Kept.HOUSE, sa.String(160), default="")
    made_at: Mapped[datetime] = kept(Kept.WORKING)
    hidden_at: Mapped[datetime | None] = kept(Kept.WORKING)

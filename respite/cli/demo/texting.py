"""The texts of a demo story: who said yes to them, and what was written. What follows a stay comes of the yes."""

from __future__ import annotations

import uuid
from datetime import datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.audit.service import lock_stream
from respite.cli.demo.telling import Teller
from respite.core.db import db, transaction
from respite.core.phones import as_phone
from respite.core.phones import shown as number_shown
from respite.houses.models import House
from respite.houses.policy.house_time import instant_of, local
from respite.houses.service.details import change_house
from respite.messaging.models import Correspondent, ReadSoon, Thread
from respite.messaging.phones import write_as
from respite.messaging.policy.hours import on_day, spread
from respite.messaging.purposes import Purpose
from respite.messaging.service import consent, correspondents, inbox, reading
from respite.messaging.service.correspondents import Wishes, correspondent_of
from respite.messaging.service.ground import brand_of, number_mark
from respite.messaging.service.writing import write

MINUTES = 40  # how far apart texts of one hour may leave


class Texter:
    """Tells the texts of a house into its story; `by` is who signs them, `read` the hours at which texts are read."""

    def __init__(self, teller: Teller, by: str, read: str) -> None:
        self.teller = teller
        self.by = by
        self.read = read
        self.story = teller.story
        self.zone = teller.moment.zone

    def house_phone(self, at: datetime, number: str) -> None:
        def act(now: datetime) -> None:
            house = db.session.get_one(House, self.story.house_id)
            change_house(
                self.teller.lead,
                house.id,
                name=house.name,
                kind=house.kind,
                timezone=house.timezone,
                language=house.language,
                phone=as_phone(number),
                shares_availability=house.shares_availability,
                now=now,
            )

        self.story.tell(at, act)

    # -- guests --------------------------------------------------------------------------------------------

    def agreed(self, at: datetime, name: str, number: str, *purposes: Purpose) -> None:
        """A guest said yes, with the number to text."""

        def act(now: datetime) -> None:
            for purpose in purposes:
                consent.give(
                    self.teller.hand(at), self.story.house_id, self._guest(name), purpose, number, "in-person", now=now
                )

        self.story.tell(at, act)

    def mornings_only(self, at: datetime, name: str) -> None:
        def act(now: datetime) -> None:
            person = self._person(db.session(), name)
            wishes = Wishes(
                safe_to_text=True, language=person.language, hours_from=time(9), hours_until=time(12), timezone=None
            )
            correspondents.change_wishes(self.teller.hand(at), person.id, wishes, now=now)

        self.story.tell(at, act)

    def caring(self, at: datetime, name: str, template: str, *, days: int = 0) -> None:
        """A text that asks nothing: written at `at`, to leave so many days later at that hour."""

        def act(now: datetime) -> None:
            due = now if not days else self.due_at(at, days, f"{name}:{template}")
            self._write(name, template, Purpose.CARING, f"care:{self._guest(name)}:{template}", due, None, now)

        self.story.tell(at, act)

    def wrote(self, at: datetime, number: str, words: str) -> None:
        """Somebody texts the house."""
        self.story.tell(at, lambda now: write_as(as_phone(number), words, now, self.story.house_id))

    def taken(self, at: datetime, number: str) -> None:
        """Somebody says that they read what asked to be read soon."""

        def act(now: datetime) -> None:
            soon = sa.select(ReadSoon.id).where(ReadSoon.thread_id == self._thread(number), ReadSoon.taken_at.is_(None))
            reading.take(self.teller.hand(at), db.session.scalars(soon).one(), now)
            inbox.seen(self.teller.hand(at), self._thread(number), now)

        self.story.tell(at, act)

    def answered(self, at: datetime, number: str, words: str) -> None:
        """Somebody opens the thread and answers."""

        def act(now: datetime) -> None:
            inbox.seen(self.teller.hand(at), self._thread(number), now)
            inbox.reply(self.teller.hand(at), self._thread(number), words, now)

        self.story.tell(at, act)

    # -- the rows behind it --------------------------------------------------------------------------------

    def due_at(self, left_at: datetime, days: int, seed: str) -> datetime:
        """The hour of leaving, kept far enough from the ends of the day to be spread a little, some days later."""
        here = local(left_at, self.zone)
        calm = min(max(here.time(), time(9, MINUTES)), time(19, 0))
        then = on_day(instant_of(datetime.combine(here.date(), calm), self.zone), days, self.zone)
        return spread(then, seed.encode(), MINUTES)

    def _write(
        self,
        name: str,
        template: str,
        purpose: Purpose,
        dedupe_key: str,
        due: datetime,
        lasts: timedelta | None,
        now: datetime,
    ) -> None:
        with transaction() as session:
            lock_stream(session, self.story.house_id)
            person = self._person(session, name)
            write(
                session,
                self.story.house_id,
                number=person.number,
                purpose=purpose,
                template=template,
                fields=self._fields(session, person),
                language=person.language,
                dedupe_key=dedupe_key,
                not_before=due,
                not_after=due + lasts if lasts else None,
                correspondent_id=person.id,
                made_by=self.teller.lead.ref,
                now=now,
            )

    def _fields(self, session: Session, person: Correspondent) -> dict[str, str]:
        house = session.get_one(House, self.story.house_id)
        return {
            "first_name": person.name or "",
            "peer_first_name": self.by,
            "brand": brand_of(session, house),
            "house_phone": number_shown(house.phone) if house.phone else "",
            "time_words": self.read,
        }

    def _guest(self, name: str) -> uuid.UUID:
        return self.story.made[f"guest {name}"]

    def _person(self, session: Session, name: str) -> Correspondent:
        person = correspondent_of(session, self.story.house_id, self._guest(name))
        assert person is not None, f"{name} gave no number"
        return person

    def _thread(self, number: str) -> uuid.UUID:
        mark = number_mark(as_phone(number))
        wanted = sa.select(Thread.id).where(Thread.house_id == self.story.house_id, Thread.number_index == mark)
        return db.session.scalars(wanted).one()

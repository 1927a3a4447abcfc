"""What the peers of a demo house say of themselves: titles, languages, phones, what they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from respite.accounts.actor import Actor
from respite.cli.demo.telling import Teller
from respite.core.db import db
from respite.core.phones import as_phone
from respite.houses.models import House
from respite.messaging.purposes import PEER_PURPOSES
from respite.staffing.policy.peer_words import WordKind
from respite.staffing.service.peer_phone import Phone, keep_phone
from respite.staffing.service.peer_words import add_word
from respite.staffing.service.peers import Wishes, keep_known, keep_shares, keep_wishes

HOUR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Says:
    """One peer, in their own words; hours are a week's."""

    title: str
    phone: str
    pronouns: str | None = None
    languages: tuple[str, ...] = ("en",)
    texts: str = "en"
    hours: int | None = None
    nights: int | None = None
    shares: tuple[str, ...] = ()
    asked: tuple[str, str] = ("08:00", "22:00")


def introduce(
    teller: Teller, at: datetime, titles: Sequence[str], may_share: Sequence[str], peers: Mapping[str, Says]
) -> None:
    """The house writes its lists, and each peer fills their own page."""

    def act(now: datetime) -> None:
        house_id = teller.story.house_id
        words = {name: add_word(teller.lead, house_id, WordKind.TITLE, name, now=now).id for name in titles}
        words |= {name: add_word(teller.lead, house_id, WordKind.SHARE, name, now=now).id for name in may_share}
        house = db.session.get_one(House, house_id)
        for name, says in peers.items():
            who = teller.story.people[name]
            keep_known(
                who,
                house.id,
                title_id=words[says.title],
                pronouns=says.pronouns,
                languages=list(says.languages),
                now=now,
            )
            keep_shares(who, house.id, [words[each] for each in says.shares], with_colleagues=False, now=now)
            _wishes(who, house, says, now)
            _phone(who, house, says, now)

    teller.story.tell(at, act)


def _wishes(who: Actor, house: House, says: Says, now: datetime) -> None:
    wishes = Wishes(
        wanted_minutes=None if says.hours is None else says.hours * HOUR,
        most_nights_in_a_row=says.nights,
        least_rest_minutes=None,
        no_nights_until=None,
        on_call_willing=True,
        asked_from=time.fromisoformat(says.asked[0]),
        asked_until=time.fromisoformat(says.asked[1]),
    )
    keep_wishes(who, house.id, wishes, now=now)


def _phone(who: Actor, house: House, says: Says, now: datetime) -> None:
    phone = Phone(
        number=as_phone(says.phone),
        hours_from=time(8),
        hours_until=time(21),
        language=says.texts,
        purposes=PEER_PURPOSES,
    )
    keep_phone(who, house.id, phone, now=now)

"""How a house texts: its name in texts, its hours, its extra words, and its own wording of a template by version.

Each text keeps the version of the words it was made of; number 0 is the shipped one.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid, StaleVersion
from respite.core.phones import shown
from respite.houses.models import House
from respite.messaging.errors import WordingNotFit
from respite.messaging.events import PARTS, SETTINGS_CHANGED, WORDING_CHANGED
from respite.messaging.examples import examples
from respite.messaging.models import HouseTexts, Wording
from respite.messaging.policy.danger_words import MOST_HOUSE_WORDS, danger
from respite.messaging.policy.own_words import Judged, judged, kept
from respite.messaging.policy.templates import SHIPPED, TEMPLATES
from respite.messaging.policy.wording import wrong_in
from respite.messaging.purposes import GUEST_PURPOSES
from respite.messaging.service.gate import own_hosts
from respite.messaging.service.ground import LONGEST_BRAND, brand_of, texts_of

LANGUAGES = ("en", "es")
LONGEST_HOURS = 40
REPLY_HOURS = "9a-9p"


def words_for(session: Session, house_id: uuid.UUID, template: str, language: str) -> tuple[str, int]:
    """The words a text is made of today and their version. Raises KeyError for a template that is none."""
    own = newest(session, house_id, template, language)
    return (own.words, own.number) if own is not None and own.words else (SHIPPED[template][language], 0)


def newest(session: Session, house_id: uuid.UUID, template: str, language: str) -> Wording | None:
    """The house's last decision about these words; without words in it, the shipped ones count again."""
    return session.scalar(
        sa.select(Wording)
        .where(Wording.house_id == house_id, Wording.template == template, Wording.language == language)
        .order_by(Wording.number.desc())
        .limit(1)
    )


def all_words(session: Session, house_id: uuid.UUID) -> dict[tuple[str, str], Wording]:
    """The house's last decision about each template and language it ever decided about."""
    rows = session.scalars(sa.select(Wording).where(Wording.house_id == house_id).order_by(Wording.number))
    return {(row.template, row.language): row for row in rows}


def house_fields(session: Session, house_id: uuid.UUID) -> dict[str, str]:
    """The fields of a template that are the house's own: its name in texts and its telephone, if it has one."""
    house = session.get_one(House, house_id)
    return {"brand": brand_of(session, house), "house_phone": shown(house.phone) if house.phone else ""}


def guest_fields(session: Session, house_id: uuid.UUID) -> dict[str, str]:
    """`house_fields`, and when the house reads what comes in: what a guest's texts call `time_words`."""
    texts = texts_of(session, house_id)
    return house_fields(session, house_id) | {"time_words": texts.reply_hours if texts is not None else REPLY_HOURS}


def set_house_texts(
    actor: Actor,
    house_id: uuid.UUID,
    *,
    brand: str,
    reply_hours: str,
    danger_words: Sequence[str],
    version_seen: int | None,
    now: datetime,
) -> HouseTexts:
    """Set how the house texts. `version_seen` is 0 where it had chosen nothing yet. Raises Invalid, StaleVersion."""
    words = list(dict.fromkeys(each.strip() for each in danger_words if each.strip()))
    _check_house_texts(brand, reply_hours, words)
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        texts = texts_of(session, house_id)
        if texts is not None:
            session.refresh(texts)
        if version_seen is not None and version_seen != (texts.version if texts is not None else 0):
            raise StaleVersion
        if texts is None:
            texts = HouseTexts(house_id=house_id, brand="")
            session.add(texts)
        texts.brand, texts.reply_hours, texts.danger_words = brand, reply_hours, words
        session.flush()
        record(session, house_id, SETTINGS_CHANGED, subject=texts.id, actor=actor, at=now, parts=PARTS)
    return texts


def set_words(
    actor: Actor,
    house_id: uuid.UUID,
    template: str,
    language: str,
    words: str,
    *,
    number_seen: int | None,
    now: datetime,
) -> int:
    """Give a template the house's own words, as its next version; returns its number.

    The version in force where nothing differs. Raises WordingNotFit with `facts["faults"]`, StaleVersion.
    """
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        look = judge(session, house_id, template, language, words)
        if look.faults:
            raise WordingNotFit(faults=look.faults)
        return _decide(session, actor, house_id, template, language, kept(words), number_seen, now)


def shipped_again(
    actor: Actor, house_id: uuid.UUID, template: str, language: str, *, number_seen: int | None, now: datetime
) -> int:
    """Go back to the shipped words. That is a version too, so that it can be seen who decided it. StaleVersion."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        return _decide(session, actor, house_id, template, language, "", number_seen, now)


def judge(session: Session, house_id: uuid.UUID, template: str, language: str, words: str) -> Judged:
    """How a wording would look and what stands in its way. Raises KeyError for a template that is none."""
    known, hosts = TEMPLATES[template], own_hosts()
    ours = guest_fields if known.purpose in GUEST_PURPOSES else house_fields
    fields = examples(language, hosts[0]) | ours(session, house_id)
    return judged(words, known, fields=fields, own_hosts=hosts)


def _check_house_texts(brand: str, reply_hours: str, danger_words: Sequence[str]) -> None:
    wrong: dict[str, str] = {}
    found = wrong_in(brand, own_hosts=())
    if found and found[0].kind != "empty":
        wrong["brand"] = _("“%(what)s” would tell others what kind of house this is.", what=found[0].what)
    elif found or len(brand) > LONGEST_BRAND:
        wrong["brand"] = _("Please choose a name of up to %(most)s letters.", most=LONGEST_BRAND)
    if len(reply_hours) > LONGEST_HOURS or wrong_in(reply_hours, own_hosts=()):
        wrong["reply_hours"] = _("Please say it in a few plain letters, such as 9a-9p.")
    if len(danger_words) > MOST_HOUSE_WORDS:
        wrong["danger_words"] = _("Please keep this to %(most)s words.", most=MOST_HOUSE_WORDS)
    elif (strange := next((each for each in danger_words if not _can_be_looked_for(each)), None)) is not None:
        wrong["danger_words"] = _(
            "“%(word)s” cannot be looked for. Please write plain words, one on each line.", word=strange
        )
    if wrong:
        raise Invalid(fields=wrong)


def _can_be_looked_for(word: str) -> bool:
    """One malformed word would make every text that comes in count as urgent."""
    try:
        danger("", [word])
    except ValueError:
        return False
    return True


def _decide(
    session: Session,
    actor: Actor,
    house_id: uuid.UUID,
    template: str,
    language: str,
    words: str,
    number_seen: int | None,
    now: datetime,
) -> int:
    standing = newest(session, house_id, template, language)
    number = standing.number if standing is not None else 0
    if number_seen is not None and number_seen != number:
        raise StaleVersion
    if words == SHIPPED[template][language]:
        words = ""
    if words == (standing.words if standing is not None else ""):
        return number
    made = Wording(
        house_id=house_id,
        template=template,
        language=language,
        number=number + 1,
        words=words,
        made_at=now,
        made_by=actor.ref,
    )
    session.add(made)
    session.flush()
    record(
        session,
        house_id,
        WORDING_CHANGED,
        subject=made.id,
        actor=actor,
        at=now,
        parts=PARTS,
        template=template,
        number=made.number,
    )
    return made.number

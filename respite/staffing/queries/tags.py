"""What a shift may need of people: credentials and trainings of the house, and languages."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.staffing.models import Peer
from respite.staffing.policy.languages import KNOWN, language_word
from respite.staffing.policy.tags import language_in, language_tag
from respite.staffing.queries.credentials import Held, holdings_of, tag_name, tags_of_house


def tags_to_need(session: Session, house_id: uuid.UUID) -> list[tuple[str, str]]:
    """(tag, name) of all that a pattern of the house may need: first what is held, then languages, each by name."""
    spoken = {code for codes in _languages(session, house_id, None).values() for code in codes} | set(KNOWN)
    languages = [(tag, tag_words(session, house_id, tag)) for tag in {language_tag(code) for code in spoken}]
    return [*tags_of_house(session, house_id), *sorted(languages, key=_name)]


def tag_words(session: Session, house_id: uuid.UUID, tag: str) -> str:
    """What people call a tag; a language in the reader's own words."""
    code = language_in(tag)
    if code is None:
        return tag_name(session, house_id, tag)
    return language_word(code)


def held_by(session: Session, house_id: uuid.UUID, people: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Held]]:
    """What each of the people holds, languages among it; everybody asked for has an entry."""
    held = holdings_of(session, house_id, people)
    for person_id, codes in _languages(session, house_id, people).items():
        held[person_id] += [Held(language_tag(code), None, None) for code in codes]
    return held


def holds(held: Mapping[uuid.UUID, Iterable[Held]], person_id: uuid.UUID, tag: str, day: date) -> bool:
    return any(
        each.tag == tag and (each.first is None or each.first <= day) and (each.until is None or day < each.until)
        for each in held.get(person_id, ())
    )


def _languages(
    session: Session, house_id: uuid.UUID, people: Collection[uuid.UUID] | None
) -> dict[uuid.UUID, list[str]]:
    wanted = sa.select(Peer.person_id, Peer.languages).where(Peer.house_id == house_id)
    if people is not None:
        wanted = wanted.where(Peer.person_id.in_(list(people)))
    return {person_id: [str(code) for code in codes or ()] for person_id, codes in session.execute(wanted)}


def _name(tag: tuple[str, str]) -> str:
    return tag[1].casefold()

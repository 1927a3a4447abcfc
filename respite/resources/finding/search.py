"""Finding what somebody needs, by words and by all else that matters: the nearest meaning first, then the way."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import IntEnum, StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.resources.finding import store
from respite.resources.finding.hours import DAY, ONE_DAY, rule_names, tonight, wall
from respite.resources.finding.models import Entry, EntryHours, EntryMark, EntryPlace, KnownWord, WordPart
from respite.resources.finding.needs import NEEDS, asked_words, needs_in, same_as, words_said
from respite.resources.finding.places import Near, miles_of, on_the_globe, straight
from respite.resources.finding.words import near, slips, trigrams, typos_allowed
from respite.resources.models import Term

ON_A_PAGE = 20
_BEGINS = 4  # letters from which a word finds what begins with it
_CANDIDATES = 80
_MEANT = 4  # words that a typo may have meant


class When(StrEnum):
    NOW = "now"
    TONIGHT = "tonight"


class Why(IntEnum):
    """Where what was asked for stands, the nearest first."""

    NAMED = 0  # the words themselves, in its name
    OF_THIS_KIND = 1  # the same by another word, or what it is filed under
    SAYS_SO = 2  # somewhere in what it tells


@dataclass(frozen=True, slots=True)
class Wanted:
    words: str = ""
    need: str | None = None  # of NEEDS
    category: str | None = None  # a term by id, code or name, with all below it; or a need
    when: When | None = None
    language: str | None = None  # a code
    free: bool = False
    peer_run: bool = False
    near: Near | None = None
    within: float | None = None  # miles from `near`


@dataclass(frozen=True, slots=True)
class Found:
    service_id: uuid.UUID
    why: Why
    miles: float | None


@dataclass(frozen=True, slots=True)
class Answer:
    total: int
    found: tuple[Found, ...]
    #: Words that were typed, by their stems, and what they were read as.
    read_as: tuple[str, ...] = ()
    #: Nothing had all of the words, so these have some.
    some_words: bool = False


def search(
    session: Session, wanted: Wanted, *, now: datetime, zone: str, offset: int = 0, limit: int = ON_A_PAGE
) -> Answer:
    """What is offered and fits, best first. `zone` is the house's; services that name a zone go by their own."""
    words = asked_words(wanted.words)
    groups, read_as = _meant(session, words)
    filters = _filters(session, wanted, now, zone)
    answer = _run(session, wanted, filters, words, groups, offset, limit)
    if groups and not answer.total:
        needs = needs_in([wanted.words])
        wide = [*groups, *(store.Asked(frozenset({(f"{store.NEED_MARK}{need}",)})) for need in needs)]
        answer = replace(_run(session, wanted, filters, words, wide, offset, limit, all_of_them=False), some_words=True)
    return replace(answer, read_as=tuple(read_as))


def _run(
    session: Session,
    wanted: Wanted,
    filters: Sequence[sa.ColumnElement[bool]],
    words: Sequence[str],
    groups: Sequence[store.Asked],
    offset: int,
    limit: int,
    *,
    all_of_them: bool = True,
) -> Answer:
    dialect = session.get_bind().dialect.name
    conditions = list(filters)
    why: sa.ColumnElement[int] = sa.literal(int(Why.NAMED))
    if groups:
        here = store.matching(dialect, groups, all_of_them=all_of_them)
        conditions.append(Entry.number.in_(sa.select(here.c.number)))
        named = store.matching(dialect, [_itself(word) for word in words], store.IN_NAME)
        kind = store.matching(dialect, groups, store.IN_KIND, all_of_them=all_of_them)
        why = sa.case(
            (Entry.number.in_(sa.select(named.c.number)), int(Why.NAMED)),
            (Entry.number.in_(sa.select(kind.c.number)), int(Why.OF_THIS_KIND)),
            else_=int(Why.SAYS_SO),
        )
    away = _away(wanted.near) if wanted.near is not None else sa.null()
    if wanted.near is not None and wanted.within is not None:
        conditions.append(away <= straight(wanted.within) ** 2)
    order: list[sa.ColumnElement[object]] = [sa.column("why")] if groups else []
    if wanted.near is not None:
        order.append(sa.column("away").asc().nulls_last())
    # To be asked who is open costs more than to be counted beside: then both are one query.
    beside = sa.func.count().over() if wanted.when is not None else sa.null()
    rows = session.execute(
        sa.select(Entry.service_id, why.label("why"), away.label("away"), beside.label("total"))
        .where(*conditions)
        .order_by(*order, Entry.name, Entry.number)
        .limit(limit)
        .offset(offset)
    ).all()
    if rows and wanted.when is not None:
        total = rows[0].total
    elif offset == 0 and len(rows) < limit:
        total = len(rows)
    else:
        total = session.scalar(sa.select(sa.func.count()).select_from(Entry).where(*conditions)) or 0
    return Answer(total, tuple(Found(row.service_id, Why(row.why), miles_of(row.away)) for row in rows))


# -- words ---------------------------------------------------------------------------------------------------


def _itself(word: str) -> store.Asked:
    return store.Asked(frozenset({(word,)}), frozenset({word} if len(word) >= _BEGINS else ()))


def _all_for(words: Iterable[str]) -> store.Asked:
    """Any of the words, whatever begins with them, and all that means the same."""
    phrases, beginnings = set[tuple[str, ...]](), set[str]()
    for word in words:
        phrases |= {(word,), *same_as(word)}
        if len(word) >= _BEGINS:
            beginnings.add(word)
    return store.Asked(frozenset(phrases), frozenset(beginnings))


def _meant(session: Session, words: Sequence[str]) -> tuple[list[store.Asked], list[str]]:
    """What each word may mean, and the words that a typo was read as."""
    if not words:
        return [], []
    known = set(session.scalars(sa.select(KnownWord.word).where(KnownWord.word.in_(words))))
    groups, read_as = [], list[str]()
    for word in words:
        meant = [word]
        if word not in known and not same_as(word):
            instead = _nearest(session, word)
            meant += instead
            read_as += instead
        groups.append(_all_for(meant))
    return groups, read_as


def _nearest(session: Session, word: str) -> list[str]:
    """The known words with the fewest slips between them and this one; none where each is too far."""
    if not typos_allowed(word):
        return []
    shared = sa.func.count()
    there = session.scalars(
        sa.select(WordPart.word)
        .where(WordPart.part.in_(trigrams(word)))
        .group_by(WordPart.word)
        .order_by(shared.desc(), WordPart.word)
        .limit(_CANDIDATES)
    ).all()
    found = near(word, {*there, *words_said()}, _MEANT)
    least = slips(word, found[0], typos_allowed(word)) if found else 0
    return [each for each in found if slips(word, each, least) == least]


# -- everything else -----------------------------------------------------------------------------------------


def _filters(session: Session, wanted: Wanted, now: datetime, zone: str) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.need is not None:
        conditions.append(_marked([f"need:{wanted.need}"]))
    if wanted.category is not None:
        conditions.append(_marked(_category(session, wanted.category)))
    if wanted.language is not None:
        conditions.append(_marked([f"lang:{wanted.language}"]))
    if wanted.free:
        conditions.append(Entry.free.is_(True))
    if wanted.peer_run:
        conditions.append(Entry.peer_run.is_(True))
    if wanted.when is not None:
        conditions.append(_open(session, wanted.when, now, zone))
    return conditions


def _marked(marks: Sequence[str]) -> sa.ColumnElement[bool]:
    return Entry.number.in_(sa.select(EntryMark.number).where(EntryMark.mark.in_(marks)))


def _category(session: Session, asked: str) -> list[str]:
    """The marks of a category, which may be the id, code or name of a term, or a need."""
    marks = [f"need:{asked}"] if asked in NEEDS else []
    same: list[sa.ColumnElement[bool]] = [Term.code == asked, sa.func.lower(Term.name) == asked.lower()]
    with suppress(ValueError):
        same.append(Term.id == uuid.UUID(asked))
    terms = session.scalars(sa.select(Term.id).where(Term.gone_at.is_(None), sa.or_(*same)))
    return [*marks, *(f"term:{term}" for term in terms)]


def _open(session: Session, when: When, now: datetime, zone: str) -> sa.ColumnElement[bool]:
    """Open at some minute of now or tonight, each by the clock on its own wall."""
    marks = session.scalars(sa.select(EntryMark.mark).where(EntryMark.mark.like("zone:%")).distinct())
    clocks: list[float | None] = [None, *(float(mark.removeprefix("zone:")) for mark in marks)]
    odd = sa.select(EntryHours.rule, EntryHours.first).where(EntryHours.rule.is_not(None)).distinct()
    rules = [(rule, begins) for rule, begins in session.execute(odd) if rule is not None and begins is not None]
    lines = []
    for ahead in clocks:
        day, minute = wall(now, zone, ahead)
        begin, end = (minute, minute + 1) if when == When.NOW else tonight(day, minute)[1:]
        by_this_clock = EntryHours.ahead.is_(None) if ahead is None else EntryHours.ahead == ahead
        # A span that goes past midnight belongs to the day before.
        for at, first, last in ((day, begin, end), (day - ONE_DAY, begin + DAY, end + DAY)):
            named = [(rule, begins) for rule, begins in rules if rule_names(rule, begins, at)]
            special = sa.orm.aliased(EntryHours)
            instead = sa.select(special.number).where(special.instead.is_(True), _on(special, at, named))
            lines.append(
                sa.select(EntryHours.number).where(
                    by_this_clock,
                    _on(EntryHours, at, named),
                    EntryHours.closed.is_(False),
                    EntryHours.opens < last,
                    EntryHours.closes > first,
                    sa.or_(EntryHours.instead.is_(True), EntryHours.number.not_in(instead)),
                )
            )
    # "Is true", so that PostgreSQL looks each entry up in a hash; as a join it counts on far fewer than there are.
    return Entry.number.in_(sa.union_all(*lines)).is_(True)


def _on(line: type[EntryHours], day: date, named: Sequence[tuple[str, date]]) -> sa.ColumnElement[bool]:
    """Whether a line of a timetable is for this day; `named` are the rules that name it."""
    plain = sa.and_(line.rule.is_(None), sa.or_(line.weekday == day.weekday(), line.weekday.is_(None)))
    of_a_rule = sa.tuple_(line.rule, line.first).in_(named) if named else sa.false()
    return sa.and_(
        sa.or_(plain, of_a_rule),
        sa.or_(line.first.is_(None), line.first <= day),
        sa.or_(line.last.is_(None), line.last >= day),
    )


def _away(point: Near) -> sa.ScalarSelect[float]:
    """The square of the straight way to its nearest place, on a globe of radius one."""
    x, y, z = on_the_globe(point.latitude, point.longitude)
    there = EntryPlace
    square = (
        (there.x - x) * (there.x - x) + (there.y - y) * (there.y - y) + (there.z - z) * (there.z - z)
    )  # fmt: skip
    return sa.select(sa.func.min(square)).where(there.number == Entry.number).scalar_subquery()

"""Who holds what, for which days; the rules of a house by day."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.staffing.models import Credential, CredentialRules, Training
from respite.staffing.policy.credentials import (
    Done,
    Kind,
    RuleSet,
    Sort,
    Version,
    from_body,
    rules_on,
    spans_of_training,
)

ONE_DAY = timedelta(days=1)
CERT, TRAINED = "cert", "trained"


@dataclass(frozen=True, slots=True)
class Held:
    """A tag that somebody holds for shifts whose local day lies in [first, until); none: no such end."""

    tag: str
    first: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Versions:
    """All versions of one credential or training of a house, the earliest first."""

    slug: str
    rows: tuple[CredentialRules, ...]

    @property
    def newest(self) -> CredentialRules:
        return self.rows[-1]

    @property
    def kind(self) -> str:
        return self.newest.kind

    @property
    def name(self) -> str:
        return self.newest.name

    @property
    def tag(self) -> str:
        return f"{CERT if self.kind == Kind.CREDENTIAL else TRAINED}:{self.slug}"

    @property
    def spans(self) -> list[Version]:
        return [(row.since, row.until, from_body(row.body)) for row in self.rows]

    def on(self, day: date) -> RuleSet | None:
        """The rules that count on a day; none where the house has let it go by then."""
        return rules_on(self.spans, day)

    def asked_on(self, day: date) -> bool:
        """Whether the house asks for it on that day."""
        return any(row.since <= day and (row.until is None or day < row.until) for row in self.rows)


def holdings_of(session: Session, house_id: uuid.UUID, people: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Held]]:
    """What each of the people holds in the house: `cert:<slug>` while a credential is valid, `trained:<slug>` from the
    day on which the hours of one of the house's own trainings are complete. Everybody asked for has an entry."""
    held: dict[uuid.UUID, list[Held]] = {person_id: [] for person_id in people}
    for each in credentials_of(session, house_id, people):
        span = days_of(each)
        if span is not None:
            held[each.person_id].append(Held(f"{CERT}:{each.slug}", *span))
    trainings = {v.slug: v for v in versions_of(session, house_id).values() if v.kind == Kind.TRAINING}
    done: dict[tuple[uuid.UUID, str], list[Done]] = defaultdict(list)
    for entry in trainings_of(session, house_id, people):
        if entry.slug in trainings and entry.sort == Sort.LEARNING:
            done[entry.person_id, entry.slug].append(as_done(entry))
    for (person_id, slug), entries in done.items():
        found = trainings[slug]
        held[person_id] += [Held(found.tag, *span) for span in spans_of_training(found.spans, entries)]
    return held


def days_of(credential: Credential) -> tuple[date, date | None] | None:
    """The days on which a term is valid, from the first, before the second; none where it never is."""
    if credential.issued_on is None:
        return None
    ends = [credential.expires_on + ONE_DAY] if credential.expires_on else []
    ends += [credential.ended_on] if credential.ended_on else []
    until = min(ends, default=None)
    return None if until is not None and until <= credential.issued_on else (credential.issued_on, until)


def tag_name(session: Session, house_id: uuid.UUID, tag: str) -> str:
    """What people call a tag of the house; its slug where the house knows no such."""
    prefix, _mark, slug = tag.partition(":")
    found = versions_of(session, house_id).get(slug) if prefix in (CERT, TRAINED) else None
    return found.name if found is not None and found.tag == tag else slug or tag


def tags_of_house(session: Session, house_id: uuid.UUID) -> list[tuple[str, str]]:
    """(tag, name) of all that a shift of the house may need, by name; what was let go is left out."""
    found = [v for v in versions_of(session, house_id).values() if v.newest.until is None]
    return sorted(((v.tag, v.name) for v in found), key=lambda each: (each[1].casefold(), each[0]))


def versions_of(session: Session, house_id: uuid.UUID) -> dict[str, Versions]:
    """The rules of the house by slug, with all their versions."""
    rows: dict[str, list[CredentialRules]] = defaultdict(list)
    for row in session.scalars(
        sa.select(CredentialRules)
        .where(CredentialRules.house_id == house_id)
        .order_by(CredentialRules.slug, CredentialRules.since)
    ):
        rows[row.slug].append(row)
    return {slug: Versions(slug, tuple(found)) for slug, found in rows.items()}


def credentials_of(session: Session, house_id: uuid.UUID, people: Collection[uuid.UUID]) -> Sequence[Credential]:
    return session.scalars(
        sa.select(Credential)
        .where(Credential.house_id == house_id, Credential.person_id.in_(list(people)))
        .order_by(Credential.slug, Credential.issued_on, Credential.id)
    ).all()


def trainings_of(session: Session, house_id: uuid.UUID, people: Collection[uuid.UUID]) -> Sequence[Training]:
    return session.scalars(
        sa.select(Training)
        .where(Training.house_id == house_id, Training.person_id.in_(list(people)))
        .order_by(Training.day, Training.id)
    ).all()


def as_done(entry: Training) -> Done:
    return Done(entry.minutes, entry.day, entry.category, entry.in_group)

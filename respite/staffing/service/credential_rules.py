"""What a house asks of credentials and trainings: begun from what is shipped, changed from a day on, let go."""

from __future__ import annotations

import re
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.staffing import events
from respite.staffing.models import CredentialRules
from respite.staffing.policy.credentials import Kind, RuleSet, to_body
from respite.staffing.policy.shipped_credentials import shipped

LONGEST_SLUG = 36  # and a number behind it


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a form asks for."""

    kind: str
    name: str
    issuer: str
    issuer_until: date | None
    rules: RuleSet


def start_from(actor: Actor, house_id: uuid.UUID, slug: str, *, now: datetime) -> CredentialRules:
    """Take one of the shipped rule sets into the house, in the house's language, from today on."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        house = session.get_one(House, house_id)
        found = next((each for each in shipped(house.language) if each.slug == slug), None)
        if found is None:
            raise NotFound
        wanted = Wanted(kind=found.kind, name=found.name, issuer=found.issuer, issuer_until=None, rules=found.rules)
        newest = _newest(session, house_id, slug)
        if newest is not None and newest.until is None:
            return newest
        return _set(session, actor, house, slug, newest, wanted, _today(house, now), now)


def add_rules(actor: Actor, house_id: uuid.UUID, wanted: Wanted, *, since: date, now: datetime) -> CredentialRules:
    """A credential or training that the house asks for itself."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        house = session.get_one(House, house_id)
        return _set(session, actor, house, _free_slug(session, house_id, wanted.name), None, wanted, since, now)


def change_rules(
    actor: Actor,
    house_id: uuid.UUID,
    slug: str,
    wanted: Wanted,
    *,
    since: date,
    version_seen: int | None = None,
    now: datetime,
) -> CredentialRules:
    """The next version, from `since` on; what counted before that day stays as it was.

    A version that has not begun is written anew where `since` is its own day. Raises Invalid, StaleVersion.
    """
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        house = session.get_one(House, house_id)
        newest = _newest(session, house_id, slug)
        if newest is None:
            raise NotFound
        if version_seen is not None and version_seen != newest.version:
            raise StaleVersion
        if since < _today(house, now) or since < newest.since:
            raise Invalid(fields={"since": _("Rules can change from today on, and after the last change.")})
        return _set(session, actor, house, slug, newest, wanted, since, now)


def let_go(actor: Actor, house_id: uuid.UUID, slug: str, *, now: datetime) -> CredentialRules:
    """The house asks for it no more, from today on. What people hold stays written down."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        newest = _newest(session, house_id, slug)
        if newest is None:
            raise NotFound
        if newest.until is None:
            newest.until = max(_today(session.get_one(House, house_id), now), newest.since)
            session.flush()
            kind = events.CREDENTIAL_RULES_ENDED
            record(session, house_id, kind, subject=newest.id, actor=actor, at=now, slug=slug, until=newest.until)
    return newest


def take_up_again(actor: Actor, house_id: uuid.UUID, slug: str, *, now: datetime) -> CredentialRules:
    """Undo of `let_go`."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        newest = _newest(session, house_id, slug)
        if newest is None:
            raise NotFound
        if newest.until is not None:
            newest.until = None
            session.flush()
            kind = events.CREDENTIAL_RULES_BACK
            record(session, house_id, kind, subject=newest.id, actor=actor, at=now, slug=slug)
    return newest


def _set(
    session: Session,
    actor: Actor,
    house: House,
    slug: str,
    newest: CredentialRules | None,
    wanted: Wanted,
    since: date,
    now: datetime,
) -> CredentialRules:
    _check(wanted)
    if newest is not None and newest.since == since:
        row = newest
        row.until = None
    else:
        if newest is not None and (newest.until is None or newest.until > since):
            newest.until = since
        row = CredentialRules(house_id=house.id, slug=slug, since=since, made_at=now, made_by=actor.ref)
        session.add(row)
    # Which it is, is in the names of its tags: it stays what it began as.
    row.kind = wanted.kind if newest is None else newest.kind
    row.name, row.issuer, row.issuer_until = wanted.name, wanted.issuer, wanted.issuer_until
    row.body, row.made_at, row.made_by = to_body(wanted.rules), now, actor.ref
    session.flush()
    kind = events.CREDENTIAL_RULES_SET
    record(session, house.id, kind, subject=row.id, actor=actor, at=now, slug=slug, since=since)
    return row


def _check(wanted: Wanted) -> None:
    wrong: dict[str, str] = {}
    for name in ("initial", "renewal"):
        asked = getattr(wanted.rules, name)
        if sum(part.minutes for part in asked.parts) > asked.minutes:
            wrong[f"{name}_parts"] = _("The parts are more hours than the whole.")
        if len({part.name for part in asked.parts}) < len(asked.parts):
            wrong[f"{name}_parts"] = _("Two parts have the same name.")
    if wanted.kind not in set(Kind):
        wrong["kind"] = _("Please choose one of the answers shown.")
    if wrong:
        raise Invalid(fields=wrong)


def _newest(session: Session, house_id: uuid.UUID, slug: str) -> CredentialRules | None:
    return session.scalar(
        sa.select(CredentialRules)
        .where(CredentialRules.house_id == house_id, CredentialRules.slug == slug)
        .order_by(CredentialRules.since.desc())
        .limit(1)
    )


def _free_slug(session: Session, house_id: uuid.UUID, name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    wanted = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].strip("-") or "training"
    taken = set(session.scalars(sa.select(CredentialRules.slug).where(CredentialRules.house_id == house_id)))
    taken |= {each.slug for each in shipped("en")}
    return (
        wanted if wanted not in taken else next(f"{wanted}-{n}" for n in range(2, 999) if f"{wanted}-{n}" not in taken)
    )


def _today(house: House, now: datetime) -> date:
    return local(now, house.timezone).date()

"""Writing down what somebody holds, renews, ends; by themselves or by whoever keeps credentials."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.models import Membership
from respite.accounts.rights import lock_house, locked_row, role_now
from respite.accounts.roles import RIGHTS, May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound
from respite.core.times import day_and_month
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.staffing import events
from respite.staffing.errors import HoursFirst, StandsAlready, TooEarlyToRenew, UndoIsOver
from respite.staffing.models import Credential
from respite.staffing.policy.credentials import Kind, RuleSet, Sort, expires, may_take_exam, window_opens
from respite.staffing.queries.credentials import Versions, as_done, trainings_of, versions_of
from respite.staffing.service.credential_reminders import forget_reminders, set_reminders

UNDO_FOR = timedelta(days=1)


def add_credential(
    actor: Actor,
    house_id: uuid.UUID,
    person_id: uuid.UUID,
    *,
    slug: str,
    number: str = "",
    exam_on: date | None = None,
    issued_on: date | None = None,
    expires_on: date | None = None,
    now: datetime,
) -> Credential:
    """Somebody holds a credential, or begins the way to it: then no `issued_on`.

    Where no last day is given, it follows from the rules. Raises StandsAlready, HoursFirst, Invalid.
    """
    with transaction() as session:
        house = lock_for_person(session, actor, house_id, person_id)
        versions = _versions(session, house_id, slug)
        standing = sa.select(Credential.id).where(
            Credential.house_id == house_id,
            Credential.person_id == person_id,
            Credential.slug == slug,
            Credential.ended_on.is_(None),
        )
        if session.scalar(standing.limit(1)) is not None:
            raise StandsAlready
        credential = Credential(house_id=house_id, person_id=person_id, slug=slug, made_at=now, made_by=actor.ref)
        credential.issuer = versions.newest.issuer
        _write(session, credential, versions, house, number, exam_on, issued_on, expires_on, now)
        session.add(credential)
        session.flush()
        set_reminders(session, credential, house, now)
        _say(session, credential, events.CREDENTIAL_ADDED, actor, now, slug=slug)
    return credential


def change_credential(
    actor: Actor,
    credential_id: uuid.UUID,
    *,
    number: str = "",
    exam_on: date | None = None,
    issued_on: date | None = None,
    expires_on: date | None = None,
    version_seen: int | None = None,
    now: datetime,
) -> Credential:
    """Put one right, or write down the exam and then the certificate. Raises HoursFirst, StaleVersion, Invalid."""
    with transaction() as session:
        credential, house = locked_credential(session, actor, credential_id, version_seen)
        versions = _versions(session, credential.house_id, credential.slug)
        _write(session, credential, versions, house, number, exam_on, issued_on, expires_on, now)
        session.flush()
        set_reminders(session, credential, house, now)
        _say(session, credential, events.CREDENTIAL_CHANGED, actor, now)
    return credential


def renew(
    actor: Actor,
    credential_id: uuid.UUID,
    *,
    issued_on: date,
    expires_on: date | None = None,
    number: str = "",
    now: datetime,
) -> Credential:
    """The next term. Reminders of the one before are over. Raises TooEarlyToRenew, StandsAlready, Invalid."""
    with transaction() as session:
        before, house = locked_credential(session, actor, credential_id)
        if before.issued_on is None or before.ended_on is not None:
            raise Invalid(fields={"issued_on": _("Only one that was given and not ended can be renewed.")})
        if session.scalar(sa.select(Credential.id).where(Credential.renews_id == before.id).limit(1)) is not None:
            raise StandsAlready
        if issued_on < before.issued_on or issued_on > _today(house, now):
            raise Invalid(fields={"issued_on": _("This must be a day after it was given, and not later than today.")})
        rules = _versions(session, before.house_id, before.slug).on(issued_on) or RuleSet()
        opens = window_opens(rules, before.expires_on)
        if opens is not None and issued_on < opens:
            raise TooEarlyToRenew(_("It can be renewed from %(day)s on.", day=day_and_month(opens, year=True)))
        credential = Credential(
            house_id=before.house_id, person_id=before.person_id, slug=before.slug, issuer=before.issuer,
            issued_on=issued_on, expires_on=expires_on or expires(rules, issued_on, before.expires_on),
            renews_id=before.id, made_at=now, made_by=actor.ref,
        )  # fmt: skip
        if credential.expires_on is not None and credential.expires_on < issued_on:
            raise Invalid(fields={"expires_on": _("It cannot run out before it was given.")})
        credential.number = number or before.number or None
        session.add(credential)
        session.flush()
        forget_reminders(session, before)
        set_reminders(session, credential, house, now)
        _say(session, credential, events.CREDENTIAL_RENEWED, actor, now)
    return credential


def end_credential(actor: Actor, credential_id: uuid.UUID, *, on: date | None = None, now: datetime) -> Credential:
    """It counts no more from that day, today where none is given; it stays written down."""
    with transaction() as session:
        credential, house = locked_credential(session, actor, credential_id)
        if credential.ended_on is None:
            credential.ended_on = on or _today(house, now)
            session.flush()
            forget_reminders(session, credential)
            _say(session, credential, events.CREDENTIAL_ENDED, actor, now, ended_on=credential.ended_on)
    return credential


def not_ended_after_all(actor: Actor, credential_id: uuid.UUID, *, now: datetime) -> Credential:
    """Undo of `end_credential`."""
    with transaction() as session:
        credential, house = locked_credential(session, actor, credential_id)
        if credential.ended_on is not None:
            credential.ended_on = None
            session.flush()
            set_reminders(session, credential, house, now)
            _say(session, credential, events.CREDENTIAL_BACK, actor, now)
    return credential


def remove_credential(actor: Actor, credential_id: uuid.UUID, *, now: datetime) -> Credential:
    """Undo of adding or renewing, within a day. Raises UndoIsOver."""
    with transaction() as session:
        credential, house = locked_credential(session, actor, credential_id)
        renewed = session.scalar(sa.select(Credential.id).where(Credential.renews_id == credential.id).limit(1))
        if now - credential.made_at > UNDO_FOR or renewed is not None:
            raise UndoIsOver
        forget_reminders(session, credential)
        before = session.get(Credential, credential.renews_id) if credential.renews_id else None
        session.delete(credential)
        session.flush()
        if before is not None:
            set_reminders(session, before, house, now)
        _say(session, credential, events.CREDENTIAL_REMOVED, actor, now, dates=False)
    return credential


def lock_for_person(session: Session, actor: Actor, house_id: uuid.UUID, person_id: uuid.UUID) -> House:
    """Begin an act on what is kept of somebody: they may themselves, and who keeps credentials.

    Raises NotFound for anybody else, and for a person who never belonged to the house.
    """
    lock_house(session, actor, house_id, May.KEEP_OWN)
    if actor.kind == ActorKind.TOKEN or (actor.kind == ActorKind.PERSON and actor.id != person_id):
        role = role_now(session, actor, house_id)
        if role is None or May.KEEP_CREDENTIALS not in RIGHTS[role]:
            raise NotFound
    belongs = sa.select(Membership.id).where(Membership.person_id == person_id, Membership.house_id == house_id)
    if session.scalar(belongs.limit(1)) is None:
        raise NotFound
    return session.get_one(House, house_id)


def locked_credential(
    session: Session, actor: Actor, credential_id: uuid.UUID, version_seen: int | None = None
) -> tuple[Credential, House]:
    credential = locked_row(session, actor, Credential, credential_id, May.KEEP_OWN, version_seen)
    return credential, lock_for_person(session, actor, credential.house_id, credential.person_id)


def _versions(session: Session, house_id: uuid.UUID, slug: str) -> Versions:
    found = versions_of(session, house_id).get(slug)
    if found is None or found.kind != Kind.CREDENTIAL:
        raise Invalid(fields={"slug": _("Please choose one of the answers shown.")})
    return found


def _write(
    session: Session,
    credential: Credential,
    versions: Versions,
    house: House,
    number: str,
    exam_on: date | None,
    issued_on: date | None,
    expires_on: date | None,
    now: datetime,
) -> None:
    today, wrong = _today(house, now), {}
    if issued_on is not None and expires_on is None:
        expires_on = expires(versions.on(issued_on) or RuleSet(), issued_on)
    if issued_on is not None and issued_on > today:
        wrong["issued_on"] = _("This must not be later than today.")
    if exam_on is not None and exam_on > today:
        wrong["exam_on"] = _("This must not be later than today.")
    if expires_on is not None and (issued_on is None or expires_on < issued_on):
        wrong["expires_on"] = _("It cannot run out before it was given.")
    if wrong:
        raise Invalid(fields=wrong)
    # What an issuer has given is theirs to judge; the house's rule is about the way to it.
    if exam_on is not None and issued_on is None:
        entries = trainings_of(session, house.id, [credential.person_id])
        done = [as_done(e) for e in entries if e.slug == credential.slug and e.sort == Sort.LEARNING]
        if not may_take_exam(versions.on(exam_on) or RuleSet(), done, exam_on):
            raise HoursFirst
    credential.number = number or None
    credential.exam_on, credential.issued_on, credential.expires_on = exam_on, issued_on, expires_on


def _say(
    session: Session,
    credential: Credential,
    kind: str,
    actor: Actor,
    now: datetime,
    *,
    dates: bool = True,
    **more: object,
) -> None:
    if dates and kind not in (events.CREDENTIAL_ENDED, events.CREDENTIAL_BACK):
        more |= {"issued_on": credential.issued_on, "expires_on": credential.expires_on}
    about = {"subject": credential.id, "actor": actor, "at": now, "person_id": credential.person_id}
    record(session, credential.house_id, kind, **about, **more)  # type: ignore[arg-type]


def _today(house: House, now: datetime) -> date:
    return local(now, house.timezone).date()

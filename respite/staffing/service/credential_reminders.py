"""Reminding somebody that a credential runs out: 90, 60 and 30 days before, each once."""

from __future__ import annotations

from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK
from respite.accounts.models import Membership, Person
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.due import DueRow, clear_due, handles, set_due, take
from respite.houses.models import House
from respite.houses.policy.house_time import instant_of, local
from respite.messaging.purposes import Purpose
from respite.staffing import events
from respite.staffing.models import Credential, CredentialReminder
from respite.staffing.policy.credentials import reminders
from respite.staffing.service.texting import language_of, link_to, shift_fields, tell

REMINDS = "staffing.credential.reminds"
AT = time(9)
PAGE = "/me/credentials"


def set_reminders(session: Session, credential: Credential, house: House, now: datetime) -> None:
    """Put the next reminder where the term's last day wants it; none where it is over, ended or renewed."""
    forget_reminders(session, credential)
    if credential.expires_on is None or not _stands(session, credential):
        return
    coming = [at for _days, at in _instants(credential.expires_on, house) if at > now]
    if coming:
        set_due(session, REMINDS, credential.id, min(coming), credential.house_id)


def forget_reminders(session: Session, credential: Credential) -> None:
    clear_due(session, credential.id, REMINDS)


@handles(REMINDS)
def credential_reminds(row: DueRow, now: datetime) -> None:
    """A reminder is due: it is written down, where they see it, and the next one follows."""
    if row.house_id is None:
        return
    with transaction() as session:
        lock_house(session, CLOCK, row.house_id, May.KEEP_OWN)
        if not take(session, row):
            return
        credential = session.get(Credential, row.subject)
        if credential is None or credential.expires_on is None or not _stands(session, credential):
            return
        house = session.get_one(House, row.house_id)
        instants = _instants(credential.expires_on, house)
        coming = [at for _days, at in instants if at > row.due_at]
        if coming:
            set_due(session, REMINDS, credential.id, min(coming), row.house_id)
        # The house may have moved to another zone since: the day tells which one it is.
        today = local(row.due_at, house.timezone).date()
        passed = [days for days, at in instants if local(at, house.timezone).date() <= today]
        if passed and _works_here(session, credential):
            # Where the clockwork slept over the next one as well, that one tells: one text is enough.
            last = not any(at <= now for at in coming)
            _remind(session, house, credential, credential.expires_on, min(passed), row.due_at, now if last else None)


def _remind(
    session: Session,
    house: House,
    credential: Credential,
    expires_on: date,
    days: int,
    at: datetime,
    text_at: datetime | None,
) -> None:
    same = sa.select(CredentialReminder.id).where(
        CredentialReminder.credential_id == credential.id,
        CredentialReminder.expires_on == expires_on,
        CredentialReminder.days == days,
    )
    if session.scalar(same) is not None:
        return
    reminder = CredentialReminder(house_id=credential.house_id, credential_id=credential.id)
    reminder.expires_on, reminder.days, reminder.at = expires_on, days, at
    reminder.texted = text_at is not None and _text(session, house, credential, expires_on, days, text_at)
    session.add(reminder)
    session.flush()
    record(
        session,
        credential.house_id,
        events.CREDENTIAL_REMINDED,
        subject=credential.id,
        actor=CLOCK,
        at=at,
        person_id=credential.person_id,
        days=days,
        expires_on=expires_on,
    )


def _text(session: Session, house: House, credential: Credential, expires_on: date, days: int, now: datetime) -> bool:
    """Whether a text says so, too: it names no credential, and nobody's work."""
    begin = instant_of(datetime.combine(expires_on, AT), house.timezone)
    words = shift_fields(begin, begin, house, language_of(session, house, credential.person_id))
    fields = {"day_words": words["day_words"], "link": link_to(PAGE)}
    key = f"credential:{credential.id}:{expires_on}:{days}"
    told = tell(
        session,
        house,
        credential.person_id,
        "credential-ends",
        fields,
        purpose=Purpose.SHIFTS,
        dedupe_key=key,
        now=now,
        not_after=begin,
    )
    return told is not None


def _instants(expires_on: date, house: House) -> list[tuple[int, datetime]]:
    return [(days, instant_of(datetime.combine(day, AT), house.timezone)) for days, day in reminders(expires_on)]


def _stands(session: Session, credential: Credential) -> bool:
    """Whether it is given, and neither ended nor renewed."""
    renewed = sa.select(Credential.id).where(Credential.renews_id == credential.id)
    return credential.issued_on is not None and credential.ended_on is None and session.scalar(renewed.limit(1)) is None


def _works_here(session: Session, credential: Credential) -> bool:
    found = (
        sa.select(Membership.id)
        .join(Person)
        .where(
            Membership.person_id == credential.person_id,
            Membership.house_id == credential.house_id,
            Membership.ended_at.is_(None),
            Person.deactivated_at.is_(None),
        )
    )
    return session.scalar(found.limit(1)) is not None

"""Written together, agreed to by the guest, told, written down; taken back by the guest at any time."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.audit.service import Acts, record
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound
from respite.guests.models import Guest
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.houses.queries import rules_now
from respite.resources.disclosures import events
from respite.resources.disclosures.errors import AgreementOver, NotAgreed, NoticeNeeded, OtherWords
from respite.resources.disclosures.models import Disclosure, DisclosureTold
from respite.resources.disclosures.policy import (
    LONGEST_DAYS,
    LONGEST_PURPOSE,
    LONGEST_RECIPIENT,
    LONGEST_WORDS,
    AgreedHow,
    Agreement,
    How,
    Standing,
    composed,
    mark_of,
    standing,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is told what, and why; `until` is the last day for it, and `once` ends it with the first time."""

    recipient: str
    purpose: str
    words: str
    until: date
    once: bool = True
    language: str = "en"


def write_down(actor: Actor, guest_id: uuid.UUID, wanted: Wanted, *, now: datetime) -> Disclosure:
    """What guest and peer wrote together. Nobody is told before the guest agrees to it. Raises Invalid by field."""
    with transaction() as session:
        guest = locked_row(session, actor, Guest, guest_id, May.KEEP_BEDS)
        _check(wanted, local(now, session.get_one(House, guest.house_id).timezone).date())
        part_two = rules_now(session, guest.house_id).part_two
        row = Disclosure(
            house_id=guest.house_id,
            guest_id=guest.id,
            part_two=part_two,
            until=wanted.until,
            once=wanted.once,
            written_by=actor.ref,
            written_at=now,
        )
        row.recipient, row.purpose = wanted.recipient.strip(), wanted.purpose.strip()
        row.text = composed(wanted.words.strip(), wanted.language, part_two)
        session.add(row)
        session.flush()
        record(
            session,
            row.house_id,
            events.WRITTEN,
            subject=row.id,
            actor=actor,
            at=now,
            until=row.until,
            once=row.once,
            part_two=part_two,
        )
    return row


def agree_here(actor: Actor, disclosure_id: uuid.UUID, mark: str, *, now: datetime) -> Disclosure:
    """The guest read it with somebody of the house, and said yes. Raises OtherWords, AgreementOver."""
    with transaction() as session:
        row = locked_row(session, actor, Disclosure, disclosure_id, May.KEEP_BEDS)
        _agree(session, actor, row, AgreedHow.HERE, mark, now)
    return row


def agree_own(session: Session, actor: Actor, guest: Guest, disclosure_id: uuid.UUID, mark: str, now: datetime) -> None:
    """The guest says yes on their own page, behind their house's lock. Raises OtherWords, AgreementOver."""
    _agree(session, actor, own(session, guest.id, disclosure_id), AgreedHow.PAGE, mark, now)


def end_own(session: Session, actor: Actor, guest: Guest, disclosure_id: uuid.UUID, now: datetime) -> None:
    """The guest says no, or no more."""
    _end(session, actor, own(session, guest.id, disclosure_id), now)


def end_here(actor: Actor, disclosure_id: uuid.UUID, *, now: datetime) -> Disclosure:
    """The guest said so to somebody of the house."""
    with transaction() as session:
        row = locked_row(session, actor, Disclosure, disclosure_id, May.KEEP_BEDS)
        _end(session, actor, row, now)
    return row


def tell(
    actor: Actor, disclosure_id: uuid.UUID, how: How, mark: str, *, at: datetime | None = None, now: datetime
) -> DisclosureTold:
    """It is told, and stands in the ledger; whoever prints it prints the ledger's row.

    `mark` says which words were read on the page. Paper leaves now, whatever time is written: the yes has to stand now.
    Raises NotAgreed, AgreementOver, NoticeNeeded, OtherWords, Invalid.
    """
    if at is not None and at > now:
        raise Invalid(fields={"at": _("This time is still to come.")})
    with transaction() as session:
        row = locked_row(session, actor, Disclosure, disclosure_id, May.KEEP_BEDS)
        stands = standing_of(session, row, now if how == How.PAPER else at or now)
        if stands == Standing.OVER:
            raise AgreementOver
        if stands != Standing.LIVE or (at is not None and row.agreed_at is not None and at < row.agreed_at):
            raise NotAgreed
        if rules_now(session, row.house_id).part_two and not row.part_two:
            raise NoticeNeeded
        if mark != mark_of(row.text or ""):
            raise OtherWords
        told = DisclosureTold(
            house_id=row.house_id,
            guest_id=row.guest_id,
            disclosure_id=row.id,
            at=at or now,
            told_at=now,
            how=how,
            made_by=actor.ref,
        )
        told.recipient, told.text = row.recipient, row.text
        session.add(told)
        session.flush()
        record(
            session,
            row.house_id,
            events.TOLD,
            subject=told.id,
            actor=actor,
            at=now,
            disclosure_id=row.id,
            how=how,
            happened=told.at,
            part_two=row.part_two,
        )
    return told


def standing_of(session: Session, row: Disclosure, now: datetime) -> Standing:
    today = local(now, session.get_one(House, row.house_id).timezone).date()
    many = sa.select(sa.func.count(DisclosureTold.id)).where(DisclosureTold.disclosure_id == row.id)
    told = session.scalar(many) or 0
    return standing(Agreement(row.agreed_at is not None, row.ended_at is not None, row.until, row.once, told), today)


def to_print(session: Session, told: DisclosureTold, now: datetime) -> tuple[str, str]:
    """To whom and the words, as the ledger has them of what was told on paper: what was said aloud is no sheet.

    Raises NotFound, and AgreementOver once the guest took it back or its last day is over.
    """
    if told.guest_id is None or told.text is None or told.how != How.PAPER:
        raise NotFound
    agreed = session.get_one(Disclosure, told.disclosure_id)
    today = local(now, session.get_one(House, told.house_id).timezone).date()
    if agreed.ended_at is not None or today > agreed.until:
        raise AgreementOver
    return told.recipient or "", told.text


def own(session: Session, guest_id: uuid.UUID, disclosure_id: uuid.UUID) -> Disclosure:
    row = session.get(Disclosure, disclosure_id, populate_existing=True)
    if row is None or row.guest_id != guest_id:
        raise NotFound
    return row


def end_as_died(session: Session, guest: Guest, actor: Actor, now: datetime) -> None:
    """They have died: nobody outside is told anything more on their word."""
    open_ones = sa.select(Disclosure).where(Disclosure.guest_id == guest.id, Disclosure.ended_at.is_(None))
    for row in session.scalars(open_ones.order_by(Disclosure.id)).all():
        _end(session, actor, row, now)  # one that was told once, too: its sheet is not printed again


def stands_again(session: Session, guest: Guest, said_at: datetime, _actor: Actor, _now: datetime) -> None:
    """That was a mistake: what they had agreed to, or were asked, stands as before; its last day does not move."""
    ended = sa.select(Disclosure).where(Disclosure.guest_id == guest.id, Disclosure.ended_at == said_at)
    for row in session.scalars(ended.order_by(Disclosure.id)).all():
        row.ended_at = None
    session.flush()


def forget_guest(session: Session, guest_id: uuid.UUID) -> None:
    """What was agreed goes; that something was told, when, how and by whom stays, without whom, whose and the words."""
    for told in session.scalars(sa.select(DisclosureTold).where(DisclosureTold.guest_id == guest_id)).all():
        told.guest_id = told.disclosure_id = told.recipient = told.text = None
    session.flush()
    session.execute(sa.delete(Disclosure).where(Disclosure.guest_id == guest_id))


def _agree(session: Session, actor: Acts, row: Disclosure, how: AgreedHow, mark: str, now: datetime) -> None:
    if mark != mark_of(row.text or ""):
        raise OtherWords
    stands = standing_of(session, row, now)
    if stands == Standing.OVER:
        raise AgreementOver
    if stands == Standing.LIVE:
        return
    row.agreed_at, row.agreed_how = now, how
    session.flush()
    record(session, row.house_id, events.AGREED, subject=row.id, actor=actor, at=now, how=how)


def _end(session: Session, actor: Acts, row: Disclosure, now: datetime) -> None:
    if row.ended_at is None:
        row.ended_at = now
        session.flush()
        record(session, row.house_id, events.ENDED, subject=row.id, actor=actor, at=now)


def _check(wanted: Wanted, today: date) -> None:
    wrong: dict[str, str] = {}
    limits = {"recipient": LONGEST_RECIPIENT, "purpose": LONGEST_PURPOSE, "words": LONGEST_WORDS}
    for name, most in limits.items():
        text = getattr(wanted, name).strip()
        if not text:
            wrong[name] = _("Please fill this in.")
        elif len(text) > most:
            wrong[name] = _("Please keep this to %(most)s letters.", most=most)
    if not today <= wanted.until <= today + timedelta(days=LONGEST_DAYS):
        wrong["until"] = _("This must be a day from today on, within a year.")
    if wrong:
        raise Invalid(fields=wrong)

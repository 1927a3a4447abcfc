"""The people of a house: inviting them, what they are there, and that they leave."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts import events, signals
from respite.accounts.actor import COMMAND, Actor, ActorKind
from respite.accounts.errors import DirectorsOwn, LastLead, LeadsElsewhere
from respite.accounts.models import Membership, Person
from respite.accounts.rights import lock_house, role_now
from respite.accounts.roles import RIGHTS, May, Role
from respite.accounts.service import links
from respite.accounts.service.addresses import address_of, checked_email
from respite.accounts.service.own import LONGEST_NAME
from respite.accounts.service.signing_in import end_all
from respite.audit.service import lock_stream, record
from respite.core import clock
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound, Refusal

#: What a person can be in a house; a display is a screen, and stepping back is nothing that one is.
ROLES = tuple(role for role in Role if role not in (Role.DISPLAY, Role.STEPPED_BACK))

#: Called inside the transaction in which somebody leaves a house, or gets a role without shifts.
duty_ended: list[Callable[[Session, uuid.UUID, uuid.UUID, Actor, datetime], None]] = []
#: Called likewise when somebody who stays has no beds and no guests there any more: another role, or stepping back.
floor_left: list[Callable[[Session, uuid.UUID, uuid.UUID, Actor, datetime], None]] = []


class BelongsAlready(Refusal):
    """Said in the words of the person who invites: nothing is changed by inviting twice."""

    def __init__(self, name: str) -> None:
        super().__init__(_("%(name)s belongs to this house already.", name=name))


@dataclass(frozen=True, slots=True)
class Invited:
    """Who was invited. `token` is the link's, none for somebody who signs in already."""

    person_id: uuid.UUID
    name: str
    token: str | None


def invite(actor: Actor, house_id: uuid.UUID, *, email: str, name: str, role: str, now: datetime) -> Invited:
    """Give somebody a role in the house; a link to choose a password comes with it, if they have none yet.

    Somebody who is in another house already keeps their name and password. Raises Invalid by field, or
    BelongsAlready.
    """
    address, wrong = checked_email(email), {}
    if address is None:
        wrong["email"] = _("This must be an e-mail address, such as %(example)s.", example="dana@example.org")
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        wrong["name"] = _("Please say what people call them, in up to %(most)s letters.", most=LONGEST_NAME)
    if role not in ROLES:
        wrong["role"] = _("Please choose one of the answers shown.")
    if address is None or wrong:
        raise Invalid(fields=wrong)
    with transaction() as session:
        lock_house(session, actor, house_id, May.MANAGE_PEOPLE)
        only_a_director(session, actor, house_id, role)
        person = session.scalar(sa.select(Person).where(Person.email == address))
        if person is None:
            person = Person(email=address, name=name.strip(), password_hash=None, made_at=now)
            session.add(person)
            session.flush()
        elif _membership(session, person.id, house_id) is not None:
            raise BelongsAlready(person.name)
        person.deactivated_at = None
        # A link opens the whole account: somebody who waits for another house's link keeps that one.
        opens_more = not all(_manages(session, actor, each) for each in _houses_of(session, person.id))
        session.add(Membership(person_id=person.id, house_id=house_id, role=role, began_at=now))
        needs_link = person.password_hash is None and not opens_more
        token = links.make_link(session, person.id, links.LINK_LASTS) if needs_link else None
        record(session, house_id, events.PERSON_INVITED, subject=person.id, actor=actor, at=now, role=role)
    return Invited(person.id, person.name, token)


def new_link(actor: Actor, house_id: uuid.UUID, person_id: uuid.UUID, *, now: datetime) -> Invited:
    """A link for somebody who lost their password. It opens their whole account.

    Raises LeadsElsewhere unless the actor manages the people of every house that the person belongs to.
    """
    with transaction() as session:
        lock_house(session, actor, house_id, May.MANAGE_PEOPLE)
        membership = _membership(session, person_id, house_id)
        if membership is None:
            raise NotFound
        only_a_director(session, actor, house_id, _what(membership))
        if not all(_manages(session, actor, each) for each in _houses_of(session, person_id)):
            raise LeadsElsewhere
        token = links.make_link(session, person_id, links.LINK_LASTS)
        record(session, house_id, events.PERSON_LINKED, subject=person_id, actor=actor, at=now)
        name = session.get_one(Person, person_id).name
    return Invited(person_id, name, token)


def _houses_of(session: Session, person_id: uuid.UUID) -> list[uuid.UUID]:
    return list(
        session.scalars(
            sa.select(Membership.house_id).where(Membership.person_id == person_id, Membership.ended_at.is_(None))
        )
    )


def _manages(session: Session, actor: Actor, house_id: uuid.UUID) -> bool:
    if actor.kind == ActorKind.COMMAND:
        return True
    role = role_now(session, actor, house_id)
    return role is not None and May.MANAGE_PEOPLE in RIGHTS[role]


def only_a_director(session: Session, actor: Actor, house_id: uuid.UUID, *roles: str) -> None:
    """Raises DirectorsOwn where one of the `roles` is a director's and the actor is none.

    What a house leaves to its director would otherwise be any coordinator's who takes the role for a minute. A
    house whose directors never came in, or that has none, may be given one by whoever leads it.
    """
    if Role.DIRECTOR not in roles or actor.kind == ActorKind.COMMAND:
        return
    if role_now(session, actor, house_id) != Role.DIRECTOR and _leads(session, house_id, [Role.DIRECTOR]):
        raise DirectorsOwn


def change_role(actor: Actor, house_id: uuid.UUID, person_id: uuid.UUID, *, role: str, now: datetime) -> Role:
    """Give somebody another role; returns the one they had. Raises LastLead, NotFound, or Invalid."""
    if role not in ROLES:
        raise Invalid(fields={"role": _("Please choose one of the answers shown.")})
    with transaction() as session:
        membership = _end(session, actor, house_id, person_id, now, becomes=Role(role))
        before = _what(membership)
        _add_again(session, membership, role, now)
        if May.SEE_SHIFTS not in RIGHTS[Role(role)]:
            _no_duty(session, house_id, person_id, actor, now)
        elif May.KEEP_BEDS not in RIGHTS[Role(role)]:
            no_floor(session, house_id, person_id, actor, now)
        record(session, house_id, events.ROLE_CHANGED, subject=person_id, actor=actor, at=now, role=role, before=before)
    signals.announce(f"person:{person_id}")
    return before


def end_membership(actor: Actor, house_id: uuid.UUID, person_id: uuid.UUID, *, now: datetime) -> Role:
    """Somebody leaves the house: their sessions and all they may do there end at once. Returns their role.

    Whoever works in another house too signs in there again. Raises LastLead.
    """
    with transaction() as session:
        membership = _end(session, actor, house_id, person_id, now)
        _no_duty(session, house_id, person_id, actor, now)
        marks = end_all(session, person_id)
        about: dict[str, Any] = {"subject": person_id, "actor": actor, "at": now, "parts": ("people",)}
        record(session, house_id, events.ROLE_ENDED, **about, role=_what(membership))
    signals.announce(*marks, f"person:{person_id}")
    return _what(membership)


def take_back(actor: Actor, house_id: uuid.UUID, person_id: uuid.UUID, *, role: str, now: datetime) -> None:
    """Undo of `end_membership`. Raises NotFound for somebody who never belonged to the house."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.MANAGE_PEOPLE)
        before = session.scalar(
            sa.select(Membership)
            .where(Membership.person_id == person_id, Membership.house_id == house_id)
            .order_by(Membership.ended_at.desc(), sa.case((Membership.role == Role.STEPPED_BACK, 0), else_=1))
            .limit(1)
        )
        if before is None or role not in ROLES:
            raise NotFound
        only_a_director(session, actor, house_id, role)
        if _membership(session, person_id, house_id) is None:
            _add_again(session, before, role, now)
            about: dict[str, Any] = {"subject": person_id, "actor": actor, "at": now, "parts": ("people",)}
            record(session, house_id, events.PERSON_INVITED, **about, role=role)


def sign_out_everywhere(actor: Actor, house_id: uuid.UUID, person_id: uuid.UUID, *, now: datetime) -> int:
    """End every session of a person of this house, on each device; returns how many."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.MANAGE_PEOPLE)
        if _membership(session, person_id, house_id) is None:
            raise NotFound
        marks = end_all(session, person_id)
        record(session, house_id, events.SIGNED_OUT_EVERYWHERE, subject=person_id, actor=actor, at=now)
    signals.announce(*marks)
    return len(marks)


def link_by_command(email: str) -> str:
    """A link's token for anybody by their address; for the machine's command line. Raises NotFound."""
    with transaction() as session:
        person = session.scalar(sa.select(Person).where(Person.email == address_of(email)))
        if person is None or person.deactivated_at is not None:
            raise NotFound
        return links.make_link(session, person.id, links.LINK_LASTS)


def close_account(email: str) -> None:
    """Close somebody's account: every role and session ends, and the password is gone. Raises NotFound.

    For the machine's command line; an invitation opens the account again, with a new password.
    """
    now = clock.machine_now()
    with transaction() as session:
        person = session.scalar(sa.select(Person).where(Person.email == address_of(email)))
        if person is None:
            raise NotFound
        houses = _houses_of(session, person.id)
        lock_stream(session, *houses)
        person.deactivated_at, person.password_hash = now, None
        marks = end_all(session, person.id)
        for house_id in sorted(houses):
            membership = _membership(session, person.id, house_id)
            if membership is None:
                continue
            membership.ended_at = now
            session.flush()
            _no_duty(session, house_id, person.id, COMMAND, now)
            role = _what(membership)
            record(session, house_id, events.ROLE_ENDED, subject=person.id, actor=COMMAND, at=now, role=role)
    signals.announce(*marks, f"person:{person.id}")


def _membership(session: Session, person_id: uuid.UUID, house_id: uuid.UUID) -> Membership | None:
    return session.scalar(
        sa.select(Membership).where(
            Membership.person_id == person_id, Membership.house_id == house_id, Membership.ended_at.is_(None)
        )
    )


def _what(membership: Membership) -> Role:
    """What somebody is in the house, for now or when they are back."""
    return Role(membership.role_before or membership.role)


def _add_again(session: Session, ended: Membership, role: str, now: datetime) -> None:
    """A membership in place of one that ended. Whoever stepped back stays so: no other role brings them guests."""
    fresh = Membership(person_id=ended.person_id, house_id=ended.house_id, role=role, began_at=now)
    if ended.role == Role.STEPPED_BACK:
        fresh.role, fresh.role_before, fresh.stepped_back_by = ended.role, role, ended.stepped_back_by
    session.add(fresh)
    session.flush()


def _no_duty(session: Session, house_id: uuid.UUID, person_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    for heard in duty_ended:
        heard(session, house_id, person_id, actor, now)


def no_floor(session: Session, house_id: uuid.UUID, person_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    for heard in floor_left:
        heard(session, house_id, person_id, actor, now)


def _end(
    session: Session,
    actor: Actor,
    house_id: uuid.UUID,
    person_id: uuid.UUID,
    now: datetime,
    becomes: Role | None = None,
) -> Membership:
    lock_house(session, actor, house_id, May.MANAGE_PEOPLE)
    membership = _membership(session, person_id, house_id)
    if membership is None:
        raise NotFound
    only_a_director(session, actor, house_id, _what(membership), becomes or "")
    stays_lead = becomes is not None and May.MANAGE_PEOPLE in RIGHTS[becomes]
    if not stays_lead and May.MANAGE_PEOPLE in RIGHTS[Role(membership.role)] and not _other_leads(session, membership):
        raise LastLead
    membership.ended_at = now
    session.flush()
    return membership


def _other_leads(session: Session, but: Membership) -> bool:
    leads = [role for role in ROLES if May.MANAGE_PEOPLE in RIGHTS[role]]
    return _leads(session, but.house_id, leads, but=but.id)


def _leads(session: Session, house_id: uuid.UUID, roles: Sequence[Role], *, but: uuid.UUID | None = None) -> bool:
    """Whether somebody who can sign in has one of the roles in the house, beside the membership `but`."""
    found = session.scalar(
        sa.select(Membership.id)
        .join(Person)
        .where(
            Membership.house_id == house_id,
            Membership.ended_at.is_(None),
            Membership.id != but if but else sa.true(),
            Membership.role.in_(roles),
            Person.deactivated_at.is_(None),
            Person.password_hash.is_not(None),
        )
        .limit(1)
    )
    return found is not None

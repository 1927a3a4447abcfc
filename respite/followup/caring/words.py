"""A text as it leaves: the house's opening where it has one, the peer's own lines, and how it is signed."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from respite.followup.caring.policy import DISCREET_FIRST, IDEAS, Part, named_in, part_of
from respite.messaging.models import Correspondent
from respite.messaging.policy.segments import tidy
from respite.messaging.policy.templates import render
from respite.messaging.service.wordings import guest_fields, words_for


def first_name(name: str | None) -> str:
    return (name or "").partition(" ")[0]


def opening(
    session: Session, house_id: uuid.UUID, person: Correspondent, writer: str, part: Part | None, discreet: bool
) -> tuple[str | None, str]:
    """The template and the words with which the house opens this one; none, and nothing, where it opens none."""
    if part is None:
        return None, ""
    template = DISCREET_FIRST if discreet and part == Part.FIRST else str(part)
    frame, _number = words_for(session, house_id, template, person.language)
    return template, render(frame, _fields(session, house_id, person, writer, discreet))


def whole(
    session: Session,
    house_id: uuid.UUID,
    person: Correspondent,
    writer: str,
    part: Part | None,
    words: str,
    discreet: bool,
) -> tuple[str | None, str]:
    """The template that opens it, and all of its words. One that the house opens says by itself who writes."""
    template, opens = opening(session, house_id, person, writer, part, discreet)
    lines = " ".join(tidy(words).split())
    if template is not None:
        return template, f"{opens} {lines}".strip()
    return None, f"{lines} - {signed(person, writer)}" if lines else ""


def may_leave(session: Session, house_id: uuid.UUID, person: Correspondent, words: str | None, discreet: bool) -> str:
    """The peer's lines as far as they may leave now: none of them where the guest asked since that no name is said."""
    if discreet and named_in(words or "", guest_fields(session, house_id)["brand"], first_name(person.name)):
        return ""
    return words or ""


def signed(person: Correspondent, writer: str) -> str:
    """The word they chose, or the first name of who writes."""
    return person.sign_off or first_name(writer)


def ideas(session: Session, house_id: uuid.UUID, person: Correspondent, writer: str, place: int) -> str:
    """Words to begin with, as the house has them: a different one for each."""
    frame, _number = words_for(session, house_id, IDEAS[(place - 1) % len(IDEAS)], person.language)
    return render(frame, _fields(session, house_id, person, writer, discreet=False))


def _fields(
    session: Session, house_id: uuid.UUID, person: Correspondent, writer: str, discreet: bool
) -> dict[str, str]:
    fields = guest_fields(session, house_id)
    if discreet:
        return fields | {"peer_first_name": signed(person, writer), "house_phone": "", "first_name": ""}
    return fields | {"peer_first_name": first_name(writer), "first_name": first_name(person.name)}


__all__ = ["first_name", "ideas", "may_leave", "opening", "part_of", "signed", "whole"]

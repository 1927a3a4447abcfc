"""The word before a guest's page, if they like one: set, changed and taken away by the guest alone.

Nobody here can read it or take it away; whoever forgot theirs is given another link.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.passwords import word_hashed
from respite.audit.service import record
from respite.core.crypto import folded
from respite.core.db import transaction
from respite.core.errors import Invalid
from respite.guest_page import events
from respite.guest_page.models import GuestLink, PageSession
from respite.guest_page.service.opening import LONGEST_WORD, SHORTEST_WORD, Page
from respite.guest_page.service.own_act import acting_guest


def set_word(page: Page, word: str, *, now: datetime) -> None:
    """From now on the link opens with this word alone; wherever else the page is open, it is shut.

    Raises Invalid by field.
    """
    said = folded(word)
    if not SHORTEST_WORD <= len(said) <= LONGEST_WORD:
        sentence = _("Please take %(least)s to %(most)s letters.", least=SHORTEST_WORD, most=LONGEST_WORD)
        raise Invalid(fields={"word": sentence})
    hashed = word_hashed(page.link_id, word)  # it takes its time, so not behind the house's lock
    with transaction() as session:
        guest = acting_guest(session, page.actor, now)
        if said == folded(guest.name or ""):
            raise Invalid(fields={"word": _("Please take another word than your name.")})
        _put(session, page, hashed, now)


def take_word_away(page: Page, *, now: datetime) -> None:
    with transaction() as session:
        acting_guest(session, page.actor, now)
        _put(session, page, None, now)


def has_word(session: Session, page: Page) -> bool:
    return session.scalar(sa.select(GuestLink.word_hash).where(GuestLink.id == page.link_id)) is not None


def _put(session: Session, page: Page, word_hash: str | None, now: datetime) -> None:
    session.get_one(GuestLink, page.link_id).word_hash = word_hash
    elsewhere = (PageSession.link_id == page.link_id, PageSession.id != page.session_id)
    session.execute(sa.delete(PageSession).where(*elsewhere))
    record(
        session,
        page.house_id,
        events.WORD_CHANGED,
        subject=page.guest_id,
        actor=page.actor,
        at=now,
        stands=word_hash is not None,
    )

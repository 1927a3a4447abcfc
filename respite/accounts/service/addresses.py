"""E-mail addresses, by which people sign in."""

from __future__ import annotations

import re
import unicodedata

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.models import Person

LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[^@\s\"(),:;<>\[\]\\]+@[^@\s\"(),:;<>\[\]\\]+")


def address_of(email: str) -> str:
    """An e-mail address as it is kept and compared."""
    return unicodedata.normalize("NFC", email).strip().casefold()


def checked_email(email: str) -> str | None:
    """The address as it is kept, or nothing for what cannot be one."""
    address = address_of(email)
    printable = all(unicodedata.category(letter)[0] != "C" for letter in address)
    return address if len(address) <= LONGEST_EMAIL and printable and _EMAIL.fullmatch(address) else None


def anybody(session: Session) -> bool:
    """Does anybody have an account here yet?"""
    return session.scalar(sa.select(Person.id).limit(1)) is not None

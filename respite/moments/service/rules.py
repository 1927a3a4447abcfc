"""What a house says about its hard moments."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid, StaleVersion
from respite.moments import events
from respite.moments.models import MomentRules
from respite.moments.policy import LONGEST_TITLE, MOST_TITLES, MOST_YEARS
from respite.moments.queries import rules_of
from respite.moments.service.telling import keep_all_for


@dataclass(frozen=True, slots=True)
class Wanted:
    """No titles: hard moments have none. No name: there is no line outside."""

    titles: Sequence[str]
    keep_years: int
    line_name: str = ""
    line_phone: str | None = None


def change_rules(
    actor: Actor, house_id: uuid.UUID, wanted: Wanted, *, version_seen: int | None = None, now: datetime
) -> None:
    """Raises Invalid by field, StaleVersion."""
    _check(wanted)
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        row = rules_of(session, house_id)
        if version_seen is not None and version_seen != row.version:
            raise StaleVersion
        if row.version == 0:
            row = MomentRules(house_id=house_id)
            session.add(row)
        before = row.keep_years
        row.titles, row.keep_years = list(wanted.titles), wanted.keep_years
        row.line_name, row.line_phone = wanted.line_name, wanted.line_phone
        session.flush()
        if before != row.keep_years:
            keep_all_for(session, house_id)
        record(session, house_id, events.RULES_CHANGED, subject=house_id, actor=actor, at=now, years=row.keep_years)


def _check(wanted: Wanted) -> None:
    wrong: dict[str, str] = {}
    if len(wanted.titles) > MOST_TITLES:
        wrong["titles"] = _("The list has room for %(most)s titles.", most=MOST_TITLES)
    elif any(len(title) > LONGEST_TITLE for title in wanted.titles):
        wrong["titles"] = _("Please keep each title to %(most)s letters.", most=LONGEST_TITLE)
    if not 1 <= wanted.keep_years <= MOST_YEARS:
        wrong["keep_years"] = _("This must be a whole number from %(least)s to %(most)s.", least=1, most=MOST_YEARS)
    if wanted.line_phone and not wanted.line_name:
        wrong["line_name"] = _("Please fill this in.")
    if wrong:
        raise Invalid(fields=wrong)

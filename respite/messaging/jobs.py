"""What the clockwork does for texts: a few lines each, since all of it may run twice at once."""

from __future__ import annotations

from respite.core.clock import house_now
from respite.core.db import db
from respite.core.jobs import HOUR, every
from respite.messaging.gateway import gateway, is_set_up
from respite.messaging.service import checks, finding_out, sending


def send() -> None:
    if is_set_up():
        sending.pump(house_now)


def find_out() -> None:
    if is_set_up():
        finding_out.find_out(house_now())


def ask() -> None:
    if is_set_up() and gateway().tells_statuses:
        checks.poll(house_now())


def compare() -> None:
    lately = checks.compared_lately(house_now())
    db.session.rollback()
    if is_set_up() and gateway().tells_statuses and not lately:
        checks.compare_ledgers(house_now())


def declare() -> None:
    every(1, "send texts", send)
    every(30, "find out about texts of unclear end", find_out)
    every(300, "ask about texts that went quiet", ask)
    every(HOUR, "compare the provider's ledger with ours", compare)

"""How the taps of texting answer: one act, then back to where the button was; a refusal is said there."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from respite.accounts.acting import Answer, act_form, acting
from respite.core.db import end_read
from respite.core.errors import Busy, IdempotencyKeyReused, Invalid, NotFound, Refusal
from respite.core.logs import log


def tapped(act: Callable[[], Answer], back: str) -> ResponseReturnValue:
    """Act once. Where a rule stands against it, the page it came from says so, as things stand now."""
    try:
        return act_form(acting(), act)
    except (NotFound, IdempotencyKeyReused, Busy):
        raise
    except Refusal as refusal:
        log.info("web.refused", rule=refusal.rule(), status=refusal.status)
        end_read()
        wrong = refusal.fields if isinstance(refusal, Invalid) else {}
        flash(str(next(iter(wrong.values()), refusal.sentence)), "attention")
        return redirect(back, 303)

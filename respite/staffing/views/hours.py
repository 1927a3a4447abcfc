"""Hours as people type them, and as fields show them: "8", "1:30", "1.5"."""

from __future__ import annotations

import re

from flask_babel import gettext as _

from respite.core.forms import Form

_HOURS = re.compile(r"(\d{1,4})(?::([0-5]\d)|[.,](\d{1,2}))?", re.ASCII)


def minutes_in(text: str) -> int | None:
    """The minutes of a length of time in hours; none where it is none."""
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        return None
    whole, minutes, decimals = found.groups()
    return int(whole) * 60 + (int(minutes) if minutes else round(float(f"0.{decimals or 0}") * 60))


def read_hours(form: Form, name: str, *, needed: bool = True) -> int:
    """A field of hours as minutes; 0 where nothing was typed and it is not needed."""
    text = form.text(name, most=10, needed=needed)
    minutes = minutes_in(text) if text else 0
    if minutes is None:
        form.say(name, _("This must be hours, such as 8 or 1:30."))
    return minutes or 0


def hours_typed(minutes: int | None) -> str:
    """Minutes as the field bears them; empty for none."""
    if not minutes:
        return ""
    whole, rest = divmod(minutes, 60)
    return f"{whole}:{rest:02}" if rest else str(whole)

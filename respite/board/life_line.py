"""What a live page carries for live.js: where its parts are, and what it saw when it was drawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from respite.board.drawing import build_mark
from respite.core.clock import house_now
from respite.core.settings import ROOT
from respite.core.web import asset


def life_line(
    house: str, zone: str, version: int, next_change_at: datetime, parts_url: str, *, screen: bool = False
) -> dict[str, Any]:
    """The attributes of a live page, by name; live.js's words too, so that they are in the catalogue."""
    return {
        "data-live": True,
        "data-house": house,
        "data-version": version,
        "data-parts": parts_url,
        "data-now": house_now().isoformat(),
        "data-next": next_change_at.isoformat(),
        "data-zone": zone,
        "data-build": build(),
        "data-socket-script": asset("vendor/socket.io.esm.min.js"),
        "data-screen": True if screen else None,
        "data-word-old": _("This picture is from {at}."),
    }


def build() -> str:
    return build_mark(ROOT)

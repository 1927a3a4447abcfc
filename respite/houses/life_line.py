"""What a live page carries for live.js: where its parts are, and what it saw when it was drawn."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

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


@lru_cache(maxsize=4)
def build_mark(root: Path) -> str:
    """A mark of the pages and scripts this server draws with: a screen that has another loads itself anew."""
    digest = hashlib.sha256()
    for folder in ("templates", "static/core", "static/board", "static/messaging"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file():
                digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]

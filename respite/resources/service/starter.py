"""The directory that Respite comes with: organisations run by peers, so that a house does not begin with an empty page.

Of each no more is known than what it is; nobody has made sure of it, and its entry says so.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from respite.accounts.actor import Actor
from respite.resources.hsds.package import package_at
from respite.resources.hsds.rows import Report
from respite.resources.service.loading import load

FOLDER = Path(__file__).parent.parent / "starter"
SOURCE = "Respite starter"


def load_starter(actor: Actor, *, now: datetime) -> Report:
    """Load it, or what a newer version of it says. Raises NotFound."""
    return load(actor, package_at(FOLDER), SOURCE, now=now)

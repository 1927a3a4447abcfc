"""The pages of texting. Importing this registers every view on the blueprint."""

from __future__ import annotations

from respite.messaging.views import (
    beside,
    deciding,
    inbox,
    pausing,
    phones,
    setup,
    soon,
    stopping,
    thread,
    wording,
)
from respite.messaging.views.routes import blueprint

__all__ = [
    "beside",
    "blueprint",
    "deciding",
    "inbox",
    "pausing",
    "phones",
    "setup",
    "soon",
    "stopping",
    "thread",
    "wording",
]

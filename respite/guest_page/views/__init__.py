"""The pages of a guest's own page. Importing this registers every view on the blueprints."""

from __future__ import annotations

from respite.guest_page.views import (
    activities,
    after,
    agreements,
    apart,
    asks,
    connections,
    disclosures,
    door,
    forgetting,
    giving,
    giving_waiting,
    kept,
    kept_from,
    kind_words,
    letter,
    moments,
    page,
    plan,
    waiting,
    wrong,
    yours,
)
from respite.guest_page.views.routes import blueprint, given

__all__ = [
    "activities",
    "after",
    "agreements",
    "apart",
    "asks",
    "blueprint",
    "connections",
    "disclosures",
    "door",
    "forgetting",
    "given",
    "giving",
    "giving_waiting",
    "kept",
    "kept_from",
    "kind_words",
    "letter",
    "moments",
    "page",
    "plan",
    "waiting",
    "wrong",
    "yours",
]

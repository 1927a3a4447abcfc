"""A name is sealed; its mark finds who bears the same one, in whatever letters it was written."""

from __future__ import annotations

import uuid

from respite.core.crypto import folded, ring


def name_mark(house_id: uuid.UUID, name: str) -> bytes:
    return ring().blind(f"name:{house_id}", folded(name))

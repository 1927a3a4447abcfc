"""What a house is, and how to come to it, for anybody."""

from __future__ import annotations

from flask_babel import gettext as _

from respite.houses.models import HouseKind


def kind_words(kind: str) -> str:
    return str(
        {
            HouseKind.RESPITE: _("A house to stay in for some nights, with peers by your side."),
            HouseKind.LIVING_ROOM: _("A living room to be in for some hours, with peers by your side."),
            HouseKind.BOTH: _(
                "A house to stay in for some nights and a living room for some hours, with peers by your side."
            ),
        }[HouseKind(kind)]
    )


def way_in_words() -> str:
    return str(
        _("Please call before you come. Whoever answers tells you when and where, and no bed is promised until then.")
    )

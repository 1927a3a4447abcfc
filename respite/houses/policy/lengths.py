"""Words of a house have their most letters."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _


def too_long(words: object, most: Mapping[str, int]) -> dict[str, str]:
    """The sentence for each attribute that is longer than its most."""
    return {
        name: _("Please keep this to %(most)s letters.", most=letters)
        for name, letters in most.items()
        if len(getattr(words, name)) > letters
    }

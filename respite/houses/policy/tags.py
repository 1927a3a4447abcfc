"""Words on a door that help somebody choose it: a few that the product knows in each language, and the house's own."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.core.errors import Invalid

MOST_TAGS = 6
LONGEST_TAG = 24  # letters

#: Kept in English, shown in the reader's language.
KNOWN_TAGS = {
    "ground floor": _l("ground floor"),
    "upstairs": _l("upstairs"),
    "step-free": _l("step-free"),
    "quiet": _l("quiet"),
    "own bath": _l("own bath"),
    "near the bathroom": _l("near the bathroom"),
    "single bed": _l("single bed"),
    "double bed": _l("double bed"),
    "animals welcome": _l("animals welcome"),
    "scent-free": _l("scent-free"),
}


def tag_word(tag: str) -> str:
    """The tag as the reader's language says it; a house's own word stays as it was written."""
    return str(KNOWN_TAGS.get(tag, tag))


def checked_tags(tags: Iterable[str]) -> list[str]:
    """The tags as they are kept: known ones by their key, each once. Raises Invalid for too many or too long."""
    known = {str(word).casefold(): tag for tag, word in KNOWN_TAGS.items()} | {t.casefold(): t for t in KNOWN_TAGS}
    kept: dict[str, str] = {}
    for tag in (" ".join(each.split()) for each in tags):
        if tag:
            kept.setdefault(tag.casefold(), known.get(tag.casefold(), tag))
    words = list(dict.fromkeys(kept.values()))
    if any(len(word) > LONGEST_TAG for word in words):
        raise Invalid(fields={"tags": _("Please keep each word on a door to %(most)s letters.", most=LONGEST_TAG)})
    if len(words) > MOST_TAGS:
        raise Invalid(fields={"tags": _("A door has room for %(most)s such words.", most=MOST_TAGS)})
    return words

"""What stands in a template's fields where its words are only looked at. These people do not exist."""

from __future__ import annotations

from collections.abc import Mapping

HOUSE_PHONE = "(303) 555-0100"  # of a range that belongs to nobody
_SAID: Mapping[str, Mapping[str, str]] = {
    "en": {"day_words": "Saturday", "time_words": "6 pm to midnight", "other_words": "Sunday 9a-5p"},
    "es": {"day_words": "sábado", "time_words": "de 18:00 a 0:00", "other_words": "domingo 9:00-17:00"},
}


def examples(language: str, host: str) -> dict[str, str]:
    """Every field of the allow-list; `host` is where our own links lead."""
    return {
        "first_name": "Sam",
        "peer_first_name": "Jo",
        "sign_off": "Jo",
        "brand": "Juniper House",
        "house_phone": HOUSE_PHONE,
        "link": f"https://{host}/t/k7Qm2xVb",
        "code": "42",
        **_SAID[language],
    }

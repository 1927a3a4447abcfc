"""Telephone numbers: kept in international form, shown as people write them at home."""

from __future__ import annotations

import phonenumbers
from flask_babel import gettext as _

from respite.core.forms import Form, Unusable

HOME = "US"  # where a number without a country code is at home


def as_phone(raw: str) -> str:
    """The number in international form, such as +15555550123. Raises Unusable for what is no number."""
    try:
        number = phonenumbers.parse(raw[:40], HOME)
    except phonenumbers.NumberParseException as error:
        raise Unusable(_wrong()) from error
    possible = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    if len(raw) > 40 or not possible or number.extension:
        raise Unusable(_wrong())
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def phone(form: Form, name: str, *, needed: bool = False) -> str | None:
    """The number in a form's field, or none where nothing was typed."""
    typed = form.text(name, most=40, needed=needed)
    if not typed:
        return None
    try:
        return as_phone(typed)
    except Unusable as error:
        form.say(name, str(error))
        return None


def shown(number: str) -> str:
    """A kept number as people at home write it, one from elsewhere with its country code."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    at_home = parsed.country_code == phonenumbers.country_code_for_region(HOME)
    style = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style)


def _wrong() -> str:
    return _("This must be a telephone number, such as (303) 555-0123.")

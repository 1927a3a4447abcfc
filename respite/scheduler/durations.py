"""Lengths of time as ISO 8601 writes them: PT1H, P1D, P1W, P1DT12H30M."""

from __future__ import annotations

import re
from datetime import timedelta

from flask_babel import gettext as _

from respite.core.forms import Unusable

_LENGTH = re.compile(
    r"P(?:(?P<weeks>\d{1,3})W)?(?:(?P<days>\d{1,3})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,6})S)?)?",
    re.ASCII,
)


def as_length(raw: str, *, most: timedelta) -> timedelta:
    """The length of time, above nothing and up to `most`. Raises Unusable otherwise; months have no fixed length."""
    found = _LENGTH.fullmatch(raw.strip())
    length = timedelta(**{unit: int(n) for unit, n in found.groupdict(default="0").items()}) if found else timedelta()
    if not timedelta(0) < length <= most:
        raise Unusable(_("This must be a length of time up to %(days)s days, such as PT1H or P1D.", days=most.days))
    return length

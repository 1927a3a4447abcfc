"""What promises are about, in words. A callback is made where its person is: it is not offered here."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from respite.promises.policy import Kind

KINDS = (
    (str(Kind.OTHER), _l("something else")),
    (str(Kind.HELP), _l("practical help")),
    (str(Kind.LEFT_BEHIND), _l("something left behind")),
)

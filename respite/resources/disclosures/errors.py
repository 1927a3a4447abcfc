"""What stands against telling something outside."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from respite.core.errors import Refusal


class NotAgreed(Refusal):
    sentence = _l("The guest has not agreed to these words, so nobody outside is told.")


class AgreementOver(Refusal):
    sentence = _l("What the guest agreed to is over, so nobody outside is told. You can write it anew, together.")


class NoticeNeeded(Refusal):
    sentence = _l("The house's rule has changed since: a notice has to go with it. Please write it anew, together.")


class OtherWords(Refusal):
    sentence = _l("These are not the words that the guest agreed to. Please open the page again.")

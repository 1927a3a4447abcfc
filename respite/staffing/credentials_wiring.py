"""The edge of credentials, time together and reflections."""

from __future__ import annotations

from respite.core.jobs import HOUR, every
from respite.staffing.service import credential_reminders, reflections
from respite.staffing.views import credential_rules, credentials, one_credential, reflection, together

#: Importing them puts their pages on the one blueprint, and declares what runs when a row of theirs is due.
PAGES = (credential_rules, credentials, one_credential, reflection, together)
DUE = (credential_reminders,)


def wire_credentials() -> None:
    every(HOUR, "forget reflections of who left", reflections.forget_of_those_who_left)

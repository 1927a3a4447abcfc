"""What stands at Twilio, for whoever sets the number up. Each check asks by itself; one that fails is "not known"."""

from __future__ import annotations

from typing import Any

from respite.core.settings import Settings
from respite.messaging.gateway import Check


def all_checks(client: Any, settings: Settings, inbound_url: str) -> list[Check]:
    """Every check, in the order of setting up. `client` is Twilio's own."""
    return [_account(client, settings)]


def _account(client: Any, settings: Settings) -> Check:
    try:
        account = client.api.accounts(settings.twilio_account_sid).fetch()
    except Exception:
        return Check("account", None)
    return Check("account", account.status == "active", {"status": str(account.status)})

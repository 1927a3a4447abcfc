"""What may be told of a guest, and was, is not there for whom they keep it from."""

from __future__ import annotations

from respite.accounts.unseen import hidden
from respite.resources.disclosures.models import Disclosure, DisclosureTold

hidden(Disclosure, lambda guests: Disclosure.guest_id.in_(guests))
hidden(DisclosureTold, lambda guests: DisclosureTold.guest_id.in_(guests))

"""What a guest told with their name is not there for whom they keep their page from, also where it was told to them.

It is passed on like anything that has no answer in time.
"""

from __future__ import annotations

from respite.accounts.unseen import hidden
from respite.concerns.models import Concern

hidden(Concern, lambda guests: Concern.guest_id.in_(guests))

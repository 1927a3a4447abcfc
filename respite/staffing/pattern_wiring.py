"""Patterns, the rules of duty, gaps and what follows from them: their pages and due rows."""

from __future__ import annotations

from respite.staffing.service import rolling
from respite.staffing.views import duty_rules, patterns

#: Importing them puts their pages on the one blueprint, and says who handles their due rows.
PARTS = (duty_rules, patterns, rolling)

"""Tables of staffing."""

from respite.staffing.models.shifts import Shift

__all__ = ["Shift"]

"""Counting a house's rows for some days."""

from respite.reports.counting.house import count

__all__ = ["count"]

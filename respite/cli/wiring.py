"""The edge of cli."""

from __future__ import annotations

from flask import Flask


def wire(app: Flask) -> None:
    """Register what cli serves."""

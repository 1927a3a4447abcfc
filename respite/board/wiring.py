"""The edge of board."""

from __future__ import annotations

from flask import Flask


def wire(app: Flask) -> None:
    """Register what board serves."""

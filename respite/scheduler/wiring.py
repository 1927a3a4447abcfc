"""The edge of scheduler."""

from __future__ import annotations

from flask import Flask


def wire(app: Flask) -> None:
    """Register what scheduler serves."""

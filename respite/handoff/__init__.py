"""The shift's log, and the handoff from those who go to those who come."""

"""Use cases of the log and the handoff."""

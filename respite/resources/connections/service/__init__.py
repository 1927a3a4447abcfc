"""Use cases of connections."""

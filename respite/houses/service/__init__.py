"""Use cases of houses."""

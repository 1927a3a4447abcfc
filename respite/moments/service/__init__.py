"""Use cases of hard moments."""

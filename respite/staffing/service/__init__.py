"""Use cases of shifts."""

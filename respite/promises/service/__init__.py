"""Use cases of promises."""

"""Use cases of what follows a stay."""

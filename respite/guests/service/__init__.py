"""Use cases of guests: one module for each kind of act."""

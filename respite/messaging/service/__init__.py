"""Use cases of texting."""

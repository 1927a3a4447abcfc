"""A guest has died: those who knew them hear it from a person, and are offered time together."""

"""People who sign in, their sessions and roles, paired displays, API tokens."""

"""What can be done with a guest's own page."""

"""Overnight mode: four things on a dim page that goes on without the line, and what it sends when the line is back."""

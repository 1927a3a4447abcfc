"""Stays and visits for programs."""

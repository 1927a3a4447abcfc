"""Figures of a house for any period: what it counts for itself, and what it tells others without telling of anybody."""
